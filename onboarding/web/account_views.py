"""Sign-up, confirmation, login and password pages: allauth's flows, each in one transaction."""

from __future__ import annotations

import math
import time
from http import HTTPStatus
from typing import Any

from allauth.account import views as allauth_views
from allauth.account.internal import flows
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.models import EmailAddress, EmailConfirmationHMAC, Login
from allauth.account.stages import EmailVerificationStage, LoginStageController
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from onboarding.models.people import User
from onboarding.records import policies
from onboarding.web import account_forms as forms
from onboarding.web import limits
from onboarding.web.pace import Pace
from onboarding.web.words import what_we_need

CONFIRM_PAGE = "account_email_verification_sent"
FORM_REFUSED = 422
TOO_MANY = 429
RESEND_SECONDS = 30
"""Between two codes: so long a mail may take before another one helps."""
PACE = Pace()
HELD_PASSWORD = "held_password_hash"  # noqa: S105  the name of a session entry


def passkeys_possible(request: HttpRequest) -> dict[str, Any]:
    """Whether passkeys work at this address, and the one where they do."""
    host, _colon, port = request.get_host().partition(":")
    here = host == settings.PASSKEY_HOST
    scheme = "https" if settings.SECURE else "http"
    elsewhere = f"{scheme}://{settings.PASSKEY_HOST}" + (f":{port}" if port else "")
    return {"passkeys_here": here, "passkeys_at": "" if here else elsewhere}


class Refusing:
    """A form that was not accepted is no success: the page says so in its status too."""

    request: HttpRequest

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # from the view beside it
        return self.refused(self.request, form, response)

    @staticmethod
    def refused(request: HttpRequest, form: Form, response: HttpResponse) -> HttpResponse:
        """The page of a form that was refused, with its status; too many tries are told how long to wait."""
        if response.status_code != HTTPStatus.OK:
            return response
        if limits.is_limit(form):
            seconds = limits.failures_wait(request, form)
            response.context_data |= limits.when(seconds)  # type: ignore[attr-defined]  # not rendered yet
            return limits.told(response, seconds)
        response.status_code = FORM_REFUSED
        return response


