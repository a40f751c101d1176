"""The real pages; beside them, until the real sign-up page stands, one that only calls its use case."""

from django.urls import include, path

from tests.benchmarks import stand_in

urlpatterns = [path("stand-in/sign-up", stand_in.sign_up), path("", include("onboarding.urls"))]
