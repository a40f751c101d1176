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
