"""The table of pages is complete: whoever adds a page adds a line."""

from __future__ import annotations

from collections import defaultdict
from string import Formatter
from urllib.parse import urlsplit

from django.contrib import admin
from django.urls import resolve

from onboarding.desk import pages
from onboarding.web import urls
from tests.browser import sights

REACHED = {
    "account_email_verification_sent",
    "mfa_authenticate",
    "mailbox_letter",
    "account_reset_password_from_key",
    "confirm_link",
    "desk_found",
    "desk_letter",
}
"""Pages that a sight comes to by what it does there, or by a link of `making`."""
NO_PAGE = {
    "account_logout": "asks nothing on GET: it leads to the start page",
    "mfa_download_recovery_codes": "a text file",
    "mfa_reauthenticate_webauthn": "asks the device at once",
    "mfa_login_webauthn": "answers the script of the sign-in page",
    "mfa_edit_webauthn": "needs a passkey: test_accounts makes one",
    "mfa_remove_webauthn": "needs a passkey: test_accounts makes one",
    "case_live": "a part of the status page",
    "case_events": "a stream",
    "case_details_draft": "answers the script of the details",
    "case_upload": "a form's target: it leads back to the documents",
    "case_submit": "a form's target",
    "case_reopen": "a form's target",
    "case_confirm_again": "a form's target",
    "case_data": "a file",
    "document_page": "a picture",
    "document_picture": "a picture",
    "mailbox_letter_html": "a mail in its frame",
    "demo_clock": "a form's target",
    "desk_find": "a form's target: it leads to what was found",
    "desk_reveal": "a form's target: the support page again",
    "desk_support_preview": "a form's target: the support page again",
    "desk_support_order": "a form's target: the support page again",
    "desk_parked_act": "a form's target: the parked page again",
    "desk_mail_html": "a mail in its frame",
}


def test_every_page_of_the_site_is_in_the_table() -> None:
    """Mutant seen red: the page of the devices is taken out of the table."""
    names = {
        each.name
        for each in (*urls.accounts, *urls.factors, *urls.case, *urls.demo, *pages.urls(admin.site))
        if getattr(each, "name", None)
    }
    shown = REACHED | {_name(each.path) for each in sights.SIGHTS}
    assert names - shown - set(NO_PAGE) == set()


def test_no_page_is_left_out_that_is_in_the_table() -> None:
    assert {_name(each.path) for each in sights.SIGHTS} & set(NO_PAGE) == {"account_logout"}


def test_names_are_told_apart_by_who_looks() -> None:
    """What is wrong is told by name."""
    seen = defaultdict(list)
    for each in sights.SIGHTS:
        seen[each.who, each.name].append(each)
    assert [key for key, several in seen.items() if len(several) > 1] == []


def _name(path: str) -> str | None:
    if path.startswith("/made/"):
        return None
    nowhere = "00000000-0000-0000-0000-000000000000"
    fields = [field for _, field, _, _ in Formatter().parse(path) if field]
    if path.startswith("{"):
        return None
    address = urlsplit(path.format(**dict.fromkeys(fields, nowhere))).path
    try:
        return resolve(address).url_name
    except Exception:  # noqa: BLE001  an address that leads nowhere is a page, too
        return None
