"""A quarter as open data: CSV, described as W3C's "CSV on the Web" has it, under the licence that is configured."""

import csv
import io
import json
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from flask import Response, current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from lotsen import i18n
from lotsen.access import audience
from lotsen.rules.figures import CASE, By, Measure
from lotsen.rules.vocabulary import Role
from lotsen.services.evaluation import Report
from lotsen.sheets import harmless
from lotsen.web.evaluation.blueprint import bp, named
from lotsen.web.evaluation.words import BY, MEANING, MEASURE, group_name, quarter_name

COLUMNS: Final = {
    "quarter": _("Quarter"),
    "measure": _("What is counted"),
    "breakdown": _("Broken down by"),
    "group": _("Group"),
    "group_name": _("Name of the group"),
    "within": _("Within"),
    "within_group": _("Group within which is counted"),
    "within_name": _("Name of this group"),
    "value": _("Value"),
}
#: Patterns and types by which a program can check the file.
_TYPES: Final[dict[str, Any]] = {
    "quarter": {"base": "string", "format": "[0-9]{4}-Q[1-4]"},
    "measure": {"base": "string", "format": "|".join(Measure)},
    "breakdown": {"base": "string", "format": "|".join(By)},
    "within": {"base": "string", "format": "|".join((By.LAND, *CASE))},
    "value": {"base": "integer", "minimum": 0},
}
_HIDDEN: Final = _("Empty: not published, because it is small, or because a small figure could be calculated from it.")
_GROUPS: Final = _("Code of the group; a municipality’s official key (AGS), a language’s ISO 639 code.")
_WITHIN: Final = _(
    "Narrows the figure further, for example to one municipality. Such lines stand only where the figure of the whole "
    "Land and the group’s own total are both published."
)
#: The languages of the description.
_TOLD: Final = ("de", "en")


@bp.get("/<name>.csv")
@audience(Role.EVALUATOR)
def figures(name: str) -> ResponseReturnValue:
    """Download a quarter's figures."""
    report = named(name)
    described = url_for("evaluation.described", name=name)
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(report)}"',
        "Link": f'<{described}>; rel="describedby"; type="application/csvm+json"',
    }
    return Response(as_csv(report), mimetype="text/csv", headers=headers)


@bp.get("/<name>.csv-metadata.json")
@audience(Role.EVALUATOR)
def described(name: str) -> ResponseReturnValue:
    """Download what the columns of a quarter's figures mean."""
    report = named(name)
    headers = {"Content-Disposition": f'attachment; filename="{file_name(report)}-metadata.json"'}
    text = json.dumps(schema(report), ensure_ascii=False, indent=2)
    return Response(text, mimetype="application/csvm+json", headers=headers)


def file_name(report: Report) -> str:
    """Return what the file is called."""
    return f"lotsen-{report.quarter}.csv"


def as_csv(report: Report) -> str:
    """Return a quarter's figures, a line each; an empty value is not published. Groups are named in German."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows(report):
        *told, within_name, value = row._replace(group_name=str(harmless(row.group_name)))
        writer.writerow((report.quarter, *told, harmless(within_name), "" if value is None else value))
    return text.getvalue()


class Row(NamedTuple):
    """A figure as it is published: the columns of the file, but for the quarter. Names are German."""

    measure: Measure
    breakdown: By
    group: str
    group_name: str
    within: By
    within_group: str
    within_name: str
    value: int | None


def rows(report: Report) -> list[Row]:
    """Return each figure as it is published."""
    with i18n.speaking(i18n.DEFAULT):
        return [
            Row(measure, *_group(report, by, group), *_group(report, within, narrowed), value)
            for measure, by, group, value, within, narrowed in report.figures
        ]


def _group(report: Report, by: By, group: str) -> tuple[By, str, str]:
    return by, group or by, group_name(report, by, group)


def schema(report: Report) -> dict[str, Any]:
    """Return the description that belongs beside the file."""
    config = current_app.extensions["lotsen_config"]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "de"}],
        "url": file_name(report),
        "dc:title": _in_words(lambda: f"Lotsen, {quarter_name(report.quarter)}"),
        "dc:publisher": config.publisher,
        "dc:license": {"@id": config.data_licence},
        "dc:issued": {"@value": report.frozen_at.date().isoformat(), "@type": "date"},
        "dialect": {"delimiter": ",", "encoding": "utf-8", "header": True, "lineTerminators": ["\r\n"]},
        "tableSchema": {
            "columns": [_column(name) for name in COLUMNS],
            "primaryKey": ["quarter", "measure", "breakdown", "group", "within", "within_group"],
        },
    }


def _column(name: str) -> dict[str, Any]:
    described: dict[str, Callable[[], str]] = {
        "measure": lambda: _codes((measure, f"{MEASURE[measure]}. {MEANING[measure]}") for measure in Measure),
        "breakdown": lambda: _codes((by, str(BY[by])) for by in By),
        "group": lambda: str(_GROUPS),
        "within": lambda: str(_WITHIN),
        "within_group": lambda: str(_GROUPS),
        "value": lambda: str(_HIDDEN),
    }
    column: dict[str, Any] = {"name": name, "titles": name, "datatype": _TYPES.get(name, "string")}
    column |= {"required": name != "value", "rdfs:label": _in_words(lambda: str(COLUMNS[name]))}
    return column | ({"dc:description": _in_words(described[name])} if name in described else {})


def _codes(told: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{code}: {text}" for code, text in told)


def _in_words(tell: Callable[[], str]) -> list[dict[str, str]]:
    """Return a text in each language of the description."""
    found = []
    for tag in _TOLD:
        with i18n.speaking(tag):
            found.append({"@value": tell(), "@language": tag})
    return found
