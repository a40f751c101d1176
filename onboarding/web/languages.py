"""The reader's language: the account's, else the one chosen in this browser, else what it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.exceptions import BadRequest
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from onboarding.models.people import User


class LanguageMiddleware:
    """The account's language, where somebody is signed in. Django's own middleware has read the rest.

    Programs say with every request what they want to read, so the API asks `Accept-Language` alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Without a session nobody is signed in: then nothing is looked up.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith("/api/"):
            user = request.user
            if user.is_authenticated and is_spoken(user.language):
                translation.activate(user.language)
                request.LANGUAGE_CODE = user.language
        return self.get_response(request)


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keeps the language: in this browser, and on the account of whoever is signed in, so mails speak it too.

    Goes back to `next`, which must be a page of ours.
    """
    language = request.POST.get("language", "")
    if not is_spoken(language):
        raise BadRequest("an unknown language")
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=language)
    answer: HttpResponse = set_language(request)
    return answer


@receiver(user_logged_in)
def take_over(request: HttpRequest | None, user: User, **_named: Any) -> None:
    """Who chose a language before signing in has chosen it; who has none yet gets that of the browser."""
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "") if request else ""
    language = chosen if is_spoken(chosen) else user.language or current()
    if language != user.language:
        User.objects.filter(pk=user.pk).update(language=language)
        user.language = language


def current() -> str:
    """The language of this request, as accounts keep it."""
    language = translation.get_language() or ""
    return language if is_spoken(language) else settings.LANGUAGE_CODE


def is_spoken(language: str) -> bool:
    """True for one that every page and mail is written in."""
    return language in dict(settings.LANGUAGES)
