"""What an applicant declared, against itself: check digits, and what the zone says about everything else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from onboarding.domain import mrz
from onboarding.domain.findings import Check, Finding, Light
from onboarding.domain.issuers import country_of
from onboarding.domain.mrz_names import Likeness, likeness
from onboarding.domain.status import DocumentType

SOON = timedelta(days=30)
MOST_SAID = 3
"""Slips in the lines that are told at a time."""


@dataclass(frozen=True, slots=True)
class Declared:
    """The details as they were typed. Personal data: it never leaves the database and this process."""

    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    country: str = ""
    document_type: str = ""
    document_number: str = ""
    expiry_date: date | None = None
    mrz: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """Something to tell the applicant at a field; it stops nobody.

    Attributes:
        field: of the form.
        code: "expired", "expires_today", "differs", or "mrz" with its `problem`.
        on: the last day of the document, for the first two; what the zone says, for "differs".
    """

    field: str
    code: str
    on: date | None = None
    problem: mrz.Problem | None = None


def last_day(declared: Declared) -> date | None:
    """When the document expires: as given, else as the zone says."""
    zone = mrz.read(declared.mrz).zone if declared.mrz else None
    return declared.expiry_date or (zone.expires_on() if zone else None)


def findings(declared: Declared, today: date) -> tuple[Finding, ...]:
    """What staff should know of the declared data. Carries codes only, nothing that was declared.

    Args:
        today: where the applicant is.
    """
    found = [_expiry(last_day(declared), today)]
    if not declared.mrz:
        return (*found, Finding(Check.MRZ_CHECK_DIGITS, Light.UNKNOWN, code="mrz_missing"))
    reading = mrz.read(declared.mrz)
    if reading.zone is None:
        return (*found, Finding(Check.MRZ_CHECK_DIGITS, Light.WARN, code="mrz_not_readable"))
    parts = ",".join(dict.fromkeys(problem.part for problem in reading.problems if problem.part))
    found.append(
        Finding(Check.MRZ_CHECK_DIGITS, Light.BAD, code="mrz_check_digits", params={"parts": parts})
        if reading.problems
        else Finding(Check.MRZ_CHECK_DIGITS, Light.GOOD)
    )
    return (*found, *_compared(declared, reading.zone))


def advice(declared: Declared, today: date) -> tuple[Advice, ...]:
    """What to tell the applicant while they can still correct it."""
    said: list[Advice] = []
    reading = mrz.read(declared.mrz) if declared.mrz else None
    zone = reading.zone if reading else None
    ends = last_day(declared)
    field = "expiry_date" if declared.expiry_date else "mrz"
    if ends and ends <= today:
        said.append(Advice(field, "expired" if ends < today else "expires_today", ends))
    if reading:
        # The digit over everything is wrong with every other one.
        slips = [each for each in reading.problems if each.part is not mrz.Part.WHOLE] or reading.problems
        said += [Advice("mrz", "mrz", problem=problem) for problem in slips[:MOST_SAID]]
    if zone is None or (reading and reading.problems):
        return tuple(said)
    if declared.birth_date and not _same_day(declared.birth_date, zone.birth):
        said.append(Advice("birth_date", "differs"))
    if declared.expiry_date and not _same_day(declared.expiry_date, zone.expiry):
        said.append(Advice("expiry_date", "differs", zone.expires_on()))
    if declared.document_number and not _same_number(declared.document_number, zone.number):
        said.append(Advice("document_number", "differs"))
    return tuple(said)


def _expiry(ends: date | None, today: date) -> Finding:
    if ends is None:
        return Finding(Check.EXPIRY, Light.UNKNOWN, code="expiry_missing")
    if ends < today:
        return Finding(Check.EXPIRY, Light.BAD, code="document_expired")
    if ends <= today + SOON:
        return Finding(
            Check.EXPIRY, Light.WARN, code="expires_soon", params={"days": str((ends - today).days)}
        )
    return Finding(Check.EXPIRY, Light.GOOD)


def _compared(declared: Declared, zone: mrz.Zone) -> Iterator[Finding]:
    alike = likeness(
        declared.given_name, declared.family_name, zone.primary, zone.secondary, truncated=zone.truncated
    )
    light, code = {
        Likeness.SAME: (Light.GOOD, ""),
        Likeness.PART: (Light.WARN, "mrz_name_partly"),
        Likeness.OTHER: (Light.BAD, "mrz_name"),
        Likeness.UNKNOWN: (Light.UNKNOWN, "mrz_name_script"),
    }[alike]
    yield Finding(Check.MRZ_NAME, light, code=code)
    if declared.birth_date:
        yield _agrees(Check.MRZ_BIRTH_DATE, _same_day(declared.birth_date, zone.birth))
    if declared.document_number:
        yield _agrees(Check.MRZ_NUMBER, _same_number(declared.document_number, zone.number))
    if declared.expiry_date:
        yield _agrees(Check.MRZ_EXPIRY, _same_day(declared.expiry_date, zone.expiry))
    issuer = country_of(zone.issuer)
    if not issuer:
        yield Finding(Check.MRZ_COUNTRY, Light.UNKNOWN, code="mrz_country_unknown")
    elif declared.country:
        # A territory's document may name the state that it belongs to.
        yield _agrees(Check.MRZ_COUNTRY, issuer == declared.country, Light.WARN)
    if declared.document_type:
        passport = declared.document_type == DocumentType.PASSPORT
        yield _agrees(Check.MRZ_DOCUMENT, passport is zone.is_passport, Light.WARN)


def _agrees(check: Check, agrees: bool, otherwise: Light = Light.BAD) -> Finding:
    return Finding(check, Light.GOOD) if agrees else Finding(check, otherwise, code=str(check))


def _same_day(day: date, six: str) -> bool:
    """Whether a date is the zone's, as far as it says: no century there, and fillers for what is unknown."""
    written = f"{day.year % 100:02}{day.month:02}{day.day:02}"
    return all(there in (mrz.FILLER, sign) for sign, there in zip(written, six, strict=True))


def _same_number(number: str, zone: str) -> bool:
    return "".join(sign for sign in number.upper() if sign.isalnum()) == zone
