"""Which pages there are for whom, with numbers that lead somewhere, and how much each asks of the database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, func, select
from werkzeug.routing import Rule

from lotsen import access, db
from lotsen.models import Guide, Pairing, Request
from lotsen.rules.vocabulary import Role
from tests import factories as make
from tests.houses import House
from tests.queries import counted
from tests.test_matrix import ABSENT, address, addresses, methods

#: So many files of the office's people does each page of the office show in turn.
FILES: Final = 10
_FILES_OF: Final = {"request_id", "guide_id", "pairing_id", "person_id"}
#: Pages further on in lists, and lists narrowed; what is narrowed to is common and rare.
_FURTHER: Final = {
    "office.requests": ("?state=placed", "?state=closed&page=100", "?language=ar&topic=housing", "?town=Laatzen"),
    "office.guides": ("?list=active&page=100", "?list=conduct_check", "?language=uk", "?town=Laatzen"),
    "office.pairings": ("?state=active&page=50", "?state=completed"),
    "office.worklist": ("?kind=approve", "?kind=release&page=5", "?language=ar", "?overdue=1"),
    "office.proof_of_use": ("?since=2025-01-01&until=2025-12-31",),
}
#: A change of address or a sign-out, and what no person opens.
_NO_PAGES: Final = ABSENT.keys() | {"account.logout", "metrics.metrics"}
#: What is typed where somebody is looked up.
LOOK_UP: Final = {"look-q": "Muhamed"}


@dataclass(slots=True)
class Page:
    """One page as somebody in a role sees it: its addresses, and the most queries that one of them takes."""

    role: Role
    endpoint: str
    paths: list[str] = field(default_factory=list)
    queries: int = 0


def pages(app: Flask, walkers: House) -> Iterator[Page]:
    """Yield every page that answers, for each role; files, downloads and addresses that lead elsewhere are no pages."""
    with app.app_context():
        strangers = list(_strangers(db.reading(), walkers))
    with app.test_request_context():
        audiences = {rule.endpoint: access.audience_of(rule.endpoint) for rule in addresses(app)}
    for role in Role:
        client = app.test_client()
        sign_in(client, walkers.accounts[role].email)
        for rule in addresses(app):
            open_to = audiences[rule.endpoint]
            mine = {role, access.SIGNED_IN, *([access.PUBLIC] if role is Role.NEWCOMER else [])}
            if "GET" in methods(rule) and rule.endpoint not in _NO_PAGES and mine & set(open_to):
                page = Page(role, rule.endpoint)
                for path in _paths(app, rule, role, walkers, strangers):
                    _try(app, client, page, path)
                if page.paths:
                    yield page


def sign_in(client: FlaskClient, email: str) -> None:
    """Sign in, and look for somebody where that can be done."""
    _post(client, "/login", email=email, password=make.PASSWORD)
    if client.get("/office/search").status_code == 200:
        _post(client, "/office/search", **LOOK_UP)


def _post(client: FlaskClient, path: str, **data: str) -> None:
    token = csrf(client.get(path).text)
    answer = client.post(path, data={"csrf_token": token, **data})
    assert answer.status_code == 302, answer.text


def csrf(page: str) -> str:
    """Return the token of a page's form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


def _strangers(session: Session, walkers: House) -> Iterator[House]:
    """Yield houses of other people of the same office."""
    query = select(Pairing, Guide, Request).join(Guide, col(Guide.id) == Pairing.guide_id)
    query = query.join(Request, col(Request.id) == Pairing.request_id)
    last = session.exec(select(func.max(Pairing.id))).one() or 0
    random = Random(1)
    for _each in range(FILES):
        start = random.randrange(1, last - last // 10)
        found = query.where(col(Pairing.id) >= start, Pairing.municipality_id == walkers.office.id)
        pairing, guide, request = session.exec(found.order_by(col(Pairing.id)).limit(1)).one()
        yield replace(walkers, guide=guide, request=request, pairing=pairing)


def _paths(app: Flask, rule: Rule, role: Role, walkers: House, strangers: list[House]) -> list[str]:
    own = address(app, rule, walkers, role)
    if role is Role.COORDINATOR and rule.arguments & _FILES_OF:
        return [own, *(address(app, rule, stranger, role) for stranger in strangers)]
    return [own, *(own + more for more in _FURTHER.get(rule.endpoint, ()))]


def _try(app: Flask, client: Any, page: Page, path: str) -> None:
    """Ask twice, since the first time notes that a file was seen; keep what is a page."""
    client.get(path)
    with counted(app.extensions["lotsen_db"].engine) as statements:
        answer = client.get(path)
    assert answer.status_code < 500, path
    if answer.status_code == 200 and answer.mimetype == "text/html":
        page.paths.append(path)
        page.queries = max(page.queries, len(statements))
