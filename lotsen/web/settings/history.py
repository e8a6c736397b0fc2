"""Who changed what when, in sentences."""

from typing import Any

from flask_babel import gettext as _

from lotsen import db
from lotsen import words as all_words
from lotsen.i18n import native_name
from lotsen.models import Municipality
from lotsen.services import offices, settings
from lotsen.services.settings import Change
from lotsen.web.settings import words


def history(office: Municipality) -> list[dict[str, Any]]:
    """Return an office's changes for a list, the newest first."""
    found = settings.changes(db.reading(), office.id or 0)
    return [{"when": all_words.moment(each.at), "by": each.by, "what": what(each)} for each in found]


def what(change: Change) -> str:
    """Return what was changed."""
    if not change.name:
        return str(_("Weights and limits: %(what)s", what=change.after))
    name = called(change.name)
    if change.name.startswith("border."):
        before, after = (str(words.BORDER[each]) for each in (change.before, change.after))
        return str(_("%(name)s: %(before)s → %(after)s", name=name, before=before, after=after))
    changed = {"before": value(change.before), "after": value(change.after)}
    return str(_("%(name)s: %(before)s → %(after)s", name=name, **changed))


def called(name: str) -> str:
    """Return what was changed, in words: a setting, `contact.…`, `text.kind.language`, `logo`."""
    noun, _dot, rest = name.partition(".")
    if noun == "contact":
        return str(words.CONTACT[rest])
    if noun == "text":
        kind, _dot, language = rest.partition(".")
        return f"{words.TEXT[kind]} ({native_name(language)})"
    if noun == "border":
        names = {each.code: each.name for each in offices.everyone(db.reading())}
        return str(_("Border to %(name)s", name=names.get(rest, rest)))
    return _("Logo") if noun == "logo" else str(words.of_setting(name).label)


def value(given: Any) -> str:
    """Return what stood or stands there."""
    return "–" if given in ("", None) else words.value(given)
