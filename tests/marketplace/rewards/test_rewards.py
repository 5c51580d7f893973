"""Rewards: basis, rate, caps, review, publicity, approval by a second officer, payment; refusals with the reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from marketplace.brokers.actions import ReasonMissing, revoke_broker
from marketplace.brokers.keeping import RuleMissing
from marketplace.brokers.leads.models import Lead
from marketplace.contracts.ending import revoke_contract
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.core.rules import why_not
from marketplace.publicity.actions import answer_objection, make_objection
from marketplace.publicity.models import Publicity
from marketplace.rewards import refusals, rules
from marketplace.rewards.actions import approve_claim, claim_reward, drop_claim, pay_claim, refuse_claim, review_claim
from marketplace.rewards.models import RewardClaim
from marketplace.rewards.reckoning import reckon
from tasks.delivery import at_once
from tests.factories.people import join, sign_in
from tests.factories.rules import verbs
from tests.marketplace.brokers.making import rule
from tests.marketplace.contracts.factories import broker, person
from tests.marketplace.deals.factories import WAN
from tests.marketplace.rewards.making import approved, claimed, filed, in_publicity, linked, publicised, ready, standing

DECIDES = ("review_claim", "refuse_claim", "approve_claim")
NOTE = "撮合、陪同谈判。"


@pytest.fixture(scope="module")
def lasting_lead(lasting):
    return ready()


@pytest.fixture
def lead(lasting_lead, for_now):
    """Return a lead in a deal whose contract is registered, with the rule of rewards."""
    return Lead.objects.get(pk=lasting_lead.pk)


def test_every_rule_has_its_table():
    assert {*DECIDES, "claim_reward", "pay_claim", "rate_broker"} == verbs(rules)


@pytest.mark.parametrize("name", [*DECIDES, "pay_claim"])
def test_who_decides_and_who_pays(name, lead):
    claim, reviewer = claimed(lead=lead), person("officer")
    review_claim(claim, by=reviewer)
    inside, payer = person("officer"), person("finance")
    for one in (inside, payer):
        join(one, claim.contract.seller)
    people = {
        "visitor": AnonymousUser(),
        "broker": claim.broker.user,
        "reviewer": reviewer,
        "officer": person("officer"),
        "officer of a party": inside,
        "finance": person("finance"),
        "finance of a party": payer,
        "auditor": person("auditor"),
    }

    allowed = {who for who, user in people.items() if why_not(getattr(rules, name), user, claim) is None}

    expected = {"approve_claim": {"officer"}, "pay_claim": {"finance"}}
    assert allowed == expected.get(name, {"officer", "reviewer"})


def test_claimed_reviewed_published_approved_paid(lead):
    claim = approved(lead=lead)
    assert (claim.basis_amount, claim.by_rate, claim.amount, claim.cut_by) == (220 * WAN, 3_300_000, 3_300_000, "")

    pay_claim(claim, by=person("finance"), paid_on=clock.today(), reference=" 银行回单 0001 ")

    claim.refresh_from_db()
    claim.lead.refresh_from_db()
    assert (claim.state, claim.reference, claim.lead.state) == ("paid", "银行回单 0001", "closed")
    kinds = list(Entry.objects.about(claim).order_by("id").values_list("kind", flat=True))
    assert kinds == ["reward.claimed", "reward.reviewed", "reward.publicised", "reward.approved", "reward.paid"]


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, 1])
def test_a_broker_lead_registered_after_signing_supports_no_claim(days):
    """domain.md §8.4; on the day of signing counts as after, because a date has no hour."""
    signed = clock.today() - timedelta(days=40 + days)
    lead = ready(signed_on=signed, days=40)

    with pytest.raises(refusals.LeadAfterSigning) as refused:
        claim_reward(lead, by=lead.broker.user, note=NOTE)

    assert signed.isoformat() in str(refused.value)
    assert not RewardClaim.objects.exists()


@pytest.mark.django_db
def test_a_lead_filed_the_day_before_signing_supports_a_claim():
    lead = ready(signed_on=clock.today() - timedelta(days=39), days=40)

    assert claim_reward(lead, by=lead.broker.user, note=NOTE).state == "claimed"


def test_a_certificate_of_a_broker_expired_during_a_deal_keeps_the_reward_and_a_revoked_one_does_not(lead):
    """domain.md §8.4: deals begun before the expiry are completed."""
    first, second = lead, ready()
    with clock.moved_to(clock.now() + timedelta(days=500)):
        assert not first.broker.is_valid(clock.now())
        assert claim_reward(first, by=first.broker.user, note=NOTE).state == "claimed"
    revoke_broker(second.broker, by=person("officer"), reason="出借证书")

    with pytest.raises(refusals.CertificateRevoked):
        claim_reward(second, by=second.broker.user, note=NOTE)


@pytest.mark.django_db
def test_what_is_not_claimed():
    lead = standing()
    with pytest.raises(refusals.NotInDeal):
        claim_reward(lead, by=lead.broker.user, note=NOTE)
    unconfirmed = filed()
    with pytest.raises(refusals.NotInDeal):
        claim_reward(unconfirmed, by=unconfirmed.broker.user, note=NOTE)
    linked(lead)
    with pytest.raises(RuleMissing):
        claim_reward(lead, by=lead.broker.user, note=NOTE)
    rule("reward", basis="technical", percent="1.50")
    with pytest.raises(refusals.DeedMissing):
        claim_reward(lead, by=lead.broker.user, note=" ")
    with pytest.raises(PermissionDenied):
        claim_reward(lead, by=broker(user=person()).user, note=NOTE)
    claim_reward(lead, by=lead.broker.user, note=NOTE)
    with pytest.raises(refusals.ClaimedAlready):
        claim_reward(lead, by=lead.broker.user, note=NOTE)

    assert RewardClaim.objects.count() == 1


@pytest.mark.django_db
def test_the_rule_that_held_on_the_day_of_signing_counts():
    today = clock.today()
    rule("reward", basis="technical", percent="1.00", holds_from=today - timedelta(days=900))
    rule("reward", basis="technical", percent="2.00", holds_from=today - timedelta(days=10))
    old, new = ready(signed_on=today - timedelta(days=11)), ready(signed_on=today - timedelta(days=10))

    rates = [claim_reward(lead, by=lead.broker.user, note=NOTE).rule.percent for lead in (old, new)]

    assert rates == [Decimal("1.00"), Decimal("2.00")]


@pytest.mark.django_db
def test_the_amount_paid_is_the_basis_where_the_rule_says_so():
    lead = ready(reward={"basis": "paid", "percent": "5.00"}, price=100 * WAN)
    with pytest.raises(refusals.PaidAmountMissing):
        claim_reward(lead, by=lead.broker.user, note=NOTE)
    with pytest.raises(refusals.PaidTooMuch):
        claim_reward(lead, by=lead.broker.user, note=NOTE, paid_amount=100 * WAN + 1)

    claim = claim_reward(lead, by=lead.broker.user, note=NOTE, paid_amount=33_333_33)

    assert (claim.basis_amount, claim.by_rate) == (33_333_33, 1_666_66)


@pytest.mark.django_db
def test_the_caps_of_project_and_year_cut_and_the_last_finds_nothing_left():
    rates = {"basis": "technical", "percent": "2.00", "cap_project": 3_000_000, "cap_year": 4_000_000}
    one, officer = broker(user=person()), person("officer")
    claims = [claimed(by=one, reward=rates, price=220 * WAN) for _ in range(3)]
    for claim in claims[:2]:
        review_claim(claim, by=officer)

    with pytest.raises(refusals.CapReached):
        review_claim(claims[2], by=officer)

    assert [(claim.amount, claim.cut_by) for claim in claims[:2]] == [(3_000_000, "project"), (1_000_000, "year")]
    claims[2].refresh_from_db()
    assert (claims[2].state, claims[2].amount) == ("claimed", None)


@pytest.mark.django_db
def test_a_refused_claim_gives_the_cap_back_and_says_why():
    rates = {"basis": "technical", "percent": "2.00", "cap_year": 4_400_000}
    one, officer = broker(user=person()), person("officer")
    first, second = (claimed(by=one, reward=rates, price=220 * WAN) for _ in range(2))
    review_claim(first, by=officer)
    with pytest.raises(refusals.CapReached):
        review_claim(second, by=officer)
    with pytest.raises(refusals.InPublicity):
        refuse_claim(first, by=officer, reason="公示期间不能直接不予奖励")
    answer = {"is_upheld": True, "answer": "线索材料不实。"}
    publicity = Publicity.objects.of(first).get()
    objection = make_objection(publicity, by=person(), organisation=None, ground="other", text="材料不实")
    answer_objection(objection, by=officer, **answer)
    drop_claim(first, by=officer, reason=objection.answer)

    review_claim(second, by=officer)

    assert (first.state, first.reason, second.amount) == ("refused", "线索材料不实。", 4_400_000)


@pytest.mark.django_db(transaction=True)
def test_an_upheld_objection_refuses_the_claim_with_its_answer():
    claim = in_publicity()
    publicity = Publicity.objects.of(claim).get()
    objection = make_objection(publicity, by=person(), organisation=None, ground="other", text="并非该经纪人促成")

    with at_once():
        answer_objection(objection, by=person("officer"), is_upheld=True, answer="经核实，异议成立。")

    claim.refresh_from_db()
    assert (claim.state, claim.reason) == ("refused", "经核实，异议成立。")


def test_a_refusal_needs_its_reason(lead):
    claim = claimed(lead=lead)

    with pytest.raises(ReasonMissing):
        refuse_claim(claim, by=person("officer"), reason=" ")

    refuse_claim(claim, by=person("officer"), reason="未提供佐证材料")
    assert (claim.state, claim.reason) == ("refused", "未提供佐证材料")


def pay_today(claim, *, by):
    pay_claim(claim, by=by, paid_on=clock.today(), reference="1")


STEPS = [(claimed, review_claim, "officer"), (publicised, approve_claim, "officer"), (approved, pay_today, "finance")]


@pytest.mark.parametrize(("until_there", "step", "role"), STEPS)
def test_nothing_is_granted_for_a_contract_that_was_revoked(until_there, step, role, lead):
    claim = until_there(lead=lead)
    before = claim.state
    revoke_contract(claim.contract, by=person("officer"), reasons="虚假材料")

    with pytest.raises(refusals.ContractStruck):
        step(RewardClaim.objects.get(pk=claim.pk), by=person(role))

    claim.refresh_from_db()
    assert (claim.state, claim.paid_on) == (before, None)


@pytest.mark.parametrize(("until_there", "step", "role"), STEPS)
def test_nothing_is_granted_to_a_broker_whose_certificate_was_revoked(until_there, step, role, lead):
    claim = until_there(lead=lead)
    before = claim.state
    revoke_broker(claim.broker, by=person("officer"), reason="出借证书")

    with pytest.raises(refusals.CertificateRevoked):
        step(RewardClaim.objects.get(pk=claim.pk), by=person(role))

    claim.refresh_from_db()
    assert (claim.state, claim.paid_on) == (before, None)


def test_an_approved_reward_is_refused_only_where_its_ground_fell_away(client, lead):
    claim, officer = approved(lead=lead), person("officer")
    address = claim.get_absolute_url()
    sign_in(client, officer)
    before = client.get(address).context["may_refuse"]
    with pytest.raises(refusals.ApprovedAlready):
        refuse_claim(claim, by=officer, reason="预算不足")
    revoke_contract(claim.contract, by=officer, reasons="虚假材料")
    after = client.get(address).context["may_refuse"]

    refuse_claim(claim, by=officer, reason="合同登记已撤销")

    claim.refresh_from_db()
    assert (before, after, claim.state, RewardClaim.objects.granted()) == (False, True, "refused", 0)


def test_nothing_is_paid_before_the_approval_nor_on_another_day_nor_without_a_reference(lead):
    claim, finance = publicised(lead=lead), person("finance")
    with pytest.raises(WrongState):
        pay_claim(claim, by=finance, paid_on=clock.today(), reference="1")
    claim.refresh_from_db()
    approve_claim(claim, by=person("officer"))
    for day in (clock.today() + timedelta(days=1), clock.today() - timedelta(days=1)):
        with pytest.raises(refusals.NotThatDay):
            pay_claim(RewardClaim.objects.get(pk=claim.pk), by=finance, paid_on=day, reference="1")
    with pytest.raises(refusals.ReferenceMissing):
        pay_claim(RewardClaim.objects.get(pk=claim.pk), by=finance, paid_on=clock.today(), reference=" ")

    claim.refresh_from_db()
    assert claim.state == "approved"


def test_the_pages_from_claim_to_payment_and_the_refusal_in_both_languages(client, lead):
    sign_in(client, lead.broker.user)
    sent = client.post(f"/rewards/new/{lead.code}/", {"note": NOTE})
    claim = RewardClaim.objects.get()
    address = claim.get_absolute_url()
    assert sent["Location"] == address
    reviewer = person("officer")
    sign_in(client, reviewer)
    client.post(f"{address}review/")
    assert client.post(f"{address}approve/").status_code == 403
    page = client.get(address).content.decode()
    empty = {"zh": client.post(f"{address}refuse/", {"reason": ""}), "en": client.get(f"/en{address}")}

    claim.refresh_from_db()
    assert claim.state == "in_publicity"
    assert "33,000.00" in page
    assert empty["zh"].status_code == 200
    assert "How the amount comes about" in empty["en"].content.decode()
    sign_in(client, person())
    assert client.get(address).status_code == 404


@given(
    basis=st.integers(0, 10**14),
    percent=st.decimals("0.01", "100", places=2),
    project=st.none() | st.integers(-(10**6), 10**13),
    year=st.none() | st.integers(-(10**6), 10**13),
)
def test_never_above_rate_or_cap_and_exact_to_the_fen(basis, percent, project, year):
    reckoned = reckon(basis, percent, project_left=project, year_left=year)

    assert 0 <= basis * int(percent * 100) - reckoned.by_rate * 10_000 < 10_000
    assert 0 <= reckoned.amount <= reckoned.by_rate
    assert all(reckoned.amount <= max(left, 0) for left in (project, year) if left is not None)
    assert (reckoned.amount == reckoned.by_rate) == (reckoned.cut_by == "")
