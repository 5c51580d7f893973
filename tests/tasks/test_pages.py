"""Pages become public, and stop being so, at the time their editor gave."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import Page

from cms.portal.pages import NewsPage
from tasks.pages import keep_page_times
from tasks.schedule import SCHEDULE
from tests.standing_site import ensure_site

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def news(slug, **times):
    """Return a page of news that an editor published with these times."""
    section = ensure_site().get_children().type(Page).get(slug="news")
    page = NewsPage(title=slug, slug=slug, published_on=timezone.localdate(), live=False, **times)
    section.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def status(client, page):
    page.refresh_from_db()
    return page.live, client.get(page.get_url() or f"/news/{page.slug}/").status_code


def test_a_scheduled_page_is_public_once_its_time_has_come(client):
    now = timezone.now()
    page = news("later", go_live_at=now + HOUR)

    keep_page_times()
    before = status(client, page)
    with time_machine.travel(now + HOUR + timedelta(seconds=1), tick=False):
        keep_page_times()
        after = status(client, page)

    assert (before, after) == ((False, 404), (True, 200))


def test_a_page_leaves_at_its_end(client):
    now = timezone.now()
    page = news("shortly", expire_at=now + HOUR)

    before = status(client, page)
    with time_machine.travel(now + HOUR + timedelta(seconds=1), tick=False):
        keep_page_times()
        after = status(client, page)

    assert (before, after) == ((True, 200), (False, 404))
    assert page.expired


def test_a_page_that_fails_keeps_no_other_waiting(client, monkeypatch):
    now = timezone.now()
    broken, sound = news("broken", expire_at=now + HOUR), news("sound", expire_at=now + 2 * HOUR)
    unpublish = Page.unpublish

    def fails_once(page, *args, **kwargs):
        if page.pk == broken.pk:
            raise OSError
        return unpublish(page, *args, **kwargs)

    monkeypatch.setattr(Page, "unpublish", fails_once)
    with time_machine.travel(now + 3 * HOUR, tick=False):
        keep_page_times()

    assert [status(client, each)[0] for each in (broken, sound)] == [True, False]


def test_beat_looks_every_minute():
    assert SCHEDULE["keep-page-times"]["task"] == keep_page_times.name
    assert SCHEDULE["keep-page-times"]["schedule"] <= 60
