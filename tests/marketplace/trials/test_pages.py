"""Pages of the pool and of trials, walked with the forms people send, right and wrong."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from marketplace.contracts.actions import refuse_contract
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.objecting import object_to_decision, re_examine_contract
from marketplace.core import clock
from marketplace.core.files import files_of
from marketplace.trials import actions, noting, pooling, rules
from marketplace.trials.models import Trial
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.pool import PoolEntry
from marketplace.trials.refusals import NotInPool
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import Party, pdf
from tests.marketplace.matching.factories import WAN, enterprise, member, outcome, person
from tests.marketplace.trials.factories import (
    AGREED,
    REQUEST,
    TERMS,
    approved,
    chosen,
    disputed,
    evaluated,
    fresh,
    in_publicity,
    insured,
    pooled,
    requested,
    running_trial,
    send,
    signed,
    stopped,
)
from tests.pdf_text import text_of

pytestmark = pytest.mark.usefixtures("for_now")
TYPED = TERMS | {"price": "60", "output_rate": "", "price_cap": ""}
SHARED = (requested, approved, signed, insured, running_trial, evaluated, chosen, in_publicity, stopped, disputed)


def client_of(user):
    return sign_in(Client(), user)


def act(user, trial, verb, data=None):
    return client_of(user).post(reverse("trial-act", args=[trial.code, verb]), data or {}, follow=True)


def offered(page):
    return [card["name"] for card in page.context["cards"]]


def test_a_manager_puts_an_outcome_into_the_pool_and_strangers_read_the_terms():
    found = outcome(modes=["ordinary"])
    owner = Party(found.owner)
    address = reverse("pool-enter", args=[found.number])

    wrong = client_of(owner.manager).post(address, TYPED | {"price": ""})
    assert wrong.context["form"].errors["price"]
    assert not PoolEntry.objects.filter(outcome=found).exists()
    client_of(owner.manager).post(address, TYPED)

    entry = PoolEntry.objects.get(outcome=found)
    page = Client().get(found.get_absolute_url()).content.decode()
    assert (entry.state, entry.current.price) == ("in_pool", 60 * WAN)
    assert entry.current.territory in page
    assert reverse("account_login") in page


def test_others_get_no_form_for_the_pool():
    found = outcome()

    for user, status in (
        (member(found.owner, "publisher"), 403),
        (member(enterprise()), 403),
        (person("officer"), 403),
    ):
        assert client_of(user).get(reverse("pool-enter", args=[found.number])).status_code == status


def test_an_enterprise_asks_with_its_criteria_in_lines():
    entry, _owner = pooled()
    tries = enterprise()
    agent = client_of(member(tries, "bidder"))
    address = reverse("trial-new", args=[entry.outcome.number])

    typed = REQUEST | {"version": entry.current.version}
    wrong = agent.post(address, typed | {"criteria": "  \n "})
    assert wrong.context["form"].errors["criteria"]
    answer = agent.post(address, typed | {"criteria": "待机电流不高于 20 µA\n\n良率不低于 99 %\n"})

    trial = Trial.objects.get(outcome=entry.outcome)
    assert answer.url.endswith(trial.get_absolute_url())
    assert [one.text for one in trial.criteria.all()] == ["待机电流不高于 20 µA", "良率不低于 99 %"]


def test_the_faults_of_a_request_follow_its_questions_without_a_colon():
    entry, _owner = pooled()
    agent = client_of(member(enterprise(), "bidder"))

    answer = agent.post(reverse("trial-new", args=[entry.outcome.number]), {"version": entry.current.version})

    page = answer.content.decode()
    assert f"</a>{answer.context['form'].errors['purpose'][0]}" in page
    assert "？：" not in page
    assert "？</a>：" not in page


def test_who_has_a_trial_under_way_is_led_to_it_and_asked_for_no_second(client, ready):
    trial = ready(requested).trial
    agent = client_of(member(trial.enterprise, "bidder"))
    address = reverse("trial-new", args=[trial.outcome.number])
    told = "本单位对该成果已有进行中的试用"

    outcome_page = agent.get(trial.outcome.get_absolute_url()).content.decode()
    asked = agent.get(address)
    others = client_of(member(enterprise(), "bidder")).get(trial.outcome.get_absolute_url()).content.decode()

    for page in (outcome_page, asked.content.decode()):
        assert trial.get_absolute_url() in page
        assert told in page
        assert "已申请" in page
    assert address not in outcome_page
    assert "form" not in asked.context
    assert address in others


def test_the_form_of_a_request_opens_only_while_the_outcome_is_open_in_the_pool():
    entry, owner = pooled()
    agent, address = client_of(member(enterprise(), "bidder")), reverse("trial-new", args=[entry.outcome.number])
    before = agent.get(address)
    pooling.pause_pool_entry(entry, **owner.as_party, reason="设备检修")

    opened = agent.get(address, follow=True)
    sent = agent.post(address, REQUEST)
    entry.refresh_from_db()

    assert before.status_code == 200
    assert [url for url, _status in opened.redirect_chain] == [entry.outcome.get_absolute_url()]
    assert [str(each) for each in opened.context["messages"]] == [f"{NotInPool.message} {entry.why_closed}"]
    assert sent.context["form"]["purpose"].value() == REQUEST["purpose"]
    assert str(NotInPool.message) in sent.content.decode()
    assert not Trial.objects.filter(outcome=entry.outcome).exists()


def test_who_opens_a_trial(ready):
    trial, owner, tries = ready(requested)
    page = trial.get_absolute_url()

    for user, status in (
        (owner.manager, 200),
        (tries.manager, 200),
        (person("officer"), 200),
        (person("auditor"), 200),
        (member(enterprise()), 404),
        (person("registrar"), 404),
    ):
        assert client_of(user).get(page).status_code == status
    assert Client().get(page).status_code == 302


@pytest.mark.parametrize("made", SHARED)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_state_has_its_page_in_both_languages(made, language, ready):
    trial = fresh(ready(made).trial)
    with override(language):
        address = trial.get_absolute_url()

    for user in (Party(trial.owner).manager, member(trial.enterprise), person("officer")):
        page = client_of(user).get(address)
        assert page.status_code == 200
        assert trial.number in page.content.decode()


def test_what_is_offered_is_what_the_state_and_the_rule_allow(ready):
    trial, owner, tries = ready(requested)
    auditor = person("auditor", member_of=owner.organisation, roles=["manager"])
    page = trial.get_absolute_url()

    seen = {
        name: offered(client_of(user).get(page))
        for name, user in (("owner", owner.manager), ("enterprise", tries.manager), ("auditor", auditor))
    }

    assert seen == {"owner": ["approve", "refuse"], "enterprise": ["withdraw"], "auditor": []}


@pytest.mark.parametrize(
    ("state", "asked"), [(Trial.State.REQUESTED, ["withdraw"]), (Trial.State.RUNNING, ["breach", "stop"])]
)
def test_what_cannot_be_taken_back_asks_first(state, asked, ready):
    trial, _owner, tries = ready(requested)
    Trial.objects.filter(pk=trial.pk).update(state=state)

    page = client_of(tries.manager).get(trial.get_absolute_url()).content.decode()

    assert re.findall('<dialog id="sure-([a-z]+)"', page) == asked
    assert re.findall('data-dialog="sure-([a-z]+)"', page) == asked


def test_the_whole_way_by_forms(ready):
    trial, owner, tries = ready(requested)
    institute, company = owner.manager, tries.manager
    today = clock.today()

    act(institute, trial, "approve")
    unread = act(institute, trial, "sign")
    assert unread.context["cards"][0]["form"].errors["is_read"]
    assert reverse("trial-contract", args=[trial.code]) in unread.content.decode()
    assert fresh(trial).owner_signed_at is None
    act(institute, trial, "sign", {"is_read": "on"})
    act(company, trial, "sign", {"is_read": "on"})
    policy = {"insurer": "样例财险", "policy_number": "YB-1", "premium": "6000", "insured_sum": "500000"}
    act(institute, trial, "insure", policy | {"begins_on": today, "ends_on": today + timedelta(days=200)})
    act(institute, trial, "start", {"starts_on": today})
    act(company, trial, "milestone", {"title": "装机", "due_on": today + timedelta(days=9)})
    step = trial.milestones.get()
    act(company, trial, "reach", {"milestone": step.pk, "note": "装好了", "evidence": [pdf()]})
    act(institute, trial, "support", {"given_on": today, "hours": "2.5", "text": "调试"})
    judged = {"criterion_1": "met", "criterion_1_value": "18 µA", "criterion_2_value": "98.6 %", "text": "可以转化。"}
    act(company, trial, "evaluate", judged)
    last = act(company, trial, "convert")

    trial = fresh(trial)
    assert (trial.state, trial.insurance.premium, trial.deal.price) == ("paid_contract", 600_000, 60 * WAN)
    assert [one.measured for one in trial.criteria.all()] == ["18 µA", "98.6 %"]
    assert files_of(step).count() == 1
    assert trial.deal.get_absolute_url() in last.content.decode()
    drafted = client_of(institute).post(reverse("contract-from-deal", args=[trial.deal.code]))
    assert drafted.status_code == 302
    assert trial.deal.contracts.get().total_amount == 60 * WAN


def test_all_faults_of_a_policy_are_told_in_one_round_each_beside_its_field(ready):
    trial, owner, _tries = ready(signed)
    today = clock.today()
    typed = {"insurer": "样例财险", "policy_number": "YB-1", "premium": "100", "subsidy": "200", "insured_sum": "5000"}

    page = act(owner.manager, trial, "insure", typed | {"begins_on": today, "ends_on": today})

    form = next(card["form"] for card in page.context["cards"] if card["name"] == "insure")
    assert set(form.errors) == {"subsidy", "ends_on"}


@pytest.mark.parametrize(("days", "warns"), [(89, True), (90, False)])
def test_a_policy_that_ends_before_the_trial_does_is_said_on_the_page(days, warns, ready):
    trial, owner, _tries = ready(running_trial)
    today = clock.today()
    typed = {"insurer": "样例财险", "policy_number": "YB-1", "premium": "100", "insured_sum": "5000"}

    page = act(owner.manager, trial, "insure", typed | {"begins_on": today, "ends_on": today + timedelta(days=days)})

    assert ('id="uncovered"' in page.content.decode()) is warns


def test_more_time_names_the_limit_of_the_rules_and_the_heading_is_not_that_of_auctions(ready):
    trial, _owner, tries = ready(evaluated)
    agent = client_of(tries.manager)

    before = agent.get(trial.get_absolute_url()).content.decode()
    wrong = act(tries.manager, trial, "extend", {"days": "99999999", "reason": "夏季工况"})
    act(tries.manager, trial, "extend", {"days": "30", "reason": "夏季工况"})
    after = agent.get(trial.get_absolute_url()).content.decode()

    form = next(card["form"] for card in wrong.context["cards"] if card["name"] == "extend")
    assert "640" in before  # of 730 days, 90 are in the terms
    assert "730" in str(form.errors["days"])
    assert "3650" not in str(form)
    assert '<h2 id="extensions">延期</h2>' in after
    assert "延时" not in after


def test_a_wrong_form_says_so_beside_its_field_and_keeps_what_was_typed(ready):
    trial, _owner, tries = ready(evaluated)

    page = act(tries.manager, trial, "extend", {"days": "9999", "reason": "夏季工况"})

    assert "field--error" in page.content.decode()
    assert "夏季工况" in page.content.decode()
    assert not trial.extensions.exists()


def test_a_refused_file_stands_beside_the_evidence(ready):
    trial, owner, tries = ready(running_trial)
    step = noting.add_milestone(trial, title="装机", due_on=trial.starts_on, **owner.as_party)
    empty = SimpleUploadedFile("空.pdf", b"", content_type="application/pdf")
    wrong = SimpleUploadedFile("样机.pdf", b"MZ\x90\x00 no document", content_type="application/pdf")

    for upload in (empty, wrong):
        page = act(tries.manager, trial, "reach", {"milestone": step.pk, "note": "装好了", "evidence": [upload]})
        form = next(card["form"] for card in page.context["cards"] if card["name"] == "reach")
        assert (list(form.errors), form.non_field_errors()) == (["evidence"], [])

    step.refresh_from_db()
    assert (step.reached_at, files_of(step).count()) == (None, 0)


def left_at(trial, state):
    """Draw up the paid contract of a trial, and lead it to a draft, a refusal, an objection or its end."""
    owner = Party(trial.owner)
    contract = draft_contract_from_deal(trial.deal, **owner.as_party)
    steps = {
        "not_registered": lambda: refuse_contract(contract, by=person("registrar"), reasons="不属于技术合同"),
        "objection": lambda: object_to_decision(contract, by=owner.manager, reasons="包含技术开发"),
        "re_examined": lambda: re_examine_contract(contract, by=person("second_reviewer"), upheld=True, reasons="维持"),
    }
    if state != "draft":
        send(contract, by=owner.manager)
        for name in list(steps)[: list(steps).index(state) + 1]:
            steps[name]()
    assert contract.state == state


@pytest.mark.parametrize(
    ("state", "may_follow"), [("draft", False), ("not_registered", True), ("objection", False), ("re_examined", True)]
)
def test_another_contract_is_offered_on_both_pages_where_the_action_allows_it(state, may_follow, ready):
    trial = fresh(ready(chosen).trial)
    left_at(trial, state)
    address, institute = reverse("contract-from-deal", args=[trial.deal.code]), client_of(Party(trial.owner).manager)

    pages = [institute.get(one.get_absolute_url()).content.decode() for one in (trial, trial.deal)]
    institute.post(address)

    assert [address in page for page in pages] == [may_follow, may_follow]
    assert trial.deal.contracts.count() == 1 + may_follow


def test_a_button_pressed_too_late_says_why_and_changes_nothing(ready):
    trial, owner, tries = ready(requested)
    actions.withdraw_trial(trial, **tries.as_party)

    page = act(owner.manager, trial, "approve")

    assert [one.level_tag for one in page.context["messages"]] == ["error"]
    assert fresh(trial).state == "withdrawn"


@pytest.mark.parametrize("verb", ["sign", "price", "stop", "resolve", "nonsense"])
def test_strangers_reach_no_step(verb, ready):
    trial, _owner, _tries = ready(running_trial)

    answer = client_of(member(enterprise())).post(reverse("trial-act", args=[trial.code, verb]))

    assert answer.status_code == 404


def test_an_agreed_price_by_forms_is_in_publicity_for_everybody():
    trial, owner, tries = chosen(**AGREED)
    act(owner.manager, trial, "price", {"amount": "80"})

    ask = reverse("trial-accept", args=[trial.code])
    assert f'href="{ask}"' in client_of(tries.manager).get(trial.get_absolute_url()).content.decode()
    asked = client_of(tries.manager).get(ask)
    assert "对己方有约束力" in asked.content.decode()
    assert client_of(owner.manager).get(ask).status_code == 302, "the own price"
    act(tries.manager, trial, "accept", {"amount": asked.context["form"]["amount"].value()})

    trial = fresh(trial)
    public = Client().get("/publicity/")
    assert (trial.state, trial.price) == ("price_publicity", 80 * WAN)
    assert trial.outcome.heading in public.content.decode()
    [running] = [each for each in public.context["running"] if each.subject == trial]
    detail = Client().get(running.get_absolute_url()).content.decode()
    assert trial.outcome.get_absolute_url() in detail
    assert trial.get_absolute_url() not in detail


def test_the_deal_leads_back_to_the_trial_that_fixed_its_price(ready):
    trial, owner, _tries = ready(chosen)
    deal = fresh(trial).deal

    page = client_of(owner.manager).get(deal.get_absolute_url()).content.decode()

    assert trial.get_absolute_url() in page
    assert reverse("deal-reopen", args=[deal.code]) not in page


def test_an_officer_resolves_a_dispute_on_its_page(ready):
    trial, owner, tries = ready(disputed)
    officer = person("officer")
    facts = {"goes_on": "no", "text": "违反地域约定。"}

    assert client_of(owner.manager).post(reverse("trial-act", args=[trial.code, "resolve"]), facts).status_code == 403
    act(officer, trial, "resolve", facts)
    assert fresh(trial).state == "dispute"  # the other side is heard first
    act(tries.manager, trial, "answer", {"text": "已当天停止。"})
    act(officer, trial, "resolve", facts)

    assert (fresh(trial).state, trial.breaches.get().resolved_by) == ("stop", officer)
    assert "违反地域约定。" in client_of(tries.manager).get(trial.get_absolute_url()).content.decode()


def test_the_district_checks_terms_on_their_page():
    TrialPolicy.objects.create(holds_from="2020-01-01", district_checks=True)
    entry, owner = pooled()
    officer = client_of(person("officer"))

    officer.post(reverse("pool-act", args=[entry.code, "return"]), {"reason": "地域写清楚"})
    returned = client_of(owner.manager).get(entry.get_absolute_url()).content.decode()
    client_of(owner.manager).post(reverse("pool-terms", args=[entry.code]), TYPED | {"territory": "浙江省"})
    officer.post(reverse("pool-act", args=[entry.code, "pass"]))

    entry.refresh_from_db()
    assert "地域写清楚" in returned
    assert (entry.state, entry.current.version) == ("in_pool", 2)


def test_the_contract_is_a_paper_with_the_fixed_terms_and_who_confirmed(ready):
    trial, owner, tries = ready(insured)
    address = reverse("trial-contract-pdf", args=[trial.code])

    answer = client_of(tries.manager).get(address)
    words = text_of(answer.content)

    assert answer["Content-Type"] == "application/pdf"
    for said in (owner.organisation.name, tries.organisation.name, "温州市", "待机电流不高于20", trial.number):
        assert said.replace(" ", "") in words
    assert owner.manager.get_short_name().replace(" ", "") in words
    page = client_of(owner.manager).get(reverse("trial-contract", args=[trial.code])).content.decode()
    assert "图纸、样机与软件全部归还" in page
    assert client_of(member(enterprise())).get(address).status_code == 404


def test_there_is_no_contract_before_the_approval(ready):
    trial, _owner, tries = ready(requested)
    address = reverse("trial-contract", args=[trial.code])

    answer, page = client_of(tries.manager).get(address), client_of(tries.manager).get(trial.get_absolute_url())

    assert answer.status_code == 403
    assert str(rules.read_trial_contract(tries.manager, trial)) in answer.content.decode()
    assert address not in page.content.decode()


def test_a_scanned_code_tells_the_parties_and_how_it_stands_but_no_price(ready):
    trial, owner, tries = ready(approved)
    address = reverse("verify-code", args=[trial.code])
    before = Client().get(address).status_code
    actions.sign_trial_contract(trial, **owner.as_party)
    actions.sign_trial_contract(trial, **tries.as_party)

    page = Client().get(address)
    typed = Client().get(reverse("verify"), {"code": trial.number}, follow=True)

    words = page.content.decode()
    assert (before, page.status_code, typed.status_code) == (404, 200, 200)
    assert tries.organisation.name in words
    assert "60 万元" not in words


def test_a_full_pool_says_so_on_page_form_and_list():
    entry, owner = pooled(max_parallel=1)
    tries = enterprise()
    asker = sign_in(Client(), member(tries))
    outcome_page, form = entry.outcome.get_absolute_url(), reverse("trial-new", args=[entry.outcome.number])
    words = "名额已满"
    assert all(words not in asker.get(address).content.decode() for address in (outcome_page, form))
    approved(on=entry)

    assert all(words in asker.get(address).content.decode() for address in (outcome_page, form))
    institute = sign_in(Client(), owner.manager)
    assert words in institute.get(reverse("pool-list")).content.decode()
    assert words in institute.get(entry.get_absolute_url()).content.decode()


def test_terms_that_contradict_the_outcome_are_said_to_officers():
    offered = outcome()
    type(offered).objects.filter(pk=offered.pk).update(modes=["development"], price_low=80 * WAN, price_high=100 * WAN)
    offered.refresh_from_db()
    entry, owner = pooled(of=offered, mode="assignment", price=25 * WAN)
    officer, institute = sign_in(Client(), person("officer")), sign_in(Client(), owner.manager)

    page = officer.get(entry.get_absolute_url()).content.decode()
    terms = institute.get(reverse("pool-terms", args=[entry.code])).content.decode()

    assert 'id="contradictions"' in page
    assert "联合开发" in terms or "合作开发" in terms
    fitting, _owner = pooled(mode="ordinary")
    type(offered).objects.filter(pk=fitting.outcome_id).update(modes=["ordinary"], price_low=None, price_high=None)
    assert "contradictions" not in officer.get(fitting.get_absolute_url()).content.decode()


def test_a_publisher_reads_that_a_manager_binds_the_institute(ready):
    trial, owner, _tries = ready(requested)
    publisher = sign_in(Client(), member(owner.organisation, "publisher"))

    page = publisher.get(trial.get_absolute_url())

    assert "approve" not in [card["name"] for card in page.context["cards"]]
    assert page.context["needs_manager"]


def test_the_officer_reads_breach_and_answer(ready):
    trial, _owner, tries = ready(disputed)
    officer = sign_in(Client(), person("officer"))
    assert "尚未答复" in officer.get(trial.get_absolute_url()).content.decode()

    enterprise_page = sign_in(Client(), tries.manager)
    address = reverse("trial-act", args=[trial.code, "answer"])
    enterprise_page.post(address, {"text": "已当天停止使用。"})

    page = officer.get(trial.get_absolute_url()).content.decode()
    assert "已当天停止使用。" in page
    assert "尚未答复" not in page
