"""The first stretch: sign up, confirm the address, register an organisation, an officer verifies it."""

import base64
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator

from marketplace.organisations.models import Organisation
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories.people import PASSWORD, staff, uscc
from tests.journeys.people import give_code

SECRET = base64.b32encode(b"a seed of twenty byt").decode()


def press(page, what):
    """Press what leads to another page, and wait for that page."""
    with page.expect_navigation():
        page.click(what)


@pytest.fixture
def officer():
    set_up_groups()
    user = staff(Role.OFFICER, username="officer")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    Authenticator.objects.create(user=user, type="totp", data={"secret": get_adapter().encrypt(SECRET)})
    return user


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_from_signing_up_to_a_verified_organisation(visitor, accessible, officer, mailoutbox):
    person, code = visitor(), uscc()
    person.goto("/accounts/signup/")
    accessible(person)
    person.fill("[name=name]", "林晓岚")
    person.fill("[name=email]", "lin@example.cn")
    person.fill("[name=username]", "lin")
    person.fill("[name=password1]", PASSWORD)
    person.fill("[name=password2]", PASSWORD)
    person.check("[name=consent]")
    press(person, "main form button[type=submit]")
    link = re.search(r"https?://\S+/confirm-email/\S+", mailoutbox[0].body)[0]
    person.goto(re.sub(r"^https?://[^/]+", "", link))
    press(person, "main form button")
    if "/login" in person.url:
        person.fill("[name=login]", "lin")
        person.fill("[name=password]", PASSWORD)
        press(person, "main form button[type=submit]")

    person.goto("/organisations/mine/")
    accessible(person)
    person.goto("/organisations/register/")
    accessible(person)
    person.select_option("[name=kind]", "institute")
    person.fill("[name=name]", "样例研究院")
    person.fill("[name=uscc]", code.lower())
    press(person, "main form .formbar button[type=submit]")
    accessible(person)
    assert Organisation.objects.get().state == "pending"

    staff_page = visitor()
    staff_page.goto("/accounts/login/")
    staff_page.fill("[name=login]", "officer")
    staff_page.fill("[name=password]", PASSWORD)
    staff_page.click("main form button[type=submit]")
    staff_page.wait_for_url("**/2fa/authenticate/**")
    give_code(staff_page, SECRET)
    staff_page.goto("/organisations/pending/")
    accessible(staff_page)
    press(staff_page, "text=样例研究院")
    accessible(staff_page)
    press(staff_page, "button[value=verify]")

    assert Organisation.objects.get().is_verified
