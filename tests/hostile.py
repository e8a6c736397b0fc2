"""Forms and links as they stand in pages, and what nobody should send to them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from hypothesis import strategies as st

#: A name that every form for words takes: it must stand in the page again when the form is refused.
TYPED: Final = "Ödön"
#: What has broken somebody's software before: signs nobody sees, numbers nobody counts to, days that never were.
HOSTILE: Final = (
    "", " ", "\x00", "a\x00b", "\x1b[31m", "\r\nBcc: all@example.org", "\u202e\u2066\ufeff\u200b", "\ufffe\uffff",
    "e\u0301" * 50, "\U0001f469\u200d\U0001f467", "ß" * 10_000, "9" * 400, "-1", "0", "1e400", "NaN", "-Infinity",
    "2147483648", "9223372036854775808", "٣٤", "½", "1.5", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01",
    "2026-02-30", "24:60", "' OR 1=1 --", "{{ 7 * 7 }}", "%s%n", "<script>alert(1)</script>", "../../etc/passwd",
    "//evil.example", "javascript:alert(1)", "[]", '{"a": null}', "=1+1", "a@" + "b" * 300, "x" * 64 + "@example.org",
    "+4915100000000000000000000", "ar,de,xx", "None", "on", "coordinator", "admin",
)  # fmt: skip
_PLAUSIBLE: Final = {
    "email": "somebody@example.org", "date": "2026-03-12", "number": "1", "time": "10:00", "tel": "0151 23456789",
    "datetime-local": "2026-03-12T10:00", "url": "https://example.org",
}  # fmt: skip
_FILE: Final = (b"", b"\x00\xff" * 500, b"PK\x03\x04" + b"\x00" * 200, "Vorname;Ort\nÖdön;Celle\n".encode())


@dataclass
class Form:
    """A form: where it is sent, and by name what kind each field has and what can be said there."""

    action: str
    method: str = "get"
    kinds: dict[str, str] = field(default_factory=dict)
    #: What stands in the fields, or can be chosen.
    values: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, kind: str, value: str) -> None:
        """Note a field, or one more choice of it."""
        self.kinds[name] = kind
        self.values.setdefault(name, []).append(value)

    def answers(self) -> st.SearchStrategy[dict[str, Any]]:
        """What can be sent: each field as it stands, plausible, hostile, several times, or not at all."""
        return st.fixed_dictionaries(
            {"csrf_token": st.just(self.values.get("csrf_token", [""])[0])} if self.method == "post" else {},
            optional={name: self._said(name) for name in self.kinds if name != "csrf_token"},
        )

    def _said(self, name: str) -> st.SearchStrategy[Any]:
        kind = self.kinds[name]
        if kind == "file":
            return st.builds(lambda content: (BytesIO(content), "list.xlsx"), st.sampled_from(_FILE))
        usual = [*self.values[name]] if kind in _CHOSEN else [_PLAUSIBLE.get(kind, TYPED)]
        wild = st.sampled_from(HOSTILE) | st.text(max_size=40).filter(_sendable)
        return st.sampled_from(usual) | st.sampled_from(usual) | wild | st.lists(wild, min_size=2, max_size=3)


#: Kinds whose values stand in the page.
_CHOSEN: Final = frozenset({"hidden", "radio", "checkbox", "select", "submit"})


def _sendable(text: str) -> bool:
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


class Sent(HTMLParser):
    """The forms of a page, and by path the names in the queries of its links."""

    def __init__(self, html: str, path: str) -> None:
        super().__init__()
        self.path, self.forms, self.queries = path, list[Form](), dict[str, set[str]]()
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect forms, fields and links."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action") or self.path, values.get("method", "get").lower()))
        elif tag == "a" and values.get("href", "").startswith("/"):
            link = urlsplit(values["href"])
            self.queries.setdefault(link.path, set()).update(name for name, _value in parse_qsl(link.query))
        elif tag in {"input", "textarea", "button"} and values.get("name") and self.forms:
            kind = values.get("type", "text") if tag != "textarea" else tag
            self.forms[-1].add(values["name"], kind, values.get("value", "y"))
        elif tag == "select":
            self._select = values.get("name", "")
        elif tag == "option" and self._select and self.forms:
            self.forms[-1].add(self._select, "select", values.get("value", ""))
