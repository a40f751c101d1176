from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("case/", lambda request: HttpResponse("case"), name="case"),
    path("", lambda request: HttpResponse("landing"), name="landing"),
]
