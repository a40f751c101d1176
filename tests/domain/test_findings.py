"""What machines find: when it goes back, and when a person looks at it all the same."""

import pytest

from onboarding.domain.findings import MOST_RETAKES, goes_back


@pytest.mark.parametrize(
    ("code", "returned", "back"),
    [
        ("", 0, False),
        ("blurred", 0, True),
        ("blurred", MOST_RETAKES - 1, True),
        ("blurred", MOST_RETAKES, False),
        ("unreadable", MOST_RETAKES, True),
    ],
)
def test_a_machine_sends_the_same_item_back_so_often_and_a_closed_file_always(
    code: str, returned: int, back: bool
) -> None:
    assert goes_back(code, returned) is back
