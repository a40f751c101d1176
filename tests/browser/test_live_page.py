"""The open status page changes by itself, however the news comes, and leaves the reader where they were."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.people import Prepared, prepared
from tests.browser.watching import Watched
from tests.faults.processes import until
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]

WITHDRAWN = "The application was withdrawn."
NETWORK = ("ERR_", "502", "503")
ENDS_WITHIN_SECONDS = 10
"""A web process that waits for its streams would be killed after 15."""

COUNT_STREAMS = """
window.streams = 0;
window.EventSource = class extends EventSource {
    constructor(address) {
        super(address);
        this.addEventListener("open", () => { window.streams += 1; });
    }
};
"""


class Asked:
    """What the page has asked for since it was opened."""

    def __init__(self, page: Page) -> None:
        self._addresses: list[str] = []
        page.on("request", lambda request: self._addresses.append(request.url))

    def count(self, what: str) -> int:
        return sum(f"/case/{what}/" in address for address in self._addresses)


def opened(window: Watched, somebody: Prepared) -> Asked:
    """The status page of somebody. Their browser counts the streams that were opened in `window.streams`."""
    page = window.page
    somebody.sign_in(page.context)
    asked = Asked(page)
    page.add_init_script(COUNT_STREAMS)
    page.goto("/case/")
    return asked


def wait_for_stream(page: Page, number: int = 1) -> None:
    until(lambda: bool(page.evaluate("window.streams") >= number), 60, f"stream {number}")


@pytest.mark.seconds
def test_change_arrives_within_about_a_second_without_polling(
    open_browser: Callable[..., Watched], live: Stack
) -> None:
    """Mutants: a page without its stream; one that polls beside it."""
    window = open_browser()
    page = window.page
    page.clock.install()
    asked = opened(window, prepared(live))
    wait_for_stream(page)
    page.clock.fast_forward(60_000)  # whatever polls would do so now
    page.evaluate("1")
    assert asked.count("live") == 0
    other = page.context.new_page()
    other.goto("/case/withdraw/")
    other.get_by_role("button", name="Yes, withdraw it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(WITHDRAWN, timeout=1_500)


def test_page_follows_after_a_restart_of_the_web_process(
    open_browser: Callable[..., Watched], live: Stack
) -> None:
    """The web process ends at once although a stream is open, and the page hears what it missed meanwhile.

    Mutants: streams that don't end with the process; a stream that tells only what comes after it.
    """
    window = open_browser()
    window.expected = NETWORK
    somebody = prepared(live)
    page = window.page
    opened(window, somebody)
    wait_for_stream(page)
    begun = time.monotonic()
    live.web.stop()
    took = time.monotonic() - begun
    try:
        somebody.ask('applicant.withdraw(case, key="meanwhile")')
    finally:
        live.web.start()
    assert took < ENDS_WITHIN_SECONDS
    expect(page.get_by_role("heading", level=1)).to_contain_text(WITHDRAWN, timeout=60_000)
    wait_for_stream(page, 2)


def test_page_polls_where_no_stream_can_be_had(open_browser: Callable[..., Watched], live: Stack) -> None:
    """Mutant: a page that only listens."""
    window = open_browser()
    window.expected = ("429",)

    def refuse(route: Route) -> None:
        route.fulfill(status=429, headers={"Retry-After": "60"})

    window.page.route("**/case/events/**", refuse)
    somebody = prepared(live)
    opened(window, somebody)
    somebody.ask('applicant.withdraw(case, key="polled")')
    expect(window.page.get_by_role("heading", level=1)).to_contain_text(WITHDRAWN, timeout=20_000)


def test_change_leaves_focus_and_open_parts_alone_and_is_announced_once(
    open_browser: Callable[..., Watched], live: Stack
) -> None:
    """Mutants: without the focus; without the open part; an announcement for each version."""
    window = open_browser()
    page = window.page
    somebody = prepared(live, uploads=3)
    opened(window, somebody)
    wait_for_stream(page)
    page.evaluate(
        "window.heard = []; new MutationObserver(() => heard.push(news.textContent))"
        ".observe(document.getElementById('news'), {childList: true})"
    )
    page.locator("#older > summary").click()
    page.locator("#to-details").focus()
    somebody.ask(
        "from onboarding.domain.status import Slot\n"
        "from tests import pictures\n"
        'applicant.upload(case, Slot.ID_BACK, pictures.jpeg(number=9), key="back")'
    )
    expect(page.get_by_role("heading", level=1)).to_contain_text("submit it by", timeout=20_000)
    until(lambda: somebody.ask("print(case.version == 7)") == "True", 20, "the record", pause_seconds=0.3)
    expect(page.locator("#older")).to_have_attribute("open", "")
    expect(page.locator("#to-details")).to_be_focused()
    heard = page.evaluate("heard")
    assert len(heard) == 1
    assert heard[0].startswith("Your case has changed. Everything is here.")


def test_page_leads_to_the_sign_in_once_the_session_has_ended(
    open_browser: Callable[..., Watched], live: Stack
) -> None:
    window = open_browser()
    window.expected = ("401",)
    somebody = prepared(live)
    opened(window, somebody)
    wait_for_stream(window.page)
    window.page.context.clear_cookies(name="sessionid")
    somebody.ask('applicant.withdraw(case, key="signed out")')
    expect(window.page).to_have_url(f"{live.base_url}/account/sign-in/?next=/case/", timeout=20_000)
