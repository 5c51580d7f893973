"""The sign-in with a real code, the second factor on every way in, consent, and who acts."""

import base64
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from marketplace.organisations import privacy
from marketplace.organisations.models import Consent, User
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.staff import set_up_groups
from tests.factories.people import PASSWORD, join, organisation, person, sign_in, staff

pytestmark = pytest.mark.django_db
SECRET = base64.b32encode(b"twenty bytes of seed").decode()


def code_now():
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def verified(user):
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user


def with_totp(user):
    Authenticator.objects.create(user=user, type="totp", data={"secret": get_adapter().encrypt(SECRET)})
    return verified(user)


@pytest.fixture
def officer():
    set_up_groups()
    return with_totp(staff(Role.OFFICER))


@pytest.mark.parametrize("known_as", ["username", "email"])
def test_staff_sign_in_with_password_and_a_real_code(client, officer, known_as):
    login = reverse("account_login")

    first = client.post(login, {"login": getattr(officer, known_as), "password": PASSWORD})
    assert first.url == reverse("mfa_authenticate")
    assert client.get(reverse("organisation-pending")).status_code == 302  # half-way is not in

    client.post(first.url, {"code": code_now()})

    assert client.get(reverse("organisation-pending")).status_code == 200
    assert client.get("/admin/").status_code == 200


def test_a_wrong_code_does_not_open(client, officer):
    first = client.post(reverse("account_login"), {"login": officer.username, "password": PASSWORD})
    wrong = f"{(int(code_now()) + 1) % 1_000_000:06}"

    client.post(first.url, {"code": wrong})

    assert client.get(reverse("organisation-pending")).status_code == 302


@pytest.mark.parametrize("page", ["/", "/admin/", "/organisations/pending/", "/accounts/2fa/totp/deactivate/"])
def test_staff_with_a_password_only_get_nowhere(client, officer, page):
    sign_in(client, officer, factor=False)

    answer = client.get(page)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("mfa_reauthenticate"))


def test_staff_without_a_second_factor_are_sent_to_set_it_up(client):
    set_up_groups()
    officer = verified(staff(Role.OFFICER))
    sign_in(client, officer, factor=False)

    for page in ("/admin/", reverse("organisation-pending"), reverse("organisation-mine")):
        assert client.get(page).url.startswith(reverse("mfa_activate_totp"))
    post = client.post(reverse("staff-list"), {"person": officer.username, "roles": []})
    assert post.status_code == 302
    assert User.objects.get(pk=officer.pk).roles == {"officer"}


def test_setting_up_an_app_opens_the_gate_without_another_code(client):
    set_up_groups()
    officer = verified(staff(Role.OFFICER))
    client.post(reverse("account_login"), {"login": officer.username, "password": PASSWORD})

    form = client.get(reverse("mfa_activate_totp")).context["form"]
    code = format_hotp_value(hotp_value(form.secret, int(time.time()) // 30))
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})

    assert answer.url == reverse("mfa_view_recovery_codes")
    assert client.get(answer.url).status_code == 200
    assert client.get(reverse("organisation-pending")).status_code == 200


def test_recovery_codes_are_not_made_by_whoever_finds_the_session_open(client, officer):
    sign_in(client, officer)

    answer = client.get(reverse("mfa_generate_recovery_codes"))

    assert answer.url.startswith(reverse("account_reauthenticate"))


def test_programs_are_told_instead_of_sent_away(client, officer):
    sign_in(client, officer, factor=False)

    answer = client.get("/api/v1/anything")

    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "mfa_reauthenticate"


@pytest.mark.parametrize("page", ["/admin/login/", "/admin/password_reset/"])
def test_the_admin_has_no_door_of_its_own(client, page):
    answer = client.get(page)

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/")


@pytest.mark.parametrize("page", ["/admin/", "/admin/brokers/", "/admin/login/", "/admin/nothing/"])
def test_who_is_no_staff_is_refused_at_the_admin_and_not_sent_round(client, page):
    manager = person()
    organisation(manager=manager)
    sign_in(client, manager)

    answer = client.get(page)

    assert answer.status_code == 403
    assert "403.html" in {template.name for template in answer.templates}
    assert "您的账号没有打开这一页" in answer.content.decode()


def test_a_visitor_at_the_admin_is_sent_to_sign_in(client):
    answer = client.get("/admin/brokers/", follow=True)

    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert answer.status_code == 200


def test_five_wrong_passwords_close_the_door_for_a_while(client):
    somebody = verified(person())
    login = reverse("account_login")
    for _ in range(5):
        client.post(login, {"login": somebody.username, "password": "wrong"})

    sixth = client.post(login, {"login": somebody.username, "password": PASSWORD})

    assert sixth.status_code in (200, 429)
    assert "_auth_user_id" not in client.session


