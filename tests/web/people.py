"""What applicants do in a browser, spelled out once for all tests of the pages."""

from __future__ import annotations

import html
import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from onboarding.mail import notices
from onboarding.mail.rendering import Content
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from onboarding.models.people import User
from tests import pictures

PASSWORD = "correct horse battery staple"
DETAILS = {
    "given_name": "Ana",
    "family_name": "García",
    "birth_date": "1990-02-11",
    "country": "ES",
    "document_type": "passport",
}


def key() -> str:
    return str(uuid.uuid4())


def newest_mail(to: str) -> Content:
    """The account mail that was owed to this address last, as it will read."""
    return notices.content(Email.objects.filter(to_address=to).latest("owed_at"))


def code_in(mail: Content) -> str:
    found = re.search(r"^(\d{6})$", mail.text, re.MULTILINE)
    assert found, mail.text
    return found[1]


def link_in(mail: Content) -> str:
    """The path of the link that confirms."""
    found = re.search(r"http://testserver(/account/confirm/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def sign_up(client: Client, email: str = "ana@example.org", **more: str) -> Any:
    return client.post(reverse("account_signup"), {"email": email, "password1": PASSWORD, **more})


def enter_code(client: Client, code: str) -> Any:
    url = reverse("account_email_verification_sent")
    return client.post(url, {"action": "verify", "code": code})


@dataclass
class Applicant:
    """Somebody with an account and a confirmed address, and the browser they are signed in with."""

    client: Client
    email: str

    @property
    def user(self) -> User:
        return User.objects.get(email=self.email)

    @property
    def case(self) -> Case:
        return Case.objects.get(applicant__email=self.email)

    def sign_in_again(self) -> Applicant:
        """As if they had come back just now: what matters is not asked for once more."""
        self.client = Client()
        answer = self.client.post(reverse("account_login"), {"login": self.email, "password": PASSWORD})
        assert answer.status_code == 302
        return self

    def get(self, name: str, *arguments: Any, **headers: Any) -> Any:
        return self.client.get(reverse(name, args=arguments), **headers)

    def post(self, name: str, *arguments: Any, **data: Any) -> Any:
        return self.client.post(reverse(name, args=arguments), {"key": key(), **data})

    def give_details(self, **changes: str) -> Any:
        return self.post("case_details", **{**DETAILS, **changes})

    def upload(self, slot: str = "passport", data: bytes | None = None, **more: Any) -> Any:
        content = pictures.jpeg() if data is None else data
        file = SimpleUploadedFile(more.pop("file_name", "photo.jpg"), content, "image/jpeg")
        return self.post("case_upload", slot, file=file, **more)

    def hand_in(self) -> None:
        """Everything up to the review."""
        for response in (self.give_details(), self.upload(), self.post("case_submit")):
            assert response.status_code == 302, response.content


def make_applicant(email: str = "ana@example.org", client: Client | None = None) -> Applicant:
    """Signs up and confirms, through the pages."""
    browser = client or Client()
    assert sign_up(browser, email).status_code == 302
    response = enter_code(browser, code_in(newest_mail(email)))
    assert response.status_code == 302, response.content
    return Applicant(browser, email)


def words(response: HttpResponse) -> str:
    """What a page says, without tags and doubled blanks."""
    text = re.sub(r"<[^>]*>", " ", response.content.decode())
    return " ".join(html.unescape(text).split())
