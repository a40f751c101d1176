"""Every address that applicants see. Of allauth only the pages that we offer."""

from allauth.account import views as allauth_views
from allauth.mfa.recovery_codes import views as recovery_views
from django.urls import include, path, re_path

from onboarding.web import (
    account_security,
    account_views,
    case_views,
    data_views,
    demo_views,
    details_views,
    document_views,
    languages,
    pictures,
)

factors = [
    path("", account_security.FactorsView.as_view(), name="mfa_index"),
    path("app/", account_security.ActivateAppView.as_view(), name="mfa_activate_totp"),
    path("app/off/", account_security.DeactivateAppView.as_view(), name="mfa_deactivate_totp"),
    path("codes/", account_security.RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path("codes/new/", account_security.NewRecoveryCodesView.as_view(), name="mfa_generate_recovery_codes"),
    path("codes/file/", recovery_views.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("passkey/", account_security.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("passkey/<int:pk>/", account_security.RenamePasskeyView.as_view(), name="mfa_edit_webauthn"),
    path("passkey/<int:pk>/off/", account_security.RemovePasskeyView.as_view(), name="mfa_remove_webauthn"),
]

accounts = [
    path("sign-up/", account_views.SignupView.as_view(), name="account_signup"),
    path("confirm/", account_views.CodeView.as_view(), name="account_email_verification_sent"),
    path("confirm/<str:key>/", account_views.confirm_link, name="confirm_link"),
    path("sign-in/", account_views.LoginView.as_view(), name="account_login"),
    path("sign-out/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("password/", account_views.PasswordResetView.as_view(), name="account_reset_password"),
    path("password/sent/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account_views.NewPasswordView.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "password/changed/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("", account_security.home, name="account_home"),
    path("change-password/", account_security.PasswordView.as_view(), name="account_change_password"),
    path("address/", account_security.AddressView.as_view(), name="account_email"),
    path("devices/", account_security.DevicesView.as_view(), name="usersessions_list"),
    path("again/", account_security.PasswordAgainView.as_view(), name="account_reauthenticate"),
    path("again/code/", account_security.CodeAgainView.as_view(), name="mfa_reauthenticate"),
    path("again/passkey/", account_security.PasskeyAgainView.as_view(), name="mfa_reauthenticate_webauthn"),
    path("sign-in/code/", account_security.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", account_security.PasskeySignInView.as_view(), name="mfa_login_webauthn"),
    path("second-factor/", include(factors)),
]

case = [
    path("", case_views.status, name="case"),
    path("live/", case_views.live, name="case_live"),
    path("events/", case_views.events, name="case_events"),
    path("details/", details_views.details, name="case_details"),
    path("details/draft/", details_views.draft, name="case_details_draft"),
    path("documents/", document_views.documents, name="case_documents"),
    path("documents/<slug:slot>/", document_views.upload, name="case_upload"),
    path("documents/<uuid:document_id>/<int:page>", pictures.picture, name="document_page"),
    path("documents/<uuid:document_id>/<int:page>/<str:ticket>", pictures.look, name="document_picture"),
    path("submit/", case_views.submit, name="case_submit"),
    path("withdraw/", case_views.withdraw, name="case_withdraw"),
    path("data/", data_views.download, name="case_data"),
    path("reopen/", case_views.reopen, name="case_reopen"),
    path("confirm-again/", case_views.confirm_again, name="case_confirm_again"),
]

demo = [
    path("mailbox/", demo_views.letters, name="mailbox"),
    path("mailbox/<uuid:name>/", demo_views.letter, name="mailbox_letter"),
    path("mailbox/<uuid:name>/html", demo_views.letter_html, name="mailbox_letter_html"),
    path("demo/clock/<uuid:case_id>/", demo_views.fast_forward, name="demo_clock"),
]


urlpatterns = [
    path("", case_views.landing, name="landing"),
    path("account/", include(accounts)),
    path("case/", include(case)),
    path("language/", languages.choose, name="language"),
    *demo,
]
