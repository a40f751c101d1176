"""The decoder's answer on the wire: what is packed comes out again, anything else is one kind of error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.documents.frames import BrokenFrame, pack, unpack


@given(blobs=st.lists(st.binary(max_size=50), max_size=4), note=st.text())
def test_a_frame_comes_out_as_it_went_in(blobs: list[bytes], note: str) -> None:
    """Mutant: separate the blobs by line breaks instead of by size."""
    assert unpack(pack({"note": note}, blobs)) == ({"note": note}, blobs)


@given(cut=st.integers(min_value=0, max_value=200))
def test_a_cut_frame_is_broken(cut: int) -> None:
    """Mutant: don't compare the sizes with what came."""
    frame = pack({"note": "x"}, [b"a" * 60, b"b" * 60])
    with pytest.raises(BrokenFrame):
        unpack(frame[: min(cut, len(frame) - 1)])


@given(frame=st.binary() | st.text(alphabet='{}[]":,-0123456789sizes\n ').map(str.encode))
def test_nonsense_is_broken_and_nothing_else(frame: bytes) -> None:
    """Mutant: catch the JSON error only."""
    try:
        unpack(frame)
    except BrokenFrame as error:
        assert str(error)  # noqa: PT017 - any other exception fails the test
    else:
        assert b"sizes" in frame


def test_a_deeply_nested_header_is_broken() -> None:
    """Mutant: leave the RecursionError out."""
    with pytest.raises(BrokenFrame):
        unpack(b"[" * 100_000)
