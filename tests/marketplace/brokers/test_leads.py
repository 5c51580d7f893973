"""Leads: who brought what, when; the party confirms, others object, overlapping claims stand side by side."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.exceptions import PermissionDenied

from marketplace.brokers.actions import ReasonMissing, suspend_broker
from marketplace.brokers.keeping import RuleMissing
from marketplace.brokers.leads import rules
from marketplace.brokers.leads.actions import (
    CertificateNotValid,
    LeadFiled,
    NoteMissing,
    OwnParty,
    confirm_lead,
    decline_lead,
    file_lead,
    withdraw_lead,
)
from marketplace.brokers.leads.models import Lead
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.core.rules import why_not
from marketplace.deals.leads import LeadNotOfDeal, link_lead
from marketplace.organisations.models import User
from marketplace.organisations.roles import Role
from marketplace.publicity.actions import answer_objection, make_objection
from marketplace.publicity.models import Publicity
from tasks.delivery import at_once
from tests.factories.asking import queries_of
from tests.factories.people import join, sign_in
from tests.factories.rules import verbs
from tests.marketplace.brokers.making import rule
from tests.marketplace.contracts.factories import broker, organisation, person
from tests.marketplace.deals import factories as deals
from tests.marketplace.deals.factories import engage
from tests.marketplace.matching.factories import member, need, outcome
from tests.marketplace.rewards.making import confirmed, filed, ready, standing

pytestmark = pytest.mark.django_db


def test_every_rule_has_its_table():
    named = {"file_lead", "withdraw_lead", "confirm_lead", "decline_lead", "link_lead", "see_earlier_deals"}
    named |= {"take_back_lead_confirmation"}
    assert named == verbs(rules)


@pytest.mark.parametrize("name", ["confirm_lead", "decline_lead", "take_back_lead_confirmation"])
def test_only_managers_of_the_party_confirm_and_decline(name):
    lead = filed()
    party, stranger = lead.party, organisation()
    people = {
        "visitor": (AnonymousUser(), party),
        "party's manager": (member(party), party),
        "party's publisher": (member(party, "publisher"), party),
        "stranger": (member(stranger), stranger),
        "stranger as party": (member(stranger), party),
        "broker": (lead.broker.user, party),
        "officer": (person("officer"), party),
        "auditor": (person("auditor"), party),
    }

    allowed = {
        who
        for who, (user, acting) in people.items()
        if why_not(getattr(rules, name), user, lead, organisation=acting) is None
    }

    assert allowed == {"party's manager"}


def test_everybody_who_opens_a_lead_but_its_broker_weighs_earlier_deals():
    lead = filed()
    people = {"broker": lead.broker.user, "party": member(lead.party), "officer": person("officer")}

    seen = {who for who, user in people.items() if why_not(rules.see_earlier_deals, user, lead) is None}

    assert seen == {"party", "officer"}


@pytest.mark.parametrize("name", ["withdraw_lead", "link_lead"])
def test_only_the_broker_withdraws_and_links(name):
    lead = filed()
    people = {"broker": lead.broker.user, "other": broker(user=person()).user, "officer": person("officer")}

    assert {who for who, user in people.items() if why_not(getattr(rules, name), user, lead) is None} == {"broker"}
    assert why_not(rules.file_lead, person()) is not None


def test_who_gives_a_reason_is_told_who_reads_it(client):
    lead = filed()
    sign_in(client, lead.broker.user)
    withdrawing = client.get(f"{lead.get_absolute_url()}withdraw/").content.decode()
    sign_in(client, member(lead.party))
    declining = client.get(f"{lead.get_absolute_url()}decline/").content.decode()

    assert "线索所涉单位的管理员和区级工作人员可见。" in withdrawing
    assert "经纪人和区级工作人员可见。" in declining
    assert "申请人可见" not in withdrawing + declining


def test_a_lead_bears_the_platforms_time_and_waits_for_the_party():
    by, record = broker(user=person()), need()
    before = clock.now()

    lead = file_lead(by=by.user, record=record, note="走访时发现。")

    assert (lead.kind, lead.need, lead.party, lead.state) == ("need", record, record.organisation, "registered")
    assert before <= lead.registered_at <= clock.now()
    assert Entry.objects.about(lead).get().kind == "lead.filed"


def test_a_contact_confirms_for_itself():
    contact = organisation()

    lead = file_lead(by=broker(user=person()).user, record=contact, note="引荐该单位。")

    assert (lead.kind, lead.party) == ("contact", contact)


def test_what_is_not_accepted():
    by, record = broker(user=person()), outcome()
    file_lead(by=by.user, record=record, note="引荐。")
    with pytest.raises(LeadFiled):
        file_lead(by=by.user, record=record, note="再次引荐。")
    with pytest.raises(NoteMissing):
        file_lead(by=by.user, record=outcome(), note=" ")
    own = organisation()
    join(by.user, own)
    with pytest.raises(OwnParty):
        file_lead(by=by.user, record=own, note="本单位。")
    suspend_broker(by, by=person("officer"), reason="核查")
    with pytest.raises(CertificateNotValid):
        file_lead(by=by.user, record=outcome(), note="引荐。")
    with pytest.raises(PermissionDenied):
        file_lead(by=person(), record=outcome(), note="引荐。")

    assert Lead.objects.count() == 1


def test_confirming_waits_for_a_rule_and_opens_the_window_it_sets():
    lead = filed(days=0)
    manager = member(lead.party)
    with pytest.raises(RuleMissing):
        confirm_lead(lead, by=manager, organisation=lead.party)
    lead.refresh_from_db()
    assert lead.state == "registered"
    rule("objection", days=3, holds_from=clock.today() - timedelta(days=1))
    rule("objection", days=9, holds_from=clock.today() + timedelta(days=1))

    confirm_lead(lead, by=manager, organisation=lead.party)

    publicity = Publicity.objects.of(lead).get()
    assert (lead.state, publicity.matter, publicity.is_running) == ("confirmed", "lead", True)
    assert 3 <= (publicity.ends_on - clock.today()).days < 9 + 3


def test_declined_with_a_reason_and_open_to_another_try():
    lead = filed()
    manager = member(lead.party)
    with pytest.raises(ReasonMissing):
        decline_lead(lead, by=manager, organisation=lead.party, reason="")

    decline_lead(lead, by=manager, organisation=lead.party, reason="我方自行找到。")

    lead.refresh_from_db()
    assert (lead.state, lead.reason) == ("declined", "我方自行找到。")
    assert filed(by=lead.broker, record=lead.outcome).state == "registered"


@pytest.mark.django_db(transaction=True)
def test_an_upheld_objection_overturns_the_lead_and_a_quiet_window_lets_it_stand():
    lead, officer, rival = confirmed(days=0), person("officer"), broker(user=person())
    publicity = Publicity.objects.of(lead).get()
    objection = make_objection(publicity, by=rival.user, organisation=None, ground="other", text="我更早引荐。")

    with at_once():
        answer_objection(objection, by=officer, is_upheld=True, answer="异议人三个月前已引荐，有邮件为证。")

    lead.refresh_from_db()
    assert lead.state == "overturned"
    assert standing().state == "standing"


def test_the_broker_does_not_answer_objections_to_the_own_lead():
    lead = confirmed(days=0)
    lead.broker.user.groups.add(*person("officer").groups.all())

    assert lead.why_not_answer_objection(lead.broker.user) is not None
    assert lead.why_not_answer_objection(person("officer")) is None


def test_withdrawing_ends_the_window():
    lead = confirmed(days=0)

    withdraw_lead(lead, by=lead.broker.user, reason="登记有误")

    assert (lead.state, Publicity.objects.of(lead).get().state) == ("withdrawn", "stopped")


def test_overlapping_claims_stand_side_by_side_by_time(client):
    record = outcome()
    second, first = filed(record=record, days=5), filed(record=record, days=9)
    filed(days=1)
    sign_in(client, second.broker.user)

    page = client.get(second.get_absolute_url())

    assert [claim["lead"] for claim in page.context["claims"]] == [first, second]
    assert first.broker.name in page.content.decode()


def test_who_opens_a_lead(client):
    lead = filed()
    answers = {}
    for who, user in {
        "broker": lead.broker.user, "party": member(lead.party), "party's publisher": member(lead.party, "publisher"),
        "stranger": person(), "officer": person("officer"), "auditor": person("auditor"),
    }.items():  # fmt: skip
        sign_in(client, user)
        answers[who] = client.get(lead.get_absolute_url()).status_code

    assert answers == {
        "broker": 200, "party": 200, "party's publisher": 404, "stranger": 404, "officer": 200, "auditor": 200,
    }  # fmt: skip


def test_the_public_page_withholds_whose_contact_it_is(client):
    contact = organisation(name="不可公开的单位")
    lead = confirmed(record=contact, days=0)

    page = client.get(Publicity.objects.of(lead).get().get_absolute_url()).content.decode()

    assert lead.broker.name in page
    assert "不可公开的单位" not in page
    assert lead.get_absolute_url() not in page


def test_filing_by_form_and_what_it_refuses_in_both_languages(client):
    by, record = broker(user=person()), outcome()
    sign_in(client, by.user)
    unknown = {"kind": "outcome", "named": "CG-0000-0000", "note": "引荐。"}

    chinese, english = client.post("/brokers/leads/new/", unknown), client.post("/en/brokers/leads/new/", unknown)
    other = client.post("/brokers/leads/new/", unknown | {"named": need().code})
    sent = client.post("/brokers/leads/new/", unknown | {"named": f" ｃｇ{record.number[2:].lower()}"})

    assert "没有编号为 CG-0000-0000 的此类记录" in chinese.content.decode()
    assert "has the code CG-0000-0000" in english.content.decode()
    assert other.context["form"].errors["named"] == ["这是需求的编号，请在上方选择对应类型。"]
    lead = Lead.objects.get()
    assert (sent["Location"], lead.outcome) == (lead.get_absolute_url(), record)


def test_whoever_confirms_reads_that_a_deal_had_begun_before_and_the_broker_does_not(client):
    deal, _seller, _buyer = deals.from_sale()
    late, early = filed(record=deal.outcome, days=0), filed(record=deal.outcome, days=9)
    words, told = "在这条线索登记之前，已有相关交易", {}

    for who, user, lead in (
        ("party", member(late.party), late),
        ("broker", late.broker.user, late),
        ("officer", person("officer"), late),
        ("party, of the early one", member(late.party), early),
    ):
        sign_in(client, user)
        told[who] = words in client.get(lead.get_absolute_url()).content.decode()

    assert told == {"party": True, "broker": False, "officer": True, "party, of the early one": False}


def test_linked_to_a_deal_of_the_same_record_only():
    lead = standing()
    other, seller, _buyer = deals.from_sale()
    engage(other, lead.broker, **seller.as_party)
    with pytest.raises(LeadNotOfDeal):
        link_lead(other, by=lead.broker.user, lead=lead)
    deal, seller, _buyer = deals.from_sale(outcome=lead.outcome, lot="OH-2026-99")
    engage(deal, lead.broker, **seller.as_party)

    link_lead(deal, by=lead.broker.user, lead=lead)

    lead.refresh_from_db()
    assert (lead.state, lead.deal_link.deal) == ("in_deal", deal)
    with pytest.raises(WrongState):
        withdraw_lead(lead, by=lead.broker.user, reason="反悔")


@pytest.mark.parametrize(("until_there", "way"), [(standing, "/deal/"), (ready, "/rewards/new/")])
def test_the_page_offers_its_broker_the_next_step_and_an_auditor_nothing(client, until_there, way):
    lead = until_there()
    sign_in(client, lead.broker.user)
    offered = client.get(lead.get_absolute_url()).content.decode()
    lead.broker.user.groups.add(Group.objects.get_or_create(name=Role.AUDITOR.value)[0])
    sign_in(client, User.objects.get(pk=lead.broker.user.pk))

    looked_at = client.get(lead.get_absolute_url())

    assert looked_at.status_code == 200
    assert (way in offered, way in looked_at.content.decode()) == (True, False)


def test_the_list_asks_no_more_with_more_leads(client):
    by = broker(user=person())
    filed(by=by)
    sign_in(client, by.user)
    few = queries_of(client, "/brokers/leads/")

    for _ in range(3):
        filed(by=by)

    assert queries_of(client, "/brokers/leads/") <= few
