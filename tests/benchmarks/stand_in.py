"""A sign-up without its page: form token, account, case and commit, nothing to look at."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token

from onboarding.models import User
from onboarding.usecases import applicant


def sign_up(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponse(
            f'<form><input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}"></form>'
        )
    with transaction.atomic():
        user = User.objects.create_user(request.POST["email"], request.POST["password1"])
        applicant.sign_up(user)
        request.session["stand-in"] = uuid.uuid4().hex
    return HttpResponseRedirect("/case/")
