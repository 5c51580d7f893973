"""Who reads English reads the English title and text first where their owner gave them, the Chinese below."""

import re
from html import unescape

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from marketplace.auctions.models import AuctionSession
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome
from tests.walk.test_english import Reading

OUTCOME, OFFERED, SOLD = "Finger vein module", "Induction heater", "Lock body cutting"
NEED, SESSION, HOUSE = "Lower standby current of locks", "Spring session", "Sample Institute A"
SUMMARY, PROBLEM = "Recognises veins at low power.", "Four cells last for six months only."


@pytest.fixture
def bilingual(world):
    """The records of the world with English beside their Chinese, for one test."""
    with transaction.atomic():
        for outcome, title in ((world.outcome, OUTCOME), (world.offered, OFFERED), (world.lot.outcome, SOLD)):
            ResearchOutcome.objects.filter(pk=outcome.pk).update(title_en=title, summary_en=SUMMARY)
        TechnologyNeed.objects.filter(pk=world.need.pk).update(title_en=NEED, problem_en=PROBLEM)
        AuctionSession.objects.filter(pk=world.session.pk).update(title_en=SESSION)
        Organisation.objects.filter(pk=world.institute.pk).update(name_en=HOUSE)
        yield world
        transaction.set_rollback(True)


def read(walker, name, *args):
    """Return the English page's heading and what it says, marked as Chinese or not."""
    with translation.override("en"):
        address = reverse(name, args=args)
    html = walker.get(address, headers={"Accept-Language": "en"}).content.decode()
    reading = Reading()
    reading.feed(html)
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)
    return unescape(heading[1]) if heading else "", reading


def test_a_record_is_headed_by_its_english_title_with_the_chinese_below(bilingual, visit):
    world, visitor = bilingual, visit("visitor")
    pages = [
        ("outcome-detail", world.outcome.number, OUTCOME, world.outcome.title),
        ("need-detail", world.need.code, NEED, world.need.title),
        ("lot-detail", world.lot.number, SOLD, world.lot.outcome.title),
        ("session-detail", world.session.number, SESSION, world.session.title),
        ("organisation-detail", world.institute.code, HOUSE, world.institute.name),
    ]

    for name, key, title, original in pages:
        heading, page = read(visitor, name, key)
        assert heading == title, name
        assert original in page.marked, name


def test_the_english_text_stands_open_and_the_chinese_below_it(bilingual, visit):
    visitor = visit("visitor")

    _heading, outcome = read(visitor, "outcome-detail", bilingual.outcome.number)
    _heading, need = read(visitor, "need-detail", bilingual.need.code)

    assert outcome.said.index(SUMMARY) < outcome.said.index(bilingual.outcome.summary)
    assert need.said.index(PROBLEM) < need.said.index(bilingual.need.problem)


def test_lists_name_records_in_english(bilingual, visit):
    visitor = visit("visitor")

    for name, title, original in [
        ("outcome-list", OUTCOME, bilingual.outcome.title),
        ("need-list", NEED, bilingual.need.title),
        ("lot-list", SOLD, bilingual.lot.outcome.title),
        ("session-list", SESSION, bilingual.session.title),
    ]:
        _heading, page = read(visitor, name)
        assert title in page.said, name
        assert original not in page.said, name


def test_rows_of_the_desk_and_breadcrumbs_too(bilingual, visit):
    manager = visit("institute manager")

    _heading, desk = read(manager, "desk")
    _heading, lot = read(manager, "lot-detail", bilingual.lot.number)

    assert f"Answer the interest in {OFFERED}" in desk.said
    assert SESSION in lot.said
    assert bilingual.session.title not in lot.said


def test_a_chinese_page_keeps_the_chinese_title_first(bilingual, visit):
    html = visit("visitor").get(f"/outcomes/{bilingual.outcome.number}/").content.decode()

    assert f"<h1>{bilingual.outcome.title}</h1>" in html
    assert f'<p class="soft" lang="en">{OUTCOME}</p>' in html
