"""Handing in a picture by hand: looked at, turned, stopped, sent again after whatever went wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests import pictures
from tests.browser.people import Prepared, prepared
from tests.browser.watching import Watched
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]

UPLOADS = "**/case/documents/id_front/"


@pytest.fixture(scope="module")
def somebody(live: Stack) -> Prepared:
    """The same for all: each test replaces what the one before has handed in."""
    return prepared(live)


@pytest.fixture
def front(tmp_path: Path) -> Path:
    file = tmp_path / "front.jpg"
    file.write_bytes(pictures.jpeg(number=int.from_bytes(tmp_path.name.encode()[-2:])))
    return file


def place_of(page: Page, slot: str = "id_front") -> Locator:
    return page.locator(f"article#{slot}")


def opened(window: Watched, somebody: Prepared) -> Page:
    somebody.sign_in(window.page.context)
    window.page.goto("/case/documents/")
    for summary in window.page.locator(".replace > summary").all():
        summary.click()
    return window.page


def choose(page: Page, file: Path, slot: str = "id_front") -> Locator:
    place = place_of(page, slot)
    place.locator(f"#file-{slot}").set_input_files(file)
    expect(place.get_by_role("img", name="Preview of what you chose")).to_be_visible()
    return place


def arrived(page: Page) -> None:
    expect(page.locator("#news")).to_have_text("The picture has arrived: Front of your ID card.")
    expect(place_of(page).get_by_text("uploaded, not submitted yet")).to_be_visible()


def uploads(somebody: Prepared) -> int:
    return int(somebody.ask("print(Document.objects.filter(case=case).count())"))


def test_picture_that_arrived_behind_a_cut_connection_is_sent_again_and_counts_once(
    open_browser: Callable[..., Watched], somebody: Prepared, front: Path
) -> None:
    """Mutants: a fresh key with each try; a file that is forgotten."""
    window = open_browser()
    window.expected = ("ERR_",)
    page = opened(window, somebody)
    before = uploads(somebody)

    def cut_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(UPLOADS, cut_the_answer)
    place = choose(page, front)
    place.get_by_role("button", name="Upload").click()
    expect(place.get_by_role("alert")).to_contain_text("The connection broke. Your picture is still here")
    page.unroute(UPLOADS)
    place.get_by_role("button", name="Send it again").click()
    arrived(page)
    assert uploads(somebody) == before + 1


def test_sending_can_be_stopped_and_the_file_stays(
    open_browser: Callable[..., Watched], somebody: Prepared, front: Path
) -> None:
    """Mutant: a button that stops nothing."""
    window = open_browser()
    page = opened(window, somebody)
    before = uploads(somebody)
    page.route(UPLOADS, lambda _route: None)
    place = choose(page, front)
    place.get_by_role("button", name="Upload").click()
    expect(place.get_by_role("progressbar")).to_be_visible()
    place.get_by_role("button", name="Cancel").click()
    expect(place.get_by_role("alert")).to_contain_text("Stopped. Nothing was sent")
    expect(place.get_by_text("front.jpg", exact=True)).to_be_visible()
    expect(place.get_by_role("progressbar")).to_be_hidden()
    assert uploads(somebody) == before


def test_picture_is_stored_as_it_was_turned(
    open_browser: Callable[..., Watched], somebody: Prepared, tmp_path: Path
) -> None:
    """Mutant: the file as it was chosen."""
    page = opened(open_browser(), somebody)
    wide = tmp_path / "wide.jpg"
    wide.write_bytes(pictures.jpeg(width=900, height=600, number=21))
    place = choose(page, wide)
    place.get_by_role("button", name="Turn right").click()
    place.get_by_role("button", name="Upload").click()
    arrived(page)
    newest = "Document.objects.get(case=case, superseded_at=None)"
    sizes = f"print([(p['width'], p['height']) for p in {newest}.pages])"
    assert somebody.ask(sizes) == "[(600, 900)]"


def test_pdf_is_named_and_sent_without_a_preview(
    open_browser: Callable[..., Watched], somebody: Prepared, tmp_path: Path
) -> None:
    page = opened(open_browser(), somebody)
    file = tmp_path / "card.pdf"
    file.write_bytes(pictures.pdf())
    place = place_of(page)
    place.locator("#file-id_front").set_input_files(file)
    expect(place.get_by_text("card.pdf", exact=True)).to_be_visible()
    expect(place.get_by_role("button", name="Turn right")).to_be_hidden()
    place.get_by_role("button", name="Upload").click()
    arrived(page)


def test_nothing_is_lost_when_the_session_ends_before_the_upload(
    open_browser: Callable[..., Watched], somebody: Prepared, front: Path, tmp_path: Path
) -> None:
    """Signed in again in another tab, the same picture goes out, and the other place keeps its own.

    Mutants: the old token of the form; a page that is loaded anew.
    """
    window = open_browser()
    window.expected = ("401", "403")
    page = opened(window, somebody)
    back = tmp_path / "back.jpg"
    back.write_bytes(pictures.jpeg(number=31))
    other = choose(page, back, "id_back")
    place = choose(page, front)
    page.context.clear_cookies()
    place.get_by_role("button", name="Upload").click()
    alert = place.get_by_role("alert")
    expect(alert).to_contain_text("You were signed out meanwhile. Your picture is still here")
    expect(alert.get_by_role("link", name="Sign in")).to_have_attribute("target", "_blank")
    somebody.sign_in(page.context)
    place.get_by_role("button", name="Send it again").click()
    arrived(page)
    expect(other.get_by_text("back.jpg", exact=True)).to_be_visible()


def test_refusal_is_told_at_its_field(
    open_browser: Callable[..., Watched], somebody: Prepared, tmp_path: Path
) -> None:
    """Mutant: the words beside no field."""
    window = open_browser()
    window.expected = ("422",)
    page = opened(window, somebody)
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture at all")
    place = place_of(page)
    place.locator("#file-id_front").set_input_files(broken)
    place.get_by_role("button", name="Upload").click()
    field = place.locator("#file-id_front")
    expect(place.get_by_role("alert")).to_contain_text("something else is inside")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        re.compile("all four corners visible.*something else is inside")
    )
    expect(place.get_by_role("button", name="Send it again")).to_be_focused()


def test_picture_can_be_dropped(
    open_browser: Callable[..., Watched], somebody: Prepared, front: Path
) -> None:
    """Mutant: a zone that doesn't listen."""
    page = opened(open_browser(), somebody)
    dropped = page.evaluate_handle(
        """(bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "dropped.jpg", { type: "image/jpeg" }));
            return data;
        }""",
        list(front.read_bytes()),
    )
    place = place_of(page)
    place.locator(".drop").dispatch_event("drop", {"dataTransfer": dropped})
    expect(place.get_by_text("dropped.jpg", exact=True)).to_be_visible()
    place.get_by_role("button", name="Upload").click()
    arrived(page)


def test_phone_offers_its_camera(open_browser: Callable[..., Watched], somebody: Prepared) -> None:
    page = opened(open_browser(360, 740, is_mobile=True, has_touch=True), somebody)
    camera = place_of(page).get_by_label("Take a photo")
    expect(camera).to_be_visible()
    expect(camera).to_have_attribute("capture", "environment")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
