"""What the automated checks of a submission found: one finding for each thing that was looked at.

Findings advise; people decide. They are for staff. The case itself carries only their flags: codes, no data.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from onboarding.domain.status import Slot


class Light(StrEnum):
    """How a finding is shown; always with a word and a shape beside the colour."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNKNOWN = "unknown"
    """It could not be found out."""


class Check(StrEnum):
    """What is looked at. The first ones are of one picture, the later ones of the declared data."""

    READABLE = "readable"
    RESOLUTION = "resolution"
    CONTENT = "content"
    SHARPNESS = "sharpness"
    EXPOSURE = "exposure"
    GLARE = "glare"
    TWO_SIDES = "two_sides"
    """No other picture of this submission is the same."""
    SENT_AGAIN = "sent_again"
    """It is not the picture that was not accepted before."""
    ELSEWHERE = "elsewhere"
    """The picture was not used by another case. Never told to an applicant."""

    EXPIRY = "expiry"
    MRZ_CHECK_DIGITS = "mrz_check_digits"
    MRZ_NAME = "mrz_name"
    MRZ_BIRTH_DATE = "mrz_birth_date"
    MRZ_NUMBER = "mrz_number"
    MRZ_EXPIRY = "mrz_expiry"
    MRZ_COUNTRY = "mrz_country"
    MRZ_DOCUMENT = "mrz_document"


MOST_RETAKES = 2
"""So often a machine sends the same item back. What it still does not like then, a person looks at."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One result.

    Attributes:
        code: what is not good, for flags and, where a picture must be taken again, a code of `reasons`; empty
            for a good light.
        slot: whose picture, or None for the declared data.
        params: what the sentence for staff needs. Never names, dates or numbers of a document.
    """

    check: Check
    light: Light
    slot: Slot | None = None
    code: str = ""
    params: dict[str, str] = field(default_factory=dict)

    @property
    def flag(self) -> str:
        """The code under which the case carries it: "id_front:blurred", "document_expired"; "" when good."""
        if self.light not in {Light.WARN, Light.BAD}:
            return ""
        return f"{self.slot}:{self.code}" if self.slot else self.code


ORDER = {light: place for place, light in enumerate((Light.BAD, Light.WARN, Light.UNKNOWN, Light.GOOD))}


def goes_back(code: str, returned: int) -> bool:
    """Whether a picture that nobody can use goes straight back to the applicant, or to a person all the same.

    Args:
        code: what is wrong; empty where it can be used. A file that does not open shows a person nothing.
        returned: how often machines have sent this item back before.
    """
    return bool(code) and (returned < MOST_RETAKES or code == "unreadable")


def flags(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The codes that the case carries, each once."""
    return tuple(dict.fromkeys(finding.flag for finding in findings if finding.flag))
