"""What is told at the door: wrong words, limits, lost things, and every device signed out at once."""

import re
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories.people import PASSWORD, person, sign_in, staff
from tests.marketplace.organisations.test_gates import code_now, verified, with_totp

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "river-of-celadon-2027"


def words(answer):
    return answer.content.decode()


def just_proven(client, user):
    """Sign in and leave the trace of a password typed a moment ago."""
    sign_in(client, user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@pytest.mark.parametrize("name", ["", "nobody-of-this-name"])
def test_a_wrong_password_and_an_unknown_name_are_told_alike(client, name):
    somebody = verified(person())

    answer = client.post(reverse("account_login"), {"login": name or somebody.username, "password": "wrong"})

    assert answer.status_code == 200
    assert "用户名或密码" in words(answer)


def test_a_door_closed_by_wrong_passwords_says_so(client):
    somebody, login = verified(person()), reverse("account_login")
    for _ in range(5):
        client.post(login, {"login": somebody.username, "password": "wrong"})

    chinese = client.post(login, {"login": somebody.username, "password": PASSWORD})
    english = client.post(f"/en{login}", {"login": somebody.username, "password": PASSWORD})

    assert "登录失败次数过多" in words(chinese)
    assert "Too many failed login attempts" in words(english)
    assert "_auth_user_id" not in client.session


def test_wrong_codes_are_told_and_close_the_door(client):
    officer = with_totp(staff(Role.OFFICER))
    client.post(reverse("account_login"), {"login": officer.username, "password": PASSWORD})
    page, wrong = reverse("mfa_authenticate"), f"{(int(code_now()) + 1) % 1_000_000:06}"

    told = [words(client.post(page, {"code": wrong})) for _ in range(6)]
    right = client.post(page, {"code": code_now()})

    assert "验证码不对" in told[0]
    assert "次数过多" in told[5]
    assert right.status_code in (200, 429)
    assert "_auth_user_id" not in client.session


def test_a_recovery_code_opens_once(client):
    set_up_groups()
    officer = with_totp(staff(Role.OFFICER))
    code = RecoveryCodes.activate(officer).get_unused_codes()[0]

    def try_to_enter(browser):
        browser.post(reverse("account_login"), {"login": officer.username, "password": PASSWORD})
        return browser.post(reverse("mfa_authenticate"), {"code": code})

    first, second = try_to_enter(client), try_to_enter(Client())

    assert first.status_code == 302
    assert client.get(reverse("organisation-pending")).status_code == 200
    assert "验证码不对" in words(second)


def test_a_forgotten_password_is_set_anew_by_mail_and_staff_still_need_their_code(client, mailoutbox):
    set_up_groups()
    officer = with_totp(staff(Role.OFFICER))
    client.post(reverse("account_reset_password"), {"email": officer.email})
    link = re.search(r"https?://[^/]+(/\S+)", mailoutbox[0].body)[1]
    form = client.get(link, follow=True)

    client.post(form.redirect_chain[-1][0], {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    first = client.post(reverse("account_login"), {"login": officer.username, "password": NEW_PASSWORD})

    assert re.search("[\u4e00-\u9fff]", mailoutbox[0].subject)
    assert officer.username in mailoutbox[0].body or officer.name in mailoutbox[0].body
    assert first.url == reverse("mfa_authenticate")
    assert client.get(reverse("organisation-pending")).status_code == 302
    again = client.get(link, follow=True)
    assert "失效" in words(again) or "无效" in words(again)


def test_a_reset_for_nobody_looks_alike(client, mailoutbox):
    verified(person(email="known@example.cn"))

    known = client.post(reverse("account_reset_password"), {"email": "known@example.cn"})
    unknown = client.post(reverse("account_reset_password"), {"email": "unknown@example.cn"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert mailoutbox[0].to == ["known@example.cn"]


def test_a_new_address_counts_once_its_mail_was_answered_and_the_old_one_is_told(client, mailoutbox):
    somebody = verified(person(email="old@example.cn"))
    just_proven(client, somebody)

    client.post(reverse("account_email"), {"email": "new@example.cn", "action_add": ""})
    before = EmailAddress.objects.get(user=somebody, primary=True).email
    mail = next(mail for mail in mailoutbox if mail.to == ["new@example.cn"])
    link = re.search(r"https?://[^/]+(/\S+)", mail.body)[1]
    client.post(link)
    client.post(reverse("account_email"), {"email": "new@example.cn", "action_primary": ""})

    somebody.refresh_from_db()
    assert before == "old@example.cn"
    assert somebody.email == "new@example.cn"
    assert any(mail.to == ["old@example.cn"] for mail in mailoutbox)


def test_every_other_device_is_signed_out_at_once():
    somebody = verified(person())
    here, there = Client(), Client()
    for browser in (here, there):
        browser.post(reverse("account_login"), {"login": somebody.username, "password": PASSWORD})
        assert browser.get(reverse("desk")).status_code == 200

    answer = here.post(reverse("usersessions_list"), follow=True)

    assert answer.status_code == 200
    assert there.get(reverse("desk")).url.startswith(reverse("account_login"))
    assert here.get(reverse("desk")).status_code == 200


def seen(browser, **headers):
    """Return how often the row of a session has been written after one more request."""
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(reverse("privacy-notice"), headers=headers).status_code == 200
    return sum("usersession" in query["sql"] and query["sql"].startswith(("UPDATE", "INSERT")) for query in asked)


def test_a_session_is_noted_when_it_begins_when_its_client_changes_and_every_five_minutes(time_machine):
    browser = Client()
    sign_in(browser, person(), anew=True)

    assert [seen(browser), seen(browser)] == [1, 0]
    assert [seen(browser, user_agent="another"), seen(browser, user_agent="another")] == [1, 0]
    time_machine.move_to(timezone.now() + timedelta(minutes=6))
    assert [seen(browser, user_agent="another"), seen(browser, user_agent="another")] == [1, 0]
    row = UserSession.objects.get()
    assert (row.user_agent, timezone.now() - row.last_seen_at < timedelta(seconds=5)) == ("another", True)
