"""Every address that applicants see. Of allauth only the pages that we offer."""

from allauth.account import views as allauth_views
from django.urls import include, path, re_path

from onboarding.web import (
    account_views,
    case_views,
    demo_views,
    details_views,
    document_views,
    pictures,
)

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
]

case = [
    path("", case_views.status, name="case"),
    path("live/", case_views.live, name="case_live"),
    path("details/", details_views.details, name="case_details"),
    path("details/draft/", details_views.draft, name="case_details_draft"),
    path("documents/", document_views.documents, name="case_documents"),
    path("documents/<slug:slot>/", document_views.upload, name="case_upload"),
    path("documents/<uuid:document_id>/<int:page>", pictures.picture, name="document_page"),
    path("submit/", case_views.submit, name="case_submit"),
    path("withdraw/", case_views.withdraw, name="case_withdraw"),
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
    *demo,
]
