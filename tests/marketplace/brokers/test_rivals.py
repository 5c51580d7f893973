"""Several claims on one record: one is confirmed at a time, everybody concerned is told and heard."""

from datetime import timedelta
from threading import Thread

import pytest
from django.db import connection

from marketplace.brokers.leads.actions import (
    confirm_lead,
    decline_lead,
    file_lead,
    settle_lead,
    take_back_lead_confirmation,
)
from marketplace.brokers.leads.claims import AnotherConfirmed, DeclinedLately, RecordInDeal, RecordSettled
from marketplace.brokers.leads.models import Lead
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import Refused, WrongState
from marketplace.core.rules import why_not
from marketplace.notices.models import Notice
from marketplace.publicity import rules
from marketplace.publicity.actions import NoLongerPublic, answer_objection, make_objection
from marketplace.publicity.models import Publicity
from marketplace.publicity.replies import RepliedAlready, ReplyMissing, reply_to_objection
from tasks.delivery import at_once
from tests.factories.people import sign_in
from tests.marketplace.brokers.making import rule
from tests.marketplace.contracts.factories import PDF, broker, person, scan
from tests.marketplace.matching.factories import member, need, outcome
from tests.marketplace.rewards.making import confirmed, filed, linked, standing, terms

pytestmark = pytest.mark.django_db


def told(user):
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def confirm(lead, **how):
    confirm_lead(lead, by=member(lead.party), organisation=lead.party, **how)


def objected(lead):
    term, rival = Publicity.objects.of(lead).get(), broker(user=person()).user
    return make_objection(term, by=rival, organisation=None, ground="first", text="我先。")


# one confirmed lead at a time


def test_a_second_claim_on_the_record_is_not_confirmed_and_the_first_is_named():
    record = outcome()
    earlier, later = filed(record=record, days=9), confirmed(record=record, days=0)

    with pytest.raises(AnotherConfirmed, match=later.broker.name):
        confirm(earlier)

    earlier.refresh_from_db()
    assert earlier.state == "registered"


def test_others_are_declined_only_where_the_party_ticks_them(client):
    terms()
    record = outcome()
    chosen, left, lead = (filed(record=record, days=days) for days in (9, 8, 7))
    elsewhere = filed(days=5)
    sign_in(client, member(lead.party))
    page = client.get(f"{lead.get_absolute_url()}confirm/")
    asked = set(page.context["form"].fields["declines"].queryset)

    client.post(f"{lead.get_absolute_url()}confirm/", {"declines": [chosen.pk]})

    assert asked == {chosen, left}
    states = dict(Lead.objects.values_list("pk", "state"))
    expected = {chosen.pk: "declined", left.pk: "registered", lead.pk: "confirmed", elsewhere.pk: "registered"}
    assert states == expected
    sign_in(client, chosen.broker.user)
    assert "已确认另一位技术经纪人的线索" in client.get(chosen.get_absolute_url()).content.decode()


def test_what_is_declined_with_it_is_on_the_same_record():
    terms()
    lead, elsewhere = filed(), filed()

    confirm(lead, declines=[elsewhere])

    elsewhere.refresh_from_db()
    assert elsewhere.state == "registered"


def test_the_page_says_what_follows_and_shows_what_every_claim_rests_on(client):
    record = need(live=True)
    first = file_lead(by=broker(user=person()).user, record=record, note="甲的说明", evidence=[scan("甲.pdf")])
    second = filed(record=record, days=0)
    sign_in(client, member(second.party))

    page = client.get(f"{second.get_absolute_url()}confirm/").content.decode()

    second.refresh_from_db()
    assert second.state == "registered"
    for words in (first.broker.name, "甲的说明", "甲.pdf", "办理后的影响"):
        assert words in page


