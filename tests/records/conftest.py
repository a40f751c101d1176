from __future__ import annotations

import pytest

from onboarding.models.cases import Case
from tests.people import make_applicant


@pytest.fixture
def case(db: None) -> Case:
    """Somebody who has just signed up; nobody else sees them, because the transaction of the test is open."""
    return make_applicant()


@pytest.fixture
def committed_case(transactional_db: None) -> Case:
    """Somebody who has just signed up, for threads to see; Temporal is away."""
    return make_applicant()
