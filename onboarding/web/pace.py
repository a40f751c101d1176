"""How long a sign-up takes, so that one with a known address can take as long.

A real sign-up writes rows and talks to Temporal; the other only owes a mail. The difference would tell who
has an account. So the short way waits as long as one of the last real ones took: nobody real is slowed down.
"""

from __future__ import annotations

import random
import time
from collections import deque

REMEMBERED = 20
LONGEST_SECONDS = 2.5
AT_FIRST_SECONDS = 0.08


class Pace:
    """The durations of the last real sign-ups of this process."""

    def __init__(self) -> None:
        self._seconds: deque[float] = deque([AT_FIRST_SECONDS], maxlen=REMEMBERED)

    def took(self, seconds: float) -> None:
        self._seconds.append(min(seconds, LONGEST_SECONDS))

    def keep(self, seconds: float) -> None:
        """Waits until as much time has passed as for a real sign-up.

        Args:
            seconds: how much of it has passed already.
        """
        whole = random.choice(self._seconds)  # noqa: S311  no secret
        time.sleep(max(0.0, whole - seconds))
