"""Where a case stands in its course, and what was decided about it before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext, gettext_noop

from onboarding.desk import words
from onboarding.desk.cells import STILL, Cell
from onboarding.domain.case import Case as CaseState
from onboarding.domain.snapshot import Snapshot
from onboarding.models.cases import Case
from onboarding.sentences import reason_texts

Fact = tuple[str, "str | words.Moment"]


def course(row: Case, snapshot: Snapshot, now: datetime) -> Iterator[Fact]:
    """Where the case stands in its course."""
    case = snapshot.case
    yield gettext("Signed up"), words.Moment.of(case.born_at, now)
    if case.submission:
        yield gettext("Submission"), str(case.submission)
    if row.review_due_at:
        yield gettext("Review due"), words.Moment.of(row.review_due_at, now)
    if snapshot.closes_at:
        yield gettext("Closes"), words.Moment.of(snapshot.closes_at, now)
    if case.escalation_level:
        yield gettext("Escalation"), str(case.escalation_level)
    if row.clock_offset_seconds:
        yield gettext("Demo clock"), gettext("{time} ahead").format(time=words.duration(row.clock_offset))


@dataclass(frozen=True, slots=True)
class Decided:
    """An earlier decision, in the words that it had then."""

    submission: int
    what: Cell
    who: str
    at: words.Moment
    reasons: list[str]


OUTCOMES = {
    "approve": gettext_noop("Approved"),
    "ask_again": gettext_noop("Asked again"),
    "refuse": gettext_noop("Refused"),
}


def decisions(case: CaseState, names: words.Names, now: datetime) -> list[Decided]:
    """What was decided about each submission, the newest first."""
    known = reason_texts(code for each in case.decisions for code in each.reasons)
    return [
        Decided(
            submission=each.submission,
            what=Cell(gettext(OUTCOMES[each.outcome]), STILL),
            who=names.of(each.by.account, each.by.role),
            at=words.Moment.of(each.at, now),
            reasons=[known[code].text for code in each.reasons if code in known],
        )
        for each in reversed(case.decisions)
    ]
