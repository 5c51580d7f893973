"""A contract ended before its time: what its pages say, what follows when, and a declared end that is disputed."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from marketplace.contracts.actions import register_contract, submit_contract, why_not_registered
from marketplace.contracts.amending import answer_contract_change
from marketplace.contracts.amounts import Item
from marketplace.contracts.changing import grant_contract_change, request_contract_change
from marketplace.contracts.ending import cancel_contract, note_contract_end
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.notice import notice_paper
from marketplace.contracts.payments.actions import plan_instalment
from marketplace.contracts.payments.refusals import DueAfterEnd
from marketplace.contracts.performance.actions import plan_milestone, report_milestone
from marketplace.contracts.performance.disputing import answer_declaration, decide_declaration, retract_declaration
from marketplace.contracts.performance.ending import end_due_contract
from marketplace.contracts.performance.models import ContractMilestone, ContractTermination
from marketplace.contracts.performance.refusals import (
    AnswerMissing,
    AnswerTooLate,
    ContractTerminated,
    DayAfterEnd,
    DecidedLater,
    EndSettled,
)
from marketplace.contracts.performance.terminating import answer_termination, declare_termination, propose_termination
from marketplace.contracts.refusals import HasEnded, NoChangeAwaits, NoEndToNote
from marketplace.contracts.verification import verify
from marketplace.contracts.writing import attach_signed_file, change_contract
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.desk.collecting import collect
from marketplace.desk.rows import Reader
from marketplace.notices.models import Notice
from marketplace.organisations.roles import MemberRole
from tasks.contracts import end_due_contracts
from tasks.delivery import at_once
from tests.factories.people import join, sign_in
from tests.marketplace.contracts.factories import (
    ITEMS,
    WAN,
    drafted,
    facts,
    number_of,
    organisation,
    person,
    registered,
    scan,
    submitted,
)
from tests.marketplace.deals.factories import priced
from tests.marketplace.matching.factories import outcome

pytestmark = pytest.mark.django_db
LESS = (Item("检测算法与软件开发", 400 * WAN, True),)


def signed(**how):
    """Return a registered contract with both sides on the platform: the contract, its seller's and buyer's manager."""
    buyer = organisation(kind="enterprise")
    contract, seller = registered(buyer_uscc=buyer.uscc, **how)
    return contract, seller, person(member_of=buyer, roles=["manager"])


def proposed(contract, seller, *, days=0):
    day = clock.today() + timedelta(days=days)
    return propose_termination(contract, by=seller, organisation=contract.seller, reason="项目方向调整", ends_on=day)


def agreed(contract, seller, buyer, *, days=0):
    proposal = proposed(contract, seller, days=days)
    answer_termination(proposal, by=buyer, agrees=True)
    return proposal


def declared(contract, buyer, *, days=0):
    day = clock.today() + timedelta(days=days)
    return declare_termination(
        contract, by=buyer, organisation=contract.buyer, reason="逾期未交付", ends_on=day, upload=scan("催告函.pdf")
    )


def asked_to_change(contract, seller, buyer):
    stays = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议一"}
    change = request_contract_change(contract, upload=scan(), by=seller, items=LESS, **stays)
    answer_contract_change(contract, by=buyer, agrees=True)
    return change


def desk_of(user):
    return [row.title for row in collect(Reader(user, None, clock.now()))]


def of_a_deal():
    """Return a contract of a deal, signed and not sent yet, with the managers of both sides."""
    deal, seller, buyer = priced()
    contract = draft_contract_from_deal(deal, by=seller.manager, organisation=seller.organisation)
    change_contract(contract, by=seller.manager, items=ITEMS, **facts(buyer_uscc=deal.buyer.uscc))
    attach_signed_file(contract, by=seller.manager, upload=scan())
    return contract, seller.manager, buyer.manager


def test_every_page_says_that_it_has_ended_and_how(client):
    contract, seller, buyer = signed()
    agreed(contract, seller, buyer)
    day, here = clock.today().isoformat(), f"/contracts/{contract.code}/"
    said = f"已于{day}协议终止"

    pages = ["/contracts/", here, f"{here}performance/", f"{here}payments/", f"{here}sharing/", f"{here}cancel/"]
    sign_in(client, seller)
    for page in pages:
        assert said in client.get(page).content.decode(), page
    sign_in(client, person("registrar"))
    for page in ("/contracts/", here, f"{here}note-end/", reverse("list-new")):
        assert said in client.get(page).content.decode(), page
    table = client.get("/contracts/export/?format=csv").content.decode("utf-8-sig")
    assert "提前终止" in table
    assert said in table


def test_the_list_is_filtered_by_how_a_contract_ended(client):
    over, seller, buyer = signed(project_name="已终止的合同")
    agreed(over, seller, buyer)
    coming, seller, buyer = signed(project_name="将终止的合同")
    agreed(coming, seller, buyer, days=28)
    disputed, seller, buyer = signed(project_name="有争议的合同")
    answer_declaration(declared(disputed, buyer), by=seller, agrees=False, answer="并未逾期")
    signed(project_name="照常的合同")
    sign_in(client, person("registrar"))

    found = {
        end: {row["contract"].project_name for row in client.get(f"/contracts/?end={end}").context["rows"]}
        for end in ("ended", "coming", "disputed", "nonsense")
    }

    assert found["ended"] == {"已终止的合同", "有争议的合同"}
    assert found["coming"] == {"将终止的合同"}
    assert found["disputed"] == {"有争议的合同"}
    assert len(found["nonsense"]) == 4


def test_a_change_asked_for_is_closed_with_the_end(django_capture_on_commit_callbacks):
    contract, seller, buyer = signed()
    change = asked_to_change(contract, seller, buyer)
    registrar = person("registrar")
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        agreed(contract, seller, buyer)

    change.refresh_from_db()
    contract.refresh_from_db()
    assert (change.state, change.decided_by, contract.state) == ("lapsed", buyer, "registered")
    assert not any("审核变更" in title for title in desk_of(registrar))
    with pytest.raises(WrongState):
        grant_contract_change(contract, by=registrar)
    assert Notice.objects.filter(user=seller, kind="contract.change_lapsed").exists()


def test_one_the_buyer_was_asked_about_is_closed_too():
    contract, seller, buyer = signed()
    stays = {"begins_on": contract.begins_on, "ends_on": contract.ends_on, "reasons": "补充协议一"}
    change = request_contract_change(contract, upload=scan(), by=seller, items=LESS, **stays)

    agreed(contract, seller, buyer)

    change.refresh_from_db()
    assert change.state == "lapsed"
    with pytest.raises(NoChangeAwaits):
        answer_contract_change(contract, by=buyer, agrees=True)


def test_the_register_notes_the_end_once_and_nobody_their_own(django_capture_on_commit_callbacks):
    contract, seller, buyer = signed()
    registrar = person("registrar")
    own = person("registrar", member_of=contract.seller, roles=[])
    with pytest.raises(NoEndToNote):
        note_contract_end(contract, by=registrar, reasons="无")
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        agreed(contract, seller, buyer)

    asked = f"合同已终止，登记仍照旧：{contract}"
    assert Notice.objects.filter(user=registrar, kind="contract_end.to_note").exists()
    assert not Notice.objects.filter(user=own, kind="contract_end.to_note").exists()
    assert (asked in desk_of(registrar), asked in desk_of(own)) == (True, False)
    assert f"为已终止的合同办理变更或注销登记：{contract}" in desk_of(seller)
    with pytest.raises(PermissionDenied):
        note_contract_end(contract, by=own, reasons="已履行部分保留登记")
    note_contract_end(contract, by=registrar, reasons="已履行部分保留登记")

    assert asked not in desk_of(registrar)
    assert f"为已终止的合同办理变更或注销登记：{contract}" not in desk_of(seller)
    assert contract.decisions.first().kind == "end_noted"
    with pytest.raises(NoEndToNote):
        note_contract_end(contract, by=registrar, reasons="再次")


def test_a_change_granted_after_the_end_is_the_registers_note_of_it():
    contract, seller, buyer = signed()
    agreed(contract, seller, buyer)
    asked_to_change(contract, seller, buyer)

    grant_contract_change(contract, by=person("registrar"))

    contract.refresh_from_db()
    assert (contract.state, contract.total_amount) == ("changed", 400 * WAN)
    assert contract.end_noted_at is not None


def test_cancelled_after_its_end_an_assignment_frees_its_outcome():
    offered = outcome()
    seller = person(member_of=offered.owner, roles=["manager"])
    contract, _by = submitted(
        seller=offered.owner, by=seller, outcome=offered, contract_type="ZR", sub_type="ZR-patent"
    )
    register_contract(contract, by=person("registrar"), number=number_of(920))
    propose_termination(
        contract, by=seller, organisation=contract.seller, reason="协商", ends_on=clock.today(), upload=scan()
    )
    offered.refresh_from_db()
    kept = offered.state

    cancel_contract(contract, by=seller, reasons="合同已终止", benefits_enjoyed=False)

    offered.refresh_from_db()
    assert (kept, offered.state) == ("converted", "available")


def test_cancelled_while_its_end_is_disputed_it_keeps_its_outcome_until_that_is_settled():
    offered, buyer = outcome(), organisation(kind="enterprise")
    seller = person(member_of=offered.owner, roles=["manager"])
    of = {"outcome": offered, "contract_type": "ZR", "sub_type": "ZR-patent", "buyer_uscc": buyer.uscc}
    contract, _by = submitted(seller=offered.owner, by=seller, **of)
    register_contract(contract, by=person("registrar"), number=number_of(921))
    end = declared(contract, person(member_of=buyer, roles=["manager"]))
    answer_declaration(end, by=seller, agrees=False, answer="已按期交付")
    cancel_contract(contract, by=seller, reasons="合同已终止", benefits_enjoyed=False)
    offered.refresh_from_db()
    kept = offered.state

    answer_declaration(end, by=seller, agrees=True)

    offered.refresh_from_db()
    assert (kept, offered.state) == ("converted", "available")


def test_a_stranger_learns_that_it_ended_not_why():
    contract, _seller, buyer = signed()
    declared(contract, buyer)

    told = dict(verify(contract.code, at=clock.now()).facts)

    assert f"已于{clock.today()}终止" in told["状态"]
    assert "违约" not in told["状态"]
    paper = dict(notice_paper(contract, address="https://example.com").blocks[0].rows)
    assert f"已于{clock.today()}终止" in paper["状态"]


def test_until_the_day_the_contract_runs_and_on_it_it_has_ended(django_capture_on_commit_callbacks):
    contract, seller, buyer = signed(payment="instalments")
    change = asked_to_change(contract, seller, buyer)
    plan_milestone(contract, by=seller, title="早", due_on=clock.today() + timedelta(days=5))
    plan_milestone(contract, by=seller, title="晚", due_on=clock.today() + timedelta(days=40))
    agreed(contract, seller, buyer, days=28)
    day = clock.today() + timedelta(days=28)

    contract.refresh_from_db()
    assert (contract.is_terminated, contract.end_label) == (False, f"将于{day}协议终止")
    assert [each.title for each in ContractMilestone.objects.to_do(day + timedelta(days=30))] == ["早"]
    plan_instalment(contract, by=seller, due_on=day, amount=WAN)
    with pytest.raises(DueAfterEnd):
        plan_instalment(contract, by=seller, due_on=day + timedelta(days=1), amount=WAN)
    with pytest.raises(DayAfterEnd):
        plan_milestone(contract, by=seller, title="再晚", due_on=day + timedelta(days=1))
    report_milestone(contract.milestones.get(title="早"), by=seller, account="完成", upload=scan())
    end_due_contracts()
    assert not Entry.objects.filter(kind=Kind.CONTRACT_TERMINATED).exists()
    assert contract.changes.get().state == "requested"

    with clock.moved_to(clock.now() + timedelta(days=28)):
        with at_once(), django_capture_on_commit_callbacks(execute=True):
            end_due_contracts()
            end_due_contracts()
        assert TechnologyContract.objects.get(pk=contract.pk).is_terminated
        with pytest.raises(ContractTerminated):
            plan_milestone(contract, by=seller, title="过期", due_on=day)

    change.refresh_from_db()
    assert (change.state, change.decided_by) == ("lapsed", None)
    assert Entry.objects.filter(kind=Kind.CONTRACT_TERMINATED).count() == 1
    assert Notice.objects.filter(user=seller, kind="contract_end.terminated").count() == 1


def test_the_deal_ends_on_the_day_not_with_the_yes():
    contract, seller, buyer = of_a_deal()
    agreed(contract, seller, buyer, days=28)
    contract.deal.refresh_from_db()
    before = contract.deal.state

    with clock.moved_to(clock.now() + timedelta(days=28)):
        end_due_contracts()

    contract.deal.refresh_from_db()
    assert (before, contract.deal.state) == ("contract", "terminated")


def test_one_that_ends_while_it_is_reviewed_is_not_registered():
    buyer = organisation(kind="enterprise")
    contract, seller = drafted(buyer_uscc=buyer.uscc)
    agreed(contract, seller, person(member_of=buyer, roles=["manager"]), days=3)
    submit_contract(contract, by=seller)

    assert why_not_registered(contract) is None
    with clock.moved_to(clock.now() + timedelta(days=3)):
        assert isinstance(why_not_registered(contract), HasEnded)


@pytest.mark.parametrize(
    ("prefix", "words", "after"),
    [("", "项目方向调整", "合同将于"), ("/en", "What is proposed", "The contract ends on")],
)
def test_the_answer_page_shows_who_proposed_what_for_which_day(client, prefix, words, after):
    contract, seller, buyer = signed()
    day = clock.today() + timedelta(days=28)
    proposal = propose_termination(
        contract, by=seller, organisation=contract.seller, reason="项目方向调整", ends_on=day, upload=scan("函.pdf")
    )
    sign_in(client, buyer)
    here = f"{prefix}/terminations/{proposal.code}/answer/"
    page = client.get(here).content.decode()
    done = client.post(here, {"agrees": "yes", "answer": ""}, follow=True).content.decode()

    for shown in (contract.seller.name, seller.get_short_name(), str(day), "函.pdf", "项目方向调整", words):
        assert shown in page, shown
    assert after in done
    assert "已结束" not in done
    assert "合同已终止" not in done
    late = client.get(here, follow=True)
    assert late.redirect_chain


def test_a_declared_end_is_disputed_and_its_deal_waits():
    contract, seller, buyer = of_a_deal()
    end = declared(contract, buyer)
    with pytest.raises(AnswerMissing):
        answer_declaration(end, by=seller, agrees=False)
    answer_declaration(end, by=seller, agrees=False, answer="已按期交付", upload=scan("签收单.pdf"))

    contract.refresh_from_db()
    contract.deal.refresh_from_db()
    assert (end.state, end.answer_paper.name) == ("disputed", "签收单.pdf")
    assert (contract.terminated_how, contract.is_terminated, contract.deal.state) == ("disputed", True, "contract")
    answer_declaration(end, by=seller, agrees=True, answer="协商一致")

    contract.refresh_from_db()
    contract.deal.refresh_from_db()
    assert (end.state, end.answer) == ("accepted", "已按期交付\n\n协商一致")
    assert (contract.terminated_how, contract.deal.state) == ("breach", "terminated")


def test_without_an_answer_in_its_term_it_stands():
    contract, seller, buyer = of_a_deal()
    end = declared(contract, buyer)
    end_due_contracts()
    contract.deal.refresh_from_db()
    before = contract.deal.state

    with clock.moved_to(clock.now() + timedelta(days=60)):
        with pytest.raises(AnswerTooLate):
            answer_declaration(end, by=seller, agrees=False, answer="异议")
        end_due_contracts()
        with pytest.raises(EndSettled):
            retract_declaration(end, by=buyer)

    contract.deal.refresh_from_db()
    assert (before, contract.deal.state) == ("contract", "terminated")


def test_taken_back_the_contract_runs_as_before():
    contract, seller, buyer = signed()
    end = declared(contract, buyer)
    answer_declaration(end, by=seller, agrees=False, answer="已按期交付")
    with pytest.raises(PermissionDenied):
        retract_declaration(end, by=seller)

    retract_declaration(end, by=buyer)

    contract.refresh_from_db()
    assert (end.state, contract.terminated_on, contract.end_label) == ("withdrawn", None, "")
    plan_milestone(contract, by=seller, title="继续", due_on=clock.today())


@pytest.mark.parametrize(("upheld", "state", "ended", "deal"), [
    (True, "confirmed", True, "terminated"),
    (False, "overturned", False, "contract"),
])  # fmt: skip
def test_an_officer_notes_what_a_court_decided(upheld, state, ended, deal):
    contract, seller, buyer = of_a_deal()
    end = declared(contract, buyer)
    answer_declaration(end, by=seller, agrees=False, answer="已按期交付")
    officer, own = person("officer"), person("officer", member_of=contract.buyer, roles=[])
    given = {"upheld": upheld, "decision": "（2026）样例民初 1 号", "upload": scan("判决书.pdf")}
    with pytest.raises(PermissionDenied):
        decide_declaration(end, by=own, decided_on=clock.today(), **given)
    with pytest.raises(DecidedLater):
        decide_declaration(end, by=officer, decided_on=clock.today() + timedelta(days=1), **given)

    decide_declaration(end, by=officer, decided_on=clock.today(), **given)

    contract.refresh_from_db()
    contract.deal.refresh_from_db()
    assert (end.state, contract.is_terminated, contract.deal.state) == (state, ended, deal)
    assert end.decision_paper.name == "判决书.pdf"


def test_who_declared_for_one_side_does_not_accept_for_the_other():
    contract, _seller, buyer = signed()
    end = declared(contract, buyer)
    join(buyer, contract.seller, MemberRole.MANAGER)

    with pytest.raises(PermissionDenied, match="已代表"):
        answer_declaration(end, by=buyer, agrees=True)

    end.refresh_from_db()
    assert end.state == "declared"


@pytest.mark.parametrize(("prefix", "said"), [("", "有争议"), ("/en", "disputed")])
def test_the_pages_from_the_declaration_to_the_judgment(client, prefix, said):
    contract, seller, buyer = signed()
    here = f"{prefix}/contracts/{contract.code}"
    sign_in(client, buyer)
    client.post(
        f"{here}/breach/",
        {"reason": "逾期未交付", "ends_on": clock.today().isoformat(), "upload": scan("催告函.pdf")},
    )
    end = contract.terminations.get()
    step = f"{prefix}/terminations/{end.code}"
    asked = [row for row in collect(Reader(seller, None, clock.now())) if row.due == end.answer_by]
    assert [row.url for row in asked if row.is_main] == [end.get_absolute_url()]
    sign_in(client, seller)
    page = client.get(f"{step}/answer/").content.decode()
    unsaid = client.post(f"{step}/answer/", {"agrees": "no", "answer": " "})
    client.post(f"{step}/answer/", {"agrees": "no", "answer": "已按期交付", "upload": scan("签收单.pdf")})
    assert "逾期未交付" in page
    assert "催告函.pdf" in page
    assert unsaid.context["form"].errors["answer"]
    for reader in (seller, buyer, person("registrar"), person("officer")):
        sign_in(client, reader)
        assert said in client.get(f"{here}/").content.decode()
    officer = person("officer")
    sign_in(client, officer)
    seen = client.get(f"{here}/performance/").content.decode()
    decided = client.post(
        f"{step}/decide/",
        {"upheld": "no", "decision": "样例裁决", "decided_on": clock.today().isoformat(), "upload": scan("裁决书.pdf")},
    )

    assert f"{step}/decide/" in seen
    assert decided.status_code == 302
    contract.refresh_from_db()
    assert contract.terminated_on is None
    assert "裁决书.pdf" in client.get(f"{here}/performance/").content.decode()


def test_who_is_told_of_a_declared_end(django_capture_on_commit_callbacks):
    contract, seller, buyer = signed()
    registrar, officer = person("registrar"), person("officer")
    with at_once(), django_capture_on_commit_callbacks(execute=True):
        end = declared(contract, buyer)
        answer_declaration(end, by=seller, agrees=False, answer="已按期交付")

    kinds = {
        user: set(Notice.objects.filter(user=user).values_list("kind", flat=True))
        for user in (seller, buyer, registrar, officer)
    }
    assert "contract_end.to_answer" in kinds[seller]
    assert "contract_end.disputed" in kinds[buyer]
    assert {"contract_end.to_note", "contract_end.disputed"} <= kinds[registrar]
    assert "contract_end.disputed" in kinds[officer]


def test_two_sweeps_end_a_contract_once():
    contract, seller, buyer = signed()
    end = agreed(contract, seller, buyer)

    assert not end_due_contract(end)
    assert not ContractTermination.objects.due(clock.today()).exists()


def test_the_search_of_the_list_is_kept_with_the_filter(client):
    contract, seller, buyer = signed()
    agreed(contract, seller, buyer)
    sign_in(client, seller)

    page = client.get(f"/contracts/?end=ended&q={quote('不存在')}")

    assert page.context["is_filtered"]
    assert not page.context["rows"]
