"""The interface asked with what its description allows and forbids: no failure, and nothing but what it promises."""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from lotsen.models import QuarterFigures
from lotsen.security import limiter
from tests import factories as make

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    negative_data_rejection,
]  # fmt: skip
FEW = settings(
    max_examples=300 if os.environ.get("LOTSEN_TRIALS") else 5, phases=[Phase.generate], deadline=None,
    suppress_health_check=list(HealthCheck), database=None,
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whatever_is_sent_is_answered_as_described(app):
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        secret = make.token(session, make.referrer(session, make.municipality(session)))
        figures = [["received", "land", "", 12], ["received", "municipality", "03351006", None]]
        session.add(QuarterFigures(quarter="2026-Q1", frozen_at=make.SPRING, municipalities={}, figures=figures))
    bearer, answered = {"Authorization": f"Bearer {secret}"}, set()

    def ask(case: schemathesis.Case) -> None:
        limiter.reset()
        if isinstance(case.body, dict) and str(case.body.get("postcode")).isdigit():
            case.body["postcode"] = "29221"  # the description cannot say which of them exist
        answer = case.call(headers=bearer)
        answered.add((case.operation.label, answer.status_code))
        case.validate_response(answer, checks=CHECKS, headers=bearer)

    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    for operation in (found.ok() for found in described.get_all_operations()):
        for mode in GenerationMode:
            if mode is GenerationMode.POSITIVE or operation.body or list(operation.iter_parameters()):
                FEW(given(operation.as_strategy(generation_mode=mode))(ask))()
    assert {status for _operation, status in answered} >= {200, 201, 404, 422}
    assert ("GET /api/v1/statistics", 200) in answered
