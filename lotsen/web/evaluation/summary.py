"""A quarter in plain sentences, written from its figures. What is not published is not spoken of."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from lotsen.rules.figures import GROUPS, IN_HAND, By, Measure
from lotsen.services.evaluation import Report
from lotsen.web.evaluation.words import group_name


def sentences(report: Report) -> list[str]:
    """Return the quarter in plain words, a sentence or two for each matter."""
    return [*_asked(report), *_placed(report), *_waiting(report), *_pairings(report), *_hours(report), *_rated(report)]


def _asked(report: Report) -> Iterator[str]:
    if (asked := report.value(Measure.RECEIVED)) is not None:
        told = ngettext("%(num)d person asked for a guide.", "%(num)d people asked for a guide.", asked)
        yield " ".join([told, *_change(asked, report.last(Measure.RECEIVED))])


def _change(now: int, before: int | None) -> Iterator[str]:
    if before is None:
        return
    if now == before:
        yield _("That is as many as in the quarter before.")
    elif now > before:
        yield ngettext(
            "That is %(num)d more than in the quarter before.", "That is %(num)d more than in the quarter before.",
            now - before,
        )  # fmt: skip
    else:
        yield ngettext(
            "That is %(num)d fewer than in the quarter before.", "That is %(num)d fewer than in the quarter before.",
            before - now,
        )  # fmt: skip


def _placed(report: Report) -> Iterator[str]:
    if (placed := report.value(Measure.PLACED)) is None:
        return
    found = ngettext("%(num)d person found a guide.", "%(num)d people found a guide.", placed)
    told = [found, *_change(placed, report.last(Measure.PLACED))]
    if (half := report.value(Measure.MEDIAN_DAYS)) is not None:
        told.append(
            ngettext("Half of them waited %(num)d day at most.", "Half of them waited %(num)d days at most.", half)
        )
    if (most := report.value(Measure.P90_DAYS)) is not None:
        told.append(
            ngettext("Nine in ten waited %(num)d day at most.", "Nine in ten waited %(num)d days at most.", most)
        )
    yield " ".join(told)


def _waiting(report: Report) -> Iterator[str]:
    if (waiting := report.value(Measure.WAITING)) is None:
        return
    told = ngettext(
        "At the end of the quarter, %(num)d person was still without a guide.",
        "At the end of the quarter, %(num)d people were still without a guide.",
        waiting,
    )
    known = {why: report.value(Measure.WAITING, By.REASON, why) for why in GROUPS[Measure.WAITING, By.REASON]}
    known = {why: count for why, count in known.items() if count and why != IN_HAND}
    if known:
        most = max(known, key=lambda why: known[why] or 0)
        reason = group_name(report, By.REASON, most)
        told += " " + _("The most frequent reason: %(reason)s (%(count)d).", reason=reason, count=known[most])
    yield told


def _pairings(report: Report) -> Iterator[str]:
    if (together := report.value(Measure.TOGETHER)) is not None:
        yield ngettext(
            "%(num)d guide and newcomer were in contact as a pair.",
            "%(num)d pairs of a guide and a newcomer were in contact.",
            together,
        )
    if (ended := report.value(Measure.ENDED)) is None:
        return
    told = ngettext("%(num)d pairing came to its end.", "%(num)d pairings came to their end.", ended)
    if (reached := report.value(Measure.ENDED, By.REASON, "completed")) is not None:
        told += " " + ngettext(
            "%(num)d of them had reached its goal.", "%(num)d of them had reached their goal.", reached
        )
    yield told


def _hours(report: Report) -> Iterator[str]:
    hours, guides = report.value(Measure.HOURS), report.value(Measure.GUIDES)
    if hours is not None and guides is not None:
        given = ngettext("%(num)d hour", "%(num)d hours", hours)
        yield ngettext(
            "%(num)d guide gave %(hours)s of their time.", "%(num)d guides gave %(hours)s of their time.", guides,
            hours=given,
        )  # fmt: skip


def _rated(report: Report) -> Iterator[str]:
    if (good := report.value(Measure.RATED_GOOD)) is not None:
        told = _(
            "So far, %(count)d people at least rated the service of the office that referred them good.", count=good
        )
        if (difficult := report.value(Measure.RATED_DIFFICULT)) is not None:
            told += " " + _("%(count)d people at least rated it difficult.", count=difficult)
        yield told
