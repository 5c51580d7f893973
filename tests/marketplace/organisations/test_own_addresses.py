"""One's own addresses: which stay, which keep one from a second factor; and what is told at signing up."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from marketplace.organisations import privacy
from marketplace.organisations.models import User
from tests.factories.people import person
from tests.marketplace.organisations.test_gates import verified
from tests.marketplace.organisations.test_sign_in_corners import just_proven, words

pytestmark = pytest.mark.django_db
SIGNING_UP = {"username": "linxiaoming", "email": "linxiaoming@example.com"}


def main_part(answer):
    return words(answer).split("<main")[1].split("</main>")[0]


@pytest.mark.parametrize("is_primary", [True, False])
def test_the_last_address_stays_and_that_is_told(client, is_primary):
    somebody = person()
    EmailAddress.objects.create(user=somebody, email=somebody.email, primary=is_primary, verified=True)
    just_proven(client, somebody)

    page = client.post(reverse("account_email"), {"email": somebody.email, "action_remove": ""}, follow=True)

    somebody.refresh_from_db()
    assert somebody.email
    assert EmailAddress.objects.filter(user=somebody, email=somebody.email).exists()
    assert f"主邮箱（{somebody.email}）不能移除" in main_part(page)


def test_another_address_can_be_removed(client):
    somebody = verified(person())
    EmailAddress.objects.create(user=somebody, email="second@example.com")
    just_proven(client, somebody)

    client.post(reverse("account_email"), {"email": "second@example.com", "action_remove": ""})

    assert [address.email for address in EmailAddress.objects.filter(user=somebody)] == [somebody.email]


def test_the_second_factor_names_the_address_that_is_not_confirmed(client):
    somebody = verified(person())
    EmailAddress.objects.create(user=somebody, email="second@example.com")
    just_proven(client, somebody)

    page = main_part(client.get(reverse("mfa_activate_totp"), follow=True))

    said = page.split("role=")[1].split("</div>")[0]
    assert "尚未确认的邮箱：second@example.com。请先确认或移除" in said
    assert f'<a href="{reverse("account_email")}">' in said
    assert somebody.email not in said


def test_keys_have_one_name_on_every_page(client):
    just_proven(client, verified(person()))

    pages = [client.get(reverse(name)) for name in ("mfa_index", "mfa_add_webauthn", "mfa_list_webauthn")]

    assert all("通行密钥" in main_part(page) for page in pages)
    assert not any("安全密钥" in words(page) for page in pages)


def test_the_notice_is_a_link_beside_the_consent_and_without_it_the_form_says_what_to_do(client):
    page = client.post(reverse("account_signup"), SIGNING_UP)

    assert f'<a href="{reverse("privacy-notice")}" target="_blank"' in page.content.decode()
    assert page.context["form"].errors["consent"] == ["请勾选：未经您同意不能建立账号。"]


def test_an_address_is_typed_in_any_width_to_sign_up_and_to_sign_in(client):
    wide = "lin＠ｅxample.com"
    given = {"name": "林", "username": "ｌin", "email": wide, "language": "zh-hans", "consent": "on"}
    given |= dict.fromkeys(("password1", "password2"), "Ouhai-2026-lin") | {"version": privacy.VERSION}

    client.post(reverse("account_signup"), given)
    EmailAddress.objects.filter(email="lin@example.com").update(verified=True)
    client.post(reverse("account_login"), {"login": wide, "password": "Ouhai-2026-lin"})

    assert User.objects.get(username="lin").email == "lin@example.com"
    assert client.session["_auth_user_id"] == str(User.objects.get(username="lin").pk)


def test_unequal_passwords_are_told_beside_other_faults(client):
    page = client.post(reverse("account_signup"), SIGNING_UP | {"password1": "12345", "password2": "67890"})

    assert page.context["form"].errors["password2"] == ["两次输入的密码不一样。"]


def test_a_password_like_the_address_is_told_in_plain_words(client):
    given = SIGNING_UP | {"password1": "linxiaoming@example.com", "password2": "linxiaoming@example.com"}

    page = client.post(reverse("account_signup"), given)

    assert "密码与邮箱过于相似。" in page.context["form"].errors["password1"]
