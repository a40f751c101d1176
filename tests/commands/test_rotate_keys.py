"""`manage.py rotate_keys`: what it did, what is left, and which keys are free."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError

from onboarding import keyring
from onboarding.documents import vault, vault_keys
from onboarding.models.documents import Document
from onboarding.models.keys import DataKey
from onboarding.models.people import User
from onboarding.web import factor_secrets
from tests.commands.conftest import Run
from tests.desk.cases import make_row
from tests.documents.test_vault import make_document
from tests.people import give_app

pytestmark = pytest.mark.database

OLD, NEW = (keyring.fresh(name) for name in ("old", "new"))


@pytest.fixture
def document(settings: Any, db: None) -> Document:
    """One that was stored under the old key; the ring has a newer one now."""
    settings.DOCUMENT_KEYS = keyring.parse(OLD)
    document = make_document(make_row(), b"pixels")
    give_app(document.case.applicant)
    settings.DOCUMENT_KEYS = keyring.parse(f"{NEW},{OLD}")
    return document


def test_it_says_how_many_and_which_key_is_free(run: Run, document: Document, settings: Any) -> None:
    """Mutant seen red: the dry run writes."""
    said = run("rotate_keys", "--dry-run")
    assert "1 data keys would be wrapped anew with the master key new." in said
    assert "1 second factors would be wrapped anew with the master key new." in said
    assert "any more" not in said
    assert DataKey.objects.get().master_key == "old"
    said = run("rotate_keys")
    assert "1 data keys wrapped anew with the master key new." in said
    assert "1 second factors wrapped anew with the master key new." in said
    assert "Nothing uses old any more." in said
    assert "0 data keys wrapped anew" in run("rotate_keys")
    settings.DOCUMENT_KEYS = keyring.parse(NEW)
    assert vault.read(document, 1) == b"pixels"


def test_what_it_cannot_open_fails_it(run: Run, document: Document) -> None:
    """Mutant seen red: they are left out of the answer."""
    vault_keys.key_for(User.objects.create_user("otto@example.org").pk)
    DataKey.objects.filter(master_key="old").update(master_key="lost")
    with pytest.raises(CommandError, match="1 data keys are opened by no key of DOCUMENT_KEYS"):
        run("rotate_keys")


def test_a_key_that_second_factors_need_is_not_called_free(
    run: Run, document: Document, settings: Any
) -> None:
    """Mutant seen red: only the data keys are asked."""
    Authenticator.objects.update(data={"secret": "sealed:1:old:AAAA"})
    with pytest.raises(CommandError, match="1 second factors are opened by no key of DOCUMENT_KEYS"):
        run("rotate_keys")
    assert vault_keys.rotate().used == {"new"}
    assert factor_secrets.rotate().used == {"old"}


def test_it_counts_what_is_not_encrypted_yet(run: Run, document: Document) -> None:
    make_document(document.case, b"pixels", sealed=False)
    assert "1 documents of an earlier release are not encrypted yet." in run("rotate_keys")
