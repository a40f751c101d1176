"""Colours that the reader chooses, and movement that the reader asked to be spared."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import prepared, sign_in
from tests.browser.test_desk import PEOPLE, make_case
from tests.browser.watching import Watched
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]

Open = Callable[..., Watched]
COLOUR = """([selector, property]) => {
    const probe = document.createElement("i");
    document.body.append(probe);
    const system = name => { probe.style.color = name; return getComputedStyle(probe).color; };
    const [ink, paper, here] = ["CanvasText", "Canvas", "Highlight"].map(system);
    probe.remove();
    return {found: getComputedStyle(document.querySelector(selector))[property], ink, paper, here};
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_keep_their_lines_in_forced_colours(open_browser: Open, live: Stack, scheme: str) -> None:
    """SVG is not recoloured by the browser. Mutant seen red: the ribbon keeps the colours of the site."""
    page = open_browser(forced_colors="active", color_scheme=scheme).page
    prepared(live).sign_in(page.context)
    page.goto("/case/")
    found = page.evaluate(COLOUR, [".ribbon line", "stroke"])
    assert found["found"] == found["ink"] != found["paper"]
    found = page.evaluate(COLOUR, [".ribbon line.now", "stroke"])
    assert found["found"] == found["here"]


def test_what_has_the_focus_or_is_chosen_shows_it_in_forced_colours(open_browser: Open, live: Stack) -> None:
    """A shadow would be gone. Mutant seen red: the ring around the focus is a shadow."""
    live.python(PEOPLE)
    address = make_case(live)
    page = open_browser(forced_colors="active").page
    sign_in(page.context, live, "rita@demo.example")
    page.goto(address)
    page.keyboard.press("Tab")
    page.locator("[name=outcome]").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("[name=outcome]").first).to_be_checked()
    ring = page.evaluate("getComputedStyle(document.activeElement).outline")
    assert "solid" in ring
    assert "3px" in ring


@pytest.mark.parametrize("where", ["/account/sign-in/", "/admin/"])
def test_nothing_moves_for_those_who_asked_for_less(open_browser: Open, live: Stack, where: str) -> None:
    """Pico sees to it on the applicant's pages, desk.css on those of the admin. Mutant seen red: desk.css."""
    live.python(PEOPLE)
    longest = """Math.max(...[...document.querySelectorAll("*")]
        .map(each => parseFloat(getComputedStyle(each).transitionDuration)))"""
    for motion, moves in (("reduce", False), ("no-preference", True)):
        page = open_browser(reduced_motion=motion).page
        if where == "/admin/":
            sign_in(page.context, live, "rita@demo.example")
        page.goto(where)
        assert (page.evaluate(longest) > 0) is moves
