"""Back, reload and a lost connection in a real browser: no answer is lost, and none is asked for twice."""

import pytest

from tests import factories as make
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def press(page):
    page.click("main button.kern-btn--primary, main a.kern-btn--primary")


@pytest.fixture
def phone(live, visit):
    """A newcomer on a phone at the question for the postal code."""
    with live.app.app_context(), live.database.transaction() as session:
        make.municipality(session)
    page = visit("/request?lang=de", size=PHONE, javascript=False)
    press(page)
    page.check("input[name=common][value=ar]")
    press(page)
    page.check("input[name=level_ar][value=C2]")
    press(page)
    return page


def test_the_way_back_leads_over_a_mistake_without_a_question_of_the_browsers(live, phone):
    phone.fill("input[name=postcode]", "2922")
    press(phone)
    assert phone.input_value("input[name=postcode]") == "2922"
    assert "fünf Ziffern" in phone.inner_text("main")
    phone.fill("input[name=postcode]", "29221")
    press(phone)
    assert phone.url == f"{live.url}/request/office"
    phone.go_back()
    assert phone.input_value("input[name=postcode]") == "29221"
    while phone.url.endswith("/request/place"):
        phone.wait_for_function("document.readyState === 'complete'")  # else Chromium is still changing pages
        phone.go_back()
    assert phone.url == f"{live.url}/request/levels"
    assert phone.is_checked("input[name=level_ar][value=C2]")


def test_a_lost_connection_loses_no_answer(live, phone):
    phone.fill("input[name=postcode]", "29221")
    press(phone)
    phone.context.set_offline(True)
    press(phone)
    assert phone.locator("main").count() == 0  # the browser's own page
    phone.context.set_offline(False)
    phone.goto(f"{live.url}/request")
    press(phone)
    assert phone.url == f"{live.url}/request/office"
    phone.goto(f"{live.url}/request/place")
    assert phone.input_value("input[name=postcode]") == "29221"
