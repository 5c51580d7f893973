"""There is one door: whoever may read more after signing in signs in there, whatever part of the site sent them."""

import pytest
from django.contrib.auth.views import LoginView
from django.urls import resolve, reverse
from wagtail.models import PageViewRestriction

from marketplace.organisations.roles import Role
from tests.factories.people import person, staff
from tests.standing_site import ensure_site
from tests.walk.addresses import patterns

pytestmark = pytest.mark.django_db
OTHER_DOORS = ["/_util/login/", "/en/_util/login/", "/admin/login/"]


@pytest.mark.parametrize("door", OTHER_DOORS)
def test_other_doors_lead_to_the_one(client, door):
    answer = client.get(f"{door}?next=/about/")

    assert answer.status_code == 302
    assert answer["Location"] in ("/accounts/login/?next=/about/", "/en/accounts/login/?next=/about/")


@pytest.mark.parametrize("door", OTHER_DOORS)
def test_nobody_gets_in_by_another_door(client, door):
    officer = staff(Role.OFFICER)
    officer.set_password("lake-of-nine-2026")
    officer.save()

    client.post(door, {"username": officer.username, "password": "lake-of-nine-2026"})

    assert "_auth_user_id" not in client.session


def test_no_address_of_any_house_reaches_a_sign_in_of_its_own():
    doors = [name for name, pattern in patterns() if _is_door(pattern.callback)]

    assert "wagtailcore_login" in doors  # it stands in the map, behind ours
    assert {name for name in doors if _is_door(resolve(reverse(name)).func)} == set()


def _is_door(view):
    return issubclass(getattr(view, "view_class", object), LoginView)


def test_another_door_leads_nowhere_else(client):
    assert "evil" not in client.get("/_util/login/?next=https://evil.example/")["Location"]


def test_a_page_for_those_who_sign_in_sends_visitors_to_the_door_and_lets_others_read(client):
    about = ensure_site().get_children().get(slug="about")
    PageViewRestriction.objects.create(page=about, restriction_type=PageViewRestriction.LOGIN)

    answer = client.get("/about/")
    client.force_login(person())

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/about/")
    assert client.get("/about/").status_code == 200
