"""The description of the API (OpenAPI 3.1), made from the views: what each takes, answers and refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema

from onboarding.api import answers, bodies, examples
from onboarding.api.idempotency import HEADER, REPLAYED

F = TypeVar("F", bound=Callable[..., Any])

JSON, FORM, PROBLEM = "application/json", "multipart/form-data", "application/problem+json"
EVENTS = "text/event-stream"
MEANINGS = {
    400: "The request can't be read: bad JSON, bad form, a missing or unusable Idempotency-Key.",
    401: "No token and no session, or a token that is unknown, has run out or was revoked.",
    403: "Your role or scope may not do this, it is your own case, or your session lacks its second factor.",
    404: "Nothing there, or not yours: both look the same.",
    409: "Refused by the rules, by somebody who was faster, or the same request is being worked on.",
    413: "The body is too large.",
    415: "Another kind of body is needed.",
    422: "Something can't be accepted: see `errors`; or the Idempotency-Key stands for another request.",
    429: "Too many requests: wait as long as Retry-After says.",
    503: "No answer; it isn't known whether this was recorded. Send it again with the same Idempotency-Key.",
}
EVERYWHERE = (400, 401, 403, 404, 413, 429)
WITH_A_BODY = (409, 415, 422, 503)


class Description(AutoSchema):
    """Shapes are called by what they are."""

    def _get_serializer_name(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> str:
        name: str = super()._get_serializer_name(serializer, direction, bypass_extensions)
        return name.removesuffix("Shape")


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its metaclass
    target_class = "onboarding.api.authentication.BearerAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "onboarding.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def described(
    summary: str,
    shape: type[answers.Shape] | None,
    *,
    operation: str,
    about: str,
    body: type[bodies.Body] | None = None,
    query: type[bodies.Body] | None = None,
    status: int = 200,
    form: bool = False,
    key: bool = True,
    stream: bool = False,
) -> Callable[[F], F]:
    """Describes one method of a view.

    Args:
        shape: of the answer; None where there is nothing to say.
        form: the body is a form with files.
        key: whether a method with a body knows `Idempotency-Key`.
        stream: it answers with server-sent events.
    """
    keyed = body is not None and key
    refusals = EVERYWHERE + (WITH_A_BODY if body else (422,) if query else ())
    responses: dict[Any, Any] = {
        (code, PROBLEM): OpenApiResponse(
            answers.ProblemShape,
            MEANINGS[code],
            [OpenApiExample("problem", examples.PROBLEM, media_type=PROBLEM)] if code == 422 else None,
        )
        for code in sorted(refusals)
    }
    answer = (status, EVENTS) if stream else (status, JSON) if shape else status
    responses[answer] = OpenApiResponse(
        str if stream else shape, "Events." if stream else "Done.", _example(examples.ANSWERS, shape, status)
    )
    request = None if body in {None, bodies.Nothing} else {FORM if form else JSON: body}
    return extend_schema(
        operation_id=operation,
        summary=summary,
        description=about,
        request=request,
        responses=responses,
        parameters=[*_headers(keyed, status), *([query] if query else [])],
        examples=[
            OpenApiExample("body", value, request_only=True)
            for value in ([examples.BODIES[body]] if body in examples.BODIES else [])
        ],
    )


def _example(known: Mapping[Any, Any], shape: Any, status: int) -> list[OpenApiExample] | None:
    if shape not in known:
        return None
    return [OpenApiExample("answer", known[shape], response_only=True, status_codes=[str(status)])]


def _headers(keyed: bool, status: int) -> list[OpenApiParameter]:
    retry = OpenApiParameter(
        "Retry-After",
        int,
        OpenApiParameter.HEADER,
        description="Seconds to wait.",
        response=[429, 503] if keyed else [429],
    )
    if not keyed:
        return [retry]
    sent = OpenApiParameter(
        HEADER,
        str,
        OpenApiParameter.HEADER,
        pattern="^[!-~]{1,200}$",
        description=(
            "A fresh UUID for each thing that you want done. Repeating a request with its key is safe: it is "
            "done once. Sign-ups, and commands that only staff have, must carry one."
        ),
    )
    replayed = OpenApiParameter(
        REPLAYED,
        str,
        OpenApiParameter.HEADER,
        enum=["true"],
        description="There where this request was answered before.",
        response=[status],
    )
    return [sent, replayed, retry]


def refuse_unknown_fields(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Post-processing: says of every body that it takes no other fields."""
    for name, schema in result["components"]["schemas"].items():
        if name.endswith("Body"):
            schema["additionalProperties"] = False
    return result
