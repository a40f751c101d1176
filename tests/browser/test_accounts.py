"""Second factor, passkeys and codes as a person meets them; Chromium plays the device of the passkeys."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from onboarding import clock
from tests.browser.test_applicant import PASSWORD, code_for, sign_up_and_confirm
from tests.browser.watching import Watched
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.temporal]

Open = Callable[..., Watched]
STAFF_PASSWORD = "demo-staff-2-look-around"
COLLEAGUES = "from onboarding.demo import people; people.make_colleagues()"
NEWCOMER = """
from onboarding.models.people import User
from onboarding.usecases import staff
user = User.objects.create_user({email!r}, {password!r}, is_staff=True, is_superuser=True)
staff.vouch_for_address(user)
"""


def by_name(live: Stack) -> str:
    """The site under a name instead of a number, as passkeys want it."""
    return live.base_url.replace("127.0.0.1", "localhost")


def sign_in(page: Page, site: str, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{site}/account/sign-in/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def give_fingerprint_reader(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_demo_staff_sign_in_with_the_code_that_the_page_shows(open_browser: Open, live: Stack) -> None:
    """By keyboard alone. Also a second time within the half minute in which a code is good once."""
    live.python(COLLEAGUES)
    for _ in range(2):
        page = open_browser(width=360).page
        page.goto("/admin/")
        page.get_by_label("E-mail address").fill("rita@demo.example")
        page.keyboard.press("Tab")
        page.keyboard.type(STAFF_PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Second step")).to_be_visible()
        code = page.locator("p.demo code").inner_text()
        page.get_by_label("Code of your app").focus()
        page.keyboard.type(code)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{live.base_url}/admin/")
        expect(page.get_by_text("Onboarding desk").first).to_be_visible()


def test_a_new_colleague_sets_up_a_passkey_before_the_desk_opens(open_browser: Open, live: Stack) -> None:
    """Then signs in with it alone, and with it as second step after the password."""
    email = f"{uuid.uuid4().hex[:8]}@staff.example"
    live.python(NEWCOMER.format(email=email, password=PASSWORD))
    site = by_name(live)
    page = open_browser().page
    give_fingerprint_reader(page)
    sign_in(page, site, email)
    expect(page).to_have_url(f"{site}/account/second-factor/")
    expect(page.get_by_text("Your account needs a second factor")).to_be_visible()
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("A name that tells you").fill("Laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("button", name="I have them. To the desk").click()
    expect(page).to_have_url(f"{site}/admin/")

    page.goto(f"{site}/account/")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{site}/account/sign-in/?next=/admin/onboarding/case/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(f"{site}/admin/onboarding/case/")

    page.goto(f"{site}/account/")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, site, email)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{site}/admin/")

    page.goto(f"{site}/account/second-factor/")
    page.get_by_role("link", name="Remove Laptop").click()
    page.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("You need a second factor. Set up another one first.")).to_be_visible()


def test_a_passkey_that_is_not_to_be_had_is_said_on_the_page(open_browser: Open, live: Stack) -> None:
    """There is no authenticator. Mutant seen red: allauth's own script, which tells the console alone."""
    page = open_browser().page
    page.add_init_script("navigator.credentials.get = () => Promise.reject(new Error('none'))")
    page.goto(f"{by_name(live)}/account/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(
        page.get_by_text("The passkey was not used. Try again, or sign in with your password.")
    ).to_be_visible()


def test_at_an_address_of_numbers_passkeys_are_not_offered(open_browser: Open, live: Stack) -> None:
    page = open_browser().page
    page.goto("/account/sign-in/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)


def test_the_button_for_a_new_code_counts_down_to_the_moment_on_the_page(open_browser: Open) -> None:
    page = open_browser(width=360).page
    page.goto("/account/sign-up/")
    page.get_by_label("E-mail address").fill(f"{uuid.uuid4().hex[:8]}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    page.get_by_text("No mail?").click()
    button = page.get_by_role("button", name="Send a new code")
    expect(button).to_be_disabled()
    counted = re.search(r"\((\d+)\)", button.inner_text())
    assert counted
    assert 20 < int(counted[1]) <= 30
    moment = datetime.fromisoformat(page.locator("#next-code time").get_attribute("datetime") or "")
    assert abs((moment - clock.now()).total_seconds() - int(counted[1])) < 3


def test_an_applicant_changes_address_and_password_and_sees_the_devices(
    open_browser: Open, live: Stack
) -> None:
    """320 px wide, from the navigation on."""
    page = open_browser(width=320).page
    email, new = (f"{uuid.uuid4().hex[:8]}@example.org" for _ in range(2))
    sign_up_and_confirm(page, live, email)
    page.get_by_role("link", name="Account").click()
    page.get_by_role("link", name="Change the address").click()
    page.get_by_label("New e-mail address").fill(new)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Password").fill(PASSWORD)  # it signed up a while ago, and never gave it since
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Six-digit code").fill(code_for(live, new))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text(new)).to_be_visible()
    for way in ("Change the password", "Second factor and passkeys", "See the devices"):
        page.get_by_role("link", name=way).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.get_by_role("link", name="Back to the account").click()
