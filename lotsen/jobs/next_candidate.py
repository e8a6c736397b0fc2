"""Every minute: the next candidate, at once, for new requests and after a no or a silence."""

from datetime import datetime

from sqlmodel import Session

from lotsen.services import suggestion


def next_candidate(session: Session, now: datetime) -> int:
    """Suggest guides for the requests that are due; hand over where everybody who fitted has been asked."""
    return suggestion.propose_due(session, now)
