"""The components page: whoever builds a page finds every component there, in both directions."""

import re
from pathlib import Path

import pytest
from jinja2.runtime import Macro

from lotsen.i18n import direction_of

COMPONENTS = Path(__file__).parent.parent.parent / "templates" / "components"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_components_page_shows_every_component(client, monkeypatch):
    macros = {
        name
        for file in COMPONENTS.glob("*.html")
        for name in re.findall(r"{% macro (\w+)\(", file.read_text(encoding="utf-8"))
    }
    shown, call = set(), Macro._invoke

    def noting(self, *args):
        shown.add(self.name)
        return call(self, *args)

    monkeypatch.setattr(Macro, "_invoke", noting)  # Jinja's own: what a page calls, by whatever way
    for language in ("en", "ar"):
        shown.clear()
        answer = client.get("/_components", query_string={"lang": language})
        assert f'dir="{direction_of(language)}"' in answer.text
        assert client.post("/_components").status_code == 200  # sent empty, it shows every error
        assert macros - shown == set()
