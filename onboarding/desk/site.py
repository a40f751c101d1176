"""The admin site of reviewers and support."""

from __future__ import annotations

from django.contrib.admin import AdminSite


class DeskSite(AdminSite):
    site_header = "Onboarding"
    site_title = "Onboarding"
    index_title = "Desk"
