"""For those who read the translations: find a text, say it better at once, vouch for a language, take it along."""

from typing import Any, Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_login import current_user

from lotsen import db, i18n, translations, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import Conflict
from lotsen.rules.vocabulary import Role
from lotsen.rules.wording import Fault
from lotsen.services import paging, wordings
from lotsen.web import query
from lotsen.web.forms.wording import SearchForm, VouchForm, WordingForm
from lotsen.web.use_case import attempt

bp = Blueprint("wording", __name__, url_prefix="/translations")

STATES: Final = {
    "": lazy_gettext("all"), "open": lazy_gettext("not looked at yet"), "changed": lazy_gettext("said better here"),
}  # fmt: skip
FAULTS: Final = {
    Fault.EMPTY: lazy_gettext("Please write how it should read."),
    Fault.LONG: lazy_gettext("Please shorten the text."),
    Fault.PLACES: lazy_gettext("Please keep the signs with a percent sign and brackets exactly as in English."),
    Fault.MARKUP: lazy_gettext("Please keep what stands in angle brackets as it is in English, and no others."),
    Fault.LINES: lazy_gettext("Please write the text in one line."),
    Fault.SIGNS: lazy_gettext("Please leave out invisible signs."),
    Fault.FORMS: lazy_gettext("Please fill in every form of the text."),
}
#: Where texts are said: parts of the files' names; the first that fits.
PLACES: Final[dict[str, tuple[Any, tuple[str, ...]]]] = {
    "newcomer": (
        lazy_gettext("Asking for a guide, and how it goes"),
        ("pages/newcomer", "web/newcomer", "forms/request"),
    ),
    "guide": (lazy_gettext("Guides’ pages"), ("pages/guide", "web/guide", "forms/guide", "web/duties")),
    "together": (lazy_gettext("Conversation, dates, meetings"), ("pages/contact", "web/contact", "forms/contact")),
    "account": (
        lazy_gettext("Signing in, account, own data"),
        ("/account", "pages/own", "web/own", "pages/mails", "web/mails", "forms/mails"),
    ),
    "public": (lazy_gettext("Front page, help, notices of the law"), ("pages/public", "pages/error")),
    "mail": (lazy_gettext("Mails and letters"), ("templates/mail", "templates/letters")),
    "all": (lazy_gettext("Everywhere: words, messages, layout"), ("",)),
    "office": (lazy_gettext("Staff pages"), ()),
}


@bp.get("/")
@audience(Role.REVIEWER, Role.ADMIN)
def overview() -> ResponseReturnValue:
    """List the languages that are the reader's to read, and how far each has come; to administrators, who reads it."""
    session = db.reading()
    mine = [tag for tag in i18n.OFFERED if tag != translations.SOURCE and wordings.may_read(current_user, tag)]
    return render_template(
        "pages/wording/overview.html",
        languages=mine,
        native=i18n.native_name,
        progress=wordings.progress(session, mine),
        reviews=wordings.reviews(session),
        draft=lambda tag: any(translations.is_draft(tag, domain) for domain in wordings.DOMAINS),
        readers=wordings.readers(session) if current_user.role is Role.ADMIN else None,
    )


@bp.get("/<locale>")
@audience(Role.REVIEWER, Role.ADMIN)
def language(locale: str) -> ResponseReturnValue:
    """List the texts of a language, narrowed to what is looked for."""
    session = db.reading()
    form, everything = search(locale), wordings.texts(session, known(locale))
    found = narrowed(everything, form)
    number = paging.within(query.page(), len(found))
    here = found[paging.offset(number) :][: paging.PER_PAGE]
    return render_template(
        "pages/wording/language.html",
        form=form,
        texts=paging.Page(here, number, len(found)),
        unread=[each.key for each in here if each.last is None],
        total=len(everything),
        open=sum(each.last is None for each in everything),
        changed=sum(each.changed for each in everything),
        review=wordings.reviews(session).get(locale),
        vouch=VouchForm.of(current_user),
        args=narrowing(form),
        **about(locale),
    )


@bp.route("/<locale>/texts/<key>", methods=["GET", "POST"])
@audience(Role.REVIEWER, Role.ADMIN)
def text(locale: str, key: str) -> ResponseReturnValue:
    """Show one text; say it so from now on, and go on to the next that nobody has looked at."""
    found = wordings.text(db.reading(), known(locale), key)
    form = WordingForm(data={"forms": found.forms, "seen": found.last.id if found.last else 0})
    while len(form.forms) < len(found.forms):
        form.forms.append_entry()
    if form.validate_on_submit() and save(locale, found, form):
        return redirect(following(locale, key))
    status = 422 if form.is_submitted() else 200
    return render_template(
        "pages/wording/text.html",
        form=form,
        text=found,
        history=wordings.history(db.reading(), locale, key),
        examples=wordings.counted(locale, found.domain) if found.several else [],
        german=german(locale, key),
        args=narrowing(search(locale)),
        **about(locale),
    ), status


