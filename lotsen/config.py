"""Settings of one installation: from the environment, else from `instance/lotsen.cfg`; frozen once read.

Safe by default: an installation that says nothing is a production installation and must bring strong keys.
`python -m lotsen.config` writes a development configuration with fresh random keys where there is none.
"""

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent.parent
INSTANCE = ROOT / "instance"


class ConfigError(Exception):
    """The configuration cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What an installation decides. Every field is `LOTSEN_` and its name in capitals."""

    secret_key: str
    #: Fernet keys, newest first, separated by commas.
    data_key: str
    database_url: str
    base_url: str = "http://127.0.0.1:8000"
    #: smtp://user:password@host:25, smtps://…, or file:///folder for .eml files.
    mail_url: str
    mail_from: str = "Lotsen <lotsen@localhost>"
    #: "production" or "development".
    environment: str = "production"
    #: Where rate limits are counted, such as redis://…; nothing means in the database, which all processes share.
    ratelimit_url: str = ""
    #: How many reverse proxies of ours stand before the server: so many X-Forwarded-… headers are believed.
    proxies: str = "0"
    #: Where "leave quickly" leads: a page that says nothing about who comes from us.
    exit_url: str = "https://www.dwd.de/"
    #: Whom to tell of a weakness (https:// or mailto:), for security.txt; nothing means the imprint.
    security_contact: str = ""
    #: Other host names that may be asked for, separated by commas.
    hosts: str = ""
    #: Who runs this installation, name and address: for the imprint (DDG section 5).
    operator: str = ""
    #: Who publishes the figures over all municipalities, and under which licence.
    publisher: str = "Land Niedersachsen"
    data_licence: str = "https://www.govdata.de/dl-de/by-2-0"
    #: Bearer token for GET /metrics; without one the page does not exist.
    metrics_token: str = ""
    #: Where backups (*.zip) are kept, for `flask doctor` to look at their age.
    backup_folder: str = ""
    #: Who works on matching runs: "threading", "loky" (processes) or "dask" (a cluster), how many at a time (-1 for all
    #: processors), and the address of the cluster's scheduler. The result is the same to the last digit.
    match_backend: str = "threading"
    match_jobs: str = "1"
    match_scheduler: str = ""
    instance: Path = INSTANCE

    @property
    def production(self) -> bool:
        """Whether real people use it."""
        return self.environment != "development"

    @property
    def secure(self) -> bool:
        """Whether people reach it over TLS."""
        return self.base_url.startswith("https://")

    @property
    def trusted_hosts(self) -> list[str]:
        """Host names that requests may carry (without port)."""
        own = urlsplit(self.base_url).hostname or "localhost"
        more = [host.strip() for host in self.hosts.split(",") if host.strip()]
        return [own, *more] if self.production else [own, "127.0.0.1", "localhost", *more]

    @property
    def data_keys(self) -> tuple[str, ...]:
        """The keys for free text, newest first."""
        return tuple(key.strip() for key in self.data_key.split(",") if key.strip())


def load(environ: Mapping[str, str] = os.environ, instance: Path = INSTANCE) -> Config:
    """Return the configuration. Raises `ConfigError` with one sentence a problem."""
    stored = {key: value or "" for key, value in dotenv_values(instance / "lotsen.cfg").items()}
    given = {**stored, **environ}
    values = {
        name: given[f"LOTSEN_{name.upper()}"]
        for name in Config.__dataclass_fields__
        if name != "instance" and given.get(f"LOTSEN_{name.upper()}")
    }
    values.setdefault("database_url", f"sqlite:///{instance / 'lotsen.sqlite3'}")
    values.setdefault("mail_url", f"file://{instance / 'mail'}")
    values.setdefault("secret_key", "")
    values.setdefault("data_key", "")
    config = Config(**values, instance=instance)
    problems = check(config)
    if problems:
        raise ConfigError("\n".join(problems))
    return config


def check(config: Config) -> list[str]:
    """Return what is wrong with `config`, a sentence each; empty where it may start."""
    found = []
    if config.environment not in {"production", "development"}:
        found.append("LOTSEN_ENVIRONMENT must be production or development.")
    if len(config.secret_key) < 32 or len(set(config.secret_key)) < 10:
        found.append(
            "LOTSEN_SECRET_KEY is missing or weak: set at least 32 random characters "
            '(python -c "import secrets; print(secrets.token_urlsafe(48))"). `make run` makes one for a trial.'
        )
    found += [problem for problem in [_data_key_problem(config)] if problem]
    if config.production and os.environ.get("FLASK_DEBUG", "0") not in {"", "0"}:
        found.append("FLASK_DEBUG must not be set in production: it shows code and data, and runs what it is told.")
    if config.production and not config.secure:
        found.append("LOTSEN_BASE_URL must start with https:// in production.")
    if not (config.proxies.isascii() and config.proxies.isdecimal()):
        found.append("LOTSEN_PROXIES must be a number: how many reverse proxies stand before the server.")
    if not config.exit_url.startswith("https://"):
        found.append("LOTSEN_EXIT_URL must start with https://.")
    if not config.data_licence.startswith("https://"):
        found.append("LOTSEN_DATA_LICENCE must be the licence's address, starting with https://.")
    if urlsplit(config.security_contact).scheme not in {"", "https", "mailto"}:
        found.append("LOTSEN_SECURITY_CONTACT must start with https:// or mailto:.")
    if urlsplit(config.mail_url).scheme not in {"smtp", "smtps", "file"}:
        found.append("LOTSEN_MAIL_URL must start with smtp://, smtps:// or file://.")
    if config.match_backend not in {"threading", "loky", "dask"}:
        found.append("LOTSEN_MATCH_BACKEND must be threading, loky or dask.")
    if config.match_jobs != "-1" and not (config.match_jobs.isdecimal() and int(config.match_jobs)):
        found.append("LOTSEN_MATCH_JOBS must be a whole number from 1, or -1 for all processors.")
    if config.match_backend == "dask" and not config.match_scheduler:
        found.append("LOTSEN_MATCH_SCHEDULER must be the address of the Dask scheduler, such as tcp://10.0.0.5:8786.")
    return found


def _data_key_problem(config: Config) -> str | None:
    advice = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
    if not config.data_keys:
        return f"LOTSEN_DATA_KEY is missing: free text would stand unencrypted ({advice})."
    try:
        for key in config.data_keys:
            Fernet(key)
    except ValueError:
        return f"LOTSEN_DATA_KEY is not a Fernet key, or a comma-separated list of them ({advice})."
    return None


def write_development(instance: Path = INSTANCE) -> Path:
    """Write `lotsen.cfg` with fresh keys for a trial on one's own machine, unless there is one; return its path."""
    path = instance / "lotsen.cfg"
    instance.mkdir(exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(
            "# Written by `make run` for a trial on this machine. Real operation: see deploy/.\n"
            "LOTSEN_ENVIRONMENT=development\n"
            f"LOTSEN_SECRET_KEY={secrets.token_urlsafe(48)}\n"
            f"LOTSEN_DATA_KEY={Fernet.generate_key().decode()}\n",
            encoding="utf-8",
        )
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{write_development()}\n")
