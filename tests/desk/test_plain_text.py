"""What staff type is kept without signs that hide or turn text: in every form of the desk, and by the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django import forms
from rest_framework import serializers

from onboarding.api import bodies, token_admin
from onboarding.desk import accounts, bulk_form, catalogue, policies, reveal
from onboarding.desk import forms as desk_forms
from onboarding.models.desk import Note
from onboarding.models.people import User
from onboarding.web.account_forms import ChangeEmailForm
from onboarding.web.plain_fields import ApiText, PlainText
from tests.desk.cases import address, make_row
from tests.desk.conftest import Desk
from tests.desk.test_notes import note

pytestmark = [pytest.mark.database, pytest.mark.django_db]

ODD = "He sent\x07 \u202egpj.exe\u202c\r\ntwice"
PLAIN = "He sent gpj.exe\ntwice"
CHECKED_OTHERWISE = {"code", "password", "password1", "password2"}
"""A word of small letters; never shown."""
NAMED_BY_RULES = {
    *("time_zone", "given_name", "family_name", "country", "document_number", "mrz"),
    *("after", "term"),
}
"""Looked up, checked as names by the form of the page, or not kept."""


def form_classes() -> Iterator[type[forms.BaseForm]]:
    """Those that are defined there, also where a metaclass says otherwise."""
    for module in (accounts, bulk_form, catalogue, desk_forms, policies, reveal, token_admin):
        kinds = [each for each in vars(module).values() if isinstance(each, type)]
        for kind in (each for each in kinds if issubclass(each, forms.BaseForm)):
            if module.__name__ in {each.__module__ for each in kind.__mro__}:
                yield kind


def test_every_free_text_of_the_desk_is_plain_text() -> None:
    """Mutant seen red: one field that is an ordinary one."""
    known = {name: field for kind in form_classes() for name, field in kind.base_fields.items()}
    assert {"reason", "note", "text", "text_en", "new_name", "label", "first_name"} <= set(known)
    ordinary = [name for name, field in known.items() if type(field) is forms.CharField]
    assert set(ordinary) <= CHECKED_OTHERWISE


def test_every_free_text_of_the_api_is_plain_text() -> None:
    """Mutant seen red: a reason that is an ordinary field."""
    bodies_of = [
        kind for kind in vars(bodies).values() if isinstance(kind, type) and issubclass(kind, bodies.Body)
    ]
    fields = {name: field for kind in bodies_of for name, field in kind().fields.items()}
    ordinary = [name for name, field in fields.items() if type(field) is serializers.CharField]
    assert set(ordinary) <= NAMED_BY_RULES
    assert {name for name, field in fields.items() if isinstance(field, ApiText)} == {"reason", "label"}


def test_a_note_is_kept_without_what_hides_text(rita: User, desk: Desk) -> None:
    row = make_row()
    assert desk(rita).post(address(row, "note"), note(text=ODD)).status_code == 302
    assert Note.objects.get().text == PLAIN


@pytest.mark.parametrize("typed", ["\u202e\u202c", "\x07", " \u2066 "])
def test_a_note_of_unseen_signs_is_no_note(typed: str, rita: User, desk: Desk) -> None:
    """Mutant seen red: it is cleaned after it was looked at."""
    row = make_row()
    answer = desk(rita).post(address(row, "note"), note(text=typed))
    assert answer.status_code == 400
    assert not Note.objects.exists()


@pytest.mark.parametrize("field", [PlainText(), ApiText()])
def test_both_fields_clean_alike(field: Any) -> None:
    clean: Callable[[Any], Any] = getattr(field, "clean", None) or field.run_validation
    assert clean(f"  {ODD}\u200f ") == f"{PLAIN}\u200f"
    for nothing in ("", "\u202e"):
        with pytest.raises(Exception, match=r"required|blank"):
            clean(nothing)


@pytest.mark.parametrize("typed", ['"a\x07b"@example.org', "a@exa\u200bmple.org", "a@example\u202e.org"])
def test_an_address_with_an_unseen_sign_is_refused_at_every_form(typed: str, make_staff, desk: Desk) -> None:
    """Django takes all of these. Mutants seen red: without `seen_address` at each of the three."""
    assert "seen" in str(ChangeEmailForm({"email": typed}).errors["email"])
    assert "seen" in str(accounts.NewColleagueForm({"email": typed}).errors["email"])
    assert bodies.SignUpBody(data={"email": typed}).is_valid() is False