def test_the_rival_reads_that_there_is_another_and_its_publicity_but_no_evidence(client):
    record = outcome()
    mine = filed(record=record, days=9)
    other = file_lead(by=broker(user=person()).user, record=record, note="对手的说明", evidence=[scan("对手.pdf")])
    terms()
    confirm(other)
    sign_in(client, mine.broker.user)

    page = client.get(mine.get_absolute_url()).content.decode()

    assert Publicity.objects.of(other).get().get_absolute_url() in page
    assert "对手的说明" not in page
    assert "对手.pdf" not in page


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmed_at_the_same_time_one_holds():
    terms()
    record = outcome()
    leads, manager = [filed(record=record, days=days) for days in (9, 8)], member(record.owner)

    def run(lead):
        try:
            confirm_lead(lead, by=manager, organisation=record.owner)
        except Refused:
            pass
        finally:
            connection.close()

    threads = [Thread(target=run, args=[Lead.objects.get(pk=lead.pk)]) for lead in leads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(Lead.objects.values_list("state", flat=True)) == ["confirmed", "registered"]


# told


@pytest.mark.django_db(transaction=True)
def test_rivals_are_told_when_another_is_filed_confirmed_and_stands():
    terms()
    record = outcome()
    first = filed(record=record, days=9)
    with at_once():
        second = filed(record=record, days=8)
        with clock.moved_to(clock.now() - timedelta(days=7)):
            confirm(second)
        settle_lead(second)

    kinds = told(first.broker.user)
    assert kinds == ["lead.filed.rival", "lead.confirmed.rival", "lead.settled.rival"]
    notice = Notice.objects.get(user=first.broker.user, kind="lead.confirmed.rival")
    term = Publicity.objects.of(second).get()
    assert (notice.path, notice.data["until"]) == (term.get_absolute_url(), term.ends_on.isoformat())
    assert "lead.filed.rival" not in told(second.broker.user)


# objections


def test_nobody_objects_to_the_own_lead():
    lead = confirmed(days=0)
    term = Publicity.objects.of(lead).get()
    people = {
        "broker": lead.broker.user, "party": member(lead.party), "rival": broker(user=person()).user,
        "officer": person("officer"),
    }  # fmt: skip

    assert {who for who, user in people.items() if why_not(rules.make_objection, user, term) is None} == {"rival"}


@pytest.mark.django_db(transaction=True)
def test_both_sides_are_told_of_an_objection_and_reply_once(client):
    lead, officer = confirmed(days=0), person("officer")
    manager, stranger = member(lead.party), person()
    with at_once():
        objection = objected(lead)
    assert "lead.objected" in told(lead.broker.user)
    assert "lead.objected" in told(manager)

    for side, words in ((lead.broker.user, "有邮件为证"), (manager, "确由其引荐")):
        sign_in(client, side)
        assert "我先。" in client.get(lead.get_absolute_url()).content.decode()
        term = client.get(objection.get_absolute_url()).content.decode()
        assert "我先。" in term
        assert str(objection.made_by) not in term
        client.post(f"/publicity/objections/{objection.code}/reply/", {"text": words})
    with pytest.raises(RepliedAlready):
        reply_to_objection(objection, by=manager, text="再说一遍")

    assert list(objection.replies.values_list("side", "text")) == [("broker", "有邮件为证"), ("party", "确由其引荐")]
    sign_in(client, officer)
    assert "有邮件为证" in client.get(objection.get_absolute_url()).content.decode()
    assert why_not(rules.reply_to_objection, stranger, objection) is not None
    assert why_not(rules.read_objection, stranger, objection) is not None


def test_a_reply_says_something_and_comes_before_the_answer(client):
    lead = confirmed(days=0)
    objection = objected(lead)
    with pytest.raises(ReplyMissing):
        reply_to_objection(objection, by=lead.broker.user, text=" ")
    sign_in(client, lead.broker.user)
    empty = client.post(f"/publicity/objections/{objection.code}/reply/", {"text": ""})
    answer_objection(objection, by=person("officer"), is_upheld=False, answer="查无实据")

    assert "text" in next(row["reply_form"] for row in empty.context["objections"]).errors
    with pytest.raises(NoLongerPublic):
        reply_to_objection(objection, by=lead.broker.user, text="迟了")


# taken back


def test_the_party_takes_its_confirmation_back_while_objections_are_taken(client):
    lead = confirmed(days=0)
    sign_in(client, member(lead.party))

    client.post(f"{lead.get_absolute_url()}take-back/", {"reason": "看错了经纪人。"})

    lead.refresh_from_db()
    assert (lead.state, lead.reason) == ("registered", "看错了经纪人。")
    assert Publicity.objects.of(lead).get().state == "stopped"
    assert Entry.objects.about(lead).filter(kind="lead.taken_back").count() == 1
    confirm(lead)
    assert lead.state == "confirmed"
    settled = standing()
    with pytest.raises(WrongState):
        take_back_lead_confirmation(settled, by=member(settled.party), organisation=settled.party, reason="迟了")


# filed again, and where nothing counts


def test_a_declined_lead_comes_again_after_the_days_or_with_new_evidence(settings):
    settings.LEAD_AGAIN_DAYS = 30
    by, record, paper = broker(user=person()), outcome(), scan("一.pdf")
    lead = file_lead(by=by.user, record=record, note="引荐。", evidence=[paper])
    decline_lead(lead, by=member(record.owner), organisation=record.owner, reason="并非其引荐")
    with pytest.raises(DeclinedLately):
        file_lead(by=by.user, record=record, note="再次引荐。")
    with pytest.raises(DeclinedLately):
        file_lead(by=by.user, record=record, note="再次引荐。", evidence=[scan("一.pdf")])
    assert Lead.objects.count() == 1

    again = file_lead(by=by.user, record=record, note="附邮件。", evidence=[scan("二.pdf", PDF + b"\n")])
    decline_lead(again, by=member(record.owner), organisation=record.owner, reason="仍非其引荐")
    with clock.moved_to(clock.now() + timedelta(days=31)):
        assert file_lead(by=by.user, record=record, note="另有往来。").state == "registered"


def test_declined_for_a_rival_it_comes_again_once_that_fell():
    terms()
    record = outcome()
    mine, other = filed(record=record, days=2), filed(record=record, days=1)
    confirm(other, declines=[mine])
    with pytest.raises(DeclinedLately):
        file_lead(by=mine.broker.user, record=record, note="我先引荐。")
    take_back_lead_confirmation(other, by=member(record.owner), organisation=record.owner, reason="有误")

    assert file_lead(by=mine.broker.user, record=record, note="我先引荐。").state == "registered"


def test_no_lead_where_another_led_to_a_deal_or_the_need_is_over():
    lead, late = standing(), broker(user=person())
    linked(lead)
    with pytest.raises(RecordInDeal, match=lead.broker.name):
        file_lead(by=late.user, record=lead.outcome, note="引荐。")
    over = need()
    type(over).objects.filter(pk=over.pk).update(state="solved")
    over.refresh_from_db()
    with pytest.raises(RecordSettled):
        file_lead(by=late.user, record=over, note="引荐。")


def test_the_form_asks_once_more_where_a_lead_may_count_for_nothing(client):
    rule("objection", days=5)
    lead = filed(days=0)
    confirm(lead)
    late = broker(user=person())
    sign_in(client, late.user)
    typed = {"kind": "outcome", "named": lead.outcome.number, "note": "引荐。"}

    asked = client.post("/brokers/leads/new/", typed)
    assert lead.broker.name in " ".join(asked.context["form"].errors["knows"])
    assert late.leads.count() == 0
    client.post("/brokers/leads/new/", typed | {"knows": "on"})

    assert late.leads.get().outcome == lead.outcome
