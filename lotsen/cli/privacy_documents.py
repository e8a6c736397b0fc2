"""The documents under `docs/privacy/`: written from what the models declare about their columns, never by hand."""

from collections.abc import Callable
from typing import Final

from lotsen.models import purpose
from lotsen.rules.privacy import PERIODS, Basis, Period
from lotsen.rules.settings import Settings

HINT: Final = "<!-- Written by `flask --app wsgi privacy documents` from the models' declarations: do not edit. -->"


def record() -> str:
    """Return the record of processing activities: one activity a table, one line a purpose."""
    lines = [
        "# Record of processing activities (Art. 30 GDPR, Verzeichnis von Verarbeitungstätigkeiten)",
        HINT,
        "Controller: the municipality whose coordination office uses Lotsen. Its name, its representative and its data "
        "protection officer are the municipality's to add; the office's contact stands in the imprint.",
        "Processing: pairing newcomers with volunteer integration guides. People concerned: newcomers and their "
        "households, guides, staff of the coordination office and of referring organisations. Special categories "
        "(Art. 9 GDPR: religion, health, origin) and residence status are never asked.",
        "Recipients: the coordination office; the other person of a pairing, after approval (first name, and what they "
        "share themselves); a referring organisation (open, placed or closed, nothing else); the Land (counts, those "
        "under five suppressed). Transfers to third countries: none. Automated decisions (Art. 22): none; the matcher "
        "orders the office's work and a person approves.",
        "Security (Art. 32): access denied unless declared, free text encrypted with keys that rotate, each view of a "
        "file recorded, erased data overwritten; see [checks](checks.md).",
        "What is erased at once on request (Art. 17) is every line whose period is not *count*, *log* or *office*.",
    ]
    for name, model in sorted(purpose.models().items()):
        summary = (model.__doc__ or "").strip().splitlines()[0]
        rows = [
            f"| {', '.join(f'`{column}`' for column in each.columns)} | {each.purpose} | {each.basis} | {each.period} |"
            for each in purpose.declared(model)
        ]
        table = ["| Columns | Purpose | Legal basis | Period |", "| --- | --- | --- | --- |", *rows]
        lines += [f"## {name}", summary, "\n".join(table)]
    return "\n\n".join(lines) + "\n"


def periods() -> str:
    """Return the table of periods, with the settings' defaults."""
    lines = ["| Period | Days | Begins when | Then | Where |", "| --- | --- | --- | --- | --- |"]
    for period, rule in PERIODS.items():
        lines.append(f"| {period} | {_days(rule.days)} | {rule.begins} | {rule.then} | {_tables(period)} |")
    parts = [
        "# How long data are kept (Löschkonzept)",
        HINT,
        "\n".join(lines),
        "The job `retention` deletes daily what is past its period and logs how many rows, never whose. Backups are "
        "files of the operator's: they hold what was there when they were written, so delete them after 30 days "
        "and repeat after a restore what was erased since (the audit log names the files by number).",
    ]
    return "\n\n".join(parts) + "\n"


def _days(days: str | int | None) -> str:
    if days is None:
        return "no end by itself"
    if isinstance(days, int):
        return str(days)
    field = Settings.model_fields[days]
    return f"{field.default} (setting `{days}`)"


def _tables(period: Period) -> str:
    found = [
        name
        for name, model in sorted(purpose.models().items())
        if any(each.period is period for each in purpose.declared(model))
    ]
    return ", ".join(f"`{name}`" for name in found) or "–"


def threshold() -> str:
    """Return the threshold analysis: is an impact assessment (Art. 35 GDPR) needed?"""
    everything = [each for model in purpose.models().values() for each in purpose.declared(model)]
    by_basis = {basis: sum(len(each.columns) for each in everything if each.basis is basis) for basis in Basis}
    personal = sum(count for basis, count in by_basis.items() if basis is not Basis.NOBODY)
    bases = "\n".join(f"| {basis} | {count} |" for basis, count in by_basis.items())
    criteria = "\n".join(f"| {name} | {answer} | {why} |" for name, answer, why in _CRITERIA)
    met = sum(answer == "yes" for _name, answer, _why in _CRITERIA)
    parts = [
        "# Threshold analysis for the data protection impact assessment (Art. 35 GDPR, Schwellwertanalyse)",
        HINT,
        f"Lotsen keeps {personal} columns about people, each with its purpose, basis and period in the "
        "[record of processing](record-of-processing.md).",
        f"| Legal basis | Columns |\n| --- | --- |\n{bases}",
        "## The nine criteria of WP 248 rev. 01",
        f"| Criterion | Met | Why |\n| --- | --- | --- |\n{criteria}",
        f"**Result:** {met} of nine criteria are met; from two on, an assessment is as a rule needed. The municipality "
        "carries it out before it starts, with its data protection officer; the record, the periods and the checks in "
        "this folder are its factual part. What remains to be weighed by a person: the situation on the spot, who is "
        "on the staff, which referring organisations take part.",
    ]
    return "\n\n".join(parts) + "\n"


_CRITERIA: Final = (
    ("Evaluation or scoring", "yes", "the matcher estimates whether a pairing will last; a person decides"),
    ("Automated decision with legal effect", "no", "no score decides a benefit; every pairing is approved by a person"),
    ("Systematic monitoring", "no", "nobody's behaviour is watched; meetings are what people report themselves"),
    ("Sensitive data", "no", "neither asked nor used; words about residence status in free text are warned of"),
    ("Large scale", "no", "one office's newcomers and guides; to be looked at anew for a whole Land in one database"),
    ("Matching or combining data sets", "no", "no other registers are read; referrals flow in one direction"),
    ("Vulnerable people", "yes", "newcomers depend on public bodies and may be minors"),
    ("New technology", "no", "a published linear model; each reason is shown in words"),
    ("Hinders a right or a service", "no", "help does not depend on being paired; closing or erasing needs no reason"),
)

#: What is written, by file name under docs/privacy/.
DOCUMENTS: Final[dict[str, Callable[[], str]]] = {
    "record-of-processing.md": record,
    "periods.md": periods,
    "impact-threshold.md": threshold,
}
