"""Every page in every state: for everybody, at every width, in both schemes, with nothing from elsewhere.

One test a group of pages, each a loop over the table in `sights`: a browser, a service and a set of people
are made once. axe looks at each page twice, wide and light, then narrow and dark. What is missing in the
table is found by `test_sights`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import examining
from tests.browser.cast import Cast
from tests.browser.sights import API, APPLICANT, DESK, STAFF, SUPPORT, VISITOR, Sight
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]


@pytest.fixture(scope="module")
def cast(chromium: Browser, live: Stack) -> Iterator[Cast]:
    people = Cast(live, chromium)
    yield people
    people.close()


def show(page: Page, sight: Sight, cast: Cast) -> None:
    page.goto(sight.path.format(**cast.names))
    if sight.act:
        sight.act(page)


def wrong(cast: Cast, sight: Sight, watch: examining.Watch) -> Iterator[str]:
    """Everything that is wrong with one page."""
    page = watch.page
    examining.put(page, examining.LIGHT_DESK)
    watch.begin()
    show(page, sight, cast)
    yield from examining.violations(page)
    yield from examining.moving(page)
    examining.put(page, examining.DARK_PHONE)
    yield from examining.violations(page, examining.ON_LOOKS)
    yield from examining.unseen_focus(page)
    for width in (examining.NARROWEST, examining.ZOOMED):
        yield from examining.too_wide(page, width)
    yield from watch.complaints(sight.status)
    yield from (f"asks {address}" for address in watch.strangers())
    if watch.weight() > examining.MOST_BYTES:
        yield f"weighs {watch.weight()} bytes"


@pytest.fixture
def examine(cast: Cast) -> Iterator[Callable[[tuple[Sight, ...]], None]]:
    watches: dict[str, examining.Watch] = {}

    def all_of(sights: tuple[Sight, ...]) -> None:
        found = []
        for sight in sights:
            page = cast.page(sight.who)
            page.set_default_timeout(10_000)
            watch = watches.setdefault(sight.who, examining.Watch(page))
            found += [f"{sight.name}: {each}" for each in wrong(cast, sight, watch)]
        assert not found, "\n".join(found)

    yield all_of
    cast.close()


def test_pages_of_visitors(examine: Callable[[tuple[Sight, ...]], None]) -> None:
    """Mutants seen red: the column is 25rem at least; a style attribute; no ring; a script of 70 KB.

    axe itself was red for links without an underline, targets of 20 px and a hover colour that was too pale.
    """
    examine(VISITOR)


def test_pages_of_applicants(examine: Callable[[tuple[Sight, ...]], None]) -> None:
    examine(APPLICANT)


def test_pages_of_staff(examine: Callable[[tuple[Sight, ...]], None]) -> None:
    examine(STAFF)


SWAGGER = {
    "nested-interactive": "a link within the button that opens an operation",
    "heading-order": "a third level after the first",
    "region": "title and address of the description stand outside of its own landmark",
}
"""What Swagger UI's own markup breaks on the page that describes the API, by axe's rule. Nothing else."""


def test_the_description_of_the_api(cast: Cast) -> None:
    """Its colours, targets and focus are mended in `api/docs.css`; red before that."""
    page = cast.page(API.who)
    watch = examining.Watch(page)
    page.goto(API.path)
    page.locator(".opblock").first.wait_for()
    for look in (examining.LIGHT_DESK, examining.DARK_PHONE):
        examining.put(page, look)
        found = [each for each in examining.violations(page) if each.partition(":")[0] not in SWAGGER]
        assert found == []
    for width in (examining.NARROWEST, examining.ZOOMED):
        assert list(examining.too_wide(page, width)) == []
    assert (watch.complaints(200), watch.strangers()) == ([], [])


def test_pages_while_temporal_is_away(cast: Cast, live: Stack) -> None:
    """The stored case instead of the live one, and what waits for the workflow is switched off."""
    sights = (
        Sight("sam", "desk-away", DESK % "gala"),
        Sight("sue", "support-away", SUPPORT % "gala"),
        Sight("gala", "case-away", "/case/"),
    )
    found = []
    live.temporal.kill()
    try:
        for sight in sights:
            watch = examining.Watch(cast.page(sight.who))
            found += [f"{sight.name}: {each}" for each in wrong(cast, sight, watch)]
    finally:
        live.temporal.start()
    assert not found, "\n".join(found)
