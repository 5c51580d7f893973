"""The day news bears: none that does not exist, and none to come while the page appears at once."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from cms.portal.pages import HomePage, NewsPage
from marketplace.organisations.roles import Role
from tests.factories.people import staff
from tests.standing_site import ensure_site

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


@pytest.fixture(autouse=True)
def _site():
    ensure_site()


def news(**facts):
    home = HomePage.objects.first()
    return NewsPage(title="样例新闻", slug="sample", path=f"{home.path}0099", depth=home.depth + 1, **facts)


def faults(page):
    with pytest.raises(ValidationError) as refused:
        page.clean()
    return refused.value.message_dict


def test_a_day_to_come_is_refused_beside_its_field():
    assert faults(news(published_on=timezone.localdate() + TOMORROW)) == {
        "published_on": ["日期不能晚于今天。需要以后发布的，请设置发布计划。"]
    }


def test_today_is_taken_and_a_day_by_which_the_page_goes_live():
    scheduled = {"go_live_at": timezone.now() + 2 * TOMORROW}

    news(published_on=timezone.localdate()).clean()
    news(published_on=timezone.localdate() + TOMORROW, **scheduled).clean()

    assert "published_on" in faults(news(published_on=timezone.localdate() + 3 * TOMORROW, **scheduled))


def test_a_page_that_went_live_by_its_schedule_takes_every_day_until_today():
    long_live = {"go_live_at": timezone.now() - 9 * TOMORROW}

    news(published_on=timezone.localdate() - 5 * TOMORROW, **long_live).clean()
    news(published_on=timezone.localdate(), **long_live).clean()

    assert "published_on" in faults(news(published_on=timezone.localdate() + TOMORROW, **long_live))


def test_a_day_that_does_not_exist_reaches_the_form_and_is_refused():
    form_class = NewsPage.get_edit_handler().get_form_class()
    form = form_class(instance=news(), for_user=staff(Role.EDITOR))
    day = form.fields["published_on"]

    config = day.widget.get_context("published_on", "", {})["widget"]["config_json"]

    assert json.loads(config)["validateOnBlur"] is False  # else the calendar writes 2 March
    with pytest.raises(ValidationError):
        day.clean("2031-02-30")
