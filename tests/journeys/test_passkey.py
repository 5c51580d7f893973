"""A passkey in a browser: set up by staff who had no second factor, then the only thing asked for at the door."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories.people import PASSWORD, person, staff
from tests.journeys.test_joining import press

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
KEY = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "automaticPresenceSimulation": True}


@pytest.fixture
def officer():
    set_up_groups()
    return confirmed(staff(Role.OFFICER, username="officer"))


def confirmed(user):
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


class Key:
    """A key plugged into one browser (Chromium's virtual authenticator); `verifies` is its finger or PIN."""

    def __init__(self, page, *, verifies=True):
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        options = KEY | {"hasUserVerification": True, "isUserVerified": verifies}
        added = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.name = added["authenticatorId"]

    def verifies(self, verifies):
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.name, "isUserVerified": verifies})


def sign_in(page, user):
    page.goto("/accounts/login/")
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", PASSWORD)
    press(page, "main form button[type=submit]")


def sign_out(page):
    page.goto("/accounts/logout/")
    press(page, "main form button[type=submit]")


def add_key(page, *, passwordless):
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("[name=name]", "指纹钥匙")
    page.set_checked("[name=passwordless]", passwordless)
    press(page, "#mfa_webauthn_add")


def test_staff_set_up_a_passkey_and_come_in_by_it(visitor, accessible, officer, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the test's site has no certificate
    page = visitor()
    Key(page)
    sign_in(page, officer)
    assert "/accounts/2fa/totp/activate/" in page.url

    add_key(page, passwordless=True)

    assert [one.type for one in Authenticator.objects.filter(user=officer).order_by("type")] == [
        "recovery_codes",
        "webauthn",
    ]
    assert page.goto("/organisations/pending/").status == 200
    assert page.url.endswith("/organisations/pending/")

    sign_out(page)
    page.goto("/accounts/login/?next=/organisations/pending/")
    accessible(page)
    press(page, "#passkey_login")

    assert page.url.endswith("/organisations/pending/")
    assert page.goto("/admin/").status == 200
    assert "/admin/" in page.url


def test_a_key_that_does_not_know_who_holds_it_opens_nothing(visitor, officer, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    page = visitor()
    key = Key(page)
    sign_in(page, officer)
    add_key(page, passwordless=True)
    sign_out(page)

    key.verifies(False)
    page.goto("/accounts/login/")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.click("#passkey_login")
    page.wait_for_timeout(1000)

    assert page.goto("/desk/").url.endswith("/accounts/login/?next=/desk/")


def test_a_key_without_passwordless_is_the_second_factor_after_the_password(visitor, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    somebody, page = confirmed(person(username="somebody")), visitor()
    Key(page)
    sign_in(page, somebody)
    add_key(page, passwordless=False)
    sign_out(page)

    sign_in(page, somebody)
    assert page.url.endswith("/accounts/2fa/authenticate/")
    assert page.goto("/desk/").url.endswith("/accounts/2fa/authenticate/")
    press(page, "#mfa_webauthn_authenticate")

    assert page.url.endswith("/desk/")
