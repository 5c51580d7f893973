"""Confidentiality, notes, files, endings; who sees a deal and who does what."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from marketplace.core import clock
from marketplace.core.files import UnwantedType, files_of
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.deals.actions import finish_deal, follow_contract, terminate_deal
from marketplace.deals.nda import accept_nda
from marketplace.deals.own_side import notes_for
from marketplace.deals.parts import DealNote
from marketplace.deals.refusals import (
    DealEnded,
    MeetingInFuture,
    NdaAccepted,
    NdaOutdated,
    NothingSaid,
    ReasonMissing,
)
from marketplace.deals.talking import add_deal_file, add_note
from marketplace.outcomes.parts import Disclosure
from tests.marketplace.deals.factories import (
    broker,
    engage,
    enterprise,
    from_interest,
    member,
    pdf,
    performing,
    person,
    priced,
)


def test_the_confidential_part_opens_when_both_accepted(matched):
    deal, seller, buyer = matched

    accept_nda(deal, **buyer.as_party)
    assert not Disclosure.objects.exists()
    accept_nda(deal, **seller.as_party)

    row = Disclosure.objects.get()
    assert (row.outcome, row.organisation, row.stage) == (deal.outcome, buyer.organisation, "nda")
    with pytest.raises(NdaAccepted):
        accept_nda(deal, **seller.as_party)


@pytest.mark.django_db
def test_terms_accepted_with_the_interest_count_for_the_buyer():
    deal, seller, buyer = from_interest(accepts_nda=True)

    with pytest.raises(NdaAccepted):
        accept_nda(deal, **buyer.as_party)
    accept_nda(deal, **seller.as_party)

    assert Disclosure.objects.get().organisation == buyer.organisation


def test_terms_of_an_older_version_are_not_accepted(matched):
    deal, seller, _buyer = matched

    with pytest.raises(NdaOutdated):
        accept_nda(deal, version="2020-1", **seller.as_party)


def test_notes_are_shared_or_of_the_own_side(matched):
    deal, seller, buyer = matched
    one = broker()
    engage(deal, one, **seller.as_party)
    add_note(deal, text="大家可见", **seller.as_party)
    add_note(deal, text="只给买方", is_shared=False, **buyer.as_party)
    add_note(deal, text="经纪人备忘", is_shared=False, by=one.user, organisation=None)

    def read(user):
        return [note.text for note in notes_for(deal, user, None)]

    assert read(seller.manager) == ["大家可见", "经纪人备忘"]  # the broker's client
    assert read(buyer.manager) == ["大家可见", "只给买方"]
    assert read(one.user) == ["大家可见", "经纪人备忘"]
    assert read(person("auditor")) == ["大家可见", "只给买方", "经纪人备忘"]


def test_the_journal_keeps_no_words_and_no_names(matched):
    deal, seller, _buyer = matched
    add_note(deal, text="第 1 次会谈", met_on=clock.today(), participants="郑可、周洁", **seller.as_party)

    entry = Entry.objects.get(kind="deal.met")
    assert set(entry.data) == {"note", "is_shared", "side", "met_on"}
    assert "郑可" not in str(entry.data)


def test_a_meeting_is_recorded_after_it_was_held(matched):
    deal, seller, _buyer = matched

    with pytest.raises(MeetingInFuture):
        add_note(deal, text="约好了", met_on=clock.today() + timedelta(days=1), **seller.as_party)
    with pytest.raises(NothingSaid):
        add_note(deal, text="  ", **seller.as_party)
    assert not DealNote.objects.exists()


def test_files_are_confidential_and_seen_by_those_in_the_deal(matched):
    deal, seller, buyer = matched
    file = add_deal_file(deal, upload=pdf(), purpose="nda", **seller.as_party)

    assert [each.name for each in files_of(deal)] == ["保密协议.pdf"]
    assert file.is_confidential
    assert deal.file_visible_to(buyer.manager, file)
    assert deal.file_visible_to(person("auditor"), file)
    assert not deal.file_visible_to(member(enterprise()), file)
    with pytest.raises(UnwantedType):
        add_deal_file(deal, upload=pdf(content=b"MZ\x90\x00 not a document"), purpose="other", **seller.as_party)


def test_terminating_needs_a_reason_and_ends_everything(matched):
    deal, seller, buyer = priced(of=matched)
    with pytest.raises(ReasonMissing):
        terminate_deal(deal, reason=" ", **buyer.as_party)

    terminate_deal(deal, reason="预算调整", **buyer.as_party)

    deal.refresh_from_db()
    assert (deal.state, deal.termination_reason) == ("terminated", "预算调整")
    assert deal.ended_at is not None
    for call in (
        lambda: add_note(deal, text="还在吗", **seller.as_party),
        lambda: add_deal_file(deal, upload=pdf(), purpose="nda", **seller.as_party),
        lambda: accept_nda(deal, **seller.as_party),
    ):
        with pytest.raises(DealEnded):
            call()
    with pytest.raises(WrongState):
        terminate_deal(deal, reason="再次", **seller.as_party)


def test_the_deal_follows_its_contract(matched):
    deal, seller, _buyer = priced(of=matched)

    follow_contract(deal, to="registration", by=seller.manager)
    follow_contract(deal, to="contract", by=None)
    with pytest.raises(WrongState):
        follow_contract(deal, to="performance", by=None)
    with pytest.raises(ValueError, match="does not lead"):
        follow_contract(deal, to="done", by=None)


@pytest.mark.django_db
def test_the_buyer_confirms_performance():
    deal, seller, buyer = performing()

    with pytest.raises(PermissionDenied):
        finish_deal(deal, **seller.as_party)
    finish_deal(deal, **buyer.as_party)

    deal.refresh_from_db()
    assert deal.state == "done"
    assert deal.ended_at is not None


def test_nothing_is_finished_before_registration(matched):
    deal, _seller, buyer = priced(of=matched)

    with pytest.raises(WrongState):
        finish_deal(deal, **buyer.as_party)
