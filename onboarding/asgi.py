"""The web application for uvicorn: Django behind the cap on request bodies."""

import os
import sys

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured

from onboarding.bodycap import BodyCap

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onboarding.settings")
try:
    application = BodyCap(get_asgi_application(), max_bytes=settings.REQUEST_MAX_BYTES)
except ImproperlyConfigured as refusal:
    sys.exit(str(refusal))  # a sentence instead of a traceback
