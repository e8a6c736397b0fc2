"""One line a request, found by its number, with nothing of anybody's in it."""

import json
from dataclasses import replace

import pytest

from lotsen.access import PUBLIC, audience
from lotsen.app import create_app
from lotsen.web import request_log

NUMBER = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def production(config):
    app = create_app(
        replace(config, environment="production", base_url="https://lotsen.example", hosts="127.0.0.1", proxies="1")
    )
    app.testing = False

    @app.get("/broken/<name>")
    @audience(PUBLIC)
    def broken(name):
        raise ValueError(name)

    yield app
    app.extensions["lotsen_db"].engine.dispose()


def ask(app, path, **headers):
    return app.test_client().get(path, base_url="http://lotsen.example", headers={
        "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"} | headers)  # fmt: skip


def test_a_request_is_one_line_that_names_nobody(production, capsys):
    answer = ask(production, "/status?code=7K2M-PQ4T-9WXY", **{request_log.HEADER: NUMBER})
    assert answer.headers[request_log.HEADER] == NUMBER
    [line] = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert told.pop("ms") > 0
    assert told.pop("timestamp")
    assert told == {
        "event": "request", "level": "info", "endpoint": "newcomer.status", "method": "GET", "status": 200,
        "request": NUMBER,
    }  # fmt: skip


@pytest.mark.parametrize("given", ["Amal Haddad", "x" * 300, "", "amal@example.org"])
def test_a_number_that_is_none_is_replaced(production, capsys, given):
    number = ask(production, "/", **{request_log.HEADER: given}).headers[request_log.HEADER]
    assert len(number) == 32
    assert json.loads(capsys.readouterr().err)["request"] == number


def test_without_a_proxy_of_ours_nobody_gives_numbers(app, client):
    assert client.get("/", headers={request_log.HEADER: NUMBER}).headers[request_log.HEADER] != NUMBER


def test_an_unexpected_error_tells_its_place_and_not_its_words(production, capsys):
    answer = ask(production, "/broken/Amal")
    assert answer.status_code == 500
    error, request = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (error["event"], error["kind"], error["request"]) == ("unexpected", "ValueError", request["request"])
    assert any(place.startswith("tests/web/test_request_log.py:") for place in error["places"])
    assert "Amal" not in json.dumps(error) + json.dumps(request)


def test_health_and_metrics_answer_this_machine_without_tls(production):
    asking = production.test_client()
    assert asking.get("/health/ready", base_url="http://127.0.0.1").status_code == 200
    assert asking.get("/", base_url="http://127.0.0.1").status_code == 302
