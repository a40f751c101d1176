"""What REST framework, knox and drf-spectacular are told: no variable of the environment among it."""

from __future__ import annotations

from typing import Any

API_RATES = {
    "api-read": "600/minute",
    "api-write": "120/minute",
    "api-upload": "60/minute",
    "api-search": "60/minute",
    "api-sign-up": "60/minute",
    "api-token": "20/hour",
}
KNOX_TOKEN_MODEL = "onboarding.ApiToken"  # noqa: S105  a name
REST_KNOX = {
    "TOKEN_MODEL": KNOX_TOKEN_MODEL,
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_PREFIX": "onb_",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Onboarding",
    "DESCRIPTION": "Sign-ups, their cases, and the commands of staff. How to begin: docs/api.md.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "onboarding.api.schema.refuse_unknown_fields",
    ],
    "ENUM_NAME_OVERRIDES": {
        "CaseStatus": "onboarding.api.answers.STATUSES",
        "Slot": "onboarding.api.answers.SLOTS",
        "DocumentType": "onboarding.api.answers.DOCUMENT_TYPES",
    },
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}


def settings(*, limited: bool) -> dict[str, Any]:
    """All of them by name. Without `limited` nobody is told to wait."""
    return {
        "API_RATES": API_RATES,
        "KNOX_TOKEN_MODEL": KNOX_TOKEN_MODEL,
        # Its own table would be made all the same, without a model, and keep Postgres from emptying ours.
        "MIGRATION_MODULES": {"knox": None},
        "REST_KNOX": REST_KNOX,
        "SPECTACULAR_SETTINGS": SPECTACULAR_SETTINGS,
        "REST_FRAMEWORK": _rest_framework(limited=limited),
    }


def _rest_framework(*, limited: bool) -> dict[str, Any]:
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "onboarding.api.authentication.BearerAuthentication",
            "onboarding.api.authentication.SessionAuthentication",
        ],
        "DEFAULT_PERMISSION_CLASSES": ["onboarding.api.callers.MayCome"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["onboarding.api.parsers.JsonParser"],
        "DEFAULT_CONTENT_NEGOTIATION_CLASS": "onboarding.api.parsers.AlwaysTheFirst",
        "DEFAULT_THROTTLE_CLASSES": ["onboarding.api.throttles.ScopedThrottle"],
        "DEFAULT_THROTTLE_RATES": {scope: rate if limited else None for scope, rate in API_RATES.items()},
        "DEFAULT_METADATA_CLASS": None,
        "DEFAULT_SCHEMA_CLASS": "onboarding.api.schema.Description",
        "EXCEPTION_HANDLER": "onboarding.api.problems.answer_to",
        "URL_FORMAT_OVERRIDE": None,
        "NUM_PROXIES": 0,
    }