class Whole:
    """What a form changes, and the mail about it, stand or fall together."""

    def post(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().post(request, *arguments, **named)  # type: ignore[misc]  # of a view
            return answer


class SignupView(Refusing, allauth_views.SignupView):
    """Account, case, audit event, message to Temporal, mail, and the session with the code: all or none."""

    form_class = forms.SignupForm

    def form_valid(self, form: forms.SignupForm) -> HttpResponse:
        begun = time.monotonic()
        if form.account_already_exists:
            answer = self._as_if(form)
            PACE.keep(time.monotonic() - begun)
            return answer
        try:
            with transaction.atomic():
                user, response = form.try_save(self.request)
                if user:  # a robot gets an answer instead
                    response = _begin_login(self.request, user, self.get_success_url())
                if response.status_code == TOO_MANY:
                    transaction.set_rollback(True)
                else:
                    self.request.session.save()
        except IntegrityError:
            if not forms.is_known(form.cleaned_data["email"]):
                raise
            # Somebody took the address between our look and our writing.
            form.account_already_exists = True
            return self._as_if(form)
        if user and response.status_code != TOO_MANY:
            PACE.took(time.monotonic() - begun)
        return response  # type: ignore[no-any-return]  # allauth ships no types

    def _as_if(self, form: forms.SignupForm) -> HttpResponse:
        """The same answer for a known address, whose owner gets a mail that says so."""
        # Whoever corrects the address on the next page gets this password, as everybody does.
        self.request.session[HELD_PASSWORD] = form.hashed_password
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            self.request.session.save()
        return response

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return {**super().get_context_data(**context), **what_we_need(policies.policy_of_newcomers())}


class LoginView(Refusing, allauth_views.LoginView):
    form_class = forms.LoginForm

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return {**super().get_context_data(**context), **passkeys_possible(self.request)}


class PasswordResetView(Refusing, allauth_views.PasswordResetView):
    form_class = forms.ResetPasswordForm


class NewPasswordView(Refusing, Whole, allauth_views.PasswordResetFromKeyView):
    form_class = forms.NewPasswordForm


class CodeView(allauth_views.ConfirmEmailVerificationCodeView):
    """Enter the code, ask for another, correct the address, or start over: after the sign-up.

    Also for the new address of somebody who is signed in; then there is nothing to correct in place.
    """

    form_class = forms.CodeForm

    def dispatch(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        stage = LoginStageController.enter(request, EmailVerificationStage.key)
        process = EmailVerificationProcess.resume(request)
        if request.user.is_authenticated:
            if process is None or process.user != request.user or _is_proven(process):
                if process is not None:
                    process.abort()
                return redirect("case")
        elif stage is None or process is None:
            messages.info(request, _("Sign in, and we send you a new code."))
            return redirect("account_login")
        elif _is_proven(process):  # by the link, perhaps on another device
            return _went_on(stage)
        if request.method == "POST" and request.POST.get("action") == "start_over":
            process.abort()
            return redirect("account_email" if request.user.is_authenticated else "account_signup")
        try:
            with transaction.atomic():
                response: HttpResponse = super().dispatch(request, *arguments, **named)
                if response.status_code == TOO_MANY:
                    transaction.set_rollback(True)
        except IntegrityError:
            messages.error(request, _("That did not work. Please try again."))
            return redirect(CONFIRM_PAGE)
        return response

    def get_form_class(self) -> type[Form]:
        return super().get_form_class()  # type: ignore[no-any-return]

    def _get_change_form_class(self) -> type[Form]:
        return forms.ChangeEmailForm

    @property
    def _action(self) -> str:
        """What was asked for. Everybody may correct the address, or the page would tell who is known."""
        wanted = self.request.POST.get("action")
        offered = {"resend"} if self.request.user.is_authenticated else {"change", "resend"}
        return wanted if wanted in offered else "verify"

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        waits = self._resend_wait()
        known = {**super().get_context_data(**context), "is_change": self.request.user.is_authenticated}
        return known | (limits.when(waits) if waits else {})

    def form_valid(self, form: Form) -> HttpResponse:
        if self._action == "resend" and not self._process.can_resend:
            messages.error(self.request, _("We have sent several codes already. Please look for them first."))
            return redirect(CONFIRM_PAGE)
        if self._action == "resend" and (waits := self._resend_wait()):
            page = self.render_to_response(
                self.get_context_data(form=self._get_verify_form_class()(), too_early=True)
            )
            return limits.told(page, waits)
        if self._action == "change" and self._process.is_change_quota_reached(2):
            messages.error(self.request, _("The address was changed twice already. Please start over."))
            return redirect(CONFIRM_PAGE)
        return super().form_valid(form)  # type: ignore[no-any-return]

    def _resend_wait(self) -> int:
        """How many seconds until another code may be asked for."""
        if not self._process.can_resend:
            return 0
        sent_at: float = self._process.state["at"]
        return max(0, math.ceil(sent_at + RESEND_SECONDS - time.time()))

    def _resend_form_valid(self, form: Form) -> HttpResponse:
        self._process.state["at"] = time.time()  # the new code is good as long as its mail says
        response: HttpResponse = super()._resend_form_valid(form)
        messages.success(self.request, _("A new code is on its way. The old one no longer works."))
        return response

    def _change_form_valid(self, form: forms.ChangeEmailForm) -> HttpResponse:
        self._process.state["at"] = time.time()
        if self._process.user is not None or form.account_already_exists:
            return super()._change_form_valid(form)  # type: ignore[no-any-return]
        # Until now there was no account behind this page, because the first address was taken.
        return _sign_up_after_all(self.request, form.cleaned_data["email"], self._process)

    def _change_form_invalid(self, form: Form) -> HttpResponse:
        return self._refused(form)

    def _refused(self, form: Form) -> HttpResponse:
        context = self.get_context_data(form=form)
        response: HttpResponse = self.render_to_response(context, status=FORM_REFUSED)
        return response

    def _verify_form_invalid(self, form: Form) -> HttpResponse:
        if self._process.record_invalid_attempt():
            return self._refused(form)
        if self.request.user.is_authenticated:
            messages.error(self.request, _("That was the third wrong code. Ask for a new one here."))
            return redirect("account_email")
        messages.error(self.request, _("That was the third wrong code. Sign in, and we send you a new one."))
        return redirect("account_login")


def _is_proven(process: EmailVerificationProcess) -> bool:
    return (
        process.user is not None
        and EmailAddress.objects.filter(user=process.user, email=process.email, verified=True).exists()
    )


def _went_on(stage: EmailVerificationStage) -> HttpResponse:
    response: HttpResponse = stage.exit()
    return response


def _begin_login(request: HttpRequest, user: User, redirect_url: str | None = None) -> HttpResponse:
    """Takes a new account to the first stage of its login, the confirmation of its address."""
    # The address is named, so that the stages take the one they are given instead of looking for one.
    login = Login(user=user, email=user.email, signup=True, redirect_url=redirect_url)
    response: HttpResponse = flows.login.perform_login(request, login)
    return response


def _sign_up_after_all(request: HttpRequest, email: str, process: EmailVerificationProcess) -> HttpResponse:
    form = forms.SignupForm()
    form.cleaned_data = {"email": email}
    form.hashed_password = request.session.pop(HELD_PASSWORD)
    changes = process.state["change_count"]
    response = _begin_login(request, form.save(request))
    begun = EmailVerificationProcess.resume(request)
    if begun is not None:
        begun.state["change_count"] = changes + 1
        begun.persist()
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_link(request: HttpRequest, key: str) -> HttpResponse:
    """The link of the mail. Looking shows a button, pressing it confirms: mail scanners only look."""
    confirmation = EmailConfirmationHMAC.from_key(key)
    if confirmation is None:
        return render(request, "account/link_over.html", status=404)
    address = confirmation.email_address
    if request.method != "POST":
        return render(request, "account/confirm_link.html", {"address": address.email})
    proven, response = flows.email_verification.verify_email_and_resume(request, confirmation)
    if proven is None:
        return render(request, "account/link_over.html", status=409)
    if response is not None:
        signed_in: HttpResponse = response
        return signed_in
    if request.user.is_authenticated:
        return redirect("case")
    messages.success(request, _("Your address is confirmed. Sign in to go on."))
    return redirect("account_login")
