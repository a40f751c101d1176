"""Finding a case: what is found by what, in which order, at which cost."""

from __future__ import annotations

import importlib
import uuid
from datetime import date

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from onboarding import clock
from onboarding.models.cases import Case, Profile
from onboarding.models.people import User
from onboarding.models.search import SearchTerm
from onboarding.models.terms import LONGEST_TERM, folded, terms_of, words
from onboarding.records import search
from onboarding.usecases import applicant

pytestmark = [pytest.mark.database, pytest.mark.django_db]


def make_case(email: str, given: str = "", family: str = "", reference: str = "") -> Case:
    case = applicant.sign_up(User.objects.create_user(email))
    if reference:
        Case.objects.filter(pk=case.pk).update(reference=reference)
        case.refresh_from_db()
        search.write(case)
    if given or family:
        Profile.objects.create(
            case=case,
            given_name=given,
            family_name=family,
            birth_date=date(1990, 2, 11),
            country="ES",
            changed_at=clock.now(),
        )
    return case


def found(text: str) -> list[uuid.UUID]:
    return [hit.case_id for hit in search.find(text).hits]


@pytest.fixture
def ana(db: None) -> Case:
    return make_case("ana.garcia@correo.example", "Ana María", "García-O\u2019Brien", "7KQ4-M2XD")


@pytest.fixture(autouse=True)
def _others(db: None) -> None:
    make_case("bruno@other.example", "Bruno", "Ruiz", "9M2X-7KQ6")
    make_case("ann@other.example", "Ann", "Gardner", "CCCC-DDDD")


@pytest.mark.parametrize(
    "typed",
    [
        "7KQ4-M2XD",
        "7kq4m2xd",
        " 7k q4 m2 xd ",
        "7KQ4",
        "M2XD",
        "m2x",
        "ana.garcia@correo.example",
        "ANA.GARCIA@Correo.Example",
        "ana.gar",
        "@correo.example",
        "@corr",
        "maría",
        "maria",
        "García",
        "garcia-obrien",
        "obrien",
        "O'Brien",
        "o\u2019bri",
        "ana mar garc",
        "garcia ana",
        "ana correo",
        "\tana\n maria\u200b ",
    ],
)
def test_a_case_is_found_by_what_people_say(ana: Case, typed: str):
    """Mutants seen red: accents kept in `folded`; the last half of a reference left out of `terms_of`."""
    assert found(typed) == [ana.pk]


@pytest.mark.parametrize(
    "typed", ["", "   ", "%", "_", "---", "nobody", "ana ruiz", "anab", "@", "rcia", "\0", "'"]
)
def test_nothing_is_found_by_what_fits_nobody(ana: Case, typed: str):
    """`%` and `_` are no wildcards. Mutant seen red: `cases &=` in `_fitting` as `cases |=`."""
    assert found(typed) == []


@pytest.mark.parametrize("typed", ["x" * 5000, "\ud800 ana", "🙂", "a\0b", "ana " * 500])
def test_no_text_is_too_strange_to_look_for(ana: Case, typed: str):
    assert search.find(typed).more is False


@pytest.mark.parametrize(
    ("given", "family", "typed"),
    [
        ("小明", "王", "王"),
        ("Владимир", "Ёлкин", "елкин"),
        ("Søren", "Łukasz", "soren luk"),
        ("Prince", "", "prin"),
    ],
)
def test_any_script_and_single_names_are_found(given: str, family: str, typed: str):
    case = make_case("x@any.example", given, family)
    assert found(typed) == [case.pk]


def test_a_case_is_found_once_however_many_of_its_words_fit():
    """Mutant seen red: `_fitting` without its look at the first term."""
    case = make_case("anton@anton.example", "Anton", "Antonov")
    assert found("anto") == [case.pk]


def test_the_words_of_a_case_follow_its_account_and_its_details(ana: Case):
    """Mutant seen red: `_profile_saved` not connected. Mutant: `_account_saved` not connected."""
    ana.applicant.email = "new.address@correo.example"
    ana.applicant.save(update_fields=["email"])
    assert found("new.address") == [ana.pk]
    profile = Profile.objects.get(case=ana)
    profile.given_name = "Zoe"
    profile.save()
    assert [found(text) for text in ("ana.garcia@", "maria", "new.address", "zoe garcia")] == [
        [],
        [],
        [ana.pk],
        [ana.pk],
    ]


def test_what_is_rolled_back_is_not_found():
    """The words stand or fall with what they mirror."""
    with transaction.atomic():
        make_case("gone@gone.example", "Gone", "Away")
        transaction.set_rollback(True)
    assert found("gone") == []


