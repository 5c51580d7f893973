"""Somebody with a browser of their own, who signs in as people do and reads only what passes the axe."""

import base64
import secrets
import time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from marketplace.organisations.models import User
from tests.factories.people import PASSWORD

WAIT = 20_000


def prepare(user: User) -> str:
    """Confirm the address of a person; return the secret of staff's second factor."""
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    if user.is_platform_staff:
        Authenticator.objects.create(user=user, type="totp", data={"secret": get_adapter().encrypt(secret)})
    return secret


class Walker:
    """A person at a browser."""

    def __init__(self, browser: Browser, address: str, user: User) -> None:
        self.user, self.secret = user, prepare(user)
        self.context = browser.new_context(base_url=address, locale="zh-CN", viewport={"width": 1280, "height": 900})
        self.context.set_default_timeout(WAIT)
        self.page: Page = self.context.new_page()
        self.broken: list[str] = []
        self.page.on("response", lambda answer: self.broken.append(answer.url) if answer.status >= 500 else None)

    def sign_in(self) -> "Walker":
        self.page.goto("/accounts/login/")
        self.page.fill("[name=login]", self.user.username)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main form button[type=submit]")
        if self.user.is_platform_staff:
            self.page.wait_for_url("**/2fa/authenticate/**")
            self.page.fill("[name=code]", format_hotp_value(hotp_value(self.secret, int(time.time()) // 30)))
            self.press("main form button[type=submit]")
        else:
            self.page.wait_for_url(lambda url: "/login" not in url)
        return self

    def open(self, address: str) -> Page:
        """Go to a page and look at it."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == 200, f"{answer.status} {self.page.url}"
        self.look()
        return self.page

    def press(self, what: str) -> Page:
        """Press what leads to another page, wait for it."""
        with self.page.expect_navigation():
            self.page.click(what)
        return self.page

    def send(self, action: str) -> Page:
        """Send the form with this address, and look at the answer."""
        return self.press(f'form[action$="{action}"] button:not([formaction])')

    def fill(self, **values: Any) -> None:
        """Type into fields by their names; True ticks, a list ticks several."""
        for name, value in values.items():
            field = self.page.locator(f'[name="{name.replace("__", "-")}"]')
            if field.first.get_attribute("type") == "radio":
                self.page.check(f'[name="{name}"][value="{value}"]')
            elif value is True:
                field.first.check()
            elif isinstance(value, list):
                for one in value:
                    self.page.check(f'[name="{name}"][value="{one}"]')
            elif field.first.evaluate("element => element.tagName") == "SELECT":
                field.first.select_option(str(value))
            else:
                field.first.fill(str(value))

    def look(self) -> None:
        """Refuse a page with accessibility violations."""
        found = Axe().run(self.page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"

    def look_narrow(self) -> None:
        """Refuse a page that is wider than a telephone."""
        self.page.set_viewport_size({"width": 390, "height": 844})
        width = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.set_viewport_size({"width": 1280, "height": 900})
        assert width <= 390, f"{self.page.url} is {width} px wide"

    def leave(self) -> None:
        self.context.close()
        assert not self.broken
