"""The announcement posted up: what was called off since stands before what was frozen, which stays as it was."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.models import AuctionSession, Lot, LotEvent
from marketplace.auctions.posted_paper import posted_paper
from marketplace.auctions.printed import at
from marketplace.core.papers import Facts, Table
from tests.marketplace.auctions.making import announced_lot, person, second_lot
from tests.pdf_text import text_of

pytestmark = pytest.mark.django_db

SAID = "公告后撤回，不再出让"
CANCELLED = "专场已取消。"


def two_lots():
    """Return an announced lot beginning in an hour, and another of its session."""
    lot = announced_lot(starts_at=timezone.now() + timedelta(hours=1))
    return lot, second_lot(lot)


def withdrawn(lot, reason="供方撤回"):
    actions.withdraw_lot(Lot.objects.get(pk=lot.pk), by=person("organiser"), reason=reason)
    return LotEvent.objects.get(lot=lot, kind="withdrawn").decided_at


def paper_of(lot):
    return posted_paper(AuctionSession.objects.get(pk=lot.session_id), address="https://example.cn/")


def test_a_withdrawn_lot_stands_before_what_was_frozen(client):
    lot, kept = two_lots()
    address = reverse("announcement-pdf", args=[lot.session.number])
    before = text_of(client.get(address).content)

    withdrawn_at = withdrawn(lot, "供方撤回，另行公告")

    words = text_of(client.get(address).content)
    told, frozen = words.split("以下为公告时固定的内容", 1)
    assert SAID not in before
    for said in (SAID, lot.number, "等速万向节感应热处理系统", at(withdrawn_at).replace(" ", ""), "供方撤回，另行公告"):
        assert said in told, said
    assert kept.number not in told
    assert lot.number in frozen
    assert lot.session.announcement_hash in frozen


def test_it_is_dated_by_the_last_that_was_called_off():
    lot, kept = two_lots()
    assert paper_of(lot).dated == lot.announced_at

    first = withdrawn(lot)
    assert paper_of(lot).dated == first
    second = withdrawn(kept)

    assert first < second == paper_of(lot).dated


def test_where_nothing_was_called_off_it_is_the_announcement():
    lot, _kept = two_lots()

    assert [block.kind for block in paper_of(lot).blocks][:2] == ["facts", "table"]
    assert paper_of(lot).blocks[0].heading != CANCELLED


def test_a_cancelled_session_says_so_once_and_when(client):
    lot, kept = two_lots()
    withdrawn(lot)

    actions.cancel_session(AuctionSession.objects.get(pk=lot.session_id), by=person("organiser"), reason="场地停电")

    first, *rest = paper_of(lot).blocks
    cancelled_at = LotEvent.objects.get(lot=kept, kind="withdrawn").decided_at
    assert isinstance(first, Facts)
    assert (first.heading, [value for _label, value in first.rows]) == (
        CANCELLED,
        [at(cancelled_at), "场地停电", "全部拍品均不再出让。"],
    )
    assert not any(isinstance(block, Table) and block.heading == SAID for block in rest)
    words = text_of(client.get(reverse("announcement-pdf", args=[lot.session.number])).content)
    assert words.count("场地停电") == 1


def test_its_page_says_it_once_and_leads_to_the_lot(client):
    lot, _kept = two_lots()
    withdrawn(lot, "供方撤回，另行公告")

    page = client.get(lot.session.announcement_url).content.decode()

    assert page.count(SAID) == page.count("供方撤回，另行公告") == 1
    assert f'href="{lot.get_absolute_url()}"' in page


def test_it_is_said_in_english(client):
    lot, _kept = two_lots()
    withdrawn(lot)

    words = text_of(client.get("/en" + reverse("announcement-pdf", args=[lot.session.number])).content)

    assert "Withdrawnsincetheannouncement,andnotofferedanymore" in words
