"""What stands around every page: links that lead somewhere, the dot of live bidding."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cms.shell import has_live_lot
from marketplace.core import clock
from marketplace.organisations.roles import Role
from tests.factories import people
from tests.marketplace.auctions.making import announced_lot

SHELL = Path(settings.ROOT) / "cms" / "templates" / "components" / "shell"
NOT_BUILT = {"event-list"}


def test_every_route_the_shell_looks_for_exists():
    names = {
        name for page in SHELL.glob("*.html") for name in re.findall(r'{% url "([\w-]+)"', page.read_text("utf-8"))
    }

    for name in names - NOT_BUILT:
        assert reverse(name), name


@pytest.mark.django_db
def test_the_dot_follows_the_bidding_and_is_asked_for_once_in_a_while():
    assert not has_live_lot()
    lot = announced_lot(starts_at=clock.now() + timedelta(minutes=1))
    assert not has_live_lot()

    cache.clear()
    with clock.moved_to(lot.starts_at + timedelta(seconds=1)):
        assert has_live_lot()
    with CaptureQueriesContext(connection) as captured:
        assert has_live_lot()

    assert len(captured) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "leads_to"), [("/outcomes/", "/verify/"), ("/en/outcomes/", "/verify/?lang=en")])
def test_the_foot_leads_to_the_check_in_the_readers_language(client, address, leads_to):
    foot = client.get(address).content.decode().partition('<footer class="foot">')[2]

    assert f'<a href="{leads_to}">' in foot


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/outcomes/"])
def test_staff_who_act_for_nobody_are_led_to_their_own_work(client, site, address):
    reader = people.staff(Role.OFFICER, is_staff=True)
    led = client.get(address).content.decode()
    people.sign_in(client, reader)

    page = client.get(address).content.decode().partition('<div class="tools">')[2]

    for place in ("outcome-new", "need-new", "contract-create", "registration-list"):
        assert f'href="{reverse(place)}"' not in page, place
    assert f'href="{reverse("outcome-new")}"' in led
    assert all(f'<li><a href="{reverse(name)}">' in page for name in ("desk", "board", "wagtailadmin_home"))
