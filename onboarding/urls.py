from django.contrib import admin
from django.urls import include, path

from onboarding.web import health

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("api/", include("onboarding.api.urls")),
    path("", include("onboarding.web.urls")),
]

handler429 = "onboarding.web.limits.too_many"
"""allauth's name for the page of those who were too fast; Django has none."""
