"""Two people in contact, guide and newcomer alike: what they write, plan, share and log. Nobody else comes here."""

from lotsen.web.contact import conversation, dates, meetings
from lotsen.web.contact.blueprint import bp

__all__ = ["bp", "conversation", "dates", "meetings"]
