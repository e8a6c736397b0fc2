"""A passkey from making to use, with the authenticator that Chromium plays itself: no library of ours stands in."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from lotsen.rules.vocabulary import Role
from lotsen.services import second_factor
from tests import factories as make
from tests.browser.conftest import Live


def authenticator(page: Page) -> tuple[CDPSession, dict[str, Any]]:
    """Give the browser a device that keeps passkeys, and whose owner is always there."""
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    about = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return browser, browser.send("WebAuthn.addVirtualAuthenticator", {"options": about})


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("live", ["localhost"], indirect=True)
def test_a_passkey_is_made_lets_in_and_no_other_device_does(live: Live, visit: Callable[..., Page]) -> None:
    with live.app.app_context(), live.database.transaction() as session:
        kim = make.account(session, Role.COORDINATOR, make.municipality(session), email="kim@example.org")
    page = visit("/login?lang=en")
    browser, device = authenticator(page)

    def enter() -> None:
        page.goto(f"{live.url}/login")
        page.fill("input[name=email]", "kim@example.org")
        page.fill("input[name=password]", make.PASSWORD)
        page.click("main form button[type=submit]")

    enter()
    page.goto(f"{live.url}/account/second-factor/passkey")
    page.fill("input[name=label]", "work computer")
    page.click("form[data-passkey] button")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.goto(f"{live.url}/account")
    page.locator("form[action='/logout'] button").first.click()

    enter()
    page.click("form[data-passkey=get] button")
    page.wait_for_url("**/office/")
    with live.database.reading() as session:
        [key] = second_factor.passkeys(session, kim.id or 0)
        assert (key.name, key.used_at is not None) == ("work computer", True)

    browser.send("WebAuthn.clearCredentials", device)
    enter()
    page.click("form[data-passkey=get] button")
    expect(page.locator("[data-failed]")).to_be_visible()
    page.goto(f"{live.url}/office/")
    assert page.url.startswith(f"{live.url}/login")
