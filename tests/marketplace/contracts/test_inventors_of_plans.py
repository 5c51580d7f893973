"""Inventors of a plan whom its outcome does not name, and the other way round: said to readers, never refused."""

import copy

import pytest
from django.urls import reverse
from django.utils import translation

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.actions import change_plan
from marketplace.contracts.sharing.inventors import apart_from_outcome
from marketplace.contracts.sharing.models import PlanShare
from marketplace.outcomes.parts import Inventor
from marketplace.publicity.models import Publicity
from tests.factories.people import sign_in
from tests.marketplace.contracts.shared import house, parts, plan, published, sent, terms
from tests.marketplace.matching.factories import outcome

pytestmark = pytest.mark.usefixtures("for_now")
REASON = "戊自小试起参加研发，成果登记时漏列。"


@pytest.fixture(scope="module")
def lasting_house(lasting):
    return house()


@pytest.fixture
def here(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


def over(here, *made):
    """Let the contract be over an outcome of the institute that names these people."""
    offered = outcome(of=here.institute)
    offered.inventors.all().delete()
    for one in made:
        Inventor.objects.create(outcome=offered, **one)
    TechnologyContract.objects.filter(pk=here.contract.pk).update(outcome=offered)
    here.contract = TechnologyContract.objects.get(pk=here.contract.pk)


def sentences(here, *names, **more):
    shares = [PlanShare(kind="inventor", name=name, **more) for name in names]
    return " ".join(apart_from_outcome(here.contract, [*shares, PlanShare(kind="institute", name="丁")]))


def test_the_same_people_are_no_matter(here):
    over(here, {"name": "甲"}, {"name": "乙"}, {"name": "Ａｎ Ｌｉ", "user": here.first})

    assert sentences(here, "乙", "甲（材料室）", "an li") == ""
    assert sentences(here, "戊", "甲", "乙", user=here.first) == ""  # by the account, whatever the name


def test_both_ways_of_differing_are_told_by_name(here):
    over(here, {"name": "甲"}, {"name": "乙"})

    with translation.override("zh-hans"):
        said = sentences(here, "甲", "丙", "甲乙")

    assert "不在成果登记的完成人之列的有：丙、甲乙" in said
    assert "未列为分配对象的有：乙" in said
    assert "丁" not in said


def test_nothing_is_said_where_there_is_nothing_to_compare(here):
    assert sentences(here, "甲") == ""
    over(here)
    assert sentences(here, "甲") == ""
    over(here, {"name": "甲"})
    assert sentences(here) == ""


def test_writer_and_approvers_are_told_and_the_plan_goes_on(client, here):
    over(here, {"name": here.first.name}, {"name": "漏列人"})
    made = sent(here)
    for reader in (here.writer, here.head, here.manager):
        sign_in(client, reader)
        page = client.get(made.get_absolute_url()).content.decode()
        assert 'id="apart"' in page
        assert f"之列的有：{here.second.name}" in page
        assert "未列为分配对象的有：漏列人" in page
        assert "方案未作说明" in page


def test_readers_of_the_publicity_are_told_with_the_reason(client, here):
    over(here, {"name": here.first.name})
    made = published(here, inventors_reason=REASON)

    page = client.get(Publicity.objects.of(made).get().get_absolute_url()).content.decode()

    assert f"之列的有：{here.second.name}" in page
    assert REASON in page


def test_the_form_names_whom_the_outcome_names_and_keeps_the_reason(client, here):
    over(here, {"name": here.first.name})
    made = plan(here)
    sign_in(client, here.writer)
    address = reverse("plan-change", args=[made.code])
    assert f"成果登记的完成人：{here.first.name}" in client.get(address).content.decode()

    change_plan(made, by=here.writer, parts=parts(here), **terms(here, inventors_reason=REASON))

    assert REASON in client.get(address).content.decode()
    assert REASON in client.get(made.get_absolute_url()).content.decode()


def test_a_plan_that_names_them_all_says_nothing(client, here):
    over(here, {"name": here.first.name}, {"name": here.second.name})
    made = published(here)
    sign_in(client, here.writer)

    assert 'id="apart"' not in client.get(made.get_absolute_url()).content.decode()
    assert "完成人与成果登记情况" not in str(made.publicity_facts())


def test_a_plan_without_an_outcome_asks_no_reason(client, here):
    sign_in(client, here.writer)

    page = client.get(reverse("plan-new", args=[here.contract.code])).content.decode()

    assert 'name="inventors_reason"' not in page
