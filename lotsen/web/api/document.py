"""The interface's description of itself (OpenAPI 3.1): the schemas are the models that requests are checked with."""

from functools import cache
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from lotsen.web.api import schemas
from lotsen.web.api.problems import TITLES

_REF: Final = "#/components/schemas/{model}"
_MODELS: Final[tuple[type[BaseModel], ...]] = (
    schemas.ReferralIn, schemas.ReferralOut, schemas.ReferralTaken, schemas.ReferralPage, schemas.ConsentTexts,
    schemas.Statistics, schemas.Problem,
)  # fmt: skip
_ABOUT: Final = (
    "Referrals from the specialist software of immigration offices, job centres, course providers and schools to a "
    "municipality's coordination office. What flows back is a request's state: open, placed or closed, and nothing "
    "else. The coordination office issues the token. The Land's statistics are for everybody."
)


def whole(base_url: str) -> dict[str, Any]:
    """Return the description, for the server at `base_url`."""
    return _described() | {"servers": [{"url": base_url.rstrip("/")}]}


@cache
def _described() -> dict[str, Any]:
    _names, defined = models_json_schema([(model, "validation") for model in _MODELS], ref_template=_REF)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lotsen", "version": "1", "description": _ABOUT},
        "paths": {
            "/api/v1/consent": {"get": _consent()},
            "/api/v1/referrals": {"get": _list(), "post": _refer()},
            "/api/v1/referrals/{referral_id}": {"get": _one()},
            "/api/v1/statistics": {"get": _statistics()},
        },
        "components": {
            "schemas": defined["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _consent() -> dict[str, Any]:
    return {
        "operationId": "consent",
        "summary": "What a person must have read or heard before they are referred, in every language",
        "responses": _answers({200: ("The texts", schemas.ConsentTexts)}),
    }


def _list() -> dict[str, Any]:
    return {
        "operationId": "listReferrals",
        "summary": "Your referrals, the newest first",
        "parameters": _parameters(schemas.Narrowing, "query"),
        "responses": _answers({200: ("A page of referrals", schemas.ReferralPage)}, 422),
    }


def _one() -> dict[str, Any]:
    number = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
    return {
        "operationId": "showReferral",
        "summary": "Where one of your referrals stands",
        "parameters": [{"name": "referral_id", "in": "path", "required": True, "schema": number}],
        "responses": _answers({200: ("The referral", schemas.ReferralOut)}, 404),
    }


def _refer() -> dict[str, Any]:
    taken = schemas.ReferralTaken
    return {
        "operationId": "refer",
        "summary": "Refer a person who agrees",
        "parameters": _parameters(schemas.Headers, "header"),
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(schemas.ReferralIn)}}},
        "responses": _answers(
            {201: ("The referral is stored", taken), 200: ("It was stored before, under the same key", taken)},
            400, 409, 413, 415, 422,
        ),
    }  # fmt: skip


def _statistics() -> dict[str, Any]:
    answers = _answers({200: ("What is published of the quarter", schemas.Statistics)}, 404, 422)
    return {
        "operationId": "statistics",
        "summary": "A quarter's figures over all municipalities, small ones hidden; no token is needed",
        "security": [],
        "parameters": _parameters(schemas.Period, "query"),
        "responses": {status: answer for status, answer in answers.items() if status != "401"},
    }


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _parameters(model: type[BaseModel], where: str) -> list[dict[str, Any]]:
    """Return a model's fields as the parameters of an operation."""
    described = model.model_json_schema()
    needed = described.get("required", [])
    return [
        {"name": name, "in": where, "required": name in needed, "schema": field}
        for name, field in described["properties"].items()
    ]


def _answers(good: dict[int, tuple[str, type[BaseModel]]], *bad: int) -> dict[str, Any]:
    """Return what an operation may answer; no token, a foreign one and too many requests are told everywhere."""
    answers: dict[str, Any] = {
        str(status): {"description": text, "content": {"application/json": {"schema": _ref(model)}}}
        for status, (text, model) in good.items()
    }
    titles = TITLES | {409: "The key belongs to another referral.", 422: "A field is not as it should be."}
    for status in sorted({*bad, 401, 429}):
        content = {"application/problem+json": {"schema": _ref(schemas.Problem)}}
        answers[str(status)] = {"description": titles[status], "content": content}
    return answers
