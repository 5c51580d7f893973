"""What is read about an application: whole sentences, times that hold, documents that are missing."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from marketplace.auctions import actions
from marketplace.auctions.declaration import VERSION
from marketplace.auctions.documents import ASKED_ALWAYS, Document
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidderRegistration, Deposit
from marketplace.auctions.registering import DocumentsMissing
from marketplace.core import clock
from marketplace.core.files import files_of
from marketplace.core.journal import Entry
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import (
    announced_lot,
    bidder,
    drafted,
    member,
    organisation,
    person,
    planned,
    second_lot,
)

pytestmark = pytest.mark.django_db
LATER = "新的时间将另行公告"


def coming():
    return announced_lot(starts_at=timezone.now() + timedelta(days=5))


def applied(lot, *kinds):
    firm = organisation()
    papers = [(kind, SimpleUploadedFile("材料.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")) for kind in kinds]
    return actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True, documents=papers)


def admitted(lot):
    one = applied(lot, *Document)
    actions.admit_bidder(one, by=person("organiser"), missing=ASKED_ALWAYS)
    return one


def postpone(lot):
    actions.postpone_session(lot.session, by=person("organiser"), reason="评估报告需要补充")


def announce_again(lot):
    starts_at = timezone.now() + timedelta(days=20)
    lot.session.refresh_from_db()
    actions.reannounce_session(
        lot.session, by=person("organiser"), starts_at=starts_at, registration_closes_at=starts_at
    )
    lot.refresh_from_db()


def printed(at):
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def plain(page):
    """Return the words of a page, each piece of white space as one space."""
    return " ".join(strip_tags(page).split())


def page_for(client, user, address):
    sign_in(client, user)
    return plain(client.get(address).content.decode())


def test_the_deposit_is_asked_for_in_one_sentence(client):
    one = admitted(coming())

    page = page_for(client, one.agent, one.get_absolute_url())

    assert "请确保保证金" in page
    assert f"于 {printed(one.deposit.due_at)} 前到账。以银行到账时间为准。" in page
    assert "汇出保证金" not in page  # what counts is the arrival, so no time is named for sending it
    assert "办理人" not in page


ACCOUNT = {
    "DEPOSIT_ACCOUNT_NAME": "瓯海技术转移中心",
    "DEPOSIT_BANK": "温州银行瓯海支行",
    "DEPOSIT_ACCOUNT_NUMBER": "7350 01",
}


@pytest.mark.parametrize("missing", [None, *ACCOUNT])
def test_who_pays_a_deposit_reads_to_which_account_or_whom_to_ask(client, settings, missing):
    for name, word in ACCOUNT.items():
        setattr(settings, name, "" if name == missing else word)
    one = admitted(coming())

    sign_in(client, one.agent)
    page = client.get(one.get_absolute_url()).content.decode()

    asks = f"收款账户由主办方告知，请联系{one.lot.session.organiser}。"
    assert (asks in plain(page)) is bool(missing)
    assert all(word in page for word in ACCOUNT.values()) is not bool(missing)
    assert ('data-copy="7350 01"' in page) is not bool(missing)
    assert f'data-copy="{one.deposit.reference}"' in page


def test_a_demonstration_without_an_account_shows_a_sample_that_says_so(client, settings):
    one = admitted(coming())
    settings.DEMO = True

    assert "样例账户（演示用，请勿汇款）" in page_for(client, one.agent, one.get_absolute_url())


def test_who_applies_reads_in_one_sentence_what_is_paid_by_when(client):
    lot = coming()
    firm = organisation()

    page = page_for(client, member(firm, "bidder"), reverse("lot-apply", args=[lot.number]))

    assert f"于 {printed(lot.session.registration_closes_at)} 前缴纳保证金" in page
    assert "办理人" not in page


def test_a_deposit_of_a_postponed_session_has_no_day_yet(client):
    lot = coming()
    one = admitted(lot)
    postpone(lot)

    pages = [page_for(client, one.agent, address) for address in (one.get_absolute_url(), reverse("desk"))]

    assert not [page for page in pages if printed(one.deposit.due_at)[:10] in page]
    assert LATER in pages[0]


def test_ones_registrations_do_not_show_the_old_time_of_a_postponed_session(client):
    lot = coming()
    one = bidder(lot, at=timezone.now())
    postpone(lot)

    page = page_for(client, one.agent, reverse("registration-list"))

    assert printed(lot.starts_at) not in page
    assert LATER in page


def test_desks_count_no_days_to_a_postponed_time(client):
    lot = coming()
    applied(lot)
    waits = admitted(lot)
    postpone(lot)
    sign_in(client, person("organiser"))

    organisers = [row for row in rows(client) if "竞买申请" in row.title]
    sign_in(client, person("finance"))
    deposits = [row for row in rows(client) if waits.organisation.name in row.title]

    assert [row.due for row in (*organisers, *deposits)] == [None, None]
    assert all(LATER in row.about for row in (*organisers, *deposits))


def rows(client):
    return client.get(reverse("desk")).context["rows"]


def test_after_the_new_announcement_the_registration_names_the_new_time(client):
    lot = coming()
    one = bidder(lot, at=timezone.now())
    postpone(lot)
    announce_again(lot)

    page = page_for(client, one.agent, one.get_absolute_url())

    assert f"竞价改于 {printed(lot.starts_at)} 开始" in page


def test_an_application_without_its_documents_is_accepted_only_after_a_confirmation_that_names_them(client):
    one = applied(coming(), Document.LICENCE)
    sign_in(client, person("organiser"))
    admit = reverse("registration-move", args=[one.code, "admit"])

    unsure = plain(client.post(admit).content.decode())
    before = BidderRegistration.objects.get(pk=one.pk).state
    client.post(admit, {"sure": "on"})

    assert "法定代表人和代理人的身份证明未提交，仍予通过" in unsure
    assert "营业执照、法定" not in unsure
    assert (before, BidderRegistration.objects.get(pk=one.pk).state) == ("applied", "deposit_due")
    assert Entry.objects.about(one).get(kind="registration.admitted").data["missing"] == ["identity"]


def pdf(name):
    return SimpleUploadedFile(name, b"%PDF-1.4\n%%EOF\n", "application/pdf")


@pytest.mark.parametrize("was_asked", [False, True])
def test_papers_are_added_until_the_decision_and_the_reviewer_reads_when_each_came(client, was_asked):
    lot = coming()
    one = applied(lot, Document.LICENCE)
    if was_asked:
        actions.ask_for_documents(one, by=person("organiser"), reason="缺身份证明")
    sign_in(client, one.agent)
    later = timezone.now() + timedelta(hours=5)
    with clock.moved_to(later):
        nothing = client.post(one.get_absolute_url(), {"documents": ""})
        done = client.post(one.get_absolute_url(), {"identity": pdf("身份证明.pdf")}, follow=True)
    review = page_for(client, person("organiser"), reverse("registration-review", args=[one.code]))

    one.refresh_from_db()
    assert nothing.context["form"].errors
    assert ("重新审核" in plain(done.content.decode())) is was_asked
    assert one.state == "applied"
    assert list(files_of(one).order_by("pk").values_list("purpose", "name")) == [
        ("business_licence", "材料.pdf"),
        ("identity", "身份证明.pdf"),
    ]
    assert printed(later) in review
    kinds = ["registration.applied", "registration.asked", "registration.applied"]
    expected = kinds if was_asked else ["registration.applied", "registration.supplemented"]
    assert list(Entry.objects.about(one).order_by("pk").values_list("kind", flat=True)) == expected


def test_what_is_no_document_is_refused_beside_its_field_and_after_the_decision_nothing_is_added(client):
    one = applied(coming(), Document.LICENCE)
    sign_in(client, one.agent)
    wrong = client.post(one.get_absolute_url(), {"identity": SimpleUploadedFile("x.pdf", b"MZ\x90", "application/pdf")})
    actions.admit_bidder(one, by=person("organiser"), missing=ASKED_ALWAYS)

    shown = client.get(one.get_absolute_url()).content.decode()
    late = client.post(one.get_absolute_url(), {"identity": pdf("身份证明.pdf")})

    assert set(wrong.context["form"].errors) == {"identity"}
    assert 'name="identity"' not in shown
    assert late.context["form"].non_field_errors()[0] in late.content.decode()
    assert files_of(one).count() == 1


@pytest.mark.parametrize(
    ("scope", "is_paid", "is_second", "words"),
    [
        ("lot", None, False, "尚未要求缴纳保证金"),
        ("lot", False, False, "不再要求缴纳"),
        ("lot", True, False, "全额退还"),
        ("session", False, True, "仍须缴纳"),
        ("session", True, True, "继续保留"),
    ],
)
def test_who_thinks_of_withdrawing_reads_what_becomes_of_the_deposit(client, scope, is_paid, is_second, words):
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=5), deposit_scope=scope)
    one = applied(lot, *Document) if is_paid is None else admitted(lot)
    if is_second:
        other = BidderRegistration.objects.get(pk=one.pk)
        other.pk, other.code, other.lot = None, "", second_lot(lot)
        other.save()
    if is_paid:
        Deposit.objects.filter(registrations=one).update(
            state="held", received=one.deposit.amount, received_at=timezone.now(), bank_reference="B-1"
        )
        BidderRegistration.objects.filter(pk=one.pk).update(state="deposit_held")

    pages = [page_for(client, one.agent, address) for address in (withdrawal(one), one.get_absolute_url())]

    assert all(words in page for page in pages)
    assert all(f"在 {printed(lot.session.registration_closes_at)} 前" in page for page in pages)


def withdrawal(one):
    return reverse("registration-withdraw", args=[one.code])


@pytest.mark.parametrize("known", [(), [Document.LICENCE], [Document.INDUSTRY]])
def test_who_admits_names_each_document_that_is_missing(known):
    one = applied(coming(), Document.LICENCE)

    with pytest.raises(DocumentsMissing) as refused:
        actions.admit_bidder(one, by=person("organiser"), missing=known)

    assert refused.value.details == {"documents": str(Document.IDENTITY.label)}
    one.refresh_from_db()
    assert (one.state, one.deposit) == ("applied", None)
    assert not Entry.objects.about(one).filter(kind="registration.admitted").exists()


def test_who_names_more_than_is_missing_admits_and_the_journal_keeps_what_was():
    one = applied(coming(), Document.LICENCE)

    actions.admit_bidder(one, by=person("organiser"), missing=ASKED_ALWAYS)

    assert Entry.objects.about(one).get(kind="registration.admitted").data["missing"] == ["identity"]


def test_a_complete_application_is_accepted_at_once(client):
    one = applied(coming(), Document.LICENCE, Document.IDENTITY)
    sign_in(client, person("organiser"))

    client.post(reverse("registration-move", args=[one.code, "admit"]))

    assert Deposit.objects.filter(registrations=one, state="due").exists()


def test_who_has_applied_finds_that_application_instead_of_the_form(client):
    lot = coming()
    one = applied(lot)
    address = reverse("lot-apply", args=[lot.number])
    sign_in(client, one.agent)

    sent = {"capacity": "representative", "declared": "on", "version": VERSION}
    page, answer = client.get(address).content.decode(), client.post(address, sent).content.decode()

    assert one.get_absolute_url() in page
    assert "您的单位已报名本件拍品。" in page
    assert 'name="declared"' not in page
    assert 'name="declared"' in answer
    assert "您的单位已报名本件拍品。" in answer


def test_the_page_of_an_outcome_names_the_lot_that_sells_it_once_it_is_announced(client):
    lot = coming()
    address, line = lot.outcome.get_absolute_url(), f"瓯来拍：拍品 {lot.number}，{printed(lot.starts_at)} 起竞价"

    before_anybody_bids = client.get(address).content.decode()
    type(lot).objects.filter(pk=lot.pk).update(is_practice=True)
    of_practice = client.get(address).content.decode()
    type(lot).objects.filter(pk=lot.pk).update(is_practice=False, state="withdrawn")
    withdrawn = client.get(address).content.decode()

    assert line in plain(before_anybody_bids)
    assert re.search("起拍价 160(.00)? ?万元", plain(before_anybody_bids))
    assert f'href="{lot.get_absolute_url()}"' in before_anybody_bids
    assert "瓯来拍：拍品" not in of_practice + withdrawn


def test_before_the_announcement_the_page_of_an_outcome_says_nothing_of_its_lot(client):
    drafted_lot = drafted(planned())

    assert drafted_lot.number not in client.get(drafted_lot.outcome.get_absolute_url()).content.decode()


def beaten(**facts):
    """Return a lot whose bidding is over, and the registration that was outbid in it."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1), **facts)
    loser, winner = bidder(lot), bidder(lot)
    actions.decide_bid(lot, loser, amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    actions.decide_bid(lot, winner, amount=170 * WAN, key="b", arrived_at=lot.starts_at + timedelta(minutes=1))
    lot.refresh_from_db()
    actions.close_lot(lot)
    loser.refresh_from_db()
    return lot, loser, winner


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("refund_due", "您的保证金正在退还。"),
        ("refunded", "您的保证金已退还。"),
        ("kept", "您的保证金用于本场其他拍品。"),
    ],
)
def test_who_did_not_win_reads_so_and_what_becomes_of_the_deposit(client, state, words):
    lot, loser, winner = beaten()
    BidderRegistration.objects.filter(pk=loser.pk).update(state=state)

    to_loser = page_for(client, loser.agent, lot.get_absolute_url())
    to_winner = page_for(client, winner.agent, lot.get_absolute_url())

    assert f"您未竞得本拍品。 您是 {loser.alias} 号。 {words}" in to_loser
    assert "未竞得" not in to_winner


def test_who_leads_a_lot_that_is_not_sold_reads_what_becomes_of_the_deposit(client):
    lot, loser, leader = beaten(reserve=200 * WAN)

    for one in (loser, leader):
        page = page_for(client, one.agent, lot.get_absolute_url())
        assert f"您是 {one.alias} 号。 您的保证金正在退还。" in page
        assert "未竞得" not in page
