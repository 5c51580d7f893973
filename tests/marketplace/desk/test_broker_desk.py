"""A broker's desk: what is theirs, what waits, what stalls, their days; the same number of questions however much."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from marketplace.brokers.actions import revoke_broker
from marketplace.core import clock
from marketplace.core.paging import PAGE
from marketplace.core.rules import why_not
from marketplace.deals.models import Deal
from marketplace.deals.nda import accept_nda, ends_on
from marketplace.deals.talking import add_note
from marketplace.desk import rules
from marketplace.desk.broker_days import AHEAD
from marketplace.matching.inviting import accept_invitation, invite_broker
from marketplace.rewards.evaluation.models import YearlyEvaluation
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, person
from tests.marketplace.deals import factories as deals
from tests.marketplace.deals.factories import broker, engage, enterprise, from_match
from tests.marketplace.matching.factories import member, need, outcome, proposed
from tests.marketplace.rewards.making import confirmed, filed
from tests.marketplace.rewards.test_evaluation import weighed

pytestmark = pytest.mark.django_db


def desk_of(one):
    return sign_in(Client(), one.user).get("/desk/broker/")


def accompanied_by(one, **sides):
    opened = from_match(**sides)
    engage(opened.deal, one, **opened.seller.as_party)
    return opened


def titles_of(days):
    return [(day, item.what) for day, items in days for item in items]


def test_only_brokers_of_the_register_have_it():
    stranger = sign_in(Client(), member(enterprise()))
    refused = stranger.get("/desk/broker/")
    english = stranger.get("/en/desk/broker/")

    assert (refused.status_code, english.status_code) == (403, 403)
    assert "只有名册中的技术经纪人有这个工作台" in refused.content.decode()
    assert "Only brokers of the register have this desk." in english.content.decode()
    assert Client().get("/desk/broker/").status_code == 302


def test_who_has_it():
    revoked = broker()
    revoke_broker(revoked, by=person("officer"), reason="样例")
    people = {
        "visitor": AnonymousUser(),
        "stranger": person(),
        "member": member(enterprise()),
        "broker": broker().user,
        "revoked broker": revoked.user,
        "officer": person("officer"),
        "auditor": person("auditor"),
    }

    has = {who for who, user in people.items() if why_not(rules.see_broker_desk, user) is None}

    assert has == {"broker", "revoked broker"}


def test_the_menu_leads_brokers_there_and_nobody_else():
    one = broker()

    own = sign_in(Client(), one.user).get("/desk/").context["desk_menu"]
    other = sign_in(Client(), member(enterprise())).get("/desk/").context["desk_menu"]

    assert "/desk/broker/" in [item["href"] for item in own]
    assert "/desk/broker/" not in [item["href"] for item in other]


def test_deals_stand_with_stage_days_limit_and_last_step():
    deals.rules()
    one = broker()
    deal, seller, buyer = accompanied_by(one)
    add_note(deal, text="只给买方", is_shared=False, **buyer.as_party)
    Deal.objects.filter(pk=deal.pk).update(moved_at=clock.now() - timedelta(days=12))
    ended = accompanied_by(one).deal
    Deal.objects.filter(pk=ended.pk).update(
        state="terminated", termination_reason="不再需要", ended_at=clock.now(), moved_at=clock.now()
    )
    from_match()

    [row] = desk_of(one).context["deals"]

    assert (row.deal, row.days, row.limit, row.is_late) == (deal, 12, 30, False)
    assert row.last == "技术经纪人接受委托"  # a note of one side is nobody else's step
    assert [name for name, _act in row.acts] == [seller.organisation.name, buyer.organisation.name]


def test_what_stalls_stands_first_with_whom_to_call():
    deals.rules()
    one = broker()
    quiet, stalled = accompanied_by(one).deal, accompanied_by(one).deal
    Deal.objects.filter(pk=stalled.pk).update(moved_at=clock.now() - timedelta(days=30))

    page = desk_of(one)

    assert [row.deal for row in page.context["stalling"]] == [stalled]
    assert {row.deal for row in page.context["deals"]} == {quiet, stalled}
    assert "30 天，限 30 天" in page.content.decode()


def test_records_and_leads_are_theirs_once_with_the_reason():
    one = broker()
    brought, invited = outcome(), need()
    lead = filed(by=one, record=brought)
    filed()
    manager = member(invited.organisation)
    invitation = invite_broker(one, invited, by=manager, organisation=invited.organisation, message="请帮忙对接。")
    accept_invitation(invitation, by=one.user)
    deal = accompanied_by(one, outcome=brought).deal

    context = desk_of(one).context

    assert [each for each, _tone in context["leads"]] == [lead]
    why = {row["record"]: list(row["why"]) for row in context["records"]}
    assert why == {brought: ["线索", "交易"], invited: ["受邀"], deal.need: ["交易"]}


def test_invitations_proposals_and_an_open_evaluation_wait_for_an_answer():
    one = broker()
    wanted = need()
    manager = member(wanted.organisation)
    invite_broker(one, wanted, by=manager, organisation=wanted.organisation, message="请帮忙对接。")
    served = accompanied_by(one).deal
    proposal = proposed(outcome=served.outcome, need=need(title="另一项需求"))
    proposed()
    evaluation(one, until=clock.today() + timedelta(days=3))

    rows = desk_of(one).context["answers"]

    assert [row.icon for row in rows] == ["envelope", "chart-bar", "link"]
    assert rows[2].url == proposal.get_absolute_url()


def evaluation(one, *, until, year=2025):
    rule = weighed(holds_from=date(2023, 1, 1))
    rule.save()
    facts = {"rule": rule, "result": "qualified", "computed_at": clock.now(), "comment_until": until}
    return YearlyEvaluation.objects.create(broker=one, year=year, **facts)


def test_the_calendar_lists_every_kind_of_day():
    deals.rules()
    today, one = clock.today(), broker()
    shown = {"viewing_from": today + timedelta(days=4), "viewing_until": today + timedelta(days=6)}
    deal, seller, buyer = accompanied_by(one)
    announced_lot(of=deal.outcome, starts_at=clock.now() + timedelta(days=7), **shown)
    with clock.moved_to(clock.now() - timedelta(days=3 * 365 - 30)):
        for party in (seller, buyer):
            accept_nda(deal, **party.as_party)
    add_note(deal, text="会谈", met_on=today - timedelta(days=2), **seller.as_party)
    lead = confirmed(by=one, days=1)
    evaluation(one, until=today + timedelta(days=9))

    days = desk_of(one).context["days"]
    told, back = titles_of(days["ahead"]), titles_of(days["back"])

    assert (ends_on(Deal.objects.get(pk=deal.pk)), "保密期届满") in told
    assert (today + timedelta(days=30), "本阶段最后一天：洽谈") in told
    assert (today + timedelta(days=9), "对考核提出意见的最后一天") in told
    assert {(shown["viewing_from"], "展示开始"), (shown["viewing_until"], "展示结束")} <= set(told)
    assert "异议截止" in [what for _day, what in told]
    assert lead.publicity_title in [item.about for _day, items in days["ahead"] for item in items]
    assert (today - timedelta(days=2), "会谈") in back
    assert [day for day, _items in days["ahead"]] == sorted({day for day, _what in told})
    assert all(day <= today + AHEAD for day, _what in told)


def test_the_certificate_of_the_broker_is_a_day_of_the_calendar():
    ends = clock.today() + timedelta(days=40)
    one = broker(valid_until=ends)

    assert titles_of(desk_of(one).context["days"]["ahead"]) == [(ends, "您的证书到期")]


def test_confidentiality_of_a_leap_day_ends_on_the_last_of_february():
    deal, seller, buyer = from_match()
    with clock.moved_to(clock.now().replace(year=2028, month=2, day=29, hour=4)):
        for party in (seller, buyer):
            accept_nda(deal, **party.as_party)

    assert ends_on(Deal.objects.get(pk=deal.pk)) == date(2031, 2, 28)
    assert ends_on(from_match().deal) is None


def test_a_page_of_deals_costs_as_many_questions_as_one():
    deals.rules()
    one = broker()

    def more():
        deal, seller, _buyer = accompanied_by(one)
        add_note(deal, text="会谈", met_on=clock.today(), **seller.as_party)
        confirmed(by=one, days=1)
        proposed(outcome=deal.outcome, need=need(title="另一项需求"))

    def asked():
        client = sign_in(Client(), one.user)
        client.get("/desk/broker/")
        with CaptureQueriesContext(connection) as captured:
            page = client.get("/desk/broker/")
        return len(captured), len(page.context["deals"])

    more()
    first = asked()
    for _each in range(PAGE):
        more()
    last = asked()

    assert (first[1], last[1]) == (1, PAGE)
    assert first[0] == last[0]


def test_a_buyer_not_named_yet_is_not_named_here():
    one = broker()
    accompanied_by(one, need=need(of=enterprise(name="瓯江隐名锁业有限公司"), is_anonymous=True))

    with translation.override("zh-hans"):
        page = desk_of(one).content.decode()

    assert "瓯江隐名锁业有限公司" not in page
    assert "需求方" in page
