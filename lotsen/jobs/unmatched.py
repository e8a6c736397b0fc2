"""Daily: tell newcomers honestly that nobody has been found for long, and hand them over to their office."""

from datetime import datetime

from sqlmodel import Session

from lotsen.services import batch
from lotsen.services import unmatched as waiting


def unmatched(session: Session, now: datetime) -> int:
    """Tell and hand over each request that has waited for the office's number of days, or whose own days end."""
    due = {request.id: request for request in (*waiting.to_tell(session, now), *waiting.windows_to_tell(session, now))}
    return batch.each(session, list(due.values()), lambda request: waiting.tell(session, request, now))
