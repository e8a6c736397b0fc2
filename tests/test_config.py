"""A weak installation does not start, and says why."""

import pytest
from cryptography.fernet import Fernet

from lotsen.config import ConfigError, load, write_development

STRONG = {
    "LOTSEN_SECRET_KEY": "k3" + "abcdefghijklmnopqrstuvwxyz0123456789",
    "LOTSEN_DATA_KEY": Fernet.generate_key().decode(),
    "LOTSEN_BASE_URL": "https://lotsen.example",
}


def test_strong_keys_and_https_start(tmp_path):
    config = load(STRONG, tmp_path)
    assert config.production
    assert config.database_url.startswith("sqlite:///")
    assert config.trusted_hosts == ["lotsen.example"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"LOTSEN_SECRET_KEY": ""}, "LOTSEN_SECRET_KEY"),
        ({"LOTSEN_SECRET_KEY": "changeme"}, "LOTSEN_SECRET_KEY"),
        ({"LOTSEN_SECRET_KEY": "a" * 64}, "LOTSEN_SECRET_KEY"),
        ({"LOTSEN_DATA_KEY": ""}, "LOTSEN_DATA_KEY"),
        ({"LOTSEN_DATA_KEY": "not a key"}, "LOTSEN_DATA_KEY"),
        ({"LOTSEN_BASE_URL": "http://lotsen.example"}, "https://"),
        ({"LOTSEN_MAIL_URL": "pigeon://loft"}, "LOTSEN_MAIL_URL"),
        ({"LOTSEN_ENVIRONMENT": "live"}, "LOTSEN_ENVIRONMENT"),
        ({"LOTSEN_MATCH_BACKEND": "cloud"}, "LOTSEN_MATCH_BACKEND"),
        ({"LOTSEN_MATCH_BACKEND": "dask"}, "LOTSEN_MATCH_SCHEDULER"),
        ({"LOTSEN_MATCH_JOBS": "0"}, "LOTSEN_MATCH_JOBS"),
        ({"LOTSEN_MATCH_JOBS": "many"}, "LOTSEN_MATCH_JOBS"),
    ],
)
def test_each_weakness_is_refused_with_its_name(tmp_path, change, said):
    with pytest.raises(ConfigError, match=said):
        load(STRONG | change, tmp_path)


def test_debugging_is_refused_in_production(tmp_path, monkeypatch):
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(ConfigError, match="FLASK_DEBUG"):
        load(STRONG, tmp_path)


def test_a_trial_gets_fresh_keys_once(tmp_path):
    first = write_development(tmp_path).read_text()
    assert write_development(tmp_path).read_text() == first
    config = load({}, tmp_path)
    assert not config.production


def test_keys_rotate(tmp_path):
    both = ",".join([Fernet.generate_key().decode(), STRONG["LOTSEN_DATA_KEY"]])
    assert len(load(STRONG | {"LOTSEN_DATA_KEY": both}, tmp_path).data_keys) == 2
