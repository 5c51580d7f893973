"""The demonstration's accounts: one per role, made by the real actions, refused outside the demonstration."""

import pytest
from django.urls import reverse

from cms.demo.signins import HOUSES, PASSWORD, SIGN_INS, NotDemo, demo_signins, make_demo_people
from marketplace.core.identifiers import validate_uscc
from marketplace.core.journal import Entry
from marketplace.organisations.models import Organisation, User
from marketplace.organisations.roles import Role

pytestmark = pytest.mark.django_db


def test_refused_unless_demo():
    with pytest.raises(NotDemo):
        make_demo_people()
    with pytest.raises(NotDemo):
        _ = SIGN_INS[-1].secret

    assert demo_signins(None) == {}
    assert not User.objects.exists()


def test_makes_one_account_per_role_once(settings):
    settings.DEMO = True

    people = make_demo_people()
    again = make_demo_people()

    assert {person.pk for person in people.values()} == {person.pk for person in again.values()}
    held = {role for one in SIGN_INS for role in User.objects.get(username=one.username).roles}
    assert held == set(Role.values)
    assert Organisation.objects.filter(state="verified").count() == len(HOUSES)
    assert Entry.objects.filter(kind="organisation.verified").count() == len(HOUSES)
    for house in HOUSES:
        validate_uscc(house.uscc)
    bidder = User.objects.get(username="bidder")
    assert bidder.acts_for(Organisation.objects.get(name="梧田电器股份有限公司"))


def test_the_list_opens_the_door_with_its_code(client, settings):
    settings.DEMO = True
    make_demo_people()
    shown = {one["username"]: one for one in demo_signins(None)["demo_signins"]}

    first = client.post(reverse("account_login"), {"login": "officer", "password": PASSWORD})
    client.post(first.url, {"code": shown["officer"]["totp_code"]})

    assert client.get(reverse("organisation-pending")).status_code == 200
    assert shown["enterprise"]["totp_code"] == ""
