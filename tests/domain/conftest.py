"""How long the state machines search: `HYPOTHESIS_PROFILE=long pytest tests/domain` takes minutes."""

import os

from hypothesis import HealthCheck, settings

ALL = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.too_slow]}

settings.register_profile("suite", derandomize=True, max_examples=300, stateful_step_count=40, **ALL)
settings.register_profile("long", max_examples=5000, stateful_step_count=100, print_blob=True, **ALL)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))
