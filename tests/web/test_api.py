"""The interface for other systems: a token or nothing, consent or nothing, each referral once, three words back."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlmodel import select

from lotsen.models import Account, ApiToken, Consent, Event, Municipality, Person, Referral, Request
from lotsen.rules.vocabulary import RequestState
from lotsen.services import api_tokens, erasure, requests
from lotsen.services.actor import SYSTEM
from lotsen.web.newcomer_words import CONSENT_VERSION
from tests import factories as make

BODY: dict[str, Any] = {
    "consent": {"agreed": True, "version": CONSENT_VERSION}, "locale": "ar", "first_name": "Amal", "postcode": "29221",
    "languages": {"ar": "C2", "de": "A1"}, "topics": ["housing"], "household": "children", "reference": "32.4/17",
    "phone": "0151 23456789",
}  # fmt: skip
ADDRESS = "/api/v1/referrals"


class System:
    """Another organisation's software: a client that brings a token."""

    def __init__(self, app: Any, secret: str) -> None:
        self.client, self.secret = app.test_client(), secret

    def get(self, address: str) -> Any:
        return self.client.get(address, headers={"Authorization": f"Bearer {self.secret}"})

    def send(self, body: Any, key: str | None = "key-00000001") -> Any:
        headers = {"Authorization": f"Bearer {self.secret}"} | ({"Idempotency-Key": key} if key else {})
        return self.client.post(ADDRESS, json=body, headers=headers)


@pytest.fixture
def systems(app) -> tuple[System, System]:
    """The software of an immigration office, and that of another organisation."""
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session)
        names = ("Ausländerbehörde Celle", "Jobcenter Celle")
        secrets = [make.token(session, make.referrer(session, office, name)) for name in names]
    return System(app, secrets[0]), System(app, secrets[1])


def rows(app: Any, *tables: Any) -> list[Any]:
    with app.extensions["lotsen_db"].reading() as session:
        return [row for table in tables for row in session.exec(select(table)).all()]


def test_a_referral_is_stored_with_its_consent_and_the_code_opens_the_request(app, systems):
    answer = systems[0].send(BODY)
    assert answer.status_code == 201, answer.text
    told = answer.json
    assert told.keys() == {"id", "reference", "referred_on", "state", "status_code", "status_url"}
    assert (told["reference"], told["state"]) == ("32.4/17", "open")
    [proof] = rows(app, Consent)
    assert (proof.kind, proof.version, proof.locale) == ("referral", CONSENT_VERSION, "ar")
    assert "Koordinierungsstelle Celle" in proof.text
    [request] = rows(app, Request)
    assert len(request.slots) == 21, "no times said: at any time"
    assert {event.what for event in rows(app, Event)} == {"request_received", "referred"}
    stranger = app.test_client()
    stranger.get("/status")
    assert stranger.post("/status", data={"code": told["status_code"]}).status_code == 302
    [token] = [each for each in rows(app, ApiToken) if each.used_at]
    assert told["status_code"] not in token.digest
    assert "Set-Cookie" not in answer.headers


def test_what_arrives_twice_is_stored_once_and_answered_the_same_for_a_day(app, systems):
    first, again = systems[0].send(BODY), systems[0].send(BODY)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    other = systems[0].send(BODY | {"first_name": "Boris"})
    assert (other.status_code, other.json["code"]) == (409, "key_reused")
    assert systems[1].send(BODY | {"first_name": "Boris"}).status_code == 201, "keys are an organisation's own"
    with time_machine.travel(rows(app, Referral)[0].referred_at + timedelta(days=1, minutes=1), tick=False):
        assert systems[0].send(BODY).json == first.json | {"status_code": None}
    assert len(rows(app, Referral)) == 2
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        erasure.erase(session, rows(app, Request)[0].person_id, SYSTEM, make.SPRING)
    assert systems[0].send(BODY).json["state"] == "closed"


def test_a_code_that_the_office_has_replaced_is_not_told_again(app, systems):
    systems[0].send(BODY)
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        request = session.exec(select(Request)).one()
        staff = make.coordinator(session, session.get(Municipality, request.municipality_id))
        requests.new_code(session, request.id, staff, make.SPRING)
    assert systems[0].send(BODY).json["status_code"] is None


def test_eight_at_the_same_moment_are_one_referral(app, systems):
    secret = systems[0].secret
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _number: System(app, secret).send(BODY), range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json["status_code"] for answer in answers}) == 1
    assert len(rows(app, Person)) == len(rows(app, Referral)) == 1


