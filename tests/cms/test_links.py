"""Links that keep the rest of the address."""

import re

import pytest
from django.template import Context
from django.test import RequestFactory
from django.utils import translation

from cms.templatetags import links


def _context(address):
    return Context({"request": RequestFactory().get(address)})


def test_turning_the_page_keeps_the_filters():
    context = _context("/outcomes/?field=it&field=bio&q=%E9%94%81")

    assert links.query(context, page=3) == "?field=it&field=bio&q=%E9%94%81&page=3"


def test_a_new_filter_returns_to_the_first_page():
    context = _context("/outcomes/?q=x&page=4")

    assert links.query(context, sort="-trl") == "?q=x&sort=-trl"
    assert links.query(context, q=None) == "?"


def test_takes_away_one_of_several_values():
    context = _context("/outcomes/?field=it&field=bio&page=2")

    assert links.query_without(context, "field", "it") == "?field=bio"
    assert links.query_without(context, "field") == "?"


def test_a_sorted_column_offers_the_other_direction():
    head = links.sort_head(_context("/contracts/?sort=amount"), "amount", "金额")

    assert head["direction"] == "ascending"
    assert head["href"] == "?sort=-amount"


def test_the_other_language_is_the_same_page():
    with translation.override("zh-hans"):
        context = _context("/components/?page=2")

        assert links.in_language(context, "en") == "/en/components/?page=2"
        assert links.in_language(context, "zh-hans") == ""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "other"),
    [
        ("/outcomes/?q=%E9%94%81&page=2", "/en/outcomes/?q=%E9%94%81&page=2"),
        ("/en/outcomes/?q=%E9%94%81", "/outcomes/?q=%E9%94%81"),
    ],
)
def test_a_page_that_was_found_leads_to_itself_in_the_other_language(client, address, other):
    page = client.get(address).content.decode()

    found = re.search(r'hreflang="[^"]*" href="http://testserver([^"]*)"', page)
    assert found[1].replace("&amp;", "&") == other
