"""What roles and kinds of organisations are called on these pages."""

from typing import Final

from flask_babel import lazy_gettext as _

from lotsen import words

ROLE: Final = {
    "coordinator": _("Coordination office"),
    "referrer": _("Referrer"),
    "evaluator": _("Evaluation"),
    "reviewer": _("Translations"),
    "admin": _("Operation"),
}
REFERRER_KIND: Final = {
    "immigration_office": _("Immigration office"),
    "job_centre": _("Job centre"),
    "course": _("Course provider"),
    "school": _("School"),
}


def register() -> None:
    """Add these kinds to what `lotsen.words` knows."""
    words.KINDS.update(role=ROLE, referrer_kind=REFERRER_KIND)
