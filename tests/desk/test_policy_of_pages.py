"""The strict content security policy holds on every page of the admin: nothing inline, anywhere."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from django.http import HttpResponse
from django.test import Client

from onboarding import settings as real
from tests.desk.conftest import MakeStaff
from tests.desk.test_access import ROUTES, addresses

pytestmark = pytest.mark.database

INLINE = re.compile(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=|javascript:")

STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)


def inline_of(answer: HttpResponse) -> list[str]:
    """What is inline in a page. A style sheet whose very words its policy names by their hash is not."""
    policy = answer.get("Content-Security-Policy", "")

    def unless_named(style: re.Match[str]) -> str:
        digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
        return "" if f"'sha256-{digest}'" in policy else style[0]

    return INLINE.findall(STYLE.sub(unless_named, answer.content.decode()))


def test_no_page_of_the_admin_carries_anything_inline(make_staff: MakeStaff):
    """Django's own list page writes a `<style>` where actions are off; mails carry one.

    Mutants seen red: `actions_on_top = False`; the site's own policy for the frame of a mail.
    """
    client = Client()
    client.force_login(make_staff("superuser", "Ada Alba"))
    make_staff("reviewer", "reviewer Person")
    known = addresses()
    pages = [name for name, route in ROUTES.items() if route.post is None and route.status == 200]
    found = {}
    for name in pages:
        answer = client.get(known[name])
        inline = inline_of(answer) if answer.status_code == 200 else []
        if inline and "javascript" not in answer["Content-Type"]:
            found[name] = inline
    assert found == {}
    assert len(pages) > 20


def test_the_policy_allows_nothing_inline():
    directives = real.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert not [source for sources in directives.values() for source in sources if "unsafe" in source]