def save(locale: str, found: wordings.Text, form: WordingForm) -> bool:
    """Say the text so; show above and beside it why it cannot be."""
    forms = tuple((each or "").strip().replace("\r\n", "\n") for each in form.forms.data)
    typed = str(form.seen.data)
    seen = int(typed) if typed.isdecimal() else -1
    by = current_user._get_current_object()
    try:
        db.run(lambda session: wordings.say(session, locale, found.key, forms, seen, by, now()))
    except wordings.Unfit as refusal:
        form.forms[0].errors = [str(FAULTS[each]) for each in refusal.faults]
        form.forms.errors = [form.forms[0].errors]
    except Conflict as refusal:
        form.form_errors.append(words.error_text(refusal.code, refusal.details))
    else:
        flash(_("Saved. Pages say it so from now on.") if forms != found.forms else _("Noted as right."), "success")
        return True
    return False


@bp.post("/<locale>/review")
@audience(Role.REVIEWER, Role.ADMIN)
def review(locale: str) -> ResponseReturnValue:
    """Record that the language has been read."""
    by = current_user._get_current_object()
    form = VouchForm.of(by)
    known(locale)
    if form.validate_on_submit():
        attempt(
            lambda session: wordings.vouch(session, locale, form.named(by), by, now()),
            _("Recorded: the language has been read."),
        )
    else:
        flash(_("Please say who has read the language."), "danger")
    return redirect(url_for("wording.language", locale=locale))


@bp.post("/<locale>/right")
@audience(Role.REVIEWER, Role.ADMIN)
def right(locale: str) -> ResponseReturnValue:
    """Note the texts of a page as right that nobody has looked at."""
    by, keys = current_user._get_current_object(), request.form.get("keys", "").split()
    count = db.run(lambda session: wordings.agree(session, known(locale), keys, by, now()))
    flash(ngettext("Noted: %(num)d text is right.", "Noted: %(num)d texts are right.", count), "success")
    return redirect(page("wording.language", locale=locale, page=query.page(), **narrowing(search(locale))))


@bp.get("/<locale>/<any(messages, staff):domain>.po")
@audience(Role.REVIEWER, Role.ADMIN)
def export(locale: str, domain: str) -> ResponseReturnValue:
    """Hand out a catalogue with all that was said better."""
    content = wordings.exported(db.reading(), known(locale), domain)
    name = f"{domain}-{locale}-{local_date(now())}.po"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="text/x-gettext-translation", headers=headers)


def known(locale: str) -> str:
    """Return the language if it is offered, has a catalogue and is the reader's to read; 404 otherwise."""
    offered = locale in i18n.OFFERED and locale != translations.SOURCE
    return locale if offered and wordings.may_read(current_user, locale) else abort(404)


def about(locale: str) -> dict[str, Any]:
    """Return what both pages say of the language."""
    return {
        "locale": locale,
        "name": i18n.native_name(locale),
        "direction": i18n.direction_of(locale),
        "domains": [each for each in wordings.DOMAINS if translations.path(locale, each).exists()],
        "states": STATES,
        "place": lambda found: PLACES[place_of(found)][0],
    }


def search(locale: str) -> SearchForm:
    """Return what the address looks for."""
    staff = locale in i18n.STAFF
    places = [(code, label) for code, (label, _files) in PLACES.items() if code != "office" or staff]
    return SearchForm(request.args, places, STATES)


def narrowing(form: SearchForm) -> dict[str, str]:
    """Return what the address looks for, to be kept from page to page."""
    return {field.name: field.data for field in (form.q, form.where, form.state) if field.data}


def narrowed(texts: list[wordings.Text], form: SearchForm) -> list[wordings.Text]:
    """Return the texts that fit what is looked for."""
    word, where, state = (form.q.data or "").casefold(), form.where.data, form.state.data
    return [
        each
        for each in texts
        if word in " ".join((*each.source, *each.forms)).casefold()
        and (not where or place_of(each) == where)
        and (state != "open" or each.last is None)
        and (state != "changed" or each.changed)
    ]


def place_of(found: wordings.Text) -> str:
    """Return where a text is said."""
    if found.domain == "staff":
        return "office"
    said = "\n".join(found.files)
    return next(code for code, (_label, parts) in PLACES.items() if any(part in said for part in parts))


def following(locale: str, key: str) -> str:
    """Return the page of the next text that nobody has looked at, among those looked for; else the list."""
    form = search(locale)
    everything = wordings.texts(db.reading(), locale)
    position = next(number for number, each in enumerate(everything) if each.key == key)
    rest = [each for each in narrowed(everything[position + 1 :], form) if each.last is None]
    if rest:
        return page("wording.text", locale=locale, key=rest[0].key, **narrowing(form))
    return page("wording.language", locale=locale, **narrowing(form))


def page(endpoint: str, **values: Any) -> str:
    """Return an address."""
    return url_for(endpoint, **values)


def german(locale: str, key: str) -> tuple[str, ...]:
    """Return the text in German, which shows tone and terms; nothing where that is the language itself."""
    if locale == i18n.DEFAULT:
        return ()
    return wordings.text(db.reading(), i18n.DEFAULT, key).forms
