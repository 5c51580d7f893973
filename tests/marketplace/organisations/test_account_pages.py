"""Pages and mails of allauth speak as the rest of the house: in the reader's language, in our words."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.factories.people import PASSWORD, person, sign_in

pytestmark = pytest.mark.django_db


def signed_in(language="zh-hans"):
    return sign_in(Client(), person(name="林小明", language=language))


@pytest.mark.parametrize(("language", "desk", "home"), [("zh-hans", "/desk/", "/"), ("en", "/en/desk/", "/en/")])
def test_signing_in_and_out_stays_in_the_language(client, language, desk, home):
    from allauth.account.models import EmailAddress

    user = person()
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    with translation.override(language):
        login, logout = reverse("account_login"), reverse("account_logout")

    entered = client.post(login, {"login": user.username, "password": PASSWORD})
    left = client.post(logout)

    assert (entered.url, left.url) == (desk, home)


def test_signed_in_devices_are_no_sessions_of_auctions():
    page = signed_in().get("/accounts/sessions/").content.decode()

    assert re.search(r"<h1>\s*已登录设备\s*</h1>", page)


def test_a_changed_password_is_told_by_mail_and_ends_other_sessions_only(mailoutbox):
    from allauth.account.models import EmailAddress

    user = person(name="林小明")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    here, elsewhere = sign_in(Client(), user), sign_in(Client(), user)

    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "Neues-Wort-2026", "password2": "Neues-Wort-2026"},
    )

    assert here.get("/account/profile/").status_code == 200
    assert elsewhere.get("/account/profile/").status_code == 302
    (mail,) = mailoutbox
    assert mail.subject == "密码已修改"
    assert mail.body.startswith("林小明，您好：")
    assert not re.search(r"example\.com|Hello", mail.body)
