"""What must hold for every page, whatever it shows. Each function returns what is wrong, in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, Response

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """rules => axe.run(document, {
    runOnly: {type: rules[0].startsWith("wcag") ? "tag" : "rule", values: rules},
    resultTypes: ["violations"], iframes: false, preload: false,
}).then(found => found.violations.map(each => [each.id, each.nodes.map(node => `${node.target} (${
    [...node.any, ...node.all, ...node.none].map(why => why.message).join(" ")})`)]))"""
WIDER = """width => [...document.querySelectorAll("body *")]
    .filter(each => each.getBoundingClientRect().right > width)
    .map(each => `${each.localName}#${each.id}.${each.className}`).slice(0, 4)"""
ON_LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
"""The rules that depend on the width and on the colours."""
MOVING = """() => document.getAnimations().map(each => each.effect.target.outerHTML.slice(0, 80))"""

FOCUS = Path(__file__).with_name("focus.js").read_text(encoding="utf-8")

LIGHT_DESK, DARK_PHONE = (1280, "light"), (360, "dark")
NARROWEST, ZOOMED = 320, 640
"""CSS pixels: WCAG 1.4.10, and a window of 1280 pixels at 200 % (1.4.4)."""
OURS = ("/static/site/", "/static/desk/", "/static/api/")
MOST_BYTES = 60 * 1024


class Watch:
    """What a window complains about, and what it loads, since it was last asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._complaints: list[str] = []
        self._answers: list[Response] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._complaints.append(str(error)))
        page.on("response", lambda answer: self._answers.append(answer))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._complaints.append(message.text)

    def begin(self) -> None:
        self._complaints.clear()
        self._answers.clear()

    def complaints(self, status: int) -> list[str]:
        """All but the line that Chromium writes about a page whose status is an error."""
        return [each for each in self._complaints if f"a status of {status}" not in each]

    def strangers(self) -> list[str]:
        """Addresses at other hosts that were asked for anything."""
        own = urlsplit(self.page.url).netloc
        hosts = [(each.url, urlsplit(each.url)) for each in self._answers]
        return [url for url, parts in hosts if parts.scheme in {"http", "https"} and parts.netloc != own]

    def weight(self) -> int:
        """Bytes of our own style sheets and scripts on the present page, unpacked."""
        loaded = self.page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
        answers = {each.url: each for each in self._answers}
        return sum(
            len(answers[url].body())
            for url in set(loaded) & set(answers)
            if urlsplit(url).path.startswith(OURS) and urlsplit(url).path.endswith((".css", ".js"))
        )


def put(page: Page, look: tuple[int, str]) -> None:
    width, scheme = look
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # "light" or "dark"


def violations(page: Page, rules: list[str] = RULES) -> Iterator[str]:
    """What axe finds. It comes in by the debugger's door, so no policy has to let it in."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    found: list[tuple[str, list[str]]] = page.evaluate(RUN, rules)
    for rule, nodes in found:
        yield f"{rule}: {'; '.join(nodes[:3])}"


def too_wide(page: Page, width: int) -> Iterator[str]:
    page.set_viewport_size({"width": width, "height": 900})
    real: int = page.evaluate("document.documentElement.scrollWidth")
    if real > width:
        wider: Any = page.evaluate(WIDER, width)
        yield f"scrolls sideways at {width} px: {real} px, for {wider}"


def unseen_focus(page: Page) -> list[str]:
    """What can have the focus without showing it: WCAG 2.4.7, 2.4.11 and, for the ring, 2.4.13 and 1.4.11."""
    page.keyboard.press("Tab")
    found: list[str] = page.evaluate(FOCUS)
    return found


def moving(page: Page) -> Iterator[str]:
    """Whatever moves though the reader asked for less of it."""
    for each in page.evaluate(MOVING):
        yield f"moves: {each}"
