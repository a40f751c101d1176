"""What the declared data says about itself, to staff as lights and to the applicant as advice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from onboarding.domain.declared import Advice, Declared, advice, findings, last_day
from onboarding.domain.findings import Check, Finding, Light, flags
from onboarding.domain.issuers import country_of
from onboarding.domain.mrz import ProblemKind, check_digit
from tests.domain.test_mrz import TD1, TD3, changed

TODAY = date(2012, 1, 10)
ANNA = Declared(
    given_name="Anna Maria",
    family_name="Eriksson",
    birth_date=date(1974, 8, 12),
    country="SE",
    document_type="passport",
    document_number="L898902C3",
    expiry_date=date(2012, 4, 15),
    mrz=TD3.replace("UTO", "SWE"),
)


def light_of(check: Check, declared: Declared, today: date = TODAY) -> tuple[Light, str]:
    (found,) = (each for each in findings(declared, today) if each.check is check)
    return found.light, found.code


def test_details_that_agree_give_good_lights_and_no_advice() -> None:
    """Mutants seen red: the nationality for the issuer; the birth date against the expiry date."""
    found = findings(ANNA, TODAY)
    assert {each.light for each in found} == {Light.GOOD}
    assert {each.check for each in found} == {check for check in Check if check.startswith(("mrz", "expiry"))}
    assert flags(found) == ()
    assert advice(ANNA, TODAY) == ()


@pytest.mark.parametrize(
    ("change", "check", "expected"),
    [
        ({"birth_date": date(1974, 8, 13)}, Check.MRZ_BIRTH_DATE, (Light.BAD, "mrz_birth_date")),
        ({"document_number": "L898902C4"}, Check.MRZ_NUMBER, (Light.BAD, "mrz_number")),
        ({"document_number": "l 898902-c3"}, Check.MRZ_NUMBER, (Light.GOOD, "")),
        ({"expiry_date": date(2013, 4, 15)}, Check.MRZ_EXPIRY, (Light.BAD, "mrz_expiry")),
        ({"country": "NO"}, Check.MRZ_COUNTRY, (Light.WARN, "mrz_country")),
        ({"mrz": TD3}, Check.MRZ_COUNTRY, (Light.UNKNOWN, "mrz_country_unknown")),
        ({"document_type": "id_card"}, Check.MRZ_DOCUMENT, (Light.WARN, "mrz_document")),
        ({"family_name": "Ericson"}, Check.MRZ_NAME, (Light.BAD, "mrz_name")),
        ({"given_name": "Anna"}, Check.MRZ_NAME, (Light.WARN, "mrz_name_partly")),
        ({"given_name": "安娜"}, Check.MRZ_NAME, (Light.UNKNOWN, "mrz_name_script")),
        ({"mrz": changed(TD3, 2, 1, "M")}, Check.MRZ_CHECK_DIGITS, (Light.BAD, "mrz_check_digits")),
        ({"mrz": "nonsense"}, Check.MRZ_CHECK_DIGITS, (Light.WARN, "mrz_not_readable")),
        ({"mrz": ""}, Check.MRZ_CHECK_DIGITS, (Light.UNKNOWN, "mrz_missing")),
    ],
)
def test_each_difference_has_its_light(
    change: dict[str, object], check: Check, expected: tuple[Light, str]
) -> None:
    """Mutant seen red for each: leave the comparison out, or give it another light."""
    assert light_of(check, replace(ANNA, **change)) == expected  # type: ignore[arg-type]  # a table of fields


def test_what_the_zone_does_not_know_of_a_birth_date_is_not_held_against_anybody() -> None:
    """Doc 9303-4, 4.2.2: unknown parts are fillers. Mutant seen red: compare all six characters."""
    unknown = "7408<<"
    lines = TD3.split("\n")
    second = lines[1][:13] + unknown + check_digit(unknown) + lines[1][20:]
    zone = f"{lines[0]}\n{second}"
    assert light_of(Check.MRZ_BIRTH_DATE, replace(ANNA, mrz=zone)) == (Light.GOOD, "")


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (-1, (Light.BAD, "document_expired")),
        (0, (Light.WARN, "expires_soon")),
        (30, (Light.WARN, "expires_soon")),
        (31, (Light.GOOD, "")),
    ],
)
def test_a_document_is_good_until_the_end_of_its_last_day(left: int, expected: tuple[Light, str]) -> None:
    """Mutants seen red: `<=` for `<` at either bound."""
    assert ANNA.expiry_date
    assert light_of(Check.EXPIRY, ANNA, ANNA.expiry_date - timedelta(days=left)) == expected


def test_the_last_day_is_taken_from_the_zone_where_nobody_typed_it() -> None:
    """A person is asked for nothing twice. Mutant seen red: the declared date alone."""
    silent = replace(ANNA, expiry_date=None)
    assert last_day(silent) == date(2012, 4, 15)
    assert light_of(Check.EXPIRY, silent, date(2012, 4, 16)) == (Light.BAD, "document_expired")
    assert light_of(Check.EXPIRY, replace(silent, mrz="")) == (Light.UNKNOWN, "expiry_missing")


def test_an_expired_document_is_told_at_the_field_that_says_so() -> None:
    """Mutant seen red: tell only from the day after tomorrow on."""
    day = date(2012, 4, 15)
    assert advice(ANNA, day) == (Advice("expiry_date", "expires_today", day),)
    assert advice(ANNA, date(2012, 4, 16)) == (Advice("expiry_date", "expired", day),)
    assert advice(replace(ANNA, expiry_date=None), date(2012, 4, 16)) == (Advice("mrz", "expired", day),)


def test_differences_are_told_at_the_field_that_was_typed() -> None:
    """Mutants seen red: leave one of the three out."""
    other = replace(
        ANNA, birth_date=date(1974, 12, 8), expiry_date=date(2013, 4, 15), document_number="L898902C"
    )
    assert [(each.field, each.code) for each in advice(other, TODAY)] == [
        ("birth_date", "differs"),
        ("expiry_date", "differs"),
        ("document_number", "differs"),
    ]


def test_a_zone_with_a_slip_is_told_alone() -> None:
    """What depends on a wrong line is wrong as well, and would only confuse. Mutant seen red: tell both."""
    slip = replace(ANNA, mrz=changed(TD3, 2, 14, "O"), birth_date=date(1980, 1, 1))
    (said,) = advice(slip, TODAY)
    assert said.problem
    assert (said.field, said.problem.kind) == ("mrz", ProblemKind.LETTER)


def test_findings_hold_nothing_that_was_declared() -> None:
    """They are stored and shown apart from the details."""
    bad = replace(
        ANNA, mrz=changed(TD1, 1, 7, "9"), document_number="L898902C3", expiry_date=date(2011, 12, 24)
    )
    text = repr(findings(bad, TODAY)).lower()
    for secret in ("eriksson", "anna", "1974", "7408", "l898902c3", "2011", "d23"):
        assert secret not in text
    assert all(flag == flag.lower() and len(flag) < 60 for flag in flags(findings(bad, TODAY)))


@pytest.mark.parametrize(
    ("issuer", "country"), [("ESP", "ES"), ("D", "DE"), ("D<<", "DE"), ("GBD", "GB"), ("UNO", ""), ("", "")]
)
def test_issuers_are_found_by_their_letters(issuer: str, country: str) -> None:
    """Mutant seen red: no entry for Germany's single letter."""
    assert country_of(issuer) == country


def test_a_flag_is_a_code_and_a_good_light_has_none() -> None:
    """Mutant seen red: flag what could not be found out."""
    assert Finding(Check.EXPIRY, Light.UNKNOWN, code="expiry_missing").flag == ""
    assert Finding(Check.EXPIRY, Light.BAD, code="document_expired").flag == "document_expired"
