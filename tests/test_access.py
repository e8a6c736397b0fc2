"""Deny by default: every view declares its audience, and nobody else gets in."""

import pytest
from flask import Flask

from lotsen import access
from lotsen.rules.vocabulary import Role
from tests import factories as make

#: What stands for an address's variable parts, where a number will not do.
ARGUMENTS = {
    "domain": "messages",
    "action": "agree",
    "step": "languages",
    "locale": "de",
    "name": "decline",
    "kind": "html",
    "secret": "x",
    "what": "restrict",
    "group": "offers",
}
OTHERS = {"guide.question": {"step": "topics"}}


def pages(app: Flask) -> list[tuple[str, str, frozenset[str]]]:
    """Every endpoint that answers GET, with an address and its audience."""
    found = []
    with app.test_request_context():
        adapter = app.url_map.bind("127.0.0.1")
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or ()) and rule.endpoint != "static":
                values = {name: ARGUMENTS.get(name, 1) for name in rule.arguments} | OTHERS.get(rule.endpoint, {})
                found.append((rule.endpoint, adapter.build(rule.endpoint, values), access.audience_of(rule.endpoint)))
    return found


def test_an_application_with_an_undeclared_view_does_not_start(app):
    app.view_functions["forgotten"] = lambda: "secret"
    with pytest.raises(access.UndeclaredAudience, match="forgotten"):
        access.check(app)


def test_signed_out_visitors_are_led_to_the_sign_in_page_from_every_page_that_is_not_public(app, client):
    for endpoint, address, who in pages(app):
        if access.SYSTEM in who:
            assert client.get(address).status_code == 401, endpoint
        elif access.PUBLIC not in who:
            response = client.get(address)
            assert response.status_code == 302, endpoint
            assert response.location.startswith("/login"), endpoint


@pytest.mark.parametrize("role", Role)
def test_each_role_finds_nothing_behind_the_addresses_of_the_others(app, client, role):
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session)
        person = None
        if role is Role.GUIDE:
            person = session.get(type(make.person(session, office)), make.guide(session, office).person_id)
        if role is Role.NEWCOMER:
            person = session.get(type(make.person(session, office)), make.request(session, office).person_id)
        referrer = make.referrer(session, office).id if role is Role.REFERRER else None
        account = make.account(session, role, office, person=person, referrer_id=referrer)
    client.sign_in(account.email, make.PASSWORD)
    for endpoint, address, who in pages(app):
        response = client.get(address)
        if access.PUBLIC not in who and access.SIGNED_IN not in who and role not in who:
            assert response.status_code == (401 if access.SYSTEM in who else 404), endpoint
        assert response.status_code < 500, endpoint


def test_a_removed_colleague_is_out_at_once(app, client):
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        account = make.account(session, Role.COORDINATOR, make.municipality(session))
    client.sign_in(account.email, make.PASSWORD)
    assert client.get("/office/").status_code == 200
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        found = session.get(type(account), account.id)
        found.active = False
        session.add(found)
    assert client.get("/office/").status_code == 302


def test_no_get_request_changes_anything_by_its_method(app):
    """Views that take POST as well as GET validate a form first; views named after an action take POST alone."""
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods <= {"GET", "POST"}, rule
