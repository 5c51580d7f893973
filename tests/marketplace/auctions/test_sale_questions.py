"""The questions before an organiser's verbs that cannot be taken back: beside their buttons, and true."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.core import clock
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, member, person
from tests.marketplace.auctions.test_milestones import again, confirmed

pytestmark = pytest.mark.django_db

SURE = re.compile(r'<dialog id="sure-(\w+)".*?</dialog>', re.DOTALL)
PRESSED = re.compile(r'data-dialog="sure-(\w+)"')


def sold():
    """Return a lot that found a buyer whose sale is to be confirmed."""
    lot = announced_lot(starts_at=clock.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    actions.decide_bid(lot, bidder(lot), amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    return again(lot)


def rescinded():
    lot = confirmed()
    actions.rescind_sale(lot, by=None)
    return again(lot)


def asked(client, lot, reader):
    """Return {verb: the question} of the page of a lot, and the verbs of its buttons that ask."""
    sign_in(client, reader)
    page = client.get(reverse("lot-manage", args=[lot.number])).content.decode()
    return {match[1]: match[0] for match in SURE.finditer(page)}, set(PRESSED.findall(page))


@pytest.mark.parametrize(
    ("made", "verbs"),
    [
        (announced_lot, {"withdraw"}),
        (sold, {"confirm", "default"}),
        (confirmed, {"default"}),
        (rescinded, {"clear", "default"}),
    ],
)
def test_each_question_stands_beside_its_button_and_for_nobody_else(client, made, verbs):
    lot = made()

    questions, buttons = asked(client, lot, person("organiser"))

    assert set(questions) == buttons == verbs
    for reader in (member(lot.outcome.owner, "publisher"), person("auditor")):
        assert asked(client, lot, reader) == ({}, set())


def test_a_default_names_who_bought_at_what_and_what_is_lost(client):
    before, after = confirmed(), rescinded()

    first, later = (asked(client, lot, person("organiser"))[0]["default"] for lot in (before, after))

    for question, lot in ((first, before), (later, after)):
        assert f"竞买人 {lot.leader_alias} 号" in question
        assert "160 万元" in question
        assert "保证金 16 万元" in question
    assert "交易终止，成果恢复可交易" in first
    assert "交易终止" not in later  # it ended before, and the outcome may be in another sale since
