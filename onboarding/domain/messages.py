"""What a case can be told. Facts are past ("id_uploaded"), commands are imperative ("decide").

Every message has an id made where it began, so that repeating it is safe. None carries personal data:
people are named by the ids of their accounts, documents by their ids and hashes.
"""

from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime

from onboarding.domain.policy import Policy
from onboarding.domain.status import DocumentType, Outcome, Role, Slot


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it. `account` is the id of an account, or empty for timers and the system."""

    role: Role
    account: str = ""


def _require_id(message_id: str) -> None:
    if not (0 < len(message_id) <= 100 and message_id.isprintable()):
        raise ValueError("a message needs an id of 1 to 100 printable characters")


TIMER = Actor(Role.TIMER)
SYSTEM = Actor(Role.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that has happened. `occurred_at` is when it was handed in, on the case's clock."""

    message_id: str
    occurred_at: datetime

    def __post_init__(self) -> None:
        _require_id(self.message_id)
        if self.occurred_at.tzinfo is None:
            raise ValueError("occurred_at must carry a time zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailVerified(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileCompleted(Fact):
    document_type: DocumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class IdUploaded(Fact):
    """A stored picture. `sha256` is the hash of the stored bytes, as 64 hexadecimal digits."""

    document_id: str
    slot: Slot
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Fact):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Fact):
    """`by` is the member of staff who did it for the applicant; None is the applicant."""

    by: Actor | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderDelivered(Fact):
    """The mail server took over a reminder of this wait; `rung` 0 is one that support sent again."""

    stage: int
    rung: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Retake:
    """A picture that nobody could use, and why (a citation of `reasons`)."""

    slot: Slot
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksFinished(Fact):
    """The automated checks of one submission: what must be taken again, what a reviewer should know."""

    submission: int
    retakes: tuple[Retake, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Somebody wants something done; they are answered."""

    message_id: str
    actor: Actor

    def __post_init__(self) -> None:
        _require_id(self.message_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReasons:
    """Why one picture was not accepted: citations of `reasons`."""

    slot: Slot
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide(Command):
    """`submission` is the number the reviewer looked at; `items` name what is asked for again."""

    submission: int
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    items: tuple[ItemReasons, ...] = ()
    extra_attempt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Command):
    """Take the case, or renew one's own lease; with `holder`, a senior gives it to that reviewer."""

    holder: Actor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Release(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(Command):
    seconds: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Command):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(Command):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Command):
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendNotice(Command):
    """Send the mail of the present status again."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyPolicy(Command):
    policy: Policy
    reason: str


Message = Fact | Command

LONGEST_TEXT = 2000
LARGEST_NUMBER = 2**31 - 1


def storable(value: object) -> bool:
    """False for a message with a text or number, at any depth, that a row could never take.

    A case that heard such a message could not be recorded any more, whatever the rules say about it.
    """
    match value:
        case str():
            bounded = len(value) <= LONGEST_TEXT and "\0" not in value
            return bounded and not any("\ud800" <= character <= "\udfff" for character in value)
        case int():
            return abs(value) <= LARGEST_NUMBER
        case tuple():
            return len(value) <= LONGEST_TEXT and all(storable(each) for each in value)
        case _ if is_dataclass(value):
            return all(storable(getattr(value, field.name)) for field in fields(value))
    return True


FACTS: dict[str, type[Fact]] = {
    "email_verified": EmailVerified,
    "profile_completed": ProfileCompleted,
    "id_uploaded": IdUploaded,
    "submitted": Submitted,
    "withdrawn": Withdrawn,
    "reminder_delivered": ReminderDelivered,
}
"""The facts that reach a case from outside, by the name they travel under."""

COMMANDS: dict[str, type[Command]] = {
    "decide": Decide,
    "claim": Claim,
    "release": Release,
    "extend": Extend,
    "pause": Pause,
    "resume": Resume,
    "reopen": Reopen,
    "resend_notice": ResendNotice,
    "apply_policy": ApplyPolicy,
}
"""The commands, by the name of their update."""
