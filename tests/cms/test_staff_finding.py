"""The search of the admin: it begins where a person may search, and leads on with what was asked."""

import json
import re
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context

from cms.templatetags.staff_search import search_elsewhere
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]

OUTCOMES, LOTS, PAGES = "/admin/snippets/marketplace/researchoutcome/", "/admin/lots/", "/admin/pages/search/"
BEGINS = dict.fromkeys(Role, OUTCOMES) | {
    Role.AUCTIONEER: LOTS,
    Role.FINANCE: "/admin/organisations/",
    Role.EDITOR: PAGES,
}
FORM = re.compile(r'<form\b[^>]*\baction="([^"]+)"[^>]*\brole="search"')
SIDE = re.compile(r'<script id="wagtail-sidebar-props" type="application/json">(.+?)</script>', re.DOTALL)


def begin(client, role):
    set_up_groups()
    people.sign_in(client, people.staff(role, is_staff=True))
    return client.get("/admin/").content.decode()


@pytest.mark.parametrize("role", Role)
def test_both_boxes_search_what_the_role_may_look_at(client, role):
    page = begin(client, role)

    told = json.loads(SIDE.search(page)[1])
    (box,) = FORM.findall(page)

    assert box == BEGINS[role]
    assert f'"{box}"' in json.dumps(told["modules"])
    assert client.get(box, {"q": "锁"}).status_code == 200


def test_a_search_leads_on_to_the_other_listings_the_role_sees(client):
    begin(client, Role.REGISTRAR)

    page = client.get("/admin/organisations/", {"q": "瓯海"}).content.decode()

    others = set(re.findall(r'href="(/admin/[^"]+)\?q=%E7%93%AF%E6%B5%B7"', page))
    assert {OUTCOMES, "/admin/contracts/", "/admin/brokers/"} <= others
    assert not {LOTS, "/admin/deals/", PAGES} & others


def test_who_searches_nothing_is_offered_no_box():
    """Wagtail's box is taken out whole, whatever it leads to."""
    page = '<h1>x</h1><form class="a" action="/admin/pages/" role="search"><input></form><p>y</p>'
    nobody = SimpleNamespace(user=AnonymousUser())

    assert search_elsewhere(Context({"request": nobody}), page) == "<h1>x</h1><p>y</p>"
