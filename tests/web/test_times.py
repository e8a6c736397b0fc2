"""Two minutes for a referral, five to register somebody: by the keystroke-level model, on the pages as they are.

What it comes to stands in docs/times.md: `LOTSEN_WRITE=1 pytest tests/web/test_times.py` writes it.
"""

import os
from pathlib import Path
from typing import Final

import pytest

from lotsen.rules.vocabulary import Role
from tests import factories as make
from tests.keystrokes import TYPISTS, Form, seconds

DOC: Final = Path(__file__).parent.parent.parent / "docs" / "times.md"
#: Two languages, two needs and a telephone number, as most people of the demo data have them.
PERSON: Final = {
    "first_name": "Amal", "postcode": "29221", "languages-0-language": "ar", "languages-0-level": "C2",
    "languages-1-language": "de", "languages-1-level": "A2", "topics": ["housing", "authorities"],
    "phone": "0151 23456789", "locale": "ar", "consent": "y",
}  # fmt: skip
NEWCOMER: Final = PERSON | {"household": "children", "guide_gender": "f"}
TIMES: Final = ["mon-evening", "wed-evening", "sat-morning", "sat-afternoon"]
#: For whom the limits are not meant: the document says what it comes to.
BEYOND: Final = "knows no keyboard"
#: Who, which page, what is answered there, and the seconds it may take.
FORMS: Final = {
    "A referral": (
        Role.REFERRER, "/referrer/new", PERSON | {"household": "children", "reference": "32.4/17"}, 120,
    ),
    "A newcomer beside the desk": (
        Role.COORDINATOR, "/office/requests/new",
        NEWCOMER | {"slots": TIMES, "gender": "f", "note": "Sucht eine Wohnung für vier Personen"}, 300,
    ),
    "A guide beside the desk": (
        Role.COORDINATOR, "/office/guides/new",
        PERSON | {"last_name": "Lindqvist", "slots": TIMES, "gender": "f", "capacity": "2", "promised": "y"}, 300,
    ),
}  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_and_five_minutes_by_the_keystroke_level_model(app, client):
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session)
        referrer = make.referrer(session, office)
        make.account(session, Role.REFERRER, office, email="referrer@example.org", referrer_id=referrer.id)
        make.account(session, Role.COORDINATOR, office, email="coordinator@example.org")
    lines = []
    for form, (role, address, answers, limit) in FORMS.items():
        client.get("/login?lang=de")
        client.sign_in(f"{role}@example.org", make.PASSWORD)
        page = client.get(f"{address}?lang=de").text
        for typist, key in TYPISTS.items():
            took = seconds(page, answers, key)
            whole = sum(took.values())
            assert took["consent"] > 10, "the consent's words were found"
            assert whole <= limit or typist == BEYOND, (form, typist, took)
            parts = " | ".join(f"{each:.0f}" for each in (*took.values(), whole))
            lines.append(f"| {form} | {typist} | {parts} | {limit} |")
        sent = client.post(address, data=Form(page).sent(answers))
        assert sent.status_code == 302, f"{form}: the answers fill the form"
    before, line, _old = DOC.read_text(encoding="utf-8").partition("| --- | --- | ---: | ---: | ---: | ---: | ---: |\n")
    written = before + line + "\n".join(lines) + "\n"
    if os.environ.get("LOTSEN_WRITE"):
        DOC.write_text(written, encoding="utf-8")
    assert DOC.read_text(encoding="utf-8") == written
