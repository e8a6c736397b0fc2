"""Wiring only: one small function per extension."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from lotsen import access, cli, crypto, db, i18n, logs, security, web, words
from lotsen.compressed import compress
from lotsen.config import ROOT, Config
from lotsen.jobs import schedule
from lotsen.services import model
from lotsen.services.ready import Ready


def create_app(config: Config) -> Flask:
    """Return the application for `config`. Raises `access.UndeclaredAudience` where a view says not for whom it is."""
    app = Flask("lotsen", root_path=str(ROOT / "lotsen"), template_folder="../templates", static_folder="../static")
    app.extensions["lotsen_config"] = config
    app.extensions["lotsen_jobs"] = schedule.JOBS
    app.extensions["lotsen_ready"] = Ready()
    configure_flask(app, config)
    logs.configure()
    crypto.configure(config.data_keys, config.secret_key)
    model.configure(config.instance)
    db.init_app(app, config.database_url)
    i18n.init_app(app)
    security.init_app(app, config)
    access.init_app(app)
    words.init_app(app)
    web.init_app(app, config)
    cli.init_app(app)
    serve_static(app)
    believe_proxies(app, int(config.proxies))
    access.check(app)
    return app


def configure_flask(app: Flask, config: Config) -> None:
    """Flask's own settings: sessions, limits, hosts."""
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="__Host-lotsen" if config.secure else "lotsen",
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=24),  # so long do a newcomer's answers wait to be sent
        MAX_CONTENT_LENGTH=1_000_000,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=500,
        TRUSTED_HOSTS=config.trusted_hosts,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: an answer typed slowly must not be lost
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def serve_static(app: Flask) -> None:
    """Serve static/ with compression and caching, without a second server."""
    compress(ROOT / "static")
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's documented way
        app.wsgi_app, root=str(Path(ROOT / "static")), prefix="static/", max_age=3600
    )


def believe_proxies(app: Flask, count: int) -> None:
    """Take address, scheme and host from the headers of `count` proxies of ours, and from nobody else's."""
    if count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
