"""What machines say about a case: lights of the checks with their why, and what the document's lines say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from onboarding.desk import words
from onboarding.desk.cells import GOOD, LATE, STILL, WARN, Cell
from onboarding.desk.masking import masked_applicant, masked_email, profile_of
from onboarding.documents import words as check_words
from onboarding.domain import mrz
from onboarding.domain.case import Case as CaseState
from onboarding.domain.findings import ORDER, Check, Finding, Light
from onboarding.domain.snapshot import Snapshot
from onboarding.models.cases import Case

KINDS = {Light.GOOD: GOOD, Light.WARN: WARN, Light.BAD: LATE, Light.UNKNOWN: STILL}


@dataclass(frozen=True, slots=True)
class Result:
    """One light: what was looked at, how it came out, and why."""

    about: str
    cell: Cell
    why: str


@dataclass(frozen=True, slots=True)
class Declared:
    """One line of what the applicant says, beside what the machine-readable lines say of the same."""

    label: str
    value: str
    read: str = ""
    cell: Cell | None = None


def results(case: CaseState, found: Sequence[Finding]) -> list[Result]:
    """The lights of the present submission, those that want a look first. They advise and decide nothing."""
    if not case.submission:
        return []
    if not case.checked:
        return [Result(gettext("Checks"), Cell(gettext("not run"), WARN), gettext("Look closely."))]
    lights = sorted(found, key=lambda each: ORDER[each.light])
    return [_result(each) for each in lights] or _of_flags(case)


def declared(row: Case, snapshot: Snapshot, found: Sequence[Finding], *, sees: bool) -> list[Declared]:
    """What the applicant says about themselves. Who doesn't look at documents gets the person masked."""
    profile = profile_of(row)
    kind = snapshot.case.document_type
    lines = [] if kind is None else [Declared(gettext("Document"), words.plain(kind))]
    if profile is None or not sees:
        return [
            Declared(gettext("Name"), masked_applicant(row)),
            Declared(gettext("E-mail"), row.applicant.email if sees else masked_email(row.applicant.email)),
            *lines,
        ]
    zone = mrz.read(profile.mrz).zone if profile.mrz else None
    lights = {each.check: each.light for each in found} if zone else {}

    def line(label: str, value: str, check: Check, read: str) -> Declared:
        light = lights.get(check)
        cell = Cell(str(check_words.LIGHTS[light]), KINDS[light]) if light else None
        return Declared(label, value or "-", read, cell)

    name = f"{profile.given_name} {profile.family_name}".strip()
    born = profile.birth_date.isoformat() if profile.birth_date else ""
    ends = profile.expiry_date.isoformat() if profile.expiry_date else ""
    return [
        line(gettext("Name"), name, Check.MRZ_NAME, _name(zone) if zone else ""),
        Declared(gettext("E-mail"), row.applicant.email),
        line(gettext("Born"), born, Check.MRZ_BIRTH_DATE, zone.birth if zone else ""),
        line(gettext("Country"), profile.country, Check.MRZ_COUNTRY, zone.issuer if zone else ""),
        *lines,
        line(gettext("Number"), profile.document_number, Check.MRZ_NUMBER, zone.number if zone else ""),
        line(gettext("Valid until"), ends, Check.MRZ_EXPIRY, zone.expiry if zone else ""),
    ]


def _name(zone: mrz.Zone) -> str:
    return f"{zone.primary}<<{zone.secondary}" if zone.secondary else zone.primary


def _result(finding: Finding) -> Result:
    about = check_words.title(finding)
    if finding.slot:
        about = f"{words.plain(finding.slot)}: {about}"
    cell = Cell(str(check_words.LIGHTS[finding.light]), KINDS[finding.light])
    return Result(about, cell, check_words.why(finding))


def _of_flags(case: CaseState) -> list[Result]:
    """Cases that were checked before findings were kept have the codes alone."""
    parts = [flag.partition(":") for flag in case.flags]
    return [
        Result(words.plain(slot), Cell(words.plain(code) if code else words.plain(slot), WARN), "")
        for slot, _, code in parts
    ] or [Result(gettext("Checks"), Cell(gettext("nothing noticed"), GOOD), "")]
