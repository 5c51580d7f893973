"""Accounts that a superuser makes in the back office: one name, no roles, a password if wanted."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from marketplace.organisations.models import User
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import appoint_staff, set_up_groups
from tests.factories.people import person, sign_in, staff

pytestmark = pytest.mark.django_db

NEW = {"username": "zhang", "name": "张三", "email": "zhang@example.cn", "password1": "", "password2": ""}


@pytest.fixture
def chief(client):
    """A superuser who is signed in; the groups of all roles are there."""
    set_up_groups()
    chief = person(is_superuser=True, is_staff=True)
    sign_in(client, chief)
    return chief


def add(client, **facts):
    return client.post("/admin/users/new/", NEW | facts)


def test_an_account_has_one_name_and_without_a_password_nobody_comes_in(client, chief):
    assert add(client).status_code == 302

    made = User.objects.get(username="zhang")
    assert (made.name, made.email, made.is_staff, made.is_superuser) == ("张三", "zhang@example.cn", False, False)
    assert not made.has_usable_password()


def test_a_password_that_is_typed_is_the_accounts(client, chief):
    add(client, password1="Long-Word-2026-abc", password2="Long-Word-2026-abc")

    assert User.objects.get(username="zhang").check_password("Long-Word-2026-abc")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"),
        ({"username": ""}, "username"),
        ({"email": "zhang"}, "email"),
        ({"password1": "Long-Word-2026-abc", "password2": "another"}, "password2"),
        ({"password1": "12345", "password2": "12345"}, "password2"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, chief, facts, field):
    answer = add(client, **facts)

    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.filter(username="zhang").exists()


@pytest.mark.parametrize("theirs", ["zhang@example.cn", "ZHANG@example.cn"])
def test_an_address_somebody_has_is_refused_in_any_case(client, chief, theirs):
    person(email=theirs)

    errors = add(client, email="Zhang@example.cn").context["form"].errors

    assert errors == {"email": ["该邮箱已有人使用。"]}
    assert not User.objects.filter(username="zhang").exists()


def test_who_got_no_password_chooses_one_by_mail(client, chief, mailoutbox):
    add(client, email="Zhang@Example.cn")

    Client().post("/accounts/password/reset/", {"email": "Zhang@example.cn"})

    assert [mail.to for mail in mailoutbox] == [["zhang@example.cn"]]
    assert "/accounts/password/reset/key/" in mailoutbox[0].body


def test_a_changed_address_is_confirmed_anew(client, chief):
    holder = person(name="李四", email="li@example.cn")
    EmailAddress.objects.create(user=holder, email=holder.email, primary=True, verified=True)
    told = {"username": holder.username, "name": holder.name, "is_active": "on"}

    client.post(f"/admin/users/edit/{holder.pk}/", told | {"email": "li@example.cn"})
    assert EmailAddress.objects.filter(user=holder).exists()

    client.post(f"/admin/users/edit/{holder.pk}/", told | {"email": "li@example.com"})
    assert not EmailAddress.objects.filter(user=holder).exists()
    assert User.objects.get(pk=holder.pk).email == "li@example.com"


@pytest.mark.parametrize("of", ["somebody", "oneself"])
def test_no_superuser_is_made_or_unmade_here(client, chief, of):
    holder = chief if of == "oneself" else person(name="李四", email="li@example.cn")
    told = {"username": holder.username, "name": "李四", "email": "new@example.cn", "is_superuser": "on"}

    add(client, is_superuser="on")
    answer = client.post(f"/admin/users/edit/{holder.pk}/", told)

    assert answer.status_code == 302
    assert list(User.objects.filter(is_superuser=True)) == [chief]


def test_no_role_is_given_to_several_at_once(client, chief):
    holder = person()

    answer = client.post(f"/admin/bulk/marketplace/user/assign_role/?id={holder.pk}", {"role": 1})

    assert answer.status_code == 404
    assert not holder.groups.exists()


@pytest.mark.parametrize("role", Role)
def test_no_role_comes_or_goes_by_this_form(client, chief, role):
    holder = person(name="李四", email="li@example.cn")
    appoint_staff(holder, by=chief, roles=[Role.LIAISON])
    group = str(holder.groups.model.objects.get(name=role).pk)

    page = client.get(f"/admin/users/edit/{holder.pk}/")
    told = {"username": holder.username, "name": "李四四", "email": holder.email, "is_active": "on", "groups": group}
    answer = client.post(f"/admin/users/edit/{holder.pk}/", told)

    assert answer.status_code == 302
    holder = User.objects.get(pk=holder.pk)
    assert (holder.name, holder.roles) == ("李四四", {Role.LIAISON})
    assert "/staff/" in page.content.decode()


@pytest.mark.parametrize("typed", ["李四", "lisi", "li@example"])
def test_an_account_is_found_by_name_user_name_and_address(client, chief, typed):
    person(name="李四", username="lisi", email="li@example.cn")
    person(name="王五", username="wangwu", email="wang@example.cn")

    found = client.get("/admin/users/", {"q": typed}).context["users"]

    assert [one.username for one in found] == ["lisi"]


def test_people_are_filtered_by_the_names_of_their_roles(client, chief):
    officer, registrar = staff(Role.OFFICER), staff(Role.REGISTRAR)
    group = officer.groups.get()

    page = client.get("/admin/users/", {"group": group.pk}).content.decode()

    assert str(Role.SECOND_REVIEWER.label) in page
    assert "second_reviewer" not in page
    assert officer.username in page
    assert registrar.username not in page


def test_a_superuser_finds_the_page_that_appoints(client, chief):
    assert 'href="/staff/"' in client.get("/desk/").content.decode()


def test_officers_make_no_accounts(client):
    set_up_groups()
    officer = person()
    appoint_staff(officer, by=person(is_superuser=True), roles=[Role.OFFICER])
    sign_in(client, User.objects.get(pk=officer.pk))

    assert client.get("/admin/users/new/").status_code in (302, 403)


@pytest.mark.parametrize(("who", "ticks"), [("auditor", False), ("superuser", True)])
def test_who_may_change_nobody_ticks_nobody(client, who, ticks):
    set_up_groups()
    looks = staff(Role.AUDITOR, is_staff=True) if who == "auditor" else person(is_superuser=True, is_staff=True)
    sign_in(client, looks)

    page = client.get("/admin/users/")

    assert page.status_code == 200
    assert ("data-bulk-action-checkbox" in page.content.decode()) is ticks
