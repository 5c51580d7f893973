"""Accounts that a superuser makes in the back office: one name, no roles, a password if wanted."""

import pytest

from marketplace.organisations.models import User
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import appoint_staff, set_up_groups
from tests.factories.people import person, sign_in

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


def test_an_address_somebody_has_is_refused_in_any_case(client, chief):
    person(email="zhang@example.cn")

    assert add(client, email="Zhang@example.cn").context["form"].errors
    assert not User.objects.filter(username="zhang").exists()


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


def test_a_superuser_finds_the_page_that_appoints(client, chief):
    assert 'href="/staff/"' in client.get("/desk/").content.decode()


def test_officers_make_no_accounts(client):
    set_up_groups()
    officer = person()
    appoint_staff(officer, by=person(is_superuser=True), roles=[Role.OFFICER])
    sign_in(client, User.objects.get(pk=officer.pk))

    assert client.get("/admin/users/new/").status_code in (302, 403)
