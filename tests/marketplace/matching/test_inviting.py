"""Brokers proposed for a need or an outcome, their reasons, and invitations with their answers."""

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.brokers.actions import suspend_broker
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.deals.models import Deal
from marketplace.matching.broker_fit import brokers_for
from marketplace.matching.invitation import BrokerInvitation
from marketplace.matching.inviting import (
    BrokerCannotAnswer,
    InvitationMessageMissing,
    InvitedAlready,
    NotOnOffer,
    accept_invitation,
    decline_invitation,
    invite_broker,
    withdraw_invitation,
)
from marketplace.matching.models import Match
from marketplace.matching.sides import OPEN_DEALS
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import broker, engage, from_interest, from_match
from tests.marketplace.matching.factories import institute, member, need, outcome, person, proposed, technical_field

pytestmark = pytest.mark.django_db


def serving(*fields, **facts):
    made = broker(**facts)
    made.fields.set(fields or [technical_field()])
    return made


def invited(record=None, who=None):
    record = record or need()
    side = record.organisation
    return invite_broker(who or serving(), record, by=member(side), organisation=side, message="请帮助寻找方案。")


def said(fit):
    return {reason.feature: (reason.strength, reason.sentence) for reason in fit.reasons}


def test_brokers_are_proposed_by_field_industry_success_load_and_region():
    asked = need()
    asked.organisation.region = "330304"
    asked.industry = Industry.objects.create(code="C3351", name="锁具")
    near = serving(firm=institute(kind="brokerage", region="330302"))
    other = TechnicalField.objects.create(code="OTHER", name="新材料")
    practised, far = serving(other), serving(other)
    locks = outcome()
    locks.industries.add(Industry.objects.create(code="C3322", name="手工具"))
    locks.save()
    deal, seller, _buyer = from_interest(on=locks)
    engage(deal, practised, **seller.as_party)

    found = brokers_for(asked)

    assert [fit.broker for fit in found] == [near, practised]
    assert far not in [fit.broker for fit in found]
    assert said(found[0]) == {
        "技术领域": ("强", "服务领域：先进制造。"),
        "当前负荷": ("强", "没有进行中的交易。"),
        "地区": ("强", "所在机构在同一城市。"),
    }
    assert said(found[1]) == {
        "行业": ("较强", "在该行业做过 1 笔交易。"),
        "当前负荷": ("强", "有 1 笔进行中的交易。"),
    }


def test_open_deals_are_those_that_have_not_ended():
    assert {*OPEN_DEALS, *Deal.ENDED} == set(Deal.State.values)


def test_brokers_who_cannot_be_invited_are_not_proposed():
    serving(user=None)
    serving(valid_until="2025-01-01")

    assert brokers_for(need()) == []


def test_ended_deals_count_for_success():
    offered, who = outcome(), serving()
    for state in ("done", "terminated"):
        deal, seller, _buyer = from_interest()
        engage(deal, who, **seller.as_party)
        facts = {"price": 1, "price_fixed_at": deal.opened_at, "pricing_mode": "agreed"} if state == "done" else {}
        type(deal).objects.filter(pk=deal.pk).update(
            state=state, ended_at=deal.opened_at, termination_reason="" if state == "done" else "改变路线", **facts
        )

    assert said(brokers_for(offered)[0])["成交情况"] == ("较强", "已结束 2 笔交易，成交 1 笔。")


def test_an_invited_broker_accepts_and_sees_the_matches_of_the_need_only():
    match = proposed()
    invitation = invited(match.need)
    who = invitation.broker.user
    assert match not in Match.objects.visible_to(who)

    accept_invitation(invitation, by=who)

    invitation.refresh_from_db()
    assert (invitation.state, invitation.answered_at is not None) == ("accepted", True)
    assert list(Match.objects.visible_to(who)) == [match]
    assert proposed() not in Match.objects.visible_to(who)
    client = sign_in(Client(), who)
    assert client.get(reverse("need-matches", args=[match.need.code])).status_code == 200
    assert client.get(reverse("outcome-matches", args=[match.outcome.number])).status_code == 403
    withdraw_invitation(invitation, by=member(match.need.organisation), organisation=match.need.organisation)
    assert match not in Match.objects.visible_to(who)


def test_a_broker_who_is_in_another_deal_is_not_led_into_this_one():
    deal = from_match().deal
    invitation = invited(deal.match.need)
    accept_invitation(invitation, by=invitation.broker.user)

    pages = [
        sign_in(Client(), who).get(deal.match.get_absolute_url()).content.decode()
        for who in (invitation.broker.user, member(deal.match.need.organisation))
    ]

    assert [deal.get_absolute_url() in page for page in pages] == [False, True]


def test_declining_is_told_with_its_remark_and_ends_it():
    invitation = invited()

    decline_invitation(invitation, by=invitation.broker.user, note=" 近期没有时间 ")

    invitation.refresh_from_db()
    assert (invitation.state, invitation.answer_note) == ("declined", "近期没有时间")
    assert Entry.objects.filter(kind="invitation.declined").count() == 1
    with pytest.raises(WrongState):
        accept_invitation(invitation, by=invitation.broker.user)


