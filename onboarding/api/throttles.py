"""How much each caller may ask of each part, counted in the database's cache by all processes together."""

from __future__ import annotations

from typing import Any

from rest_framework.settings import api_settings
from rest_framework.throttling import ScopedRateThrottle


class ScopedThrottle(ScopedRateThrottle):
    """The rates stand in the settings; a rate of None is no limit."""

    def get_rate(self) -> str | None:
        rates: Any = api_settings.DEFAULT_THROTTLE_RATES
        rate: str | None = rates[self.scope]
        return rate
