"""The secrets of second factors at rest: wrapped, opened by the ring alone, rotated, and never garbage."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from onboarding import keyring, masterkeys
from onboarding.documents import vault_keys
from onboarding.masterkeys import Locked, Rotation
from onboarding.models.keys import DataKey
from onboarding.models.people import User
from onboarding.web import factor_secrets
from tests.people import code_of, give_app
from tests.web.people import words
from tests.web.test_second_factor import FACTORS, enter, make_colleague

pytestmark = pytest.mark.database

OLD, NEW, OTHER = (keyring.fresh(name) for name in ("old", "new", "old"))


@pytest.fixture
def rita(settings: Any, db: None) -> User:
    """A colleague with an app and recovery codes, made under the old key."""
    settings.DOCUMENT_KEYS = keyring.parse(OLD)
    user = give_app(make_colleague())
    RecoveryCodes.activate(user)
    return user


def codes_of(user: User) -> list[str]:
    row = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    return list(RecoveryCodes(row).get_unused_codes())


def in_the_clear(user: User) -> None:
    """As allauth keeps factors without us."""
    for row in Authenticator.objects.filter(user=user):
        row.data = {
            name: factor_secrets.opened(held) if name in factor_secrets.SECRETS else held
            for name, held in row.data.items()
        }
        row.save()


def test_no_secret_of_a_factor_rests_in_the_clear(db: None) -> None:
    """Mutant seen red: the adapter without `encrypt`."""
    secret = totp.generate_totp_secret()
    user = make_colleague()
    totp.TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    kept = list(Authenticator.objects.values_list("data", flat=True))
    assert secret not in json.dumps(kept)
    held = [each.get("secret") or each.get("seed") for each in kept]
    assert [each[: len(factor_secrets.SEALED)] for each in held] == [factor_secrets.SEALED] * 2


def test_factors_that_were_made_before_still_open(rita: User) -> None:
    """Mutant seen red: only what is wrapped is opened."""
    codes = codes_of(rita)
    in_the_clear(rita)
    assert codes_of(rita) == codes
    assert enter(Client(), rita).status_code == 302


@pytest.mark.parametrize(
    ("ring", "said"),
    [(NEW, "lacks the master key old"), (OTHER, "is not the one that wrapped the secret of a second factor")],
    ids=["none", "another"],
)
def test_a_ring_without_the_right_key_is_a_clear_page_and_a_line_in_the_log(
    rita: User, ring: str, said: str, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither "wrong code" nor a 500. Mutants seen red: without `process_exception`; InvalidTag gets out."""
    code, there = code_of(rita), Client()
    there.force_login(rita)
    settings.DOCUMENT_KEYS = keyring.parse(ring)
    for answer in (enter(Client(), rita, code), there.get(FACTORS)):
        assert answer.status_code == 503
        assert "We can't look at second factors just now" in words(answer)
    assert said in caplog.text
    assert rita.email not in caplog.text
    settings.DOCUMENT_KEYS = keyring.parse(OLD)
    assert enter(Client(), rita, code).status_code == 302


@pytest.mark.parametrize(
    "kept",
    [
        "sealed:1:",
        "sealed:1:tests",
        "sealed:1:tests:%%%",
        "sealed:1:tests:AAAA",
        "sealed:1:tests:" + "A" * 80,
        "sealed:1:nobody:AAAA",
        "sealed:1:ü:ü",
    ],
)
def test_what_is_damaged_is_never_taken_for_a_secret(kept: str) -> None:
    """Mutants seen red: only InvalidTag is caught; what is no base64 is not."""
    with pytest.raises(Locked):
        factor_secrets.opened(kept)


def test_what_was_wrapped_for_something_else_opens_no_factor(rita: User) -> None:
    """Mutant seen red: `masterkeys` without the purpose."""
    vault_keys.key_for(rita.pk)
    wrapped = bytes(DataKey.objects.get().wrapped)
    with pytest.raises(Locked, match="is not the one that wrapped"):
        masterkeys.unwrap("old", wrapped, factor_secrets.PURPOSE, "it")


def test_rotation_wraps_every_secret_anew_and_changes_none(rita: User, settings: Any) -> None:
    """Mutants seen red: the dry run writes; what is in the clear stays; used codes come back."""
    codes = codes_of(rita)
    assert enter(Client(), rita, codes[0]).status_code == 302
    settings.DOCUMENT_KEYS = keyring.parse(f"{NEW},{OLD}")
    plain = give_app(make_colleague("otto@example.org"))
    in_the_clear(plain)
    assert factor_secrets.rotate(dry_run=True) == Rotation(3, 0, frozenset({"old"}))
    assert factor_secrets.rotate() == Rotation(3, 0, frozenset({"new"}))
    assert factor_secrets.rotate() == Rotation(0, 0, frozenset({"new"}))
    settings.DOCUMENT_KEYS = keyring.parse(NEW)
    assert codes_of(rita) == codes[1:]
    for user in (rita, plain):
        assert enter(Client(), user).status_code == 302


def test_rotation_leaves_what_it_cannot_open_and_says_so(rita: User, settings: Any) -> None:
    """Mutant seen red: it stops at the first."""
    apps = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    apps.update(data={"secret": "sealed:1:lost:AAAA"})
    settings.DOCUMENT_KEYS = keyring.parse(f"{NEW},{OLD}")
    assert factor_secrets.rotate() == Rotation(1, 1, frozenset({"lost", "new"}))


def test_migrated_codes_are_wrapped_one_by_one(rita: User, settings: Any) -> None:
    """allauth keeps codes of other libraries as a list."""
    codes = Authenticator.objects.filter(type=Authenticator.Type.RECOVERY_CODES)
    codes.update(data={"migrated_codes": ["11112222", "33334444"]})
    settings.DOCUMENT_KEYS = keyring.parse(f"{NEW},{OLD}")
    assert factor_secrets.rotate().rewrapped == 2
    assert codes_of(rita) == ["11112222", "33334444"]
    assert "1111" not in json.dumps(codes.get().data)


def test_a_passkey_has_no_secret_of_ours(rita: User) -> None:
    key = Authenticator.objects.create(user=rita, type="webauthn", data={"name": "hers", "credential": {}})
    factor_secrets.rotate()
    key.refresh_from_db()
    assert key.data == {"name": "hers", "credential": {}}
