"""Pages for everybody: they open in every language, say what the law asks, and let nobody stand before a wall."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from lotsen.i18n import OFFERED
from lotsen.web.public import AUDITED
from tests import factories as make
from tests.web.newcomers import offices

AUDIT = Path(__file__).parent.parent.parent / "docs" / "audit.md"
PAGES = ("/", "/request", "/login", "/status", "/accessibility", "/privacy", "/imprint", "/help")


@pytest.mark.parametrize("path", PAGES)
def test_every_public_page_opens_in_every_language(app: Flask, client: Any, path: str) -> None:
    offices(app)
    for tag in OFFERED:
        response = client.get(path, query_string={"lang": tag})
        assert response.status_code == 200
        assert client.page.lang == tag
        assert response.headers["Cache-Control"] == "no-store"


def test_the_front_page_leads_to_everything(client: Any) -> None:
    client.get("/?lang=en")
    assert {"/request", "/volunteer", "/status", "/login", "/privacy", "/imprint", "/accessibility", "/help"} <= {
        link.split("?")[0] for link in client.page.links
    }
    assert {f"/?lang={tag}" for tag in OFFERED} <= set(client.page.links)


def test_the_notices_name_the_offices_and_the_law(app: Flask, client: Any) -> None:
    offices(app)
    for path in ("/privacy", "/imprint", "/accessibility", "/help"):
        assert "office@03351006.example" in client.get(path, query_string={"lang": "en"}).text
    assert "open, placed or closed" in client.get("/privacy").text
    assert "NBGG" in client.get("/accessibility").text
    assert "Schlichtungsstelle" in client.get("/accessibility").text


def test_the_accessibility_statement_says_what_the_model_of_the_union_asks_for(client: Any) -> None:
    """(EU) 2018/1523: whose pages, how far, what is missing, how and when it was found, whom to tell, who mediates."""
    text = client.get("/accessibility?lang=en").text
    for part in (
        "all pages at", "localhost", "partly accessible", "sign language", "our own assessment", "checked it again on",
        "Write to or call your coordination office", "Schlichtungsstelle", "Read aloud",
    ):  # fmt: skip
        assert part in text, part
    # The date is that of the last sweep through every page in every language: whoever makes one renews it.
    assert f"on {AUDITED:%Y-%m-%d}" in AUDIT.read_text(encoding="utf-8")


def test_an_unknown_page_says_so_and_leads_back(client: Any) -> None:
    response = client.get("/nonsense?lang=en")
    assert response.status_code == 404
    assert "We did not find this page" in response.text
    assert "/" in client.page.links


def test_a_wrong_password_keeps_the_address(app: Flask, client: Any) -> None:
    with app.extensions["lotsen_db"].transaction() as session:
        make.account(session, "coordinator", make.municipality(session), email="kim@example.org")
    client.get("/login?lang=en")
    response = client.post("/login", data={"email": "kim@example.org", "password": "wrong"})
    assert response.status_code == 422
    assert response.text.count("E-mail address or password is not right.") == 2
    assert 'value="kim@example.org"' in response.text
    known = response.text
    client.get("/login")
    unknown = client.post("/login", data={"email": "who@example.org", "password": "wrong"}).text
    assert [line for line in known.splitlines() if "value=" not in line and "csrf" not in line] == [
        line for line in unknown.splitlines() if "value=" not in line and "csrf" not in line
    ]
