"""A contract carried out: milestones with evidence, the buyer's answer, and its end before its time."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from marketplace.contracts.completeness import missing
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.payments.actions import enter_receipt, plan_instalment
from marketplace.contracts.payments.models import Instalment
from marketplace.contracts.payments.refusals import ContractEnded, NotSignedYet
from marketplace.contracts.performance import rules
from marketplace.contracts.performance.actions import (
    accept_milestone,
    drop_milestone,
    plan_milestone,
    refuse_milestone,
    report_milestone,
)
from marketplace.contracts.performance.disputing import answer_declaration
from marketplace.contracts.performance.models import ContractMilestone
from marketplace.contracts.performance.refusals import (
    AccountMissing,
    AnswerMissing,
    ContractTerminated,
    DayOutside,
    DayTooEarly,
    DayTooLate,
    EndsBeforeSigning,
    EvidenceMissing,
    PaperMissing,
    ReasonMissing,
    TerminationOpen,
)
from marketplace.contracts.performance.terminating import (
    answer_termination,
    declare_termination,
    propose_termination,
    withdraw_termination,
)
from marketplace.contracts.writing import attach_signed_file, change_contract
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.core.rules import why_not
from marketplace.desk.collecting import collect
from marketplace.desk.rows import Reader
from marketplace.notices.models import Notice
from marketplace.organisations.acting import PAGE_FIELD
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole
from tasks.delivery import at_once
from tests.factories.people import join, sign_in
from tests.factories.rules import verbs
from tests.marketplace.contracts.factories import (
    ITEMS,
    WAN,
    broker,
    drafted,
    facts,
    organisation,
    person,
    registered,
    scan,
    submitted,
)
from tests.marketplace.deals.factories import priced

pytestmark = pytest.mark.django_db


def signed(**how):
    """Return a registered contract with both sides on the platform: the contract, its seller's and buyer's manager."""
    buyer = organisation(kind="enterprise")
    contract, seller = registered(buyer_uscc=buyer.uscc, **how)
    return contract, seller, person(member_of=buyer, roles=["manager"])


def planned(contract, seller, *, days=10):
    day = clock.today() + timedelta(days=days)
    return plan_milestone(contract, by=seller, title="交付样机", due_on=day, is_another=True)


def reported(contract, seller):
    milestone = planned(contract, seller)
    report_milestone(milestone, by=seller, account="样机已交付", upload=scan("交接单.pdf"))
    return milestone


def desk_of(user):
    return [row.title for row in collect(Reader(user, None, clock.now()))]


def test_a_milestone_is_done_with_evidence_refused_and_done_again():
    contract, seller, buyer = signed()
    milestone = reported(contract, seller)
    refuse_milestone(milestone, by=buyer, answer="精度不足")
    assert (milestone.state, milestone.answer) == ("refused", "精度不足")

    report_milestone(milestone, by=seller, account="精度已改进", upload=scan("检测报告.pdf"))
    assert (milestone.state, milestone.answer, milestone.answered_by) == ("done", "", None)
    accept_milestone(milestone, by=buyer)

    milestone.refresh_from_db()
    assert (milestone.state, milestone.account) == ("accepted", "精度已改进")
    assert milestone.evidence.name == "检测报告.pdf"
    assert len(milestone.evidence.sha256) == 64
    with pytest.raises(WrongState):
        refuse_milestone(milestone, by=buyer, answer="反悔")


def test_what_was_done_and_why_not_must_be_said():
    contract, seller, buyer = signed()
    milestone = planned(contract, seller)
    with pytest.raises(AccountMissing):
        report_milestone(milestone, by=seller, account=" ", upload=scan())
    report_milestone(milestone, by=seller, account="完成", upload=scan())
    with pytest.raises(AnswerMissing):
        refuse_milestone(milestone, by=buyer, answer="")

    milestone.refresh_from_db()
    assert milestone.state == "done"


def test_the_plan_may_precede_the_signing_the_report_may_not():
    contract, seller = drafted(with_file=False, signed_on=None)
    milestone = planned(contract, seller)

    with pytest.raises(NotSignedYet):
        report_milestone(milestone, by=seller, account="完成", upload=scan())


@pytest.mark.parametrize(
    ("written", "days", "refusal"),
    [
        ({}, -1, DayOutside),
        ({}, 366, DayOutside),
        ({"begins_on": -9}, -3, DayOutside),
        ({"ends_on": None}, -1, DayTooEarly),
        ({"signed_on": None, "begins_on": None}, 366, DayTooLate),
    ],
)
def test_a_milestone_lies_within_the_contract(written, days, refusal):
    today = clock.today()
    given = {name: None if day is None else today + timedelta(days=day) for name, day in written.items()}
    contract, seller = drafted(**given)

    with pytest.raises(refusal):
        planned(contract, seller, days=days)

    assert not contract.milestones.exists()


def test_a_milestone_may_be_due_on_the_first_and_on_the_last_day():
    contract, seller = drafted()

    for days in (0, 365):
        planned(contract, seller, days=days)

    assert contract.milestones.count() == 2


def test_without_days_in_the_draft_any_day_is_planned():
    contract, seller = drafted(signed_on=None, begins_on=None, ends_on=None)

    planned(contract, seller, days=-400)

    assert contract.milestones.count() == 1


def test_a_milestone_of_before_stays_when_the_contract_begins_later():
    contract, seller = drafted()
    milestone = planned(contract, seller, days=0)
    change_contract(contract, by=seller, items=ITEMS, **facts(begins_on=clock.today() + timedelta(days=5)))

    planned(contract, seller, days=5)

    assert milestone in contract.milestones.standing()


@pytest.mark.parametrize(("prefix", "words"), [("", "日期须在合同签订之后"), ("/en", "The day lies within the")])
def test_the_day_outside_is_named_beside_its_field(client, prefix, words):
    contract, seller, _ = signed()
    sign_in(client, seller)
    typed = {"title": "交付样机", "due_on": (clock.today() - timedelta(days=3)).isoformat()}

    page = client.post(f"{prefix}/contracts/{contract.code}/milestones/plan/", typed)

    assert words in page.context["form"].errors["due_on"][0]
    assert all(each in page.content.decode() for each in typed.values())
    assert not contract.milestones.exists()


def test_a_buyer_elsewhere_answers_by_its_paper():
    contract, seller = registered()
    milestone = reported(contract, seller)
    with pytest.raises(PaperMissing):
        accept_milestone(milestone, by=seller)

    accept_milestone(milestone, by=seller, upload=scan("验收单.pdf"))

    assert milestone.state == "accepted"


def test_what_was_accepted_is_not_struck():
    contract, seller, buyer = signed()
    milestone = reported(contract, seller)
    accept_milestone(milestone, by=buyer)
    open_one = planned(contract, seller)

    drop_milestone(open_one, by=seller)

    with pytest.raises(WrongState):
        drop_milestone(milestone, by=seller)
    assert list(contract.milestones.standing()) == [milestone]


def test_the_desk_shows_each_side_what_is_due():
    contract, seller, buyer = signed()
    planned(contract, seller, days=20)
    assert "完成里程碑：交付样机" not in desk_of(seller)
    near = planned(contract, seller, days=14)
    plan_instalment(contract, by=seller, due_on=clock.today() + timedelta(days=5), amount=10 * WAN)

    assert "完成里程碑：交付样机" in desk_of(seller)
    assert f"支付款项：{contract}" in desk_of(buyer)
    report_milestone(near, by=seller, account="完成", upload=scan())
    assert "完成里程碑：交付样机" not in desk_of(seller)
    assert "验收或不予验收：交付样机" in desk_of(buyer)
    refuse_milestone(near, by=buyer, answer="精度不足")
    assert "重新完成：交付样机" in desk_of(seller)


def test_an_instalment_paid_whole_leaves_the_buyers_desk():
    contract, seller, buyer = signed()
    one = plan_instalment(contract, by=seller, due_on=clock.today(), amount=10 * WAN)
    when = {"received_on": clock.today(), "instalment": one}
    enter_receipt(contract, by=seller, amount=4 * WAN, bank_reference="样例 1", **when)
    assert f"支付款项：{contract}" in desk_of(buyer)

    enter_receipt(contract, by=seller, amount=6 * WAN, bank_reference="样例 2", **when)

    assert f"支付款项：{contract}" not in desk_of(buyer)


def test_both_sides_end_a_contract_by_agreement():
    contract, seller, buyer = signed()
    proposal = propose_termination(
        contract, by=seller, organisation=contract.seller, reason="项目方向调整", ends_on=clock.today()
    )
    with pytest.raises(TerminationOpen):
        propose_termination(contract, by=buyer, organisation=contract.buyer, reason="同意终止", ends_on=clock.today())
    with pytest.raises(PermissionDenied):
        answer_termination(proposal, by=seller, agrees=True)
    assert f"答复终止合同的提议：{contract}" in desk_of(buyer)
    assert not contract.is_terminated

    answer_termination(proposal, by=buyer, agrees=True)

    assert contract.is_terminated
    assert proposal.state == "agreed"
    with pytest.raises(ContractTerminated):
        planned(contract, seller)
    with pytest.raises(ContractEnded):
        plan_instalment(contract, by=seller, due_on=clock.today(), amount=WAN)


def test_a_proposal_is_declined_with_reasons_or_withdrawn_and_made_again():
    contract, seller, buyer = signed()
    proposal = propose_termination(
        contract, by=buyer, organisation=contract.buyer, reason="资金紧张", ends_on=clock.today()
    )
    with pytest.raises(AnswerMissing):
        answer_termination(proposal, by=seller, agrees=False)
    answer_termination(proposal, by=seller, agrees=False, answer="已投入过半")
    second = propose_termination(
        contract, by=buyer, organisation=contract.buyer, reason="资金紧张", ends_on=clock.today()
    )
    with pytest.raises(PermissionDenied):
        withdraw_termination(second, by=seller)

    withdraw_termination(second, by=buyer)

    assert [one.state for one in contract.terminations.all()] == ["withdrawn", "declined"]
    assert not contract.is_terminated


def test_a_breach_ends_it_at_once_with_evidence():
    contract, seller, buyer = signed()
    propose_termination(contract, by=seller, organisation=contract.seller, reason="协商终止", ends_on=clock.today())
    with pytest.raises(EvidenceMissing):
        declare_termination(
            contract, by=buyer, organisation=contract.buyer, reason="逾期未交付", ends_on=clock.today(), upload=None
        )
    with pytest.raises(ReasonMissing):
        declare_termination(
            contract, by=buyer, organisation=contract.buyer, reason=" ", ends_on=clock.today(), upload=scan()
        )

    made = declare_termination(
        contract, by=buyer, organisation=contract.buyer, reason="逾期未交付", ends_on=clock.today(), upload=scan()
    )

    assert (made.state, made.side, contract.is_terminated) == ("declared", "buyer", True)
    assert [one.state for one in contract.terminations.all()] == ["declared", "withdrawn"]
    assert Entry.objects.get(kind=Kind.CONTRACT_TERMINATED).data["breach"] is True


def test_a_contract_does_not_end_before_it_was_signed_nor_under_review():
    contract, seller, _buyer = signed()
    before = contract.signed_on - timedelta(days=1)
    with pytest.raises(EndsBeforeSigning):
        propose_termination(contract, by=seller, organisation=contract.seller, reason="终止", ends_on=before)
    buyer = organisation(kind="enterprise")
    waiting, manager = submitted(buyer_uscc=buyer.uscc)

    with pytest.raises(WrongState):
        propose_termination(waiting, by=manager, organisation=waiting.seller, reason="终止", ends_on=clock.today())


def test_with_a_buyer_elsewhere_the_signed_paper_ends_it():
    contract, seller = registered()
    with pytest.raises(PaperMissing):
        propose_termination(contract, by=seller, organisation=contract.seller, reason="终止", ends_on=clock.today())

    made = propose_termination(
        contract,
        by=seller,
        organisation=contract.seller,
        reason="终止",
        ends_on=clock.today(),
        upload=scan("终止协议.pdf"),
    )

    assert (made.state, contract.is_terminated) == ("agreed", True)


def test_what_was_due_before_the_end_stays_due():
    contract, seller, buyer = signed(payment="instalments")
    today = clock.today()
    old = plan_instalment(contract, by=seller, due_on=today - timedelta(days=3), amount=WAN, is_agreed_before=True)
    plan_instalment(contract, by=seller, due_on=today + timedelta(days=3), amount=WAN)
    planned(contract, seller, days=3)

    declare_termination(contract, by=buyer, organisation=contract.buyer, reason="逾期", ends_on=today, upload=scan())

    assert list(Instalment.objects.late(today + timedelta(days=30))) == [old]
    assert not ContractMilestone.objects.to_do(today + timedelta(days=30)).exists()


def test_the_deal_ends_with_its_contract_and_a_draft_is_not_sent_any_more():
    deal, seller, buyer = priced()
    contract = draft_contract_from_deal(deal, by=seller.manager, organisation=seller.organisation)
    change_contract(contract, by=seller.manager, items=ITEMS, **facts(buyer_uscc=deal.buyer.uscc))
    attach_signed_file(contract, by=seller.manager, upload=scan())

    declared = declare_termination(
        contract,
        by=buyer.manager,
        organisation=contract.buyer,
        reason="隐瞒权利瑕疵",
        ends_on=clock.today(),
        upload=scan(),
    )
    answer_declaration(declared, by=seller.manager, agrees=True)

    deal.refresh_from_db()
    assert (deal.state, deal.termination_reason) == ("terminated", "隐瞒权利瑕疵")
    assert "合同已终止。" in missing(contract, today=clock.today())


def allowed_to_decide(people, termination):
    return {who for who, user in people.items() if why_not(rules.decide_declaration, user, termination) is None}


def test_who_may_do_what():
    known, buyer = broker(user=person()), organisation(kind="enterprise")
    contract, seller = registered(broker=known, buyer_uscc=buyer.uscc)
    milestone = planned(contract, seller)
    reporter = person(member_of=contract.seller, roles=["manager"])
    reported(contract, reporter)
    join(reporter, buyer, MemberRole.MANAGER)
    proposal = propose_termination(
        contract, by=seller, organisation=contract.seller, reason="终止", ends_on=clock.today()
    )
    people = {
        "seller": seller,
        "seller's publisher": person(member_of=contract.seller, roles=["publisher"]),
        "reporter, of both": reporter,
        "buyer": person(member_of=buyer, roles=["manager"]),
        "buyer's finance": person(member_of=buyer, roles=["finance"]),
        "broker": known.user,
        "registrar": person("registrar"),
        "officer": person("officer"),
        "officer of the buyer": person("officer", member_of=buyer, roles=[]),
    }
    of_seller, of_buyer = contract.seller, contract.buyer
    table = {
        "plan_milestone": (contract, of_seller, {"seller", "seller's publisher", "reporter, of both"}),
        "drop_milestone": (milestone, of_seller, {"seller", "seller's publisher", "reporter, of both"}),
        "report_milestone": (milestone, of_seller, {"seller", "seller's publisher", "reporter, of both"}),
        "accept_milestone": (milestone, of_buyer, {"buyer", "buyer's finance"}),
        "refuse_milestone": (milestone, of_buyer, {"buyer", "buyer's finance"}),
        "answer_termination": (proposal, of_buyer, {"buyer", "buyer's finance"}),
        "withdraw_termination": (proposal, of_seller, {"seller", "reporter, of both"}),
        "answer_declaration": (proposal, of_buyer, {"buyer", "buyer's finance"}),
        "retract_declaration": (proposal, of_seller, {"seller", "reporter, of both"}),
    }

    def allowed_to(name, on, acting):
        rule = getattr(rules, name)
        return {who for who, user in people.items() if why_not(rule, user, on, organisation=acting) is None}

    found = {name: allowed_to(name, on, house) for name, (on, house, _expected) in table.items()}
    assert found == {name: expected for name, (_on, _house, expected) in table.items()}
    for other in (None, organisation()):  # who belongs to one house only acts for it
        found = {name: allowed_to(name, on, other) for name, (on, _house, _expected) in table.items()}
        assert found == {name: expected - {"reporter, of both"} for name, (_on, _house, expected) in table.items()}
    acting = {
        contract.seller: {"seller", "reporter, of both"},
        contract.buyer: {"buyer", "buyer's finance"},  # the reporter answered for the seller
        None: set(),
        organisation(): set(),
    }
    assert allowed_to_decide(people, proposal) == {"officer"}
    endings = ("propose_termination", "declare_termination")
    for name in endings:
        for one, expected in acting.items():
            allowed = {
                who
                for who, user in people.items()
                if why_not(getattr(rules, name), user, contract, organisation=one) is None
            }
            assert (name, one, allowed) == (name, one, expected)
    assert verbs(rules) - {"ends", "side_of"} == {*table, *endings, "decide_declaration"}


def test_who_belongs_to_both_ends_a_contract_for_the_party_they_act_for(client):
    contract, seller, _buyer = signed()
    both = person(member_of=contract.seller, roles=["publisher"])
    join(both, contract.buyer, MemberRole.MANAGER)
    sign_in(client, both)
    page = reverse("performance-detail", args=[contract.code])
    here = reverse("termination-propose", args=[contract.code])
    filled = {"reason": "资金紧张", "ends_on": clock.today().isoformat()}

    chosen_none = client.get(page).content.decode()
    as_seller = client.post(here, filled | {PAGE_FIELD: contract.seller.code})
    as_buyer = client.post(here, filled | {PAGE_FIELD: contract.buyer.code})

    assert "请先选择您代表的单位" in chosen_none
    assert as_seller.status_code == 403
    assert as_buyer.status_code == 302
    proposal = contract.terminations.get()
    assert (proposal.side, Entry.objects.about(proposal).get().on_behalf_of) == ("buyer", contract.buyer)
    answer_termination(proposal, by=seller, agrees=False, answer="已投入过半")
    assert Entry.objects.about(proposal).latest("pk").on_behalf_of == contract.seller


def test_who_reported_for_the_seller_does_not_propose_an_end_for_the_buyer():
    contract, seller, _buyer = signed()
    reported(contract, seller)
    join(seller, contract.buyer, MemberRole.MANAGER)
    both = User.objects.get(pk=seller.pk)

    with pytest.raises(PermissionDenied, match="其他人员"):
        propose_termination(contract, by=both, organisation=contract.buyer, reason="终止", ends_on=clock.today())
    propose_termination(contract, by=both, organisation=contract.seller, reason="终止", ends_on=clock.today())


def test_the_other_side_is_told(django_capture_on_commit_callbacks):
    contract, seller, buyer = signed()
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        milestone = reported(contract, seller)
        refuse_milestone(milestone, by=buyer, answer="精度不足")
        declare_termination(
            contract, by=buyer, organisation=contract.buyer, reason="逾期", ends_on=clock.today(), upload=scan()
        )

    kinds = {user: set(Notice.objects.filter(user=user).values_list("kind", flat=True)) for user in (seller, buyer)}
    assert "milestone.to_accept" in kinds[buyer]
    assert {"milestone.refused", "contract_end.terminated"} <= kinds[seller]


@pytest.mark.parametrize(("prefix", "needs"), [("", "请说明原因"), ("/en", "Give the reasons")])
def test_the_pages_from_plan_to_end(client, prefix, needs):
    contract, seller, buyer = signed()
    here = f"{prefix}/contracts/{contract.code}"
    sign_in(client, seller)
    client.post(f"{here}/milestones/plan/", {"title": "交付样机", "due_on": clock.today().isoformat()})
    milestone = contract.milestones.get()
    step = f"{prefix}/milestones/{milestone.code}"
    client.post(f"{step}/report/", {"account": "样机已交付", "upload": scan("交接单.pdf")})
    sign_in(client, buyer)
    refused = client.post(f"{step}/refuse/", {"answer": " "}).content.decode()
    client.post(f"{step}/accept/", {"answer": "合格"})
    client.post(f"{here}/terminate/", {"reason": "项目完成", "ends_on": clock.today().isoformat()})
    proposal = contract.terminations.get()
    sign_in(client, seller)
    unsaid = client.post(f"{prefix}/terminations/{proposal.code}/answer/", {"agrees": "no", "answer": ""})
    client.post(f"{prefix}/terminations/{proposal.code}/answer/", {"agrees": "yes", "answer": ""})

    page = client.get(f"{here}/performance/").content.decode()

    assert "field" in refused
    assert needs in unsaid.content.decode()
    for words in ("交付样机", "样机已交付", "合格", "项目完成", "交接单.pdf"):
        assert words in page, words
    contract.refresh_from_db()
    assert contract.is_terminated
    assert b"".join(client.get(f"/files/{contract.milestones.get().evidence.code}/").streaming_content)


def test_neither_broker_nor_registrar_reads_the_evidence(client):
    known, buyer = broker(user=person()), organisation(kind="enterprise")
    contract, seller = registered(broker=known, buyer_uscc=buyer.uscc)
    milestone = reported(contract, seller)

    for user in (known.user, person("registrar")):
        sign_in(client, user)
        assert client.get(f"/contracts/{contract.code}/performance/").status_code == 403
        assert client.get(f"/files/{milestone.evidence.code}/").status_code == 404


def test_more_milestones_ask_no_more(client, django_assert_max_num_queries):
    contract, seller, _buyer = signed()
    reported(contract, seller)
    sign_in(client, seller)
    client.get(f"/contracts/{contract.code}/performance/")
    with django_assert_max_num_queries(60) as few:
        client.get(f"/contracts/{contract.code}/performance/")
    for _ in range(3):
        reported(contract, seller)

    with django_assert_max_num_queries(len(few)):
        client.get(f"/contracts/{contract.code}/performance/")


def of_both(contract, seller):
    """Let a manager of the seller be one of the buyer too."""
    join(seller, contract.buyer, MemberRole.MANAGER)


def test_nobody_accepts_the_milestone_they_reported_for_the_other_side():
    contract, seller, buyer = signed()
    milestone = reported(contract, seller)
    of_both(contract, seller)

    with pytest.raises(PermissionDenied, match="已代表"):
        accept_milestone(milestone, by=seller)
    with pytest.raises(PermissionDenied, match="已代表"):
        refuse_milestone(milestone, by=seller, answer="精度不足")

    milestone.refresh_from_db()
    assert milestone.state == "done"
    accept_milestone(milestone, by=buyer)


def test_nobody_agrees_to_the_end_they_proposed_for_the_other_side():
    contract, seller, buyer = signed()
    proposal = propose_termination(
        contract, by=seller, organisation=contract.seller, reason="项目方向调整", ends_on=clock.today()
    )
    of_both(contract, seller)

    with pytest.raises(PermissionDenied, match="已代表"):
        answer_termination(proposal, by=seller, agrees=True)
    assert not contract.is_terminated

    answer_termination(proposal, by=buyer, agrees=True)
    assert contract.is_terminated


def test_the_page_says_why_a_colleague_answers_to_whom_it_would_be_offered_but_for_that(client):
    contract, seller, buyer = signed()
    reported(contract, seller)
    propose_termination(contract, by=seller, organisation=contract.seller, reason="项目方向调整", ends_on=clock.today())
    of_both(contract, seller)
    page, said = f"/contracts/{contract.code}/performance/", f"您已代表{contract.seller}办理过"

    sign_in(client, seller)
    assert client.get(page).content.decode().count(said) == 2
    assert "/accept/" not in client.get(page).content.decode()
    sign_in(client, buyer)
    assert said not in client.get(page).content.decode()
