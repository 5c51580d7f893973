"""An address that moved leads on, in each form it is written in; an absent one is one question."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from tests.standing_site import ensure_site

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("old", "asked"),
    [
        ("/old", "/old/"),
        ("/old", "/old/?utm=1"),
        ("/old?a=1&b=2", "/old/?b=2&a=1"),
        ("/旧页/2019", "/旧页/2019/"),
        ("/%E6%97%A7", "/旧/"),
        ("/en/old", "/en/old"),
    ],
)
@pytest.mark.parametrize("of_this_site", [True, False])
def test_an_old_address_leads_on(client, old, asked, of_this_site):
    ensure_site()
    site = Site.objects.get() if of_this_site else None
    Redirect.objects.create(old_path=old, site=site, redirect_link="/outcomes/")

    answer = client.get(asked)

    assert (answer.status_code, answer["Location"]) == (301, "/outcomes/")


def test_a_redirect_of_another_site_leads_nobody_on_here(client):
    home = ensure_site()
    other = Site.objects.create(hostname="other.example.cn", root_page=home)
    Redirect.objects.create(old_path="/old", site=other, redirect_link="/outcomes/")

    assert client.get("/old/").status_code == 404


def test_a_page_that_is_there_is_shown_whatever_redirect_bears_its_address(client):
    ensure_site()
    Redirect.objects.create(old_path="/outcomes", redirect_link="/needs/")

    assert client.get("/outcomes/").status_code == 200


def test_an_absent_address_asks_once_whether_it_moved(client):
    ensure_site()
    Redirect.objects.create(old_path="/elsewhere", redirect_link="/outcomes/")

    with CaptureQueriesContext(connection) as asked:
        assert client.get("/outcomes/CG-99999/?a=1").status_code == 404

    assert len([each for each in asked if "redirects_redirect" in each["sql"]]) == 1
