"""The web application for uvicorn: Django behind the cap on request bodies."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from onboarding.bodycap import BodyCap

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onboarding.settings")
application = BodyCap(get_asgi_application(), max_bytes=settings.REQUEST_MAX_BYTES)
