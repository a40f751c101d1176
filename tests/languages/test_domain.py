"""Whatever the rules can say is in the catalogues, word for word."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from allauth import __path__ as allauth
from django import __path__ as django
from django.contrib import admin
from django.utils.functional import Promise
from hypothesis import given
from hypothesis import strategies as st

from onboarding.desk.codes import CODES, english
from onboarding.desk.labels import LABELS, OURS
from onboarding.documents.words import WHY
from onboarding.domain.case import Case, birth
from onboarding.domain.deadlines import WakeupKind
from onboarding.domain.explain import Sentence, status_sentence, why
from onboarding.domain.messages import FACTS
from onboarding.domain.notices import NoticeKind
from onboarding.domain.policy import Policy, complaints
from onboarding.domain.reasons import BY_CODE, SLOT_NAMES
from onboarding.domain.refusals import SENTENCES
from onboarding.domain.status import (
    Action,
    CaseStatus,
    DocumentState,
    DocumentType,
    EventKind,
    Outcome,
    Role,
    Slot,
)
from onboarding.domain.timers import future, ring
from onboarding.domain.transition import LATE_FACT, hear
from onboarding.web import borrowed
from tests.domain import strategies
from tests.domain.builders import APPLICANT, PLACES, T0, make_case, new_id
from tests.domain.test_policy import ANYTHING
from tests.languages.catalogue import ROOT, TRANSLATED, compiled, po

KNOWN = {language: compiled(po(language).with_suffix(".mo")) for language in TRANSLATED}
MANY = "Ensure this value has at most %(limit_value)d character (it has %(show_value)d)."
DOMAIN = ROOT / "onboarding" / "domain"


def missing(*texts: str) -> list[str]:
    """Those that some language does not know."""
    return [text for text in texts if not all(text in known for known in KNOWN.values())]


def said(*sentences: Sentence) -> Iterator[str]:
    for sentence in sentences:
        yield sentence.text
        for phrases in sentence.names.values():
            yield from phrases


def spoken_of(case: Case) -> list[str]:
    return missing(*said(status_sentence(case), *why(case)))


@pytest.mark.parametrize("policy", strategies.POLICIES)
@pytest.mark.parametrize("place", PLACES)
def test_every_place_of_a_case_can_be_told(place: str, policy: str) -> None:
    """And wherever it comes to by itself. Mutant seen red: a sentence of `explain` that is not marked."""
    case = make_case(place, strategies.POLICIES[policy])
    assert spoken_of(case) == []
    while coming := future(case):
        case = ring(case, coming[0].at)
        assert spoken_of(case) == []


@given(st.data())
def test_every_life_can_be_told(data: st.DataObject) -> None:
    """Arbitrary messages and sleeps. Mutant: a sentence made of parts."""
    now, case = (
        T0,
        birth("c", APPLICANT.account, data.draw(st.sampled_from([*strategies.POLICIES.values()])), T0),
    )
    for _turn in range(data.draw(st.integers(1, 14))):
        now += data.draw(strategies.STEPS | st.just(timedelta(0)))
        while (rung := ring(case, now)) is not case:
            case = rung
        obvious = strategies.next_step(case, now)
        message = data.draw(
            st.one_of(
                st.just(obvious) if obvious else strategies.facts(case, now, new_id()),
                strategies.facts(case, now, new_id()),
                strategies.staff_work(case),
            )
        )
        case = hear(case, message, now)
        assert spoken_of(case) == []


def test_every_table_of_the_rules_is_known() -> None:
    """Mutant seen red: a new reason without its mark."""
    assert missing(*SENTENCES.values(), *SLOT_NAMES.values(), LATE_FACT) == []
    assert missing(*(text for each in BY_CODE.values() for text in (each.text, each.cure))) == []


@given(st.dictionaries(st.sampled_from(sorted(Policy.__dataclass_fields__)), ANYTHING, max_size=4))
def test_every_complaint_about_a_policy_is_known(values: dict[str, object]) -> None:
    assert missing(*(each.text for each in complaints(Policy(**values)))) == []  # type: ignore[arg-type]  # nonsense


def test_no_sentence_of_the_rules_is_unmarked() -> None:
    """Also those that no test comes to. Mutant seen red: one from an f-string."""
    found = {
        f"{path.name}:{line}"
        for path in DOMAIN.glob("*.py")
        for line in unmarked(ast.parse(path.read_text()))
    }
    assert found == set()


def unmarked(tree: ast.Module) -> Iterator[int]:
    """Lines with a text that ends like a sentence and is neither marked nor a docstring nor an exception."""
    spared: set[ast.AST] = set()
    for node in ast.walk(tree):
        marked = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
        if (
            marked
            or isinstance(node, ast.Raise)
            or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        ):
            spared |= set(ast.walk(node))
    for node in ast.walk(tree):
        if node not in spared and isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value.rstrip()
            if " " in text.lstrip() and text.endswith((".", "!", "?", ":")):
                yield node.lineno


def test_every_code_has_words() -> None:
    """Mutant seen red: a status that is new."""
    enumerations = (
        CaseStatus,
        DocumentState,
        DocumentType,
        Slot,
        Role,
        Outcome,
        Action,
        EventKind,
        WakeupKind,
        NoticeKind,
    )
    codes = {str(each) for kind in enumerations for each in kind} | set(BY_CODE) | set(WHY) | set(FACTS)
    others = {"start", "review_decided", "checks_finished", "account", "sent", "dropped", "parked", "owed"}
    assert {english(code) for code in codes | others} == set(CODES)
    assert missing(*CODES) == []


def test_every_table_of_the_admin_has_labels() -> None:
    """Mutant seen red: a column without a label."""
    wanted = set()
    for model in admin.site._registry:
        names = model._meta
        if names.app_label == OURS:
            ours = (each for each in names.fields if not isinstance(each._verbose_name, Promise))
            wanted |= {str(each) for each in (names.verbose_name, names.verbose_name_plural)}
            wanted |= {str(each.verbose_name) for each in ours}
    assert wanted == set(LABELS)
    assert missing(*LABELS) == []


def test_what_is_borrowed_is_said_by_the_libraries() -> None:
    """Mutant seen red: a sentence that a library words otherwise now."""
    folders = (Path(django[0]) / "conf", Path(allauth[0]))
    theirs = [compiled(each / "locale" / "es" / "LC_MESSAGES" / "django.mo") for each in folders]
    for text in borrowed.SENTENCES:
        assert any(text in known for known in theirs), text
    assert all((MANY, 0) in known for known in (*KNOWN.values(), theirs[0]))
