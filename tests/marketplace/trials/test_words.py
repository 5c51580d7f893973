"""What pages and papers of trials say: the contract as confirmed, terms as they are public, lists as they are seen."""

import re
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.core import clock
from marketplace.trials import actions, pooling, running
from marketplace.trials.parts import Insurance
from marketplace.trials.party import Party as Side
from marketplace.trials.pool import PoolEntry
from marketplace.trials.showing import acts_of
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import Party
from tests.marketplace.matching.factories import enterprise, member, outcome, person
from tests.marketplace.trials.factories import (
    TERMS,
    approved,
    chosen,
    fresh,
    insured,
    pooled,
    requested,
    running_trial,
    send,
    signed,
)
from tests.marketplace.trials.test_royalties import converted

pytestmark = pytest.mark.django_db
TYPED = TERMS | {"price": "60", "output_rate": "", "price_cap": ""}


def client_of(user):
    return sign_in(Client(), user)


def act(user, trial, verb, data=None):
    return client_of(user).post(reverse("trial-act", args=[trial.code, verb]), data or {}, follow=True)


def test_a_contract_stands_as_it_was_confirmed_and_says_below_what_came_after():
    trial, owner, tries = approved()
    reader, address = client_of(owner.manager), reverse("trial-contract", args=[trial.code])
    before = reader.get(address)
    actions.sign_trial_contract(trial, **owner.as_party)
    actions.sign_trial_contract(trial, **tries.as_party)
    confirmed = reader.get(address).context["paper"]
    actions.start_trial(trial, starts_on=clock.today(), **owner.as_party)
    asked = running.ask_extension(trial, days=10, reason="缺料", **tries.as_party)
    running.answer_extension(trial, asked, is_granted=True, **owner.as_party)

    later = reader.get(address)

    assert "尚未经双方确认" in before.content.decode()
    assert [block.kind for block in before.context["paper"].blocks].count("check") == 0
    words = later.content.decode()
    assert "自开始之日起 90 天" in words
    assert f"延长 10 天，{clock.today()} 同意" in words
    texts = [block.rows for block in confirmed.blocks if block.kind == "facts"]
    assert [block.rows for block in later.context["paper"].blocks if block.kind == "facts"][: len(texts)] == texts


def test_the_contract_to_be_confirmed_says_whether_insurance_is_required():
    for needed, said in ((True, "试用开始前必须投保"), (False, "不要求")):
        trial, owner, _tries = approved(needs_insurance=needed)
        page = client_of(owner.manager).get(reverse("trial-contract", args=[trial.code])).content.decode()
        assert said in page


def test_a_scanned_code_of_a_converted_trial_says_so():
    tried, _contract = converted()

    assert "试用已转化" in Client().get(reverse("verify-code", args=[tried.trial.code])).content.decode()


def test_strangers_read_every_term_on_the_page_of_the_outcome():
    entry, _owner = pooled()

    page = Client().get(entry.outcome.get_absolute_url()).content.decode()

    terms = entry.current
    for said in (terms.confidentiality, terms.on_return, terms.data_sharing, "并行试用数"):
        assert said in page


def test_an_outcome_in_the_pool_opens_its_entry_instead_of_an_empty_form():
    entry, owner = pooled()

    answer = client_of(owner.manager).get(reverse("pool-enter", args=[entry.outcome.number]))

    assert answer.url == entry.get_absolute_url()


def test_what_binds_is_said_when_terms_are_written():
    found = outcome(modes=["ordinary"])
    agent = client_of(Party(found.owner).manager)

    page = agent.post(reverse("pool-enter", args=[found.number]), TYPED, follow=True).content.decode()

    assert "这些条件现已公开。" in page
    assert "价格对贵方有约束力" in page


def test_amounts_of_another_kind_of_price_are_not_dropped_without_a_word():
    found = outcome(modes=["ordinary"])
    typed = TYPED | {"pricing": "agreed", "price": "60", "price_cap": "80"}

    page = client_of(Party(found.owner).manager).post(reverse("pool-enter", args=[found.number]), typed)

    assert sorted(page.context["form"].errors) == ["price", "price_cap"]
    assert not PoolEntry.objects.exists()


def test_earlier_versions_are_read_whole():
    entry, owner = pooled()
    pooling.change_pool_terms(entry, **owner.as_party, **(TERMS | {"confidentiality": "试用期间保密五年。"}))

    page = client_of(owner.manager).get(entry.get_absolute_url()).content.decode()

    assert page.count(TERMS["confidentiality"]) == 1


@pytest.mark.parametrize("address", ["/trials/", "/pool/"])
def test_who_may_see_none_is_told_so(address):
    running_trial()

    page = client_of(person("registrar")).get(address).content.decode()

    assert "不向您显示" in page
    assert "打开可先试用的成果" not in page


def test_an_enterprise_without_trials_is_led_to_what_can_be_tried():
    page = client_of(member(enterprise())).get("/trials/").content.decode()

    assert f'href="{reverse("outcome-list")}?trial_first=yes"' in page


def test_the_ledger_tells_the_day_to_begin_from_the_day_to_decide():
    waiting, begun = signed().trial, running_trial().trial
    officer = client_of(person("officer"))

    sheet = load_workbook(BytesIO(officer.get("/trials/export/").content)).active

    heads, *lines = list(sheet.values)
    begin, decide = heads.index("最迟开始日期"), heads.index("最迟决定日期")
    told = {line[0]: (bool(line[begin]), bool(line[decide])) for line in lines}
    assert told == {waiting.number: (True, False), begun.number: (False, True)}


def test_days_in_the_wrong_order_are_said_beside_the_filter():
    requested()

    page = client_of(person("officer")).get("/trials/", {"since": "2030-01-02", "until": "2020-01-01"})

    assert "结束日期早于开始日期" in page.content.decode()


def test_a_fixed_price_stands_in_the_list_before_the_conversion():
    running_trial()

    page = client_of(person("officer")).get("/trials/").content.decode()

    assert re.search(r"60\W.{0,40}万元", page)


def test_a_contract_sent_in_waits_for_the_register():
    trial = fresh(chosen().trial)
    owner = Party(trial.owner)
    draft_contract_from_deal(trial.deal, **owner.as_party)
    assert Side.OWNER in acts_of(fresh(trial))

    send(trial.deal.contracts.get(), by=owner.manager)

    assert acts_of(fresh(trial)) == {}
    assert "有偿合同正在登记审查" in client_of(owner.manager).get(trial.get_absolute_url()).content.decode()


def test_more_time_than_the_policy_covers_is_asked_about_first():
    trial, owner, tries = insured(needs_insurance=True)
    actions.start_trial(trial, starts_on=clock.today(), **owner.as_party)
    ends_on = Insurance.objects.get().ends_on
    Insurance.objects.update(ends_on=fresh(trial).ends_on)

    page = act(tries.manager, trial, "extend", {"days": "10", "reason": "缺料"})

    assert ends_on > fresh(trial).ends_on
    assert "须先续保至" in page.content.decode()
    assert not trial.extensions.exists()
