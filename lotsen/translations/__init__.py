"""The catalogues: `messages` for what newcomers and guides see, `staff` for the rest; one folder a language.

English is the source. `python -m lotsen.translations` brings every catalogue up to the texts in the code.
A catalogue in plain words holds what newcomers meet on their way; the rest is said as in the language without it.
"""

from fnmatch import fnmatch
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
DOMAINS: Final = ("messages", "staff")
#: The source language has no catalogue of its own.
SOURCE: Final = "en"
#: A catalogue's header says so until a native speaker has read it.
DRAFT: Final = "Review: draft"
#: How a new catalogue begins; Babel puts the language in.
_HEADER: Final = f"""\
# Translations template for PROJECT.
# This file is distributed under the same licence as the PROJECT project (EUPL-1.2).
#
# {DRAFT}
# No native speaker has reviewed these texts yet."""
#: How catalogues are written: sorted by file, without line numbers, so that diffs show texts alone.
STYLE: Final[dict[str, Any]] = {"width": 120, "ignore_obsolete": True, "include_lineno": False, "sort_by_file": True}
#: Catalogues in plain words: the language's tag, and the folder that gettext knows as a variant of its language.
PLAIN: Final = {"de-simple": "de@simple"}
#: Where the texts of a newcomer's way stand.
_NEWCOMERS: Final = (
    "lotsen/words.py", "lotsen/web/newcomer*.py", "lotsen/web/errors.py",
    "lotsen/web/account/*", "lotsen/web/contact/*",
    *(f"lotsen/web/forms/{name}.py" for name in ("account", "base", "choices", "contact", "request", "status")),
    "templates/components/*", "templates/layouts/*", "templates/pages/account/*", "templates/pages/contact/*",
    "templates/pages/newcomer/*", "templates/pages/error.html",
    *(f"templates/pages/public/{name}.html" for name in ("index", "help", "offices")),
    *(f"templates/letters/{name}.html" for name in ("letter", "leaflet", "counselling")), "templates/mail/*",
)  # fmt: skip
#: Mails that guides alone get.
_GUIDES: Final = tuple(
    f"templates/mail/{name}/*"
    for name in (
        "already_registered", "confirm_address", "conduct_ends", "guide_cleared", "offer", "offer_expired",
        "offer_reminder",
    )
)  # fmt: skip


def template(domain: str) -> Catalog:
    """Return all texts of `domain` that stand in the code and the templates."""
    with (HERE / f"{domain}.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]  # Babel types it partly
    found = Catalog(project="Lotsen", version="1", charset="utf-8")
    keywords = {
        "_": None,
        "gettext": None,
        "lazy_gettext": None,
        "ngettext": (1, 2),
        "lazy_ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
    }
    for top in ("lotsen", "templates"):
        prefixed = [(pattern.removeprefix(f"{top}/"), method) for pattern, method in methods if pattern.startswith(top)]
        rows = extract_from_dir(
            ROOT / top, prefixed, {pattern.removeprefix(f"{top}/"): value for pattern, value in options.items()},
            keywords=keywords, comment_tags=("Translators:",), strip_comment_tags=True,
        )  # fmt: skip
        for filename, _line, message, comments, context in rows:
            found.add(message, None, [(f"{top}/{filename}", 0)], auto_comments=comments, context=context)
    return found


def texts(tag: str, domain: str) -> Catalog:
    """Return the texts in the code that a language's catalogue must hold: all, or those of a newcomer's way."""
    found = template(domain)
    if tag in PLAIN:
        for message in list(found):
            if message.id and not any(_is_newcomers(file) for file, _line in message.locations):
                found.delete(message.id, message.context)
    return found


def _is_newcomers(file: str) -> bool:
    return any(fnmatch(file, each) for each in _NEWCOMERS) and not any(fnmatch(file, each) for each in _GUIDES)


def folder(tag: str) -> str:
    """Return what the folder of a language's catalogues is called."""
    return PLAIN.get(tag, tag.replace("-", "_"))


def path(tag: str, domain: str) -> Path:
    """Return where the catalogue of a language stands."""
    return HERE / folder(tag) / "LC_MESSAGES" / f"{domain}.po"


def catalogue(tag: str, domain: str) -> Catalog:
    """Return a language's catalogue as it stands in the repository."""
    with path(tag, domain).open("rb") as file:
        return read_po(file, locale=folder(tag), domain=domain)


def messages(tag: str, domain: str) -> dict[str, Message]:
    """Return the texts of a language's catalogue by their short names, in its order; none where there is none.

    Read once for each time that the file changes.
    """
    file = path(tag, domain)
    return _messages(tag, domain, file.stat().st_mtime_ns) if file.exists() else {}


@lru_cache(maxsize=24)
def _messages(tag: str, domain: str, _changed: int) -> dict[str, Message]:
    return {key(each.id, each.context): each for each in catalogue(tag, domain) if each.id}


def key(source: str | tuple[str, ...] | list[str], context: str | None) -> str:
    """Return a short name for a text: the same in every language, for addresses and for what is said about it."""
    singular = source if isinstance(source, str) else source[0]
    return sha256(f"{context or ''}\x04{singular}".encode()).hexdigest()[:16]


def is_draft(tag: str, domain: str) -> bool:
    """Whether no native speaker has read the catalogue yet: its header says so. The source language has none."""
    file = path(tag, domain)
    return file.exists() and _says_draft(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=48)
def _says_draft(file: Path, _changed: int) -> bool:
    return DRAFT in file.read_text(encoding="utf-8").partition("msgid")[0]


def write(tag: str, domain: str, catalog: Catalog) -> None:
    """Write a catalogue."""
    path(tag, domain).parent.mkdir(parents=True, exist_ok=True)
    with path(tag, domain).open("wb") as file:
        write_po(file, catalog, **STYLE)


def _begun(tag: str) -> Catalog:
    return Catalog(
        locale=folder(tag), header_comment=_HEADER, project="Lotsen", version="1", last_translator="Lotsen", fuzzy=False
    )


def update(tag: str, domain: str) -> tuple[int, int]:
    """Bring one catalogue up to the code; return how many texts it has and how many are untranslated."""
    wanted = texts(tag, domain)
    current = catalogue(tag, domain) if path(tag, domain).exists() else _begun(tag)
    wanted.creation_date = current.creation_date  # a run that finds nothing new changes nothing
    current.update(wanted, no_fuzzy_matching=True)
    write(tag, domain, current)
    missing = [message for message in current if message.id and not message.string]
    return len(current), len(missing)
