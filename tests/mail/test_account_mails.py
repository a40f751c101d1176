"""Mails about the account: one purpose, one button, a plain part that says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from onboarding.mail.rendering import rendered

FOLDERS = ("account/email", "mfa/email")
TEMPLATES = sorted(
    str(path.relative_to(settings.BASE_DIR / "templates"))
    for folder in FOLDERS
    for path in (settings.BASE_DIR / "templates" / folder).glob("*.txt")
)
WITHOUT_BUTTON = {"account/email/confirm_change.txt"}
"""A code for a page that is open already; there is no other way."""
DETAILS = {
    "link": "http://testserver/somewhere/",
    "forgotten": "http://testserver/account/password/",
    "when": "28 November 2026, 04:20 Europe/Madrid",
    "device": "Chrome on <Android>",
    "code": "123456",
}


def test_there_is_a_mail_for_everything_that_matters() -> None:
    """allauth asks for these by name. Mutant seen red: a template less."""
    wanted = {
        "account": "account_already_exists unknown_account confirm confirm_change email_changed "
        "password_changed password_reset password_reset_key invitation",
        "mfa": "totp_activated totp_deactivated webauthn_added webauthn_removed recovery_codes_generated "
        "forgotten",
    }
    names = {f"{app}/email/{name}.txt" for app, those in wanted.items() for name in those.split()}
    assert names == set(TEMPLATES)


@pytest.mark.parametrize("template", TEMPLATES)
def test_one_button_and_the_same_in_plain_words(template: str) -> None:
    """Mutant seen red: the block of a button without words."""
    details = {**DETAILS, "link": "" if template in WITHOUT_BUTTON else DETAILS["link"]}
    mail = rendered(template, details)
    assert 10 < len(mail.subject) < 60
    buttons = re.findall(r'<a class="button" href="([^"]+)">\s*(\S[^<]+)</a>', mail.html)
    assert [target for target, _words in buttons] == ([] if template in WITHOUT_BUTTON else [DETAILS["link"]])
    assert all(words in mail.text for _target, words in buttons)
    assert "<a" not in mail.text
    assert "{{" not in mail.html + mail.text
    assert "<Android>" not in mail.html


@pytest.mark.parametrize("template", [each for each in TEMPLATES if "changed" in each or "totp" in each])
def test_what_was_done_is_told_with_its_moment_and_device(template: str) -> None:
    mail = rendered(template, DETAILS)
    assert DETAILS["when"] in mail.text
    assert "Chrome on" in mail.text


def test_no_mail_of_allauths_own_is_left_to_its_templates() -> None:
    """Its own say "Hello from" and know no owed mail."""
    for template in TEMPLATES:
        text = (Path(settings.BASE_DIR) / "templates" / template).read_text()
        assert text.startswith("{% extends base %}")
