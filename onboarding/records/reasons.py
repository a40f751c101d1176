"""The catalogue of reasons: what reviewers are offered, what may be cited now, and new versions of words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps as installed
from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language, gettext

from onboarding import clock
from onboarding.domain.reasons import (
    ITEM_REASONS,
    REFUSE_REASONS,
    ReasonKind,
    cite,
    cited,
)
from onboarding.domain.reasons import Reason as BuiltIn
from onboarding.models.people import User
from onboarding.models.reasons import Reason, ReasonWording

Words = Mapping[str, tuple[str, str]]
"""By language: the text and the cure."""


class NotInCatalogue(Exception):
    """A reason that nobody is offered: unknown, of the other kind, or not used any more."""


class WordsChanged(Exception):
    """The cited version is not the present one: what the applicant would read is not what was looked at."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One reason to choose, with its words in the reader's language."""

    code: str
    version: int
    text: str
    cure: str

    @property
    def citation(self) -> str:
        """Always with its version: a form names exactly the words that it shows."""
        return f"{self.code}@{self.version}"


def catalogue(kind: ReasonKind) -> list[Offered]:
    """What reviewers are offered, in the order of the catalogue. Two queries."""
    reasons = list(Reason.objects.filter(kind=kind, active=True))
    words = ReasonWording.objects.of(
        (f"{each.code}@{each.version}" for each in reasons), get_language() or settings.LANGUAGE_CODE
    )
    return [
        Offered(each.code, each.version, found.text, found.cure)
        for each in reasons
        if (found := words.get(f"{each.code}@{each.version}"))
    ]


def current(citations: Iterable[str], kind: ReasonKind) -> tuple[str, ...]:
    """The citations as a message carries them. A code without a version means the present words.

    Raises:
        NotInCatalogue, WordsChanged
    """
    asked = tuple(citations)
    parts = {each: cited(each) for each in asked}
    codes = {found[0] for found in parts.values() if found}
    versions = dict(
        Reason.objects.filter(kind=kind, active=True, code__in=codes).values_list("code", "version")
    )
    resolved = []
    for each in asked:
        found = parts[each]
        if found is None or found[0] not in versions:
            raise NotInCatalogue(each)
        code, version = found
        if "@" in each and version != versions[code]:
            raise WordsChanged(each)
        resolved.append(cite(code, versions[code]))
    return tuple(dict.fromkeys(resolved))


def words_in_force(reason: Reason) -> dict[str, tuple[str, str]]:
    """The present words of a reason, by language."""
    rows = reason.wordings.filter(version=reason.version)
    return {row.language: (row.text, row.cure) for row in rows}


def reword(reason: Reason, words: Words, by: User | None) -> bool:
    """Makes a new version with these words; False when somebody else was faster, and nothing is changed."""
    with transaction.atomic():
        version = reason.version + 1
        mine = Reason.objects.filter(pk=reason.pk, version=reason.version).update(version=version)
        if mine:
            write(reason, version, words, by)
            reason.version = version
    return bool(mine)


def write(reason: Reason, version: int, words: Words, by: User | None) -> None:
    """Writes the words of a version, once."""
    moment = clock.now()
    ReasonWording.objects.bulk_create(
        ReasonWording(
            reason=reason,
            version=version,
            language=language,
            text=text,
            cure=cure,
            changed_at=moment,
            changed_by=by,
        )
        for language, (text, cure) in words.items()
    )


def plant(apps: Any = installed, using: str = "default", **_signal: Any) -> None:
    """Makes sure that every built-in reason stands in the catalogue, with its words in every language as
    version 1.

    Runs after every `migrate`: a release that brings a reason or a language needs no migration of its own.

    Idempotency: what is there already, however it was edited since, stays as it is.
    """
    try:
        reasons, wordings = (apps.get_model("onboarding", name) for name in ("Reason", "ReasonWording"))
    except LookupError:
        return  # migrated to a state before there was a catalogue
    known = set(reasons.objects.using(using).values_list("code", flat=True))
    with transaction.atomic(using):
        for kind, built_in in BUILT_IN.items():
            for position, each in enumerate(built_in, start=1):
                if each.code not in known:
                    reasons.objects.using(using).create(
                        code=each.code, kind=kind.value, position=10 * position
                    )
        ids = dict(reasons.objects.using(using).values_list("code", "id"))
        first = wordings.objects.using(using).filter(version=1)
        there = {(code, tongue): text for code, tongue, text in first.values_list(*FIRST)}
        wordings.objects.using(using).bulk_create(
            wordings(reason_id=ids[each.code], version=1, language=language, changed_at=clock.now(), **words)
            for language, _name in settings.LANGUAGES
            for each in (*ITEM_REASONS, *REFUSE_REASONS)
            if (each.code, language) not in there
            # Somebody else's words for this code have no translation of ours.
            and there.get((each.code, settings.LANGUAGE_CODE), each.text) == each.text
            for words in [_words(each, language)]
        )


FIRST = ("reason__code", "language", "text")
BUILT_IN = {ReasonKind.ITEM: ITEM_REASONS, ReasonKind.REFUSAL: REFUSE_REASONS}


def _words(reason: BuiltIn, language: str) -> dict[str, str]:
    with translation.override(language):
        return {"text": gettext(reason.text), "cure": gettext(reason.cure)}
