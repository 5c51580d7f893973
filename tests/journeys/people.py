"""Somebody with a browser of their own, who reads only what passes the axe.

Most begin with a session that is there already. In the journey of one deal, and where a test is about coming in, they
sign in as people do.
"""

import base64
import secrets
import time
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Browser, Error, Locator, Page, ViewportSize

from marketplace.organisations.models import User
from tests.accessibility import barriers, places_of
from tests.factories.people import PASSWORD, sign_in
from tests.looked_at import LookedAt

WAIT = 30_000
REPEATED_IDS = """[...document.querySelectorAll("[id]")].map((each) => each.id)
    .filter((id, place, ids) => ids.indexOf(id) !== place)"""
WIDE, NARROW = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
KNOWN = LookedAt("places")  # where something stood on the pages looked at, by their kind


def prepare(user: User) -> str:
    """Confirm the address of a person; return the secret of staff's second factor."""
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    if user.is_platform_staff:
        Authenticator.objects.create(user=user, type="totp", data={"secret": get_adapter().encrypt(secret)})
    return secret


def give_code(page: Page, secret: str) -> None:
    """Give the code of the second factor; another one where the half minute was over before it arrived."""
    for _again in range(2):
        if "/2fa/" in page.url:
            page.fill("[name=code]", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
            with page.expect_navigation():
                page.click("main form button[type=submit]")
    assert "/2fa/" not in page.url


class Walker:
    """A person at a browser of their own."""

    def __init__(self, browser: Browser, address: str, user: User, *, runs_scripts: bool = True) -> None:
        self.user, self.house, self.secret, self.runs_scripts = user, address, prepare(user), runs_scripts
        self.context = browser.new_context(
            base_url=address, locale="zh-CN", viewport=WIDE, java_script_enabled=runs_scripts, reduced_motion="reduce"
        )
        self.context.set_default_timeout(WAIT)
        self.page: Page = self.context.new_page()
        self.broken: list[str] = []
        self.looked_at: set[str] = set()
        self.page.on("pageerror", lambda error: self.broken.append(f"{self.page.url}: {error}"))

    def sign_in(self) -> "Walker":
        """Begin with a session that is there already, staff's with its second factor; on no page yet."""
        session = sign_in(Client(), self.user).session.session_key
        given = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.house}
        self.context.add_cookies([given])  # type: ignore[list-item]
        return self

    def sign_in_at_the_door(self) -> "Walker":
        """Sign in with the password, staff with a code of their second factor as well."""
        self.page.goto("/accounts/login/")
        self.page.fill("[name=login]", self.user.username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main form button[type=submit]")
        if self.user.is_platform_staff:
            self.page.wait_for_url("**/2fa/authenticate/**")
            self.look_once()
            give_code(self.page, self.secret)
        else:
            self.page.wait_for_url(lambda url: "/login" not in url)
        return self

    def open(self, address: str) -> Page:
        """Go to a page and look at it."""
        try:
            answer = self.page.goto(address)
        except Error as error:
            if "interrupted by another navigation" not in error.message:
                raise
            answer = self.page.goto(address)  # the page that was left loaded itself anew just then: its lot had ended
        assert answer is not None
        assert answer.status == 200, f"{answer.status} {self.page.url}"
        return self.look_once()

    def take_from_desk(self, words: str) -> Page:
        """Open the desk and follow what waits there under these words."""
        self.open("/desk/")
        return self.follow(words)

    def follow(self, words: str) -> Page:
        """Click a link of the page by its words, and look at where it leads."""
        return self._go(self.page.locator("main").get_by_role("link", name=words).first)

    def press(self, words: str) -> Page:
        """Press the button that says exactly this, and look at the answer."""
        return self._go(self.page.locator("main").get_by_role("button", name=words, exact=True).first)

    def confirm(self, words: str, answer: str, *, repeats: str = "") -> Page:
        """Press a button that asks first, look at the question, which repeats what was typed, and answer it."""
        self.page.locator("main").get_by_role("button", name=words, exact=True).first.click()
        self.page.locator("dialog[open]").wait_for()
        self.look_once()
        assert repeats in self.page.locator("dialog[open]").inner_text()
        return self._go(self.page.locator("dialog[open]").get_by_role("button", name=answer, exact=True))

    def press_this(self, button: Locator) -> Page:
        """Press a button whose words change, and look at the answer."""
        return self._go(button)

    def _go(self, what: Locator) -> Page:
        with self.page.expect_navigation() as going:
            what.click()
        assert going.value is None or going.value.status == 200, f"{going.value.status} {self.page.url}"
        return self.look_once()

    @property
    def address(self) -> str:
        """The path of the page they are on."""
        return urlsplit(self.page.url).path

    def choose(self, name: str, words: str) -> None:
        """Choose from a list what contains these words."""
        option = self.field(name).locator("option", has_text=words)
        self.field(name).select_option(option.first.get_attribute("value"))

    def type(self, **values: Any) -> None:
        """Type into fields by their names (`a__b` for `a-b`); True ticks, a list ticks or chooses several."""
        for name, value in values.items():
            self._enter(self.field(name), value)

    def field(self, name: str) -> Locator:
        """Return the field of that name, in the first form of the page that has one."""
        named = self.page.locator(f'[name="{name.replace("__", "-")}"]')
        return self.page.locator("main form").filter(has=named).first.locator(named)

    def _enter(self, field: Locator, value: Any) -> None:
        kind = field.first.evaluate("field => field.type")
        if kind in ("radio", "checkbox"):
            for one in value if isinstance(value, list) else [value]:
                box = field if one is True else field.and_(self.page.locator(f'[value="{one}"]'))
                if not box.is_visible() and box.locator("xpath=ancestor::details[not(@open)]").count():
                    box.locator("xpath=ancestor::details[not(@open)]/summary").click()
                box.check()
        elif kind == "file":
            field.set_input_files(value)
        elif kind.startswith("select"):
            field.select_option(value)
        else:
            field.fill(str(value))

    def unfold(self, words: str) -> None:
        """Open what is folded away under these words."""
        self.page.locator("main summary").get_by_text(words, exact=True).click()

    def sees(self, words: str, *, within: float = WAIT) -> None:
        """Refuse a page on which these words do not appear."""
        self.page.locator("main").get_by_text(words).first.wait_for(timeout=within)

    def look_once(self) -> Page:
        """Look at the first page of each kind this person comes to, unless all that stands on it was looked at."""
        kind = resolve(self.address).view_name
        if kind in self.looked_at:
            return self.page
        self.looked_at.add(kind)
        here = [f"{kind}:{place}" for place in places_of(self.page)] if self.runs_scripts else []
        if KNOWN.holds(here):
            return self._look_for_ids()
        KNOWN.add(here)
        return self.look()

    def look(self) -> Page:
        """Refuse a page with accessibility violations, or with two things of one id; the axe needs scripts."""
        if self.runs_scripts:
            assert barriers(self.page) == [], self.page.url
        return self._look_for_ids()

    def _look_for_ids(self) -> Page:
        repeated = self.page.evaluate(REPEATED_IDS)
        assert repeated == [], f"{self.page.url} repeats the ids {repeated}"
        return self.page

    def look_narrow(self) -> None:
        """Refuse a page that is wider than a telephone."""
        self.page.set_viewport_size(NARROW)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.set_viewport_size(WIDE)
        assert width <= NARROW["width"], f"{self.page.url} is {width} px wide"

    def leave(self) -> None:
        self.context.close()
        assert not self.broken