def test_signing_up_on_the_page_makes_a_person_with_consent(client, mailoutbox):
    page = reverse("account_signup")
    facts = {
        "name": "林晓岚",
        "email": "lin@example.cn",
        "username": "lin",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "language": "en",
        "version": privacy.VERSION,
    }
    assert client.get(page).status_code == 200

    without = client.post(page, facts)
    assert "consent" in without.context["form"].errors
    assert "林晓岚" in without.content.decode()
    assert not User.objects.exists()

    client.post(page, facts | {"consent": "on"})

    user = User.objects.get()
    assert (user.username, user.email, user.name, user.language) == ("lin", "lin@example.cn", "林晓岚", "en")
    assert Consent.objects.get(user=user).version == privacy.VERSION
    assert not EmailAddress.objects.get(user=user).verified
    assert [mail.to for mail in mailoutbox] == [["lin@example.cn"]]


@pytest.mark.parametrize(("was_asked", "head"), [(True, "个人信息保护说明有新版本"), (False, "个人信息保护说明")])
def test_the_notice_is_new_only_to_who_read_an_earlier_one(client, was_asked, head):
    somebody = person()
    Consent.objects.update(version="2020-01")
    if not was_asked:
        Consent.objects.all().delete()
    sign_in(client, somebody, anew=True)

    page = client.get(client.get(reverse("organisation-mine")).url).content.decode()

    assert f"<h1>{head}</h1>" in page


def test_a_new_version_of_the_notice_asks_for_consent_again(client):
    somebody = person()
    Consent.objects.update(version="2020-01")
    sign_in(client, somebody, anew=True)

    answer = client.get(reverse("organisation-mine"))
    assert answer.url.startswith(reverse("consent"))
    assert client.get(reverse("privacy-notice")).status_code == 200

    client.post(answer.url, {"consent": "on", "version": privacy.VERSION, "next": reverse("organisation-mine")})

    assert Consent.objects.filter(user=somebody).count() == 2
    assert client.get(reverse("organisation-mine")).status_code == 200


def test_one_organisation_is_acted_for_without_choosing(client):
    manager = person()
    house = organisation(manager=manager)
    sign_in(client, manager)

    assert client.get(reverse("organisation-mine")).context["acting_for"] == house


def test_several_are_chosen_between_and_only_own_ones(client):
    manager, foreign = person(), organisation()
    first, second = organisation(manager=manager), organisation(manager=manager)
    sign_in(client, manager)
    switch, mine = reverse("organisation-switch"), reverse("organisation-mine")
    assert client.get(mine).context["acting_for"] is None

    client.post(switch, {"organisation": second.code})
    assert client.get(mine).context["acting_for"] == second
    client.post(switch, {"organisation": foreign.code})
    assert client.get(mine).context["acting_for"] == second
    assert client.get(switch).status_code == 405

    first.memberships.update(state="left")
    second.memberships.update(state="left")
    assert client.get(mine).context["acting_for"] is None


def test_acting_for_oneself_is_a_choice(client):
    manager = person()
    organisation(manager=manager)
    sign_in(client, manager)

    client.post(reverse("organisation-switch"), {"organisation": "", "next": "//evil.example/"})

    assert client.get(reverse("organisation-mine")).context["acting_for"] is None


def test_the_switch_does_not_lead_away(client):
    manager = person()
    house = organisation(manager=manager)
    sign_in(client, manager)

    answer = client.post(reverse("organisation-switch"), {"organisation": house.code, "next": "//evil.example/"})

    assert answer.url == "/"


def test_closing_the_account_signs_out_for_good(client):
    somebody = person()
    join(somebody, organisation(manager=person()), MemberRole.PUBLISHER)
    sign_in(client, somebody)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(somebody.pk)
    session.save()

    client.post(reverse("account-close"))

    somebody.refresh_from_db()
    assert not somebody.is_active
    assert client.get(reverse("organisation-mine")).status_code == 302


@pytest.mark.parametrize(
    "credential",
    ["", "null", "1", "[]", "{}", '"x"', '{"id": 1}', '{"id": "x", "response": []}', '{"response": {"userHandle": 1}}'],
)
@pytest.mark.parametrize("door", ["mfa_login_webauthn", "mfa_authenticate"])
def test_a_passkey_that_is_none_is_refused_and_no_error(client, officer, door, credential):
    if door == "mfa_authenticate":
        client.post(reverse("account_login"), {"login": officer.username, "password": PASSWORD})

    answer = client.post(reverse(door), {"credential": credential})

    assert answer.status_code in (200, 302)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("credential", ["[]", "{}", '{"id": "x"}', '{"id": 1, "rawId": 1, "response": {}}'])
def test_a_key_that_is_none_is_not_added(client, officer, credential):
    Authenticator.objects.all().delete()
    sign_in(client, officer)
    session = client.session
    session["account_authentication_methods"] += [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()

    answer = client.post(reverse("mfa_add_webauthn"), {"name": "key", "credential": credential})

    assert answer.status_code == 200
    assert not Authenticator.objects.exists()
