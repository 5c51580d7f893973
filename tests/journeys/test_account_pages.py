"""Pages about oneself and one's organisation in a browser: no barrier, light and dark, no wider than a telephone."""

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client

from marketplace.organisations.roles import MemberRole
from marketplace.organisations.tokens import make_token
from tests.accessibility import CONTRAST, barriers
from tests.factories.people import join, member, organisation, person, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

STRANGER = ("login/", "signup/", "password/reset/", "password/reset/key/1-abc/", "confirm-email/xyz/")
ACCOUNT = ("email/", "password/change/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/add/", "sessions/", "logout/")


@pytest.fixture
def look(accessible):
    """Return a function that opens a page and refuses barriers in either theme, and more than 390 px."""

    def at(page, address):
        assert page.goto(address).status == 200, address
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        accessible(page)
        page.emulate_media(color_scheme="dark")
        assert barriers(page, CONTRAST) == [], address  # the rest is the same in both
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address

    return at


def test_no_barrier_before_signing_in(visitor, look):
    page = visitor()
    page.set_viewport_size({"width": 390, "height": 844})

    for address in STRANGER:
        look(page, f"/accounts/{address}")


def test_no_barrier_on_pages_about_oneself(visitor, look):
    house = organisation(name="样例企业")
    manager = member(house, MemberRole.MANAGER, name="林小明")
    EmailAddress.objects.create(user=manager, email=manager.email, primary=True, verified=True)
    join(person(name="样例甲"), house, state="requested")
    page = visitor()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/healthz")
    session = sign_in(Client(), manager).session.session_key
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}])

    for address in ACCOUNT:
        look(page, f"/accounts/{address}")
    make_token(by=manager, organisation=house, name="出价程序", days=30)
    for address in ("profile/", "close/", "tokens/"):
        look(page, f"/account/{address}")
    for address in ("mine/", "join/", f"{house.code}/", f"{house.code}/members/"):
        look(page, f"/en/organisations/{address}")
    for address in ("/desk/", "/notices/", "/api/"):
        look(page, address)
