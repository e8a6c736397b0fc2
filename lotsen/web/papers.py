"""Handing out documents: as PDF where this server can write it, else in words and as a page to print.

A view of a document ends in `.<any(pdf, html):kind>`; its audience and its service decide who may have it.
"""

from typing import Final

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from lotsen import documents
from lotsen.documents import Document
from lotsen.i18n import DEFAULT
from lotsen.models import Municipality, Person, Request
from lotsen.security import limiter
from lotsen.services.agreements import Agreement
from lotsen.services.casefile import TaskFile
from lotsen.web.duties import DO, DO_NOT

#: The end of a document's address.
KIND: Final = "<any(pdf, html):kind>"
#: Setting type takes time: no visitor keeps the server busy with it.
sparingly: Final = limiter.limit("30 per minute")


def deliver(document: Document, kind: str, name: str) -> ResponseReturnValue:
    """Return `document` as a page or as the PDF `name`; where there is no PDF, say so and offer the page."""
    if kind == "html":
        return documents.page(document)
    try:
        written = documents.pdf(document)
    except documents.Unavailable:
        values = (request.view_args or {}) | {"kind": "html"}
        return render_template("pages/no_pdf.html", url=url_for(request.endpoint or "", **values)), 503
    disposition = f'inline; filename="{name}.pdf"'
    return Response(written, mimetype="application/pdf", headers={"Content-Disposition": disposition})


def agreement(found: Agreement) -> Document:
    """Return the agreement, in German and in the newcomer's language."""
    return Document(
        template="agreement",
        title=_("Agreement on being accompanied by a guide"),
        locales=(DEFAULT, found.locale),
        office=found.office,
        values={"agreement": found, "do": DO, "do_not": DO_NOT},
    )


def counselling(file: TaskFile, asked: Request) -> Document:
    """Return the letter to a counselling service: in German, and for the newcomer in their own language."""
    return Document(
        template="counselling",
        title=_("To the counselling service for people who are new in Germany (MBE, JMD)"),
        locales=(DEFAULT, file.newcomer.locale if file.newcomer else DEFAULT),
        office=file.office,
        values={"file": file, "request": asked},
    )


def letter(name: str, code: str, locale: str, office: Municipality) -> Document:
    """Return the letter for somebody without e-mail: how to look up, answer and end a request on any phone."""
    return Document(
        template="letter",
        title=_("Your request for a guide"),
        locales=(locale, DEFAULT),
        office=office,
        values={"name": name, "code": code, "address": status_address()},
        **_way(locale),
    )


def guide_letter(guide: Person, code: str, office: Municipality) -> Document:
    """Return the letter for a guide without e-mail: how to see and answer what is asked, and to end it."""
    address = code_address()
    return Document(
        template="guide_letter",
        title=_("Your status code"),
        locales=(guide.locale, DEFAULT),
        office=office,
        values={"name": guide.first_name, "code": code, "address": address},
        qr=f"{address}?lang={guide.locale}",
        qr_url=url_for("referrer.qr", locale=guide.locale, to="code"),
    )


def moved(person: Person, office: Municipality) -> Document:
    """Return the letter to somebody without e-mail whom another office has taken over."""
    return Document(
        template="moved",
        title=_("Your coordination office"),
        locales=(person.locale, DEFAULT),
        office=office,
        values={"name": person.first_name},
    )


def leaflet(code: str, locale: str, office: Municipality) -> Document:
    """Return the leaflet that a referrer hands over, in the newcomer's language; it names nobody."""
    return Document(
        template="letter",
        title=_("We are looking for a guide for you"),
        locales=(locale,),
        office=office,
        values={"name": "", "code": code, "address": status_address()},
        **_way(locale),
    )


def invitation(locale: str, office: Municipality) -> Document:
    """Return the leaflet for somebody who would rather ask for a guide themselves: no code, nobody's name."""
    address = request_address()
    return Document(
        template="invitation",
        title=_("I would like a guide"),
        locales=(locale,),
        office=office,
        values={"address": address},
        qr=f"{address}?lang={locale}",
        qr_url=url_for("referrer.qr", locale=locale, to="request"),
    )


def _way(locale: str) -> dict[str, str]:
    """The code itself is typed: it must not stand in addresses."""
    return {"qr": f"{status_address()}?lang={locale}", "qr_url": url_for("referrer.qr", locale=locale)}


def status_address() -> str:
    """Return the address at which people look up their request."""
    return _at("newcomer.status")


def request_address() -> str:
    """Return the address at which somebody asks for a guide."""
    return _at("newcomer.start")


def code_address() -> str:
    """Return the address at which guides without e-mail come in."""
    return _at("account.code")


def _at(endpoint: str) -> str:
    base: str = current_app.extensions["lotsen_config"].base_url
    return base.rstrip("/") + url_for(endpoint)
