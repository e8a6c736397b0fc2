"""Every endpoint × every role × own, neighbouring and foreign objects, made from the application's own address map.

`OBJECTS` in tests/houses.py says what a number in an address stands for. An endpoint with a number that it does not
know fails the test: whoever adds a page says whose it is, there and nowhere else.
"""

import json
import zipfile
from io import BytesIO
from typing import Final

import pytest
from flask import Flask
from pypdf import PdfReader
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter
from werkzeug.test import TestResponse

from lotsen import access
from lotsen.models import (
    Meeting,
    Method,
    Pairing,
    Person,
)
from lotsen.rules.pairing import Side, State
from lotsen.rules.sessions import STAFF
from lotsen.rules.vocabulary import Role
from lotsen.services import accounts, sessions
from tests import factories as make
from tests.houses import (
    NAME,
    OBJECTS,
    WORDS,
    House,
    address,
    addresses,
    meeting_of,
    methods,
    now_of_tests,
    numbers,
    stored,
    worlds,
)  # fmt: skip
from tests.planted import plant

#: Roles that look after all municipalities: nothing is foreign to them.
EVERYWHERE: Final = frozenset({Role.ADMIN})
#: Objects that belong to one person, even among colleagues of one office.
PERSONAL: Final = frozenset({"sign_in_id", "passkey_id"})
#: Stands in all that is planted about people whom nobody here may see, and in no text of ours.
PLANTED: Final = "ẞ"
#: Pages that show nothing of whom the number belongs to, or have nothing to show in this house; each with its reason.
ABSENT: Final = {
    "second_factor.remove_passkey": "no browser has made a key here; services/test_second_factor.py tries foreign ones",
    "office.letter": "writes to the person of a task that needs a letter; the task here needs none",
    "office.accept_move": "answered by the other office; services/test_moves.py, web/test_moves.py",
    "office.moved_letter": "written by the other office, after its yes; web/test_moves.py",
    "office.decline_move": "answered by the other office; services/test_moves.py, web/test_moves.py",
    "office.code_letter": "holds a code that was just made, from the session",
    "office.guide_letter": "holds a code that was just made, from the session",
    "office.guide_code": "shows a code that was just made, from the session",
    "office.code": "shows a code that was just made, from the session",
    **dict.fromkeys(("mail_gallery.one", "mail_gallery.html"), "shows the mail that the query names"),
    **dict.fromkeys(
        ("evaluation.figures", "evaluation.paper", "evaluation.described", "api.statistics"),
        "no quarter is frozen here",
    ),
    "referrer.leaflet_file": "shows a leaflet that was just made, from the session",
    "second_factor.add_passkey": "passkeys need an address with a name, and tests have none; tests/browser",
    "calendar.feed": "public, and needs the secret of an address; tests/web/test_calendar.py",
    "public.office_logo": "no office has a logo here; web/test_settings_appearance.py",
    "mails.stop": "public, and needs the signed token of a mail",
    "single_sign_on.begin": "public, and no office has a provider here; web/test_single_sign_on.py",
}


@pytest.fixture
def world(app: Flask) -> tuple[House, House, House]:
    """One's own house, the neighbour's in the same municipality, and one in a foreign municipality.

    Every column about the two people of the foreign one that can hold words holds some with `PLANTED` in them.
    """
    found = worlds(app)
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        for first, number in ((10_000, found[2].request.person_id), (20_000, found[2].guide.person_id)):
            assert plant(session, session.get_one(Person, number), first)
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_number_and_word_in_an_address_is_known_here(app):
    unknown = {
        f"{rule.endpoint}: <{name}>"
        for rule in addresses(app)
        for name, converter in rule._converters.items()
        if name not in OBJECTS and name not in WORDS and not isinstance(converter, AnyConverter)
    }
    assert unknown == set(), "say in tests/houses.py what these stand for (STORED, OBJECTS or WORDS)"
    assert set(ABSENT) <= {rule.endpoint for rule in addresses(app)}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_is_signed_out_is_led_to_the_sign_in_page(app, client, world):
    with app.test_request_context():
        audiences = [(rule, access.audience_of(rule.endpoint)) for rule in addresses(app)]
    closed = [rule for rule, who in audiences if not {access.PUBLIC, access.SYSTEM} & who]
    client.get("/login")
    for rule in closed:
        for method in methods(rule):
            client.get("/login")
            response = client.open(address(app, rule, world[0], Role.ADMIN), method=method)
            assert (response.status_code, response.location.partition("?")[0]) == (302, "/login"), rule


