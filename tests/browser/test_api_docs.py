"""The page that describes the API: local assets only, and our content policy without exceptions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.watching import Watched
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]

SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from onboarding.models.people import User
from onboarding.web.sessions import SessionStore

user = User.objects.create_superuser("olga.ortiz@staff.example")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print(session.session_key)
"""


def test_staff_read_the_description_without_a_word_from_the_browser(
    live: Stack, open_browser: Callable[..., Watched]
) -> None:
    """`open_browser` holds that the browser complained about nothing."""
    window = open_browser()
    cookie = {"name": "sessionid", "value": live.python(SIGN_IN).split()[-1], "url": live.base_url}
    window.page.context.add_cookies([cookie])
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    window.page.goto("/api/v1/docs")
    window.page.get_by_text("Give the details").click()
    expect(window.page.get_by_text("correctable until everything is submitted")).to_be_visible()
    assert [url for url in asked if not url.startswith((live.base_url, "data:"))] == []
