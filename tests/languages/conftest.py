"""Lives of cases are searched here as they are in `tests/domain`."""

import tests.domain.conftest  # noqa: F401  loads its profile of Hypothesis
