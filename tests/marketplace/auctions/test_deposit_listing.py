"""Finance staff find a deposit by any of its numbers and names, read what all come to, and hand it out."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from marketplace.auctions import actions
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.models import Deposit
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, member, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    """Return a deposit that is held, and one that is due."""
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=8))
    held = bidder(lot, at=timezone.now()).deposit
    firm = organisation(name="温州待缴阀门有限公司")
    applied = actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)
    actions.admit_bidder(applied, by=person("organiser"), missing=ASKED_ALWAYS)
    return held, Deposit.objects.get(registrations=applied)


@pytest.fixture
def finance(client):
    sign_in(client, person("finance"))
    return client


def found(client, **asked):
    page = client.get(reverse("deposit-list"), asked)
    return [deposit.pk for deposit in page.context["others"].object_list], page


def test_a_deposit_is_found_by_its_numbers_and_names(finance, two):
    held, due = two
    lookups = [held.reference, held.bank_reference, held.organisation.name, held.organisation.uscc]

    assert [found(finance, q=words)[0] for words in lookups] == [[held.pk]] * 4
    assert found(finance, q="待缴 阀门")[0] == [due.pk]
    assert found(finance, q=held.lot.number)[0] == [due.pk, held.pk]
    assert found(finance, q=held.lot.number, state="held")[0] == [held.pk]
    assert found(finance, q="查无此户")[0] == []
    assert "没有" in found(finance, q="查无此户")[1].content.decode()


@pytest.mark.parametrize("asked", [{"q": "%_\\"}, {"state": "no-such"}, {"q": "长" * 5000}, {"page": "9e9"}])
def test_nonsense_finds_or_finds_nothing_and_breaks_nothing(finance, two, asked):
    assert found(finance, **asked)[1].status_code == 200
    assert finance.get(reverse("deposit-export"), asked).status_code == 200


def test_the_sums_are_of_what_is_shown(finance, two):
    held, due = two
    everything = dict(found(finance)[1].context["sums"])
    one = dict(found(finance, q=held.reference)[1].context["sums"])

    assert {str(words): fen for words, fen in everything.items()} == {
        "待到账": due.amount, "已到账": held.received, "待退还": 0, "已退还": 0, "已抵作价款": 0, "不予退还": 0,
    }  # fmt: skip
    assert [fen for fen in one.values() if fen] == [held.received]


def test_the_table_holds_each_deposit_and_their_total(finance, two):
    held, due = two

    sheet = load_workbook(io.BytesIO(finance.get(reverse("deposit-export")).content)).active
    lines = list(sheet.iter_rows(values_only=True))
    only = finance.get(reverse("deposit-export"), {"q": due.reference, "format": "csv"}).content.decode("utf-8-sig")

    assert [line[0] for line in lines[1:]] == [due.reference, held.reference, "合计"]
    in_yuan = [each / 100 for each in (due.amount, held.amount, due.amount + held.amount)]
    assert [line[6] for line in lines[1:]] == in_yuan
    assert due.reference in only
    assert held.reference not in only


def test_only_who_keeps_or_supervises_the_money_reads_it(client, two):
    for role, expected in (("finance", 200), ("auditor", 200), ("organiser", 403), ("auctioneer", 403)):
        sign_in(client, person(role))
        assert client.get(reverse("deposit-export")).status_code == expected
