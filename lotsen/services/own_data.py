"""The copy of all that is kept about a person (Art. 15 and 20 GDPR), as plain values.

The columns come from the models' declarations, so that a new one is in the copy by itself. Left out are the secrets of
the way in, and words that the other person of a pairing wrote for the office alone (Art. 15(4) GDPR).
"""

from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session, SQLModel, select

from lotsen.models import Account, purpose
from lotsen.models.types import EncryptedText
from lotsen.rules.pairing import Side, State
from lotsen.rules.vocabulary import Role
from lotsen.services import traces

#: Says that something is there, and why it is not shown.
WITHHELD: Final = "withheld: it concerns another person, too (Art. 15(4) GDPR)"
#: Which column says who wrote a row's words.
_AUTHOR: Final = ("side", "logged_by")


def copy(session: Session, person_id: int, now: datetime) -> dict[str, Any]:
    """Return everything that is kept about a person: `made_at`, and `data` with a list of rows a table."""
    own = _side(session, person_id)
    models = purpose.models()
    data = {
        name: [_row(models[name], row, own) for row in traces.rows(session, SQLModel.metadata.tables[name], keys)]
        for name, keys in traces.of_people(session, {person_id}).items()
    }
    return {"made_at": now.isoformat(), "person": person_id, "data": data}


def _side(session: Session, person_id: int) -> Side:
    role = session.exec(select(Account.role).where(Account.person_id == person_id)).first()
    return Side.GUIDE if role is Role.GUIDE else Side.NEWCOMER


def _row(model: type[SQLModel], row: dict[str, Any], own: Side) -> dict[str, Any]:
    known = purpose.by_column(model)
    hidden = _written_by_another(row, own)
    return {
        column.name: WITHHELD
        if hidden and isinstance(column.type, EncryptedText) and row[column.name]
        else _plain(row[column.name])
        for column in purpose.table_of(model).columns
        if not known[column.name].secret
    }


def _written_by_another(row: dict[str, Any], own: Side) -> bool:
    """Whether a row's words are the other person's, or about a report of a problem."""
    other = Side.NEWCOMER if own is Side.GUIDE else Side.GUIDE
    reported = State.SUSPENDED in {row.get("from_state"), row.get("to_state")} and row.get("side") != own
    return reported or any(row.get(author) == other for author in _AUTHOR) or row.get("kind") == "safety"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
