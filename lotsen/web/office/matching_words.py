"""The matching page's sentences: groups of people, decisions against the matcher, what a preview shows."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from lotsen import words
from lotsen.models import Override
from lotsen.services.weighing import Preview
from lotsen.web.office.present import percent
from lotsen.web.office.reasons import criterion


def group_name(grouping: str, group: str) -> str:
    """Return what a group of the fairness report is called."""
    if group in {"other", "none", "unknown"} or grouping in {"need", "household"}:
        return words.word(group, "group")
    if grouping == "language":
        return words.language_name(group)
    return words.word(group, "gender") if grouping == "gender" else group


def office_did(override: Override) -> str:
    """Return what the office did, and its coded reason."""
    if override.action is None:
        return _("Paired by hand")
    done = words.word(override.action, "event")
    return f"{done} ({words.word(override.reason, 'staff_reason')})" if override.reason else done


def matcher_thought(override: Override) -> str:
    """Return the matcher's opinion at that time: chance, rank and what weighed most."""
    about = ", ".join(criterion(reason) for reason in override.reasons)
    if override.rank is None:
        told = _("Chance %(chance)s; not among those who fit", chance=percent(override.score))
    else:
        told = _(
            "Chance %(chance)s; number %(rank)d of %(count)d who fit",
            chance=percent(override.score), rank=override.rank, count=override.candidates,
        )  # fmt: skip
    return _("%(opinion)s. What weighed most: %(criteria)s", opinion=told, criteria=about) if about else told


def preview_text(tried: Preview) -> str:
    """Return in a sentence how many people more or fewer would be placed."""
    more = tried.then.placed - tried.now.placed
    if more > 0:
        return ngettext(
            "With these settings, %(num)d more person is placed.",
            "With these settings, %(num)d more people are placed.",
            more,
        )
    if more < 0:
        return ngettext(
            "With these settings, %(num)d person fewer is placed.",
            "With these settings, %(num)d people fewer are placed.",
            -more,
        )
    return _("As many people are placed as now.")


def helpers() -> dict[str, Any]:
    """Return these sentences for templates."""
    return {each.__name__: each for each in (group_name, office_did, matcher_thought, preview_text)}
