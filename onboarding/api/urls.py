"""Every address of the API. What else lies under /api/ answers 404 in the same form."""

from django.urls import include, path, re_path

from onboarding.api import (
    applicant_views,
    case_views,
    docs_views,
    event_views,
    problems,
    sign_up_views,
    staff_views,
    token_views,
)

version_1 = [
    path("sign-ups", sign_up_views.SignUpsView.as_view(), name="api_sign_ups"),
    path("sign-ups/<uuid:sign_up_id>", sign_up_views.SignUpView.as_view(), name="api_sign_up"),
    path("cases", case_views.CasesView.as_view(), name="api_cases"),
    path("cases/search", case_views.SearchView.as_view(), name="api_search"),
    path("cases/<uuid:case_id>", case_views.CaseView.as_view(), name="api_case"),
    path("cases/<uuid:case_id>/details", applicant_views.DetailsView.as_view(), name="api_details"),
    path("cases/<uuid:case_id>/documents", applicant_views.DocumentsView.as_view(), name="api_documents"),
    path("cases/<uuid:case_id>/submit", applicant_views.SubmitView.as_view(), name="api_submit"),
    path("cases/<uuid:case_id>/withdraw", applicant_views.WithdrawView.as_view(), name="api_withdraw"),
    path("cases/<uuid:case_id>/reopen", applicant_views.ReopenView.as_view(), name="api_reopen"),
    path("cases/<uuid:case_id>/events", event_views.EventsView.as_view(), name="api_events"),
    path("cases/<uuid:case_id>/claim", staff_views.ClaimView.as_view(), name="api_claim"),
    path("cases/<uuid:case_id>/release", staff_views.ReleaseView.as_view(), name="api_release"),
    path("cases/<uuid:case_id>/decide", staff_views.DecideView.as_view(), name="api_decide"),
    path("cases/<uuid:case_id>/extend", staff_views.ExtendView.as_view(), name="api_extend"),
    path("cases/<uuid:case_id>/pause", staff_views.PauseView.as_view(), name="api_pause"),
    path("cases/<uuid:case_id>/resume", staff_views.ResumeView.as_view(), name="api_resume"),
    path("cases/<uuid:case_id>/resend", staff_views.ResendView.as_view(), name="api_resend"),
    path("tokens", token_views.TokensView.as_view(), name="api_tokens"),
    path("tokens/in-use", token_views.TokenInUseView.as_view(), name="api_token_in_use"),
    path("schema", docs_views.SchemaView.as_view(), name="api_schema"),
    path("docs", docs_views.DocsView.as_view(), name="api_docs"),
]

urlpatterns = [
    path("v1/", include(version_1)),
    re_path(r"^.*$", problems.unknown_path, name="api_unknown"),
]
