"""Finding cases by what people say on the telephone: a reference, an address, a name, or how it begins.

Terms are folded (no capitals, no accents, no separators), and every search is a walk along ranges of one
index, a batch at a time: what it costs depends on what is shown, never on how many cases there are.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import post_save

from onboarding.models.cases import Case, Profile
from onboarding.models.people import User
from onboarding.models.references import ALPHABET
from onboarding.models.search import SearchTerm
from onboarding.models.terms import LONGEST_TERM, Terms, folded, terms_of, words

LONGEST_QUERY = 200
MOST_WORDS = 6
PAGE = 50
BATCH = 500
MOST_BATCHES = 8
"""After so many terms a search of several words gives up and asks for a longer word: 4,000 of them."""
REFERENCE_LENGTH = 8
LONGEST_PLACE = 18
"""Digits of a place; more would not fit into a number of the database."""
LAST = "\U0010ffff"
"""Behind everything that continues a word, in the order of bytes."""
ADDRESS_SIGNS = "@._+-"

# --- what a case is found by ---------------------------------------------------------------------


def write(case: Case) -> None:
    """Makes the terms of a case follow its row, its account and its details, in the caller's transaction."""
    profile = Profile.objects.filter(case=case).first()
    names = [profile.given_name, profile.family_name] if profile else []
    wanted = terms_of(case.reference, case.applicant.email, names)
    with transaction.atomic():
        there = dict(SearchTerm.objects.filter(case=case).values_list("value", "kind"))
        gone = [value for value, kind in there.items() if wanted.get(value) != kind]
        if gone:
            SearchTerm.objects.filter(case=case, value__in=gone).delete()
        _insert(case.pk, {value: kind for value, kind in wanted.items() if there.get(value) != kind})


def _insert(case_id: uuid.UUID, terms: Terms) -> None:
    SearchTerm.objects.bulk_create(
        [SearchTerm(case_id=case_id, kind=kind, value=value) for value, kind in terms.items()],
        ignore_conflicts=True,
    )


def follow_rows() -> None:
    """From now on the terms are written with what they mirror, whoever writes it. Called once a process."""
    post_save.connect(_case_saved, sender=Case, dispatch_uid="terms of a case")
    post_save.connect(_profile_saved, sender=Profile, dispatch_uid="terms of details")
    post_save.connect(_account_saved, sender=User, dispatch_uid="terms of an account")


def _case_saved(instance: Case, *, created: bool, raw: bool = False, **_rest: object) -> None:
    if created and not raw:
        _insert(instance.pk, terms_of(instance.reference, instance.applicant.email, []))


def _profile_saved(instance: Profile, *, raw: bool = False, **_rest: object) -> None:
    if not raw:
        write(instance.case)


def _account_saved(
    instance: User,
    *,
    created: bool,
    raw: bool = False,
    update_fields: Iterable[str] | None = None,
    **_rest: object,
) -> None:
    if created or raw or (update_fields is not None and "email" not in update_fields):
        return
    case = Case.objects.filter(applicant=instance).select_related("applicant").first()
    if case:
        write(case)


# --- finding -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hit:
    """A case that was found, what it was found by, and where to go on behind it."""

    case_id: uuid.UUID
    kind: str
    term_id: int


@dataclass(frozen=True, slots=True)
class Found:
    """`more`: there are further hits behind the last. `unfinished`: too many fit to look at all of them."""

    hits: tuple[Hit, ...]
    more: bool = False
    unfinished: bool = False


class PlaceIsGone(Exception):
    """There is no such place to go on from: the words of a case have changed since, or it was made up."""


def find(text: str, after: int | None = None, size: int = PAGE) -> Found:
    """The cases that fit everything that was typed, each once, in the order of what they were found by.

    Args:
        after: `term_id` of the last hit of the page before.

    Raises:
        PlaceIsGone
    """
    at = _place(after) if after is not None else None
    for prefixes in readings(text):
        if at is not None and not at.value.startswith(tuple(prefixes)):
            continue  # the page before was of another reading
        found = _walk(prefixes, at, size)
        if found.hits or found.unfinished or at:
            return found
    return Found(())


def place_in(text: str) -> int | None:
    """The place that an address or a key names; None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_PLACE else None


def _place(term_id: int) -> SearchTerm:
    try:
        return SearchTerm.objects.get(pk=term_id)
    except SearchTerm.DoesNotExist:
        raise PlaceIsGone from None


def readings(text: str) -> Iterator[list[str]]:
    """What the text may mean, likeliest first: the beginnings that all have to be found in one case."""
    text = text[:LONGEST_QUERY].strip()
    parts = words(text)[:MOST_WORDS]
    spelled = "".join(text.upper().split()).replace("-", "")
    if len(spelled) == REFERENCE_LENGTH and set(spelled) <= set(ALPHABET):
        yield [spelled.lower()]
    if len(text.split()) == 1 and any(sign in text for sign in ADDRESS_SIGNS):
        address = folded(text).removeprefix("@")
        if address:
            yield [address[:LONGEST_TERM]]
    if parts and "@" not in text:
        yield [part[:LONGEST_TERM] for part in parts]


def beginning(prefix: str) -> Q:
    """Terms that begin like this: one range of the index, on both databases."""
    return Q(value__gte=prefix, value__lt=prefix + LAST)


def _walk(prefixes: Sequence[str], at: SearchTerm | None, size: int) -> Found:
    leading, *others = sorted(set(prefixes), key=_how_many) if len(prefixes) > 1 else prefixes
    hits: list[Hit] = []
    for _ in range(MOST_BATCHES):
        batch = list(_behind(leading, at)[:BATCH])
        fit = _fitting(batch, leading, others)
        hits += [Hit(each.case_id, each.kind, each.pk) for each in fit]
        if len(hits) > size:
            return Found(tuple(hits[:size]), more=True)
        if len(batch) < BATCH:
            return Found(tuple(hits))
        at = batch[-1]
    return Found(tuple(hits), unfinished=True)


def _how_many(prefix: str) -> int:
    """Counted up to one batch: the rarest word leads."""
    return SearchTerm.objects.filter(beginning(prefix))[: BATCH * MOST_BATCHES].count()


def _behind(prefix: str, at: SearchTerm | None) -> QuerySet[SearchTerm]:
    """The range of one word in the order of the index, from behind a term on."""
    rows = SearchTerm.objects.filter(beginning(prefix)).order_by("value", "case_id")
    if at is None:
        return rows
    return rows.filter(value__gte=at.value).filter(Q(value__gt=at.value) | Q(case_id__gt=at.case_id))


def _fitting(batch: Sequence[SearchTerm], leading: str, others: Sequence[str]) -> list[SearchTerm]:
    """Those whose case has the other words as well, each case by the first of its terms only."""
    cases = {each.case_id for each in batch}
    first: dict[uuid.UUID, str] = {}
    for case_id, value in _of(cases, leading):
        first[case_id] = min(value, first.get(case_id, value))
    for prefix in others:
        cases &= {case_id for case_id, _ in _of(cases, prefix)}
    return [each for each in batch if each.case_id in cases and first.get(each.case_id) == each.value]


def _of(cases: set[uuid.UUID], prefix: str) -> Iterable[tuple[uuid.UUID, str]]:
    if not cases:
        return []
    return SearchTerm.objects.filter(beginning(prefix), case_id__in=cases).values_list("case_id", "value")
