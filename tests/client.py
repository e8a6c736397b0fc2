"""A test client that reads each page as a browser would: no page without a title, no field without a label."""

from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


class Page(HTMLParser):
    """The parts of a page that tests look at."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str | None]] = []
        self.titles = 0
        self.headings = 0
        self.lang: str | None = None
        self.csrf: str | None = None
        self.forms: list[dict[str, str | None]] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what is checked below."""
        values = dict(attrs)
        if values.get("id"):
            self.ids.append(values["id"] or "")
        if tag == "html":
            self.lang = values.get("lang")
        if tag == "label" and values.get("for"):
            self.labelled.add(values["for"] or "")
        if tag in {"input", "select", "textarea"} and values.get("type") not in _UNLABELLED:
            self.fields.append(values)
        if tag == "input" and values.get("name") == "csrf_token":
            self.csrf = values.get("value")
        if tag == "form":
            self.forms.append(values)
        if tag == "a" and values.get("href"):
            self.links.append(values["href"] or "")
        self.titles += tag == "title"
        self.headings += tag == "h1"
        if "style" in values or any(name.startswith("on") for name in values) or tag == "style":
            self.inline.append(tag)
        if tag == "script" and "src" not in values:
            self.inline.append(tag)

    def faults(self) -> list[str]:
        """Return what is wrong with the page."""
        found = [f"duplicate id {name}" for name in set(self.ids) if self.ids.count(name) > 1]
        found += [
            f"field without label: {field.get('name')}"
            for field in self.fields
            if field.get("id") not in self.labelled and not field.get("aria-label") and not field.get("aria-labelledby")
        ]
        if self.titles < 1:
            found.append("no title")
        if self.headings != 1:
            found.append(f"{self.headings} h1")
        if not self.lang:
            found.append("no language")
        found += [f"inline style or script in <{tag}>" for tag in self.inline]
        return found


class CheckedClient(FlaskClient):
    """Parses every HTML answer, and sends the CSRF token of the last page with every POST, as a browser does."""

    page: Page | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and check the page that comes back."""
        token = self.page.csrf if self.page else None
        data = kwargs.get("data")
        if str(kwargs.get("method", "GET")).upper() == "POST" and kwargs.pop("csrf", True) and "json" not in kwargs:
            kwargs["data"] = {"csrf_token": token or "", **(data or {})}
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.status_code != 302 and response.data:
            self.page = Page(response.text)
            faults = self.page.faults()
            assert not faults, f"{response.request.path}: {faults}"
        return response

    def sign_in(self, email: str, password: str) -> TestResponse:
        """Sign in through the page, as people do."""
        self.get("/login")
        response = self.post("/login", data={"email": email, "password": password})
        assert response.status_code == 302, response.text
        return response
