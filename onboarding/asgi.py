"""The web application for uvicorn: Django behind the cap on request bodies."""

import os
import sys

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from onboarding.bodycap import BodyCap
from onboarding.lanes import Lanes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onboarding.settings")
try:
    django.setup(set_prefix=False)
    application = BodyCap(Lanes(), max_bytes=settings.REQUEST_MAX_BYTES)
except ImproperlyConfigured as refusal:
    sys.exit(str(refusal))  # a sentence instead of a traceback
