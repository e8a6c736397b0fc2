"""Daily: tell newcomers honestly that nobody has been found for long, and hand them over to their office."""

from datetime import datetime
from functools import lru_cache

from sqlmodel import Session

from lotsen.services import batch
from lotsen.services import unmatched as waiting
from lotsen.services.suggestion import Around


def unmatched(session: Session, now: datetime) -> int:
    """Tell and hand over each request that has waited for the office's number of days, or whose own days end."""
    due = {request.id: request for request in (*waiting.to_tell(session, now), *waiting.windows_to_tell(session, now))}
    by_office = sorted(due.values(), key=lambda request: request.municipality_id)
    around = lru_cache(maxsize=1)(lambda municipality_id: Around.read(session, municipality_id, now))
    return batch.each(session, by_office, lambda request: waiting.tell(session, request, now, around))
