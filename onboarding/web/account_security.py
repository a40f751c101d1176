"""The account of somebody who is signed in: password, address, devices, second factor, passkeys."""

from __future__ import annotations

from typing import Any

from allauth.account import views as account_views
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as factor_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.usersessions import views as session_views
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from onboarding.demo.codes import demo_code
from onboarding.web import account_forms, factor_forms, second_factor
from onboarding.web.access import signed_in
from onboarding.web.account_views import Refusing, Whole, passkeys_possible
from onboarding.web.devices import device

private = method_decorator([never_cache, login_required], name="dispatch")
"""For pages of one person: signed in, and kept by no cache."""


@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Everything that one can change about an account, on one page."""
    user = signed_in(request)
    return render(
        request,
        "account/home.html",
        {
            "factors": second_factor.factors(user).count(),
            "must_have_one": second_factor.must_have_one(user),
            "devices": UserSession.objects.filter(user=user).count(),
        },
    )


@private
class PasswordView(Refusing, Whole, account_views.PasswordChangeView):
    form_class = account_forms.ChangePasswordForm

    def dispatch(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if not signed_in(request).has_usable_password():
            return redirect("account_reset_password")
        answer: HttpResponse = super().dispatch(request, *arguments, **named)
        return answer


@private
class AddressView(Refusing, Whole, account_views.EmailView):
    """The address of now, and the form for another one, which counts once its code was entered."""

    form_class = account_forms.NewAddressForm

    def post(self, request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        """Only one of allauth's actions is offered: adding the new address."""
        typed = request.POST.copy()
        typed["action_add"] = ""
        request.POST = typed  # type: ignore[assignment]  # a copy that can be changed
        answer: HttpResponse = super().post(request, *arguments, **named)
        return answer

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        process = EmailVerificationProcess.resume(self.request)
        return {**super().get_context_data(**context), "pending": process.email if process else ""}


@private
class DevicesView(session_views.ListUserSessionsView):
    def get_context_data(self, **context: Any) -> dict[str, Any]:
        known: dict[str, Any] = super().get_context_data(**context)
        known["devices"] = [
            {"name": device(each.user_agent), "session": each, "here": each.is_current()}
            for each in reversed(known["sessions"])
        ]
        return known


@private
class FactorsView(factor_views.IndexView):
    """Apps, passkeys and recovery codes."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        known: dict[str, Any] = super().get_context_data(**context)
        user = signed_in(self.request)
        codes = known["authenticators"].get(Authenticator.Type.RECOVERY_CODES)
        known["codes_left"] = len(codes.get_unused_codes()) if codes else None
        known["must_have_one"] = second_factor.must_have_one(user)
        return known | passkeys_possible(self.request)


class AuthenticateView(factor_views.AuthenticateView):
    """The second step of signing in: a code of the app, a recovery code, or a passkey."""

    form_class = factor_forms.AuthenticateForm

    def form_invalid(self, form: Form) -> HttpResponse:
        return Refusing.refused(self.request, form, super().form_invalid(form))

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        known: dict[str, Any] = super().get_context_data(**context)
        kinds = set(second_factor.factors(self.stage.login.user).values_list("type", flat=True))
        known["has_app"] = Authenticator.Type.TOTP in kinds
        known["has_passkey"] = Authenticator.Type.WEBAUTHN in kinds
        known["demo_code"] = demo_code(self.stage.login.user)
        return known | passkeys_possible(self.request)


@private
class PasswordAgainView(Refusing, account_views.ReauthenticateView):
    form_class = account_forms.PasswordAgainForm


@private
class CodeAgainView(Refusing, factor_views.ReauthenticateView):
    form_class = factor_forms.ReauthenticateForm

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        known = super().get_context_data(**context)
        return {**known, "demo_code": demo_code(signed_in(self.request))}


@private
class PasskeyAgainView(Refusing, passkey_views.ReauthenticateWebAuthnView):
    def form_invalid(self, form: Form) -> HttpResponse:
        """On the same page; allauth would go to the sign-in page, which leads whoever is signed in away."""
        answer = self.render_to_response(self.get_context_data(form=form))
        return Refusing.refused(self.request, form, answer)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return {**super().get_context_data(), **context}


@private
class ActivateAppView(Refusing, totp_views.ActivateTOTPView):
    form_class = factor_forms.ActivateForm

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        known = super().get_context_data(**context)
        secret = known["form"].secret
        return {**known, "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))}


@private
class DeactivateAppView(Refusing, totp_views.DeactivateTOTPView):
    """Asks once more, then does it."""


@private
class RecoveryCodesView(recovery_views.ViewRecoveryCodesView):
    """The codes that are left."""


@private
class NewRecoveryCodesView(Refusing, recovery_views.GenerateRecoveryCodesView):
    """Others in their place; the old ones end."""


@private
class AddPasskeyView(Refusing, passkey_views.AddWebAuthnView):
    form_class = factor_forms.AddPasskeyForm

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Also with the form that was refused, which allauth forgets here."""
        return {**super().get_context_data(), **context, **passkeys_possible(self.request)}


@private
class RenamePasskeyView(Refusing, passkey_views.EditWebAuthnView):
    form_class = factor_forms.RenamePasskeyForm
    success_url = reverse_lazy("mfa_index")


@private
class RemovePasskeyView(passkey_views.RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Form) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, _("You need a second factor. Set up another one first."))
            return redirect(reverse("mfa_index"))
        answer: HttpResponse = super().form_valid(form)
        return answer


class PasskeySignInView(passkey_views.LoginWebAuthnView):
    """Signing in by passkey alone."""

    def form_invalid(self, form: Form) -> HttpResponse:  # noqa: ARG002  allauth's signature
        messages.error(self.request, _("The passkey was not accepted. Passkeys need JavaScript."))
        return redirect("account_login")