def test_who_cannot_answer_or_was_asked_is_not_invited():
    record, who = need(), serving()
    invited(record, who)

    with pytest.raises(InvitedAlready):
        invited(record, who)
    with pytest.raises(BrokerCannotAnswer):
        invited(record, serving(user=None))
    with pytest.raises(BrokerCannotAnswer):
        invited(record, serving(valid_until="2025-01-01"))
    with pytest.raises(NotOnOffer):
        invited(need(state="closed"))
    with pytest.raises(InvitationMessageMissing):
        invite_broker(serving(), need(), by=person("officer"), organisation=None, message=" ")

    assert BrokerInvitation.objects.count() == 1


def test_inviting_and_answering_in_the_browser():
    offered, who = outcome(), serving()
    owner, helper = sign_in(Client(), member(offered.owner)), sign_in(Client(), who.user)
    address = reverse("outcome-brokers", args=[offered.number])

    detail = owner.get(offered.get_absolute_url()).content.decode()
    shown = owner.get(address).content.decode()
    empty = owner.post(address, {"broker": who.code, "message": ""}).content.decode()
    owner.post(address, {"broker": who.code, "message": "请协助推广这项成果。"})
    invitation = BrokerInvitation.objects.get()
    desk = helper.get(reverse("desk")).content.decode()
    page = helper.get(invitation.get_absolute_url()).content.decode()
    helper.post(reverse("invitation-accept", args=[invitation.code]))

    assert address in detail
    assert who.name in shown
    assert "服务领域：先进制造。" in shown
    assert "必填" in empty or "这是必填项" in empty or "不能为空" in empty
    assert invitation.get_absolute_url() in desk
    assert "请协助推广这项成果" in page
    invitation.refresh_from_db()
    assert invitation.state == "accepted"
    assert helper.get(reverse("outcome-matches", args=[offered.number])).status_code == 200


def test_an_anonymous_enterprise_is_not_named_to_the_broker():
    record = need(is_anonymous=True)
    invitation = invited(record)
    client = sign_in(Client(), invitation.broker.user)

    told = [client.get(address).content.decode() for address in (invitation.get_absolute_url(), reverse("desk"))]

    assert not any(record.organisation.name in text for text in told)


def test_strangers_find_neither_brokers_nor_invitations():
    invitation = invited()
    client = sign_in(Client(), member(institute()))

    assert client.get(reverse("need-brokers", args=[invitation.need.code])).status_code == 403
    assert client.get(invitation.get_absolute_url()).status_code == 404
    assert Client().get(invitation.get_absolute_url()).status_code == 302


def test_whoever_brought_a_match_is_named_and_keeps_its_head_and_history():
    match = proposed()
    invitation = invited(match.need)
    who = invitation.broker.user
    accept_invitation(invitation, by=who)
    stamp = {"added_by": who, "added_as": "broker", "added_reason": "工艺路线一致"}
    Match.objects.filter(pk=match.pk).update(**stamp)
    owner = member(match.outcome.owner)
    named = f"{invitation.broker.name} · 技术经纪人（独立）"
    assert named in sign_in(Client(), owner).get(match.get_absolute_url()).content.decode()

    withdraw_invitation(invitation, by=member(match.need.organisation), organisation=match.need.organisation)

    page = sign_in(Client(), who).get(match.get_absolute_url())
    assert page.status_code == 200
    assert named in page.content.decode()
    assert match.need.organisation.name not in page.content.decode()
    assert match not in Match.objects.visible_to(who)


def test_a_suspended_broker_sees_no_matches_of_the_need_and_adds_none():
    match = proposed()
    invitation = invited(match.need)
    who = invitation.broker.user
    accept_invitation(invitation, by=who)

    suspend_broker(invitation.broker, by=person("officer"), reason="投诉核查")

    assert match not in Match.objects.visible_to(who)
    page = sign_in(Client(), who).get(reverse("need-matches", args=[match.need.code]))
    assert page.status_code == 403


def test_a_broker_finds_what_they_brought_in_a_part_of_its_own_and_both_sides_read_their_name():
    match, _foreign = proposed(), proposed()
    invitation = invited(match.need)
    who = invitation.broker.user
    accept_invitation(invitation, by=who)
    client = sign_in(Client(), who)
    assert "brought" not in {tab["href"].split("show=")[1] for tab in client.get(reverse("match-list")).context["tabs"]}
    Match.objects.filter(pk=match.pk).update(added_by=who, added_as="broker", added_reason="工艺路线一致")

    brought = client.get(reverse("match-list"), {"show": "brought"})
    withdraw_invitation(invitation, by=member(match.need.organisation), organisation=match.need.organisation)
    later = client.get(reverse("match-list"), {"show": "brought"})
    of_owner = sign_in(Client(), member(match.outcome.owner)).get(reverse("match-list")).content.decode()

    assert [row.match.pk for row in brought.context["rows"]] == [match.pk]
    assert [row.match.pk for row in later.context["rows"]] == [match.pk]
    assert f"{invitation.broker.name} · 技术经纪人（独立）" in of_owner
    suspend_broker(invitation.broker, by=person("officer"), reason="投诉核查")
    assert [row.match.pk for row in client.get(reverse("match-list"), {"show": "brought"}).context["rows"]] == []
