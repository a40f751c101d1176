"""What the status page shows, from one snapshot: the sentence, the one button, steps, past and future."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from onboarding.domain.actions import attempts_left
from onboarding.domain.case import Case as CaseState
from onboarding.domain.deadlines import review_due_at
from onboarding.domain.documents import Document
from onboarding.domain.explain import status_sentence
from onboarding.domain.policy import HOUR
from onboarding.domain.reasons import SLOT_NAMES
from onboarding.domain.snapshot import Snapshot
from onboarding.domain.status import OWED, Action, CaseStatus, EventKind, Outcome, Role
from onboarding.ribbon import Ribbon, ribbon
from onboarding.sentences import attempts_words, reason_words, relative, spoken
from onboarding.web import words

NEWEST = 5
DONE, NOW, LATER, WARN = "done", "now", "later", "warn"


@dataclass(frozen=True)
class Moment:
    """A line with its time: the words, the instant, and how far away it is."""

    words: str
    at: datetime
    away: str


@dataclass(frozen=True)
class Step:
    """One step of the walk. `state` is a class of the page, `mark` its shape, `note` its time or lack."""

    title: str
    state: str
    note: str = ""
    at: datetime | None = None

    @property
    def mark(self) -> str:
        return {DONE: "✓", NOW: "→", LATER: "○", WARN: "!"}[self.state]


@dataclass(frozen=True)
class Primary:
    """The one button. `post` buttons carry a key; the others are links."""

    words: str
    url: str
    post: bool = False


@dataclass(frozen=True)
class Status:
    sentence: str
    tone: str
    primary: Primary | None
    steps: list[Step]
    ribbon: Ribbon
    past: list[Moment]
    future: list[Moment]
    meaning: list[str] = field(default_factory=list)
    attempts: str = ""
    refused_because: list[dict[str, str]] = field(default_factory=list)
    may_withdraw: bool = False

    @property
    def newest(self) -> list[Moment]:
        return self.past[:NEWEST]

    @property
    def older(self) -> list[Moment]:
        """Folded away: a long history would push what happens next off a phone's screen."""
        return self.past[NEWEST:]


def status_of(snap: Snapshot) -> Status:
    """Everything the page says about a case, in the reader's language and zone."""
    case = snap.case
    again = case.status is CaseStatus.RESUBMISSION_REQUESTED
    return Status(
        sentence=spoken(status_sentence(case), snap.now),
        tone=_tone(case),
        primary=_primary(snap),
        steps=_steps(case),
        ribbon=ribbon(
            snap,
            past_words=words.short_past,
            future_words=lambda wakeup: words.short_next(wakeup, is_open=case.is_open),
        ),
        past=[
            Moment(line, event.at, relative(event.at, snap.now))
            for event in reversed(case.history)
            if (line := words.happened(event))
        ],
        future=[
            Moment(line, wakeup.at, relative(wakeup.at, snap.now))
            for wakeup in snap.future
            if (line := words.next_words(wakeup))
        ],
        meaning=words.meaning(case, snap.now),
        attempts=attempts_words(attempts_left(case)) if again else "",
        refused_because=_refused_because(case),
        may_withdraw=snap.may(Role.APPLICANT, Action.WITHDRAW),
    )


def _tone(case: CaseState) -> str:
    if case.status is CaseStatus.APPROVED:
        return "good"
    if case.status in {CaseStatus.REJECTED, CaseStatus.EXPIRED}:
        return "bad"
    return "yours" if case.applicant_owes and not case.paused else "calm"


def _primary(snap: Snapshot) -> Primary | None:
    """The first thing that the applicant can do, in the order of the walk."""

    def may(action: Action) -> bool:
        return snap.may(Role.APPLICANT, action)

    case = snap.case
    if may(Action.CONFIRM_EMAIL):
        url = reverse("case_confirm_again")
        return Primary(str(words.ACTION_WORDS[Action.CONFIRM_EMAIL]), url, post=True)
    if may(Action.COMPLETE_PROFILE) and case.document_type is None:
        return Primary(str(words.ACTION_WORDS[Action.COMPLETE_PROFILE]), reverse("case_details"))
    if may(Action.SUBMIT):
        return Primary(str(words.ACTION_WORDS[Action.SUBMIT]), reverse("case_submit"), post=True)
    if may(Action.UPLOAD):
        return Primary(_upload_words(case), reverse("case_documents"))
    if may(Action.REOPEN):
        return Primary(str(words.ACTION_WORDS[Action.REOPEN]), reverse("case_reopen"), post=True)
    return None


def _upload_words(case: CaseState) -> str:
    missing = [document for document in case.documents if document.state in OWED]
    if len(missing) != 1:
        return gettext("Add your pictures")
    item = gettext(SLOT_NAMES[missing[0].slot])
    text = gettext("Send {item} again") if missing[0].reasons else gettext("Add {item}")
    return text.format(item=item)


def _steps(case: CaseState) -> list[Step]:
    confirmed = _last(case, EventKind.EMAIL_CONFIRMED)
    detailed = _last(case, EventKind.PROFILE_COMPLETED)
    steps = [
        _timed(gettext("E-mail address confirmed"), confirmed, case.status is CaseStatus.EMAIL_PENDING),
        _timed(gettext("Your details"), detailed, case.status is CaseStatus.COLLECTING),
    ]
    steps += [_picture(document, case.applicant_owes) for document in case.documents]
    if not case.documents:
        steps.append(Step(gettext("Your pictures"), LATER))
    return [*steps, _review(case)]


def _timed(title: str, at: datetime | None, turn: bool) -> Step:
    if at:
        return Step(title, DONE, at=at)
    return Step(title, NOW if turn else LATER)


def _picture(document: Document, turn: bool) -> Step:
    title = str(words.TITLES[document.slot])
    if document.reasons and document.state in OWED:
        return Step(title, WARN, gettext("needed again"))
    if document.state in OWED:
        return Step(title, NOW if turn else LATER, gettext("missing"))
    return Step(title, DONE, at=document.uploaded_at)


def _review(case: CaseState) -> Step:
    title = gettext("Review")
    hours = case.policy.review_sla_seconds // HOUR
    match case.status:
        case CaseStatus.APPROVED:
            return Step(title, DONE, gettext("approved"), at=case.decisions[-1].at)
        case CaseStatus.REJECTED:
            return Step(title, WARN, gettext("not accepted"), at=case.decisions[-1].at)
        case CaseStatus.CHECKING:
            return Step(title, NOW, gettext("your pictures are being checked"))
        case CaseStatus.IN_REVIEW:
            return Step(title, NOW, gettext("promised by"), at=review_due_at(case))
        case CaseStatus.RESUBMISSION_REQUESTED:
            return Step(title, LATER, gettext("goes on when you have submitted again"))
    return Step(title, LATER, gettext("usually within {hours} hours").format(hours=hours))


def _refused_because(case: CaseState) -> list[dict[str, str]]:
    if case.status is not CaseStatus.REJECTED:
        return []
    last = case.decisions[-1]
    return reason_words(last.reasons) if last.outcome is Outcome.REFUSE else []


def _last(case: CaseState, kind: EventKind) -> datetime | None:
    """When it last happened: whoever was reopened or corrected something sees the newest moment."""
    return next((event.at for event in reversed(case.history) if event.kind is kind), None)
