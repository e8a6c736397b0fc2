"""One's own way in: signing in and out, links by mail, devices and password. A module a matter, one blueprint."""

from lotsen.web.account import code, devices, links, sign_in
from lotsen.web.account.blueprint import bp
from lotsen.web.account.targets import safe_target
from lotsen.web.visits import renew_session

__all__ = ["bp", "code", "devices", "links", "renew_session", "safe_target", "sign_in"]
