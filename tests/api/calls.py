"""Requests to the API, spelled out once for all its tests."""

from __future__ import annotations

import json
import uuid
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from onboarding.models.cases import Case
from onboarding.usecases import applicant

ROOT = "/api/v1/"
DETAILS = {
    "given_name": "Ana",
    "family_name": "García",
    "birth_date": "1990-02-11",
    "country": "ES",
    "document_type": "passport",
    "document_number": "XX1234567",
    "expiry_date": "2031-03-01",
    "mrz": "",
}


def new_key() -> str:
    return str(uuid.uuid4())


class Api:
    """One caller. `token` is sent as bearer; without one it is nobody."""

    def __init__(self, token: str = "", client: Client | None = None) -> None:
        self.client = client or Client()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(ROOT + path, headers=self._with(headers))

    def post(self, path: str, body: Any = None, *, key: str | None = None, **headers: str) -> Any:
        return self._send("post", path, body, key, headers)

    def put(self, path: str, body: Any, *, key: str | None = None) -> Any:
        return self._send("put", path, body, key, {})

    def delete(self, path: str) -> Any:
        return self.client.delete(ROOT + path, headers=self._headers)

    def upload(
        self, case: Case, data: bytes, *, slot: str = "passport", key: str | None = None, **more: Any
    ) -> Any:
        file = SimpleUploadedFile(more.pop("name", "photo.jpg"), data, "image/jpeg")
        headers = self._with({"Idempotency-Key": key} if key else {})
        where = f"{ROOT}cases/{case.pk}/documents"
        return self.client.post(where, {"slot": slot, "file": file, **more}, headers=headers)

    def _send(self, method: str, path: str, body: Any, key: str | None, headers: dict[str, str]) -> Any:
        keyed = {**headers, **({"Idempotency-Key": key} if key else {})}
        text = body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)
        return getattr(self.client, method)(ROOT + path, text, "application/json", headers=self._with(keyed))

    def _with(self, headers: dict[str, str]) -> dict[str, str]:
        return {**self._headers, **headers}


def confirm(case: Case) -> None:
    """The applicant presses the button of the mail."""
    EmailAddress.objects.update_or_create(
        user=case.applicant, email=case.applicant.email, defaults={"verified": True, "primary": True}
    )
    applicant.confirm_email(case.applicant)


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The body of a problem, which has the form that RFC 9457 and docs/api.md give it."""
    assert answer.status_code == status, (answer.status_code, answer.content)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"
    body: dict[str, Any] = json.loads(answer.content)
    assert body["code"] == code, body
    assert body["status"] == status
    assert body["type"] == f"urn:onboarding:problem:{code}"
    assert body["title"]
    assert body["detail"]
    assert {tuple(error) for error in body["errors"]} <= {("field", "code", "detail")}
    return body
