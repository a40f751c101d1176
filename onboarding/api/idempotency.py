"""`Idempotency-Key`: one request, sent as often as the network wants it, is done once and answered alike.

The key of a caller becomes the key of the use case, which does its work at most once for it. So a crash
between the work and the answer is harmless: who repeats the request has nothing done, and is answered.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from onboarding.api import problems
from onboarding.api.problems import Code, Problem
from onboarding.models.api import IdempotencyKey
from onboarding.models.people import User
from onboarding.records import idempotency

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
WRITABLE = re.compile(r"[!-~]{1,200}")
OURS = uuid.UUID("5f0b8d84-8f5c-4f5e-9d7c-1f4b7f0f5a21")
FINAL = frozenset({409, 422})
"""Refusals that the rules made; every other failure leaves the key free, or open where work may be done."""


def answered_once(request: Request, required: bool, work: Callable[[str], Response]) -> HttpResponse:
    """Runs `work` with a key of its own, or tells again what it answered before.

    Raises:
        Problem: the key is missing, unusable, in use, or stands for another request.
    """
    key = request.headers.get(HEADER, "")
    if not key:
        if required:
            detail = gettext("Send the header Idempotency-Key, such as a fresh UUID, with this request.")
            raise Problem(400, Code.KEY_MISSING, detail)
        return work(str(uuid.uuid4()))
    if not WRITABLE.fullmatch(key):
        detail = gettext("An Idempotency-Key has 1 to 200 visible ASCII characters.")
        raise Problem(400, Code.KEY_INVALID, detail)
    caller: int = cast(User, request.user).pk
    key_digest = _digest("key", key)
    try:
        row = idempotency.begin(caller, key_digest, _digest("request", _said(request)))
    except idempotency.InFlight:
        raise problems.in_flight() from None
    except idempotency.Reused:
        detail = gettext("This Idempotency-Key was used for another request. Take a fresh one.")
        raise Problem(422, Code.KEY_REUSED, detail) from None
    if row.status is not None:
        return _again(row.status, row.body, row.location)
    return _run(row, lambda: work(str(uuid.uuid5(OURS, f"{caller}:{key_digest}"))))


def _run(row: IdempotencyKey, work: Callable[[], Response]) -> HttpResponse:
    try:
        answer = work()
    except Exception as error:
        problem = problems.problem_of(error)
        if problem is None or problem.status >= 500:
            idempotency.left_open(row)
        elif problem.status in FINAL:
            body = problems.problem_of(error, row.caller).body  # type: ignore[union-attr]  # it is one
            idempotency.answered(row, problem.status, body, "")
        else:
            idempotency.given_up(row)
        raise
    body = json.loads(json.dumps(answer.data, cls=JSONEncoder))
    idempotency.answered(row, answer.status_code, body, answer.headers.get("Location", ""))
    return answer


def _again(status: int, body: Any, location: str) -> HttpResponse:
    media_type = "application/json" if status < 400 else problems.MEDIA_TYPE
    headers = {REPLAYED: "true"} | ({"Location": location} if location else {})
    return HttpResponse(json.dumps(body), media_type, status, headers=headers)


def _said(request: Request) -> str:
    """What was asked, in one form whatever way it was written: a retried upload has another boundary."""
    data = request.data
    if hasattr(data, "lists"):
        data = {name: [_content(value) for value in values] for name, values in data.lists()}
    return json.dumps([request.method, request.path, data], sort_keys=True)


def _content(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]


def _digest(salt: str, text: str) -> str:
    return salted_hmac(f"onboarding.api.idempotency.{salt}", text, algorithm="sha256").hexdigest()
