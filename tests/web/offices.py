"""A coordination office in tests: its people, its staff, and somebody at the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlmodel import Session

from lotsen.models import Pairing
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import Role
from tests import factories as make


class Desk:
    """Celle with Amal who asks, Jürgen who guides, and two members of staff; `client` has the first one signed in."""

    def __init__(self, app: Flask, client: Any) -> None:
        self.app, self.client = app, client
        with self.writing() as session:
            office = make.municipality(session)
            self.office_id = office.id
            self.guide = make.guide(session, office, about={"first_name": "Jürgen", "last_name": "Lindqvist"})
            self.request = make.request(session, office, about={"first_name": "Amal"})
            self.kim = make.account(session, Role.COORDINATOR, office, name="Kim", email="kim@example.org")
            self.lee = make.account(session, Role.COORDINATOR, office, name="Lee", email="lee@example.org")
        client.get("/login?lang=en")
        client.sign_in("kim@example.org", make.PASSWORD)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session whose changes are kept."""
        with self.app.app_context(), self.app.extensions["lotsen_db"].transaction() as session:
            yield session

    def pair(self, state: State = State.SUGGESTED, **values: Any) -> int:
        """Store a pairing of the two in `state` and return its number."""
        with self.writing() as session:
            added = make.pairing(session, session.merge(self.request), session.merge(self.guide), state, **values)
            return added.id or 0

    def state(self, pairing_id: int) -> State:
        """Return the stored state."""
        with self.writing() as session:
            return session.get_one(Pairing, pairing_id).state

    def act(self, pairing_id: int, action: str, side: str | None = None, **data: str) -> Any:
        """Open a pairing's page and send one of its forms."""
        self.client.get(f"/office/pairings/{pairing_id}")
        prefix = f"{action}-{side or 'office'}-"
        sent = {key if key == "next" else prefix + key: value for key, value in data.items()}
        address = f"/office/pairings/{pairing_id}/do/{action}" + (f"?side={side}" if side else "")
        return self.client.post(address, data=sent)
