"""The web: one blueprint an audience. Views are thin: form, one use case in one transaction, flash, redirect."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from lotsen.config import Config
from lotsen.web import (
    account,
    admin,
    api,
    calendar,
    certificates,
    components,
    contact,
    errors,
    evaluation,
    guide,
    health,
    mail_gallery,
    mails,
    metrics,
    navigation,
    newcomer,
    office,
    own_data,
    public,
    query,
    referrer,
    request_log,
    second_factor,
    settings,
    single_sign_on,
    staff,
    wording,
    written,
)
from lotsen.web.forms import own_words


class RowNumber(IntegerConverter):
    """A number in an address, no greater than the database counts: what lies beyond is simply not there."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **{"max": query.GREATEST} | options)


def init_app(app: Flask, config: Config) -> None:
    """Register the blueprints, error pages and what every template needs."""
    app.url_map.converters["int"] = RowNumber
    pages = (public, account, newcomer, guide, own_data, contact, office, referrer, evaluation, admin)
    entrance = (second_factor, single_sign_on, staff, settings)
    beside = (mail_gallery, wording, mails, calendar, certificates, health, metrics, api)
    for module in (*pages, *entrance, *beside):
        app.register_blueprint(module.bp)
    if not config.production:
        app.register_blueprint(components.bp)
    request_log.init_app(app)
    errors.init_app(app)
    own_words.init_app(app)
    written.init_app(app)
    navigation.init_app(app)