def test_another_login_costs_no_look_at_the_words(ana: Case):
    with CaptureQueriesContext(connection) as asked:
        ana.applicant.last_login = clock.now()
        ana.applicant.save(update_fields=["last_login"])
    assert len([each for each in asked if "searchterm" in each["sql"]]) == 0


def test_pages_follow_each_other_without_gap_or_repetition():
    """Mutant seen red: `case_id__gt` as `case_id__gte` in `_behind`."""
    wanted = {make_case(f"p{n}@many.example", "Quim", f"Quiroga{n % 3}").pk for n in range(13)}
    seen: list[uuid.UUID] = []
    after = None
    while True:
        page = search.find("qui", after, size=4)
        seen += [hit.case_id for hit in page.hits]
        if not page.more:
            break
        after = page.hits[-1].term_id
    assert len(seen) == len(wanted)
    assert set(seen) == wanted


def test_the_next_page_goes_on_in_the_reading_that_found_the_first():
    """Mutant seen red: `find` without its look at the reading of the place, which ends after a page."""
    wanted = {make_case(f"h{n}@many.example", "", "Quesada-Quill").pk for n in range(3)}
    first = search.find("quesada-quill", size=2)
    second = search.find("quesada-quill", first.hits[-1].term_id, size=2)
    assert [len(first.hits), first.more, len(second.hits), second.more] == [2, True, 1, False]
    assert {hit.case_id for hit in (*first.hits, *second.hits)} == wanted


def test_a_place_that_is_gone_is_not_taken_for_the_end(ana: Case):
    hit = search.find("garcia").hits[0]
    Profile.objects.get(case=ana).delete()
    search.write(ana)
    with pytest.raises(search.PlaceIsGone):
        search.find("garcia", hit.term_id)


def test_a_search_with_too_many_candidates_says_so(monkeypatch: pytest.MonkeyPatch):
    """Mutant seen red: `unfinished` always False."""
    monkeypatch.setattr(search, "BATCH", 2)
    monkeypatch.setattr(search, "MOST_BATCHES", 2)
    for n in range(8):
        make_case(f"u{n}@u.example", "Uma", "Vela" if n % 2 else "Wolf")
    SearchTerm.objects.filter(value="vela").delete()
    answer = search.find("uma w", size=50)
    assert answer.unfinished
    assert search.find("uma vela").unfinished is False


def test_no_search_reads_a_whole_table(ana: Case):
    """On both databases, by their own plans. Mutant seen red: `beginning` as `value__startswith`."""
    with CaptureQueriesContext(connection) as asked:
        for typed in ("7kq4", "ana maria", "@correo.example", "ana.garcia@"):
            search.find(typed, after=search.find(typed).hits[0].term_id)
    assert len(asked) > 8
    assert scans([each["sql"] for each in asked]) == []


def scans(statements: list[str]) -> list[str]:
    """The statements that the database would answer by reading a whole table of ours."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # else tables as small as these are read whole
        bad = []
        for sql in statements:
            if not sql.startswith("SELECT"):
                continue
            cursor.execute(
                f"{'EXPLAIN' if connection.vendor == 'postgresql' else 'EXPLAIN QUERY PLAN'} {sql}"
            )
            plan = "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())
            if "Seq Scan on onboarding" in plan or "SCAN onboarding" in plan:
                bad.append(f"{sql}\n{plan}")
    return bad


def test_the_migration_writes_the_words_of_cases_that_are_there(ana: Case, monkeypatch: pytest.MonkeyPatch):
    """In batches, and a second time without harm. Mutant: only the first batch."""
    before = set(SearchTerm.objects.values_list("case_id", "kind", "value"))
    SearchTerm.objects.all().delete()
    migration = importlib.import_module("onboarding.migrations.0008_support")
    monkeypatch.setattr(migration, "BATCH", 2)
    migration.write_terms(apps, None)
    migration.write_terms(apps, None)
    assert set(SearchTerm.objects.values_list("case_id", "kind", "value")) == before


def test_long_names_and_addresses_are_cut_alike_where_they_are_written_and_looked_for():
    long = "x" * 300
    assert max(len(term) for term in terms_of("7KQ4-M2XD", f"{long}@x.example", [long])) == LONGEST_TERM
    assert folded("ÅNGSTRÖM\u202e") == "angstrom"
    assert words("De la Cruz, de la") == ["de", "la", "cruz"]