@pytest.mark.parametrize("secret", ["", "lotsen_unknown", "revoked"])
def test_without_a_token_in_use_there_is_nothing(app, systems, secret):
    if secret == "revoked":
        with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
            token = session.exec(select(ApiToken)).first()
            api_tokens.revoke(session, token.id, session.get(Account, token.issued_by_id), make.SPRING)
    system = System(app, systems[0].secret if secret == "revoked" else secret)
    for answer in (system.get(ADDRESS), system.send(BODY), system.get("/api/v1/consent"), system.get(ADDRESS + "/1")):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")
        assert answer.json["code"] == "unauthorized"
    assert rows(app, Person) == []


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"consent": {"agreed": False, "version": CONSENT_VERSION}}, "consent.agreed", "consent_missing"),
    ({"consent": {"agreed": 1, "version": CONSENT_VERSION}}, "consent.agreed", "consent_missing"),
    ({"consent": {"agreed": True, "version": "1999-1"}}, "consent.version", "consent_outdated"),
    ({"consent": None}, "consent", "model_type"),
    ({"postcode": 29221}, "postcode", "string_type"),
    ({"postcode": "292211"}, "postcode", "string_pattern_mismatch"),
    ({"postcode": "00000"}, "postcode", "unknown_place"),
    ({"languages": {"xx": "C2"}}, "languages.xx", "literal_error"),
    ({"languages": {}}, "languages", "too_short"),
    ({"topics": ["status"]}, "topics.0", "literal_error"),
    ({"household": False}, "household", "enum"),
    ({"first_name": "\u202e"}, "first_name", "string_too_short"),
    ({"phone": "12"}, "phone", "phone"),
    ({"email": "amal@"}, "email", "email"),
    ({"reference": "Frau Öz"}, "reference", "string_pattern_mismatch"),
    ({"note": "speaks well"}, "note", "extra_forbidden"),
    ({"reference": "ASYL 17"}, "reference", "residence_status"),
    ({"first_name": "Duldung"}, "first_name", "residence_status"),
]


def test_each_wrong_field_is_named_and_nothing_is_stored(app, systems):
    for changes, field, code in WRONG:
        answer = systems[0].send(BODY | changes)
        assert answer.status_code == 422, (changes, answer.text)
        assert answer.mimetype == "application/problem+json"
        assert (field, code) in {(fault["field"], fault["code"]) for fault in answer.json["errors"]}, answer.text
    missing = systems[0].send({})
    assert {("consent", "consent_missing"), ("postcode", "missing")} <= {
        (fault["field"], fault["code"]) for fault in missing.json["errors"]
    }
    assert systems[0].send(BODY, None).json["errors"][0]["field"] == "Idempotency-Key"
    assert rows(app, Person, Referral, Consent) == []
    confirmed = BODY | {"reference": "ASYL 17", "words_confirmed": True}
    assert systems[0].send(confirmed, "another-key-1").status_code == 201


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_json_no_address_or_no_method_is_told_as_json(systems):
    client, bearer = systems[0].client, {"Authorization": f"Bearer {systems[0].secret}"}
    sent = {"headers": bearer | {"Idempotency-Key": "key-00000001"}}
    tries = {
        400: client.post(ADDRESS, data=b"{", content_type="application/json", json=None, **sent, csrf=False),
        415: client.post(ADDRESS, data=b"a=b", content_type="text/plain", **sent, csrf=False),
        413: client.post(ADDRESS, data=b" " * 1_100_000, content_type="application/json", **sent, csrf=False),
        404: client.get("/api/v1/nothing", headers=bearer),
        405: client.put(ADDRESS, headers=bearer),
    }
    for status, answer in tries.items():
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), (status, answer.text)
        assert answer.json["status"] == status
    assert "POST" in tries[405].headers["Allow"]
    deep = client.post(ADDRESS, data=b"[" * 50, content_type="application/json", **sent, csrf=False)
    assert deep.status_code == 400


def test_an_organisation_sees_the_state_of_its_own_referrals_and_no_other(app, systems):
    told = systems[0].send(BODY).json
    systems[1].send(BODY | {"reference": "foreign 1"})
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        request = session.exec(select(Request)).first()
        request.state = RequestState.PLACED
        session.add(request)
    line = {name: told[name] for name in ("id", "reference", "referred_on")} | {"state": "placed"}
    assert systems[0].get(f"{ADDRESS}/{told['id']}").json == line
    assert systems[1].get(f"{ADDRESS}/{told['id']}").status_code == 404
    assert systems[0].get(ADDRESS).json == {"items": [line], "page": 1, "pages": 1, "total": 1}
    assert systems[0].get(ADDRESS + "?reference=32.4").json["total"] == 1
    assert systems[0].get(ADDRESS + "?reference=32_4").json["total"] == 0, "no wildcard"
    assert systems[0].get(ADDRESS + "?page=x").json["errors"][0]["field"] == "page"
    assert systems[0].get(ADDRESS + "?page=2").json["items"] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_consents_words_are_told_in_every_language(systems):
    told = systems[0].get("/api/v1/consent").json
    assert told["version"] == CONSENT_VERSION
    arabic = next(text for text in told["texts"] if text["locale"] == "ar")
    assert arabic["direction"] == "rtl"
    assert len(arabic["paragraphs"]) == 5


def test_a_token_that_sends_without_end_is_slowed_down(systems):
    answers = [systems[0].send({}).status_code for _number in range(61)]
    assert answers == [422] * 60 + [429]
    assert systems[0].send({}).headers["Retry-After"] == "60"
    assert systems[1].send(BODY).status_code == 201, "others are not"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_description_is_complete(app, client):
    described = client.get("/api/v1/openapi.json").json
    assert described["openapi"].startswith("3.1")
    assert json.dumps(described).count('"$ref"') > 10
    schemas = described["components"]["schemas"]
    assert all(each.rsplit("/", 1)[1] in schemas for each in refs(described))
    paths = {
        rule.rule.replace("<int:", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint != "api.openapi"
    }
    assert described["paths"].keys() == paths


def refs(part: Any) -> list[str]:
    """Return every reference within a document."""
    if isinstance(part, list):
        return [found for each in part for found in refs(each)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if "$ref" in part else []
    return own + [found for each in part.values() for found in refs(each)]
