"""Every page with a list, of every role at a desk, hands it out as a file that its reader may have."""

import re
from io import BytesIO
from typing import Final

import openpyxl
import pytest
from sqlmodel import col, select

from lotsen import access
from lotsen.models import AuditEntry
from lotsen.models.audit import Did
from lotsen.rules.vocabulary import Role
from lotsen.web.office import audit_words
from tests import factories as make
from tests.houses import NAME, address, addresses, worlds

#: Pages with a table that is no list of an office's matters; each with its reason.
NO_LIST: Final = {
    "account.overview": "one's own sign-ins",
    "office.proof_of_use": "a report, with files of its own",
    "office.matching": "the matcher's figures",
    "admin.overview": "jobs and dead letters, watched by machines at /metrics",
    "wording.overview": "how far each language has come; its texts leave as a catalogue",
    "mail_gallery.gallery": "samples of what Lotsen writes",
}
#: What leaves by which role's pages at least: so that a walk that finds no page fails.
EXPECTED: Final = {
    Role.COORDINATOR: {
        "requests", "guides", "pairings", "worklist", "hours", "absences", "views", "colleagues", "organisations",
        "places", "waiting", "languages", "topics", "months",
    },
    Role.REFERRER: {"referrals"},
    Role.ADMIN: {"colleagues", "organisations"},
}  # fmt: skip
#: How a list shows: a table, or a page of many.
LISTED: Final = ('class="kern-table ', 'class="pagination')
BUTTON: Final = re.compile(
    r'action="([^"]+)">(?:(?!</form>).)*?name="list" value="(\w+)">\s*<input[^>]*value="xlsx"', re.S
)


def walked(app, client, own, role):
    """Yield each page that a role may open without a number: endpoint, and the page."""
    client.sign_in(own.accounts[role].email, make.PASSWORD)
    client.get("/account?lang=en")
    with app.test_request_context():
        rules = [rule for rule in addresses(app) if not rule.arguments and "GET" in (rule.methods or ())]
        rules = [rule for rule in rules if {role, access.SIGNED_IN} & access.audience_of(rule.endpoint)]
    for rule in rules:
        page = client.get(address(app, rule, own, role))
        if page.mimetype == "text/html" and page.status_code == 200:
            yield rule.endpoint, page.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_list_leaves_as_a_file_without_foreign_people_and_the_log_knows(app):
    own, _neighbour, _far = worlds(app)
    unlisted: set[str] = set()
    left: set[str] = set()
    for role, expected in EXPECTED.items():
        client, taken = app.test_client(), set()
        for endpoint, page in walked(app, client, own, role):
            buttons = BUTTON.findall(page)
            unlisted |= {endpoint} if not buttons and any(mark in page for mark in LISTED) else set()
            for way, name in buttons:
                file = client.post(way, data={"list": name, "as": "csv"})
                assert file.status_code == 200, (role, name)
                file = client.post(way, data={"list": name, "as": "xlsx"})
                book = openpyxl.load_workbook(BytesIO(file.data))
                words = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
                assert "Exported by" in words
                foreign = [word for word in words if f"{NAME}far" in word or "@far." in word]
                assert not foreign or role is Role.ADMIN, (role, name, foreign)
                taken.add(name)
        assert taken >= expected, role
        left |= taken
    assert unlisted == set(NO_LIST), "a page has a list and no way to take it away, or has none any more"
    with app.extensions["lotsen_db"].reading() as session:
        entries = select(AuditEntry.taken).where(AuditEntry.did == Did.EXPORTED, col(AuditEntry.taken).is_not(None))
        logged = {str(entry).partition("&")[0] for entry in session.exec(entries)}
    assert logged == {f"list={name}" for name in left}
    assert left <= audit_words.LIST.keys(), "the log says which list in words"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_the_lead_takes_the_log_and_the_accounts_away(app, client):
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        make.account(session, Role.COORDINATOR, make.municipality(session), email="kim@example.org")
    client.sign_in("kim@example.org", make.PASSWORD)
    client.get("/account")
    for way, name in (("/office/export", "views"), ("/staff/export", "colleagues"), ("/staff/export", "access")):
        assert client.post(way, data={"list": name, "as": "csv"}).status_code == 404, name
