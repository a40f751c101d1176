"""Every page in every state that people can bring it into. The one list for whatever holds for all pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.browser.cast import MADE, NOBODY

Act = Callable[[Page], object]


@dataclass(frozen=True, slots=True)
class Sight:
    """A page to look at.

    `who` is the person in front of it; `path` may name cases and links of `Cast.names` in braces; `act`
    brings the page into its state; `status` is what the server answers with in the end.
    """

    who: str
    name: str
    path: str
    act: Act | None = None
    status: int = 200


def press(button: str) -> Act:
    """Sends the form of this button and waits for the answer."""

    return lambda page: leave_by(page, page.get_by_role("button", name=button, exact=True).first)


def follow(selector: str) -> Act:
    return lambda page: leave_by(page, page.locator(selector).first)


def leave_by(page: Page, way: Locator) -> None:
    """Waits for the page it leads to: what is looked for there may be here as well."""
    with page.expect_navigation():
        way.click()


def fill(values: dict[str, str], button: str) -> Act:
    def act(page: Page) -> None:
        for label, value in values.items():
            page.get_by_label(label, exact=True).fill(value)
        press(button)(page)

    return act


def a_second_step(page: Page) -> None:
    values = {"E-mail address": "rita@demo.example", "Password": "demo-staff-2-look-around"}
    fill(values, "Sign in")(page)
    page.wait_for_url("**/sign-in/code/**")
    page.get_by_role("button", name="Sign in", exact=True).wait_for()


def a_code_is_asked_for(page: Page) -> None:
    values = {"E-mail address": "somebody-new@example.org", "Password": "correct horse battery staple"}
    fill(values, "Sign up")(page)
    page.wait_for_url("**/confirm/")


def a_wrong_code(page: Page) -> None:
    a_code_is_asked_for(page)
    fill({"Six-digit code": "12"}, "Confirm")(page)
    page.locator(".errorlist li").first.wait_for()
    for summary in page.locator("summary").all():
        summary.click()


def without_cookies(page: Page) -> None:
    cookies = page.context.cookies()
    page.context.clear_cookies()
    press("Sign in")(page)
    page.get_by_role("heading", level=1).wait_for()
    page.context.add_cookies(cookies)  # type: ignore[arg-type]  # as they were


def a_wrong_file(page: Page) -> None:
    text = {"name": "letter.txt", "mimeType": "text/plain", "buffer": b"not a picture"}
    page.locator("input[type=file]:not([capture])").first.set_input_files(text)  # type: ignore[arg-type]
    page.get_by_role("button", name="Upload").first.click()
    page.locator(".problem:not(:empty)").first.wait_for()


def outcome(name: str, button: str = "Record the decision") -> Act:
    def act(page: Page) -> None:
        page.locator(f"label.outcome-{name}").click()
        press(button)(page)
        page.locator(".told, .error, .messagelist").first.wait_for()

    return act


def receipts(page: Page) -> None:
    page.locator("input[name=case]").first.check()
    leave_by(page, page.locator("button[value=release]"))


def find(text: str, where: str = "**/find/**") -> Act:
    def act(page: Page) -> None:
        page.locator("#find-case-q").fill(text)
        page.keyboard.press("Enter")
        page.wait_for_url(where)

    return act


def open_all(page: Page) -> None:
    for summary in page.locator("summary").all():
        summary.click()


def help_with_keys(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


DESK = "/admin/onboarding/case/{%s}/change/"
SUPPORT = "/admin/onboarding/case/{%s}/support/"
LIST = "/admin/onboarding/case/"

VISITOR = (
    Sight(NOBODY, "landing", "/"),
    Sight(NOBODY, "sign-up", "/account/sign-up/"),
    Sight(NOBODY, "sign-up-errors", "/account/sign-up/", press("Sign up"), 422),
    Sight(
        NOBODY,
        "sign-up-weak",
        "/account/sign-up/",
        fill({"E-mail address": "x", "Password": "123"}, "Sign up"),
        422,
    ),
    Sight(NOBODY, "code", "/account/sign-up/", a_code_is_asked_for),
    Sight(NOBODY, "code-wrong", "/account/sign-up/", a_wrong_code, 422),
    Sight(NOBODY, "confirm-link", "{confirm}"),
    Sight(NOBODY, "confirm-link-over", "/account/confirm/nonsense/", status=404),
    Sight(NOBODY, "sign-in", "/account/sign-in/"),
    Sight(NOBODY, "sign-in-errors", "/account/sign-in/", press("Sign in"), 422),
    Sight(NOBODY, "second-step", "/account/sign-in/", a_second_step),
    Sight(NOBODY, "reset", "/account/password/"),
    Sight(NOBODY, "reset-errors", "/account/password/", press("Send me the link"), 422),
    Sight(NOBODY, "reset-sent", "/account/password/sent/"),
    Sight(NOBODY, "reset-new", "{reset}"),
    Sight(NOBODY, "reset-over", "/account/password/1-bad/"),
    Sight(NOBODY, "reset-done", "/account/password/changed/"),
    Sight(NOBODY, "inactive", "/account/inactive/"),
    Sight(NOBODY, "mail-box", "/mailbox/"),
    Sight(NOBODY, "mail", "/mailbox/", follow(".letters a")),
    Sight(NOBODY, "bad-form", "/account/sign-in/", without_cookies, 403),
    Sight(NOBODY, "nowhere", "/nowhere/", status=404),
    *(Sight(NOBODY, f"made-{code}", f"{MADE}{code}", status=code) for code in (400, 429, 500, 503)),
)
STATUSES = tuple(
    Sight(name, f"case-{what}", "/case/")
    for name, what in {
        "nina": "unconfirmed",
        "carla": "no-details",
        "ana": "collecting",
        "dario": "take-again",
        "diana": "paused",
        "felix": "checking",
        "gala": "in-review",
        "karl": "late",
        "mateo": "asked-again",
        "olga": "approved",
        "pedro": "refused",
        "rosa": "expired",
        "sara": "over",
        "simon": "withdrawn",
        "tania": "withdrawn-for-them",
        "long": "long-names",
        "left": "from-the-right",
    }.items()
)
APPLICANT = (
    *STATUSES,
    Sight("ana", "landing-again", "/"),
    Sight("carla", "details", "/case/details/"),
    Sight("carla", "details-errors", "/case/details/", press("Save and go on"), 422),
    Sight("ana", "details-filled", "/case/details/"),
    Sight("ana", "documents-empty", "/case/documents/"),
    Sight("ana", "documents-wrong-file", "/case/documents/", a_wrong_file, 422),
    Sight("anton", "documents-some", "/case/documents/"),
    Sight("alba", "documents-all", "/case/documents/"),
    Sight("dario", "documents-take-again", "/case/documents/"),
    Sight("mateo", "documents-asked-again", "/case/documents/"),
    Sight("gala", "documents-locked", "/case/documents/"),
    Sight("ana", "withdraw", "/case/withdraw/"),
    Sight("ana", "account", "/account/"),
    Sight("ana", "address", "/account/address/"),
    Sight("ana", "address-errors", "/account/address/", press("Send me a code"), 422),
    Sight("ana", "password", "/account/change-password/"),
    Sight("ana", "password-errors", "/account/change-password/", press("Save"), 422),
    Sight("ana", "devices", "/account/devices/"),
    Sight("ana", "factors-none", "/account/second-factor/"),
    Sight("ana", "app", "/account/second-factor/app/"),
    Sight("ana", "app-errors", "/account/second-factor/app/", press("Switch it on"), 422),
    Sight("ana", "passkey", "/account/second-factor/passkey/"),
    Sight("ana", "again", "/account/again/"),
    Sight("ana", "sign-out", "/account/sign-out/"),
    Sight("ana", "not-for-you", "/admin/", status=403),
)
STAFF = (
    Sight("rita", "no-case", "/case/", status=404),
    Sight("rita", "factors", "/account/second-factor/"),
    Sight("rita", "codes", "/account/second-factor/codes/"),
    Sight("rita", "codes-new", "/account/second-factor/codes/new/"),
    Sight("rita", "app-off", "/account/second-factor/app/off/"),
    Sight("rita", "again-code", "/account/again/code/"),
    Sight("admin", "index", "/admin/"),
    *(Sight("rita", f"queue-{tab}", f"{LIST}?tab={tab}") for tab in ("unclaimed", "mine", "returned", "all")),
    *(Sight("sam", f"queue-{tab}", f"{LIST}?tab={tab}") for tab in ("due", "escalated", "waiting", "all")),
    Sight("sam", "queue-empty", f"{LIST}?tab=mine"),
    Sight("sam", "receipts", f"{LIST}?tab=all", receipts),
    Sight("rita", "desk", DESK % "gala"),
    Sight("rita", "desk-claimed", DESK % "ivan"),
    Sight("sam", "desk-of-another", DESK % "ivan"),
    Sight("sam", "desk-second-try", DESK % "laura"),
    Sight("sam", "desk-no-tries-left", DESK % "lola"),
    Sight("sam", "desk-paused", DESK % "marta"),
    Sight("sam", "desk-unchecked", DESK % "irene"),
    Sight("sam", "desk-late", DESK % "karl"),
    Sight("sam", "desk-decided", DESK % "olga"),
    Sight("sam", "desk-collecting", DESK % "ana"),
    Sight("sam", "desk-expired", DESK % "rosa"),
    Sight("sam", "desk-long-names", DESK % "long"),
    Sight("sam", "desk-from-the-right", DESK % "left"),
    Sight("sam", "desk-keys", DESK % "gala", help_with_keys),
    Sight("rita", "desk-no-reason", DESK % "ivan", outcome("ask_again"), 409),
    Sight("sue", "support", SUPPORT % "mateo"),
    Sight("sue", "support-late", SUPPORT % "karl"),
    Sight("sue", "support-parked-mail", SUPPORT % "olga"),
    Sight("sue", "support-long-names", SUPPORT % "long"),
    Sight("sue", "support-errors", SUPPORT % "ana", press("Reveal for five minutes"), 400),
    Sight("sue", "letter", "{letter}"),
    Sight("sue", "found-none", LIST, find("zzzzzz")),
    Sight("sue", "found-one", LIST, find("mateo@demo.example", "**/change/")),
    Sight("sue", "found-many", LIST, find("demo.example")),
    Sight("sue", "mails", "/admin/mails/"),
    Sight("otto", "parked", "/admin/parked/"),
    Sight("otto", "parked-compared", "/admin/parked/", follow("#compared button")),
    Sight("sam", "dashboard", "/admin/dashboard/?days=30", open_all),
    Sight("sam", "dashboard-week", "/admin/dashboard/?days=7"),
    Sight("otto", "policy", "/admin/policy/"),
    Sight("otto", "policy-errors", "/admin/policy/", press("Put into force for new cases"), 400),
    Sight("sam", "reasons", "/admin/onboarding/reason/"),
    Sight("sam", "reason", "{reason}"),
    Sight("sam", "reason-new", "/admin/onboarding/reason/add/"),
    Sight("sam", "reason-errors", "/admin/onboarding/reason/add/", press("Save")),
    Sight("rita", "reason-read", "{reason}"),
    Sight("otto", "tokens", "/admin/onboarding/apitoken/"),
    Sight("otto", "token-new", "/admin/onboarding/apitoken/add/"),
    Sight("otto", "token-errors", "/admin/onboarding/apitoken/add/", press("Save")),
    Sight("admin", "accounts", "/admin/onboarding/user/"),
    Sight("admin", "account-change", "{account}"),
    Sight("admin", "roles", "/admin/auth/group/"),
    Sight("admin", "events", "/admin/onboarding/auditevent/"),
    Sight("admin", "emails", "/admin/onboarding/email/"),
    Sight("admin", "email", "{email}"),
    Sight("admin", "messages", "/admin/onboarding/outboxmessage/"),
    Sight("admin", "notes", "/admin/onboarding/note/"),
    Sight("otto", "desk-nowhere", "/admin/nowhere/", status=404),
    Sight("sue", "desk-not-for-you", "/admin/policy/", status=403),
)
API = Sight("sam", "api-docs", "/api/v1/docs")
SIGHTS = (*VISITOR, *APPLICANT, *STAFF, API)
