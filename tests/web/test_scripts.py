"""No page shows a newcomer or a guide a word in another script than their language's, unless it says so (`lang`)."""

import re
import shutil
from urllib.parse import urlsplit

import pytest

from lotsen.app import create_app
from lotsen.demo import logins
from tests.client import CheckedClient
from tests.conftest import TEMPLATES
from tests.scripts import foreign_words, names_in, todays
from tests.web.newcomers import ANSWERS

#: No pages of theirs, or their end.
ELSEWHERE = ("/static/", "/health", "/_components", "/calendar/feed", "/login/provider")
PUBLIC = ("/", "/request", "/volunteer", "/login", "/login/link", "/login/sent", "/status", "/verify", "/nowhere")


@pytest.fixture
def demo_app(config, demo_template, tmp_path):
    """Lotsen with the demo data."""
    shutil.copy(demo_template, tmp_path / "lotsen.sqlite3")
    app = create_app(config)
    app.testing, app.test_client_class, app.jinja_env.bytecode_cache = True, CheckedClient, TEMPLATES
    yield app
    app.extensions["lotsen_db"].engine.dispose()


class Reader:
    """Somebody who reads every page that they get, in one language."""

    def __init__(self, app, language):
        with app.extensions["lotsen_db"].reading() as session:
            self.names = names_in(session, ANSWERS["name"]["first_name"])
        self.app, self.language = app, language
        self.client, self.seen, self.wrong = app.test_client(), set(), {}

    def read(self, response, where):
        """Note what is written in the wrong script."""
        if response.mimetype == "text/html" and (found := list(foreign_words(response.text, self.names))):
            self.wrong[where] = found

    def sign_in(self, login):
        """Become somebody who is known, who sees other pages at the same addresses."""
        self.client, self.seen = self.app.test_client(), set()
        self.client.sign_in(logins.address(login), logins.PASSWORD)

    def walk(self, *start):
        """Open one page of each kind that can be reached."""
        waiting = list(start)
        while waiting:
            path = urlsplit(waiting.pop(0)).path
            kind = re.sub("[0-9]+", "#", path)
            if not path.startswith("/") or path.startswith(ELSEWHERE) or kind in self.seen:
                continue
            self.seen.add(kind)
            response = self.client.get(path, query_string={"lang": self.language})
            self.read(response, path)
            if response.mimetype == "text/html":
                waiting += [response.location] if response.location else self.client.page.links

    def answer(self, step, typed):
        """Answer a question of the newcomer's."""
        self.client.get(f"/request/{step}")
        response = self.client.post(f"/request/{step}", data=typed, follow_redirects=True)
        self.read(response, (step, str(typed)))
        return response.request.path


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", todays())
def test_every_page_of_newcomers_and_guides_is_in_its_languages_script(demo_app, language):
    reader = Reader(demo_app, language)
    reader.walk(*PUBLIC)
    assert reader.seen >= {"/privacy", "/imprint", "/accessibility", "/help"}
    for step, data in ANSWERS.items():
        reader.answer(step, dict.fromkeys(data, "x"))  # what is said to nonsense
        reached = reader.answer(step, data)
    assert reached == "/request/check"
    reader.sign_in("newcomer")
    reader.walk("/status", "/account")
    assert reader.seen >= {"/status", "/status/close", "/my-data/"}
    reader.sign_in("guide")
    reader.walk("/guide/", "/account")
    assert reader.seen >= {"/guide/", "/guide/profile", "/contact/#"}
    assert reader.wrong == {}


def test_a_word_in_the_wrong_script_is_found():
    page = """<html lang="ar"><title>مرحبا</title><p>اسم <bdi>Anna</bdi> Celle Apply <b lang="de">Amt</b></p>
      <p lang="uk">так <input placeholder="name"></p></html>"""
    assert list(foreign_words(page, re.compile("Celle"))) == [("Celle Apply", ["Apply"]), ("name", ["name"])]
