"""A quarter as a document: a tagged PDF, or a page to print."""

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from lotsen import i18n
from lotsen.access import audience
from lotsen.documents import Document
from lotsen.models import Municipality
from lotsen.rules.vocabulary import Role
from lotsen.services.evaluation import Report
from lotsen.web import papers
from lotsen.web.evaluation import tables
from lotsen.web.evaluation.blueprint import bp, named
from lotsen.web.evaluation.overview import shown
from lotsen.web.evaluation.words import BY_CASE, quarter_name


@bp.get(f"/<name>.{papers.KIND}")
@audience(Role.EVALUATOR)
@papers.sparingly
def paper(name: str, kind: str) -> ResponseReturnValue:
    """Return a quarter's report, in German."""
    report = named(name)
    return papers.deliver(document(report), kind, f"Lotsen-{report.quarter}")


def document(report: Report) -> Document:
    """Return a quarter's report on paper; whoever publishes it writes as an office does."""
    publisher: str = current_app.extensions["lotsen_config"].publisher
    with i18n.speaking(i18n.DEFAULT):
        name, values = quarter_name(report.quarter), shown(report)
        values["by_case"] = [(title, tables.by_case(report, by)) for by, title in BY_CASE.items()]
    return Document(
        template="evaluation",
        title=_("Guides for people who are new in Germany: evaluation, %(quarter)s", quarter=name),
        locales=(i18n.DEFAULT,),
        office=Municipality(code="", name=publisher, office_name=publisher, office_email=""),
        values=values,
    )
