"""What the house tells search engines, browsers, feed readers and those who share a link."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from cms.portal.pages import NewsIndexPage, NewsPage
from tests.marketplace.auctions import making

pytestmark = pytest.mark.django_db


def page_of(client, address):
    return client.get(address).content.decode()


def test_robots_may_read_what_everybody_may_and_are_told_where_it_is_listed(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert "Sitemap: http://testserver/sitemap.xml" in lines
    for closed in ("/admin/", "/accounts/", "/desk/", "/en/desk/", "/files/"):
        assert f"Disallow: {closed}" in lines
    assert not [line for line in lines if line in ("Disallow: /", "Disallow: /outcomes/", "Disallow: /en/")]


def test_the_mark_answers_for_the_icon(client):
    answer = client.get("/favicon.ico")

    assert (answer.status_code, answer["Location"].endswith("mark.svg")) == (302, True)


def test_the_list_of_addresses_names_what_is_public_in_both_languages(client, site):
    shown = making.outcome(title="公开的成果", published_at=timezone.now())
    hidden = making.outcome(title="撤回的成果", published_at=timezone.now(), state="withdrawn")

    sections = page_of(client, "/sitemap.xml")
    texts, outcomes = page_of(client, "/sitemap-texts.xml"), page_of(client, "/sitemap-outcomes.xml")

    assert {"texts", "outcomes", "needs", "brokers", "lots"} < set(re.findall(r"/sitemap-(\w+)\.xml", sections))
    for address in ("/", "/en/", "/about/", "/en/about/", "/news/marketplace-opens/"):
        assert f"<loc>http://testserver{address}</loc>" in texts
    assert 'hreflang="en" href="http://testserver/en/about/"' in texts
    assert f"<loc>http://testserver/en{shown.get_absolute_url()}</loc>" in outcomes
    assert hidden.number not in outcomes


def test_a_page_in_one_language_is_listed_in_that_one(client, site):
    NewsPage.objects.filter(locale__language_code="en", slug="marketplace-opens").delete()

    texts = page_of(client, "/sitemap-texts.xml")

    assert "<loc>http://testserver/news/marketplace-opens/</loc>" in texts
    assert "/en/news/marketplace-opens/" not in texts


def test_more_records_cost_no_more_questions(client, site, django_assert_num_queries):
    for times in (1, 3):
        for _each in range(times):
            making.outcome(published_at=timezone.now())
        with django_assert_num_queries(1):
            client.get(f"/sitemap-outcomes.xml?times={times}")


def test_a_page_tells_its_one_address_and_what_it_is_when_shared(client, site):
    page = page_of(client, "/news/marketplace-opens/?from=mail")

    assert '<link rel="canonical" href="http://testserver/news/marketplace-opens/">' in page
    assert '<meta property="og:title" content="瓯海技术转移交易平台上线">' in page
    assert '<meta property="og:type" content="article">' in page
    assert "<title>瓯海技术转移交易平台上线 · " in page
    assert 'rel="canonical"' not in page_of(client, "/no-such-page/")


def test_later_pages_of_a_list_are_addresses_of_their_own(client, site, monkeypatch):
    monkeypatch.setattr("cms.portal.news_list.PER_PAGE", 2)

    assert 'rel="canonical" href="http://testserver/news/?page=2"' in page_of(client, "/news/?page=2&kind=")
    assert 'rel="canonical" href="http://testserver/news/"' in page_of(client, "/news/?page=1")


def test_what_stands_in_a_title_stays_text(client, site):
    NewsPage.objects.filter(slug="marketplace-opens").update(title='"><script>alert(1)</script>')

    page = page_of(client, "/news/marketplace-opens/")

    assert "<script>alert" not in page
    assert f'content="{escape(chr(34))}&gt;' in page


def test_a_page_without_a_summary_is_described_by_its_text(client, site):
    NewsPage.objects.filter(slug="marketplace-opens").update(summary="")

    described = re.search(r'name="description" content="([^"]*)"', page_of(client, "/news/marketplace-opens/"))[1]

    assert described.startswith("瓯海技术转移交易平台已上线。")
    assert len(described) <= 150


@pytest.mark.parametrize(("prefix", "title"), [("", "瓯海技术转移交易平台上线"), ("/en", "The marketplace is open")])
def test_news_come_as_a_feed_that_the_list_names(client, site, prefix, title):
    answer = client.get(f"{prefix}/feed.xml")
    feed = answer.content.decode()

    assert answer["Content-Type"].startswith("application/atom+xml")
    assert f"<title>{title}</title>" in feed
    assert feed.count("<entry>") == 3
    assert f'href="http://testserver{prefix}/news/marketplace-opens/"' in feed
    assert page_of(client, f"{prefix}/news/").count(f'href="{prefix}/feed.xml"') == 2


def test_a_draft_stands_in_no_feed_and_no_list(client, site):
    NewsPage.objects.filter(slug="marketplace-opens").update(live=False)

    assert "/news/marketplace-opens/" not in page_of(client, "/feed.xml") + page_of(client, "/sitemap-texts.xml")


def test_verification_is_found_with_the_prefix_of_english(client):
    assert client.get("/en/verify/")["Location"] == "/verify/?lang=en"
    assert client.get("/en/verify/abc/")["Location"] == "/verify/abc/?lang=en"


def test_news_are_chosen_by_kind_and_year(client, site):
    today = timezone.localdate()
    chinese = NewsPage.objects.filter(locale__language_code="zh-hans")
    chinese.update(kind="news")
    chinese.filter(slug="marketplace-opens").update(kind="policy", published_on=today - timedelta(days=800))
    year = (today - timedelta(days=800)).year

    whole, policies = page_of(client, "/news/"), page_of(client, "/news/?kind=policy")

    assert whole.count('class="result"') == 3
    assert "共 3 条" in whole
    assert policies.count('class="result"') == 1
    assert "共 1 条" in policies
    assert page_of(client, f"/news/?year={year}").count('class="result"') == 1
    assert "没有这一类" in page_of(client, f"/news/?year={year}&kind=notice")
    assert page_of(client, "/news/?kind=nonsense&year=-1&page=x").count('class="result"') == 3


def test_news_lead_to_those_before_and_after(client, site):
    page = page_of(client, "/news/indicators-in-needs/")

    assert re.search(r'href="/news/contract-registration-materials/" rel="next"', page)
    assert re.search(r'href="/news/marketplace-opens/" rel="prev"', page)


def test_more_news_cost_the_list_no_more_questions(client, site):
    index = NewsIndexPage.objects.get(locale__language_code="zh-hans")
    for times in (1, 3):
        for each in range(times):
            index.add_child(instance=NewsPage(title=f"样例{each}", slug=f"sample-{times}-{each}", locale=index.locale))
        page_of(client, "/news/")  # what every page remembers
        with CaptureQueriesContext(connection) as asked:
            page_of(client, "/news/")
        if times == 1:
            first = len(asked)
    assert len(asked) == first