def foreign(role: Role, rule: Rule, world: tuple[House, House, House]) -> list[House]:
    """Return the houses whose objects must not be there for somebody in `role`."""
    _own, neighbour, far = world
    if role in EVERYWHERE:
        return [neighbour, far] if set(numbers(rule)) & PERSONAL else []
    personal = role not in STAFF or set(numbers(rule)) & PERSONAL
    return [neighbour, far] if personal else [far]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_own_pages_and_objects_and_nothing_else(app, client, world, role):
    own = world[0]
    client.sign_in(own.accounts[role].email, make.PASSWORD)
    client.get("/account")
    with app.test_request_context():
        audiences = {rule.endpoint: access.audience_of(rule.endpoint) for rule in addresses(app)}
    for rule in addresses(app):
        who = audiences[rule.endpoint]
        if access.PUBLIC in who:
            continue
        for method in methods(rule):
            if access.SYSTEM in who:  # no cookie opens it; web/test_api.py tries tokens of other organisations
                assert client.open(address(app, rule, own, role), method=method).status_code == 401, (rule, method)
                continue
            if role not in who and access.SIGNED_IN not in who:
                assert client.open(address(app, rule, own, role), method=method).status_code == 404, (rule, method)
                continue
            for other in foreign(role, rule, world) if numbers(rule) else []:
                answer = client.open(address(app, rule, other, role), method=method)
                assert answer.status_code == 404, f"{method} {rule} opens what is not {role}'s: {answer.status_code}"
            restore(app, own, role)
            answer = client.open(address(app, rule, own, role), method=method)
            assert answer.status_code < 500, (rule, method)
            text = unpacked(answer)
            assert text or not answer.data, f"{method} {rule} cannot be read"
            told = [mark for mark in (f"{NAME}far", PLANTED, escaped(PLANTED)) if mark.encode() in text]
            assert told == [], f"{method} {rule} tells {role} about another municipality"
            assert (answer.status_code != 404) or rule.endpoint in ABSENT, f"{method} {rule} is not there for {role}"


def unpacked(answer: TestResponse) -> bytes:
    """Return what an answer says: a workbook's parts and a PDF's text as they are read, all else as it is sent."""
    if zipfile.is_zipfile(BytesIO(answer.data)):
        with zipfile.ZipFile(BytesIO(answer.data)) as parts:
            return b"".join(map(parts.read, parts.namelist()))
    if answer.mimetype == "application/pdf":
        return "".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages).encode()
    return answer.data


def escaped(sign: str) -> str:
    """Return a sign as JSON writes it."""
    return json.dumps(sign).strip('"')


def restore(app: Flask, own: House, role: Role) -> None:
    """Put back what an earlier page of the walk has ended: the pairing, the device, the colleague."""
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        pairing = session.get_one(Pairing, own.pairing.id)
        pairing.state = State.ACTIVE
        colleague = session.get_one(type(own.accounts[role]), own.accounts[Role.REFERRER].id)
        colleague.active = True
        session.add_all([pairing, colleague])
        if role in {Role.GUIDE, Role.NEWCOMER} and session.get(Meeting, own.others[f"meeting_of_{role}"]) is None:
            own.others[f"meeting_of_{role}"] = stored(session, meeting_of(Side(role.value))(session, own, "again"))
        devices = sessions.listed(session, own.accounts[role], now_of_tests())
        if own.devices[role] not in {device.id for device in devices}:
            sessions.begin(session, own.accounts[role], Method.PASSWORD, now_of_tests())
            session.flush()
            own.devices[role] = max(
                device.id or 0 for device in sessions.listed(session, own.accounts[role], now_of_tests())
            )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", [None, *Role])
def test_pages_for_everybody_open_for_everybody(app, client, world, role):
    if role:
        client.sign_in(world[0].accounts[role].email, make.PASSWORD)
    with app.test_request_context():
        public = [rule for rule in addresses(app) if access.PUBLIC in access.audience_of(rule.endpoint)]
    for rule in public:
        if "GET" in methods(rule) and rule.endpoint not in ABSENT and rule.endpoint != "metrics.metrics":
            answer = client.get(address(app, rule, world[0], role or Role.ADMIN))
            assert answer.status_code in {200, 302}, (rule, answer.status_code)


def test_accounts_are_what_the_matrix_signs_in_with(session):
    """The matrix's own ground: each role signs in by password there."""
    office = make.municipality(session)
    for role in Role:
        account = make.account(session, role, office, email=f"{role}@ground.example")
        assert accounts.authenticate(session, account.email, make.PASSWORD) == account
