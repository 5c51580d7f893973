"""A trial stays within what was fixed in advance: place, number, criteria; by people where words alone stand."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core import clock, code_lists
from marketplace.core.code_lists import CodeRule
from marketplace.core.journal import Entry, Kind
from marketplace.core.regions import COUNTRY, lies_in, regions_by_name
from marketplace.outcomes.models import ResearchOutcome
from marketplace.trials import actions, pooling
from marketplace.trials.models import Trial
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.pool import PoolEntry, PoolTerms
from marketplace.trials.refusals import (
    AboveScale,
    CriterionTwice,
    NotCompared,
    OutsideTerritory,
    QuantityMissing,
    RegionMissing,
    ScaleMissing,
    TermsMoved,
    TermsUnchanged,
    TerritoryMissing,
    WordsMissing,
)
from marketplace.trials.trial_paper import trial_paper
from tests.factories.people import sign_in
from tests.marketplace.matching.factories import enterprise, member, person
from tests.marketplace.trials.factories import REQUEST, TERMS, fresh, pooled, requested, signed

IN_WORDS = {"regions": [], "scale_limit": None, "scale_unit": "", "territory": "温州市", "allowed_scale": "一条产线"}


def in_words():
    """An entry whose terms are of the time when words alone said how far a trial goes."""
    entry, owner = pooled()
    PoolTerms.objects.filter(entry=entry).update(**IN_WORDS)
    return entry, owner


def asks(entry, **wrong):
    tries = enterprise()
    return actions.request_trial(entry.outcome, by=member(tries), organisation=tries, **(REQUEST | wrong))


def number_the_district_anew():
    facts = {"code_list": "district", "code": "330399", "name": "瓯海新区", "source": "民政部批复（样例）"}
    CodeRule.objects.create(**facts, holds_from=clock.today() + timedelta(days=10))
    code_lists.forget()


def page_of_request(entry, tries=None):
    tries = tries or enterprise()
    return sign_in(Client(), member(tries, "bidder")), reverse("trial-new", args=[entry.outcome.number])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"region": ""}, RegionMissing),
        ({"region": "310000"}, OutsideTerritory),
        ({"region": "330000"}, OutsideTerritory),
        ({"region": "3303"}, RegionMissing),
        ({"quantity": None}, QuantityMissing),
        ({"quantity": -5}, QuantityMissing),
        ({"quantity": 501}, AboveScale),
        ({"criteria": ["良率不低于 99 %", "良率 不低于 99％"]}, CriterionTwice),
        ({"version": 2}, TermsMoved),
    ],
)
def test_what_is_not_within_the_terms_is_not_asked_for(wrong, refusal):
    entry, _owner = pooled()

    with pytest.raises(refusal):
        asks(entry, **wrong)

    assert not Trial.objects.exists()


@pytest.mark.django_db
def test_the_last_unit_and_each_region_of_the_territory_are_within():
    entry, _owner = pooled(regions=["330300", "310000"], max_parallel=9)

    kept = [asks(entry, region=region, quantity=500) for region in ("330300", "330382", "310000")]

    assert [one.region for one in kept] == ["330300", "330382", "310000"]
    assert {one.quantity for one in kept} == {500}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"regions": []}, TerritoryMissing),
        ({"regions": ["330300", "999999"]}, TerritoryMissing),
        ({"scale_limit": None}, ScaleMissing),
        ({"scale_limit": -1}, ScaleMissing),
        ({"scale_limit": 10**10}, ScaleMissing),
        ({"scale_unit": " "}, ScaleMissing),
    ],
)
def test_new_terms_say_how_far_a_trial_goes(wrong, refusal):
    with pytest.raises(refusal):
        pooled(**wrong)


@pytest.mark.django_db
def test_the_database_keeps_half_counted_terms_out():
    entry, _owner = pooled()

    for half in ({"regions": []}, {"scale_limit": None}, {"scale_unit": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PoolTerms.objects.filter(entry=entry).update(**half)
    trial = asks(entry)
    for half in ({"region": ""}, {"quantity": None}, {"quantity": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Trial.objects.filter(pk=trial.pk).update(**half)


@pytest.mark.django_db
def test_terms_in_words_alone_are_compared_by_the_institute_before_it_approves():
    entry, owner = in_words()
    with pytest.raises(WordsMissing):
        asks(entry, scale=" ")
    trial = asks(entry, region="", quantity=None)
    manager, address = sign_in(Client(), owner.manager), reverse("trial-act", args=[trial.code, "approve"])

    with pytest.raises(NotCompared):
        actions.approve_trial(fresh(trial), **owner.as_party)
    page = manager.post(address)
    assert fresh(trial).state == "trial_requested"
    assert page.context["cards"][0]["form"].errors["is_within"]
    assert (trial.region, trial.quantity) == ("", None)
    manager.post(address, {"is_within": "on"})

    assert fresh(trial).state == "institute_approved"
    assert Entry.objects.get(kind=Kind.TRIAL_APPROVED).data["compared"] is True


@pytest.mark.django_db
def test_counted_terms_ask_for_no_tick():
    trial, owner, _tries = requested()

    sign_in(Client(), owner.manager).post(reverse("trial-act", args=[trial.code, "approve"]))

    assert fresh(trial).state == "institute_approved"
    assert "compared" not in Entry.objects.get(kind=Kind.TRIAL_APPROVED).data


@pytest.mark.django_db
def test_the_form_offers_the_regions_of_the_terms_and_keeps_what_was_typed():
    entry, _owner = pooled()
    client, address = page_of_request(entry)
    offered = [code for code, _name in client.get(address).context["form"].fields["region"].choices if code]

    typed = REQUEST | {"criteria": "良率", "version": 1}
    wrong = client.post(address, typed | {"quantity": 501})

    assert set(offered) == {code for code in regions_by_name() if code.startswith("3303")}
    assert wrong.context["form"].errors == {"quantity": ["试用条件允许至多 500 件锁具。"]}
    several = client.post(address, typed | {"quantity": 501, "region": "310000", "criteria": "良率\n良 率"})
    assert set(several.context["form"].errors) == {"quantity", "region", "criteria"}
    assert REQUEST["purpose"] in wrong.content.decode()
    assert client.post(address, typed | {"region": "310000"}).context["form"].errors["region"]
    assert not Trial.objects.exists()


@pytest.mark.django_db
def test_the_form_for_terms_in_words_asks_in_words():
    entry, _owner = in_words()
    client, address = page_of_request(entry)

    page = client.get(address)
    client.post(
        address, {"purpose": "试用", "place": "一号车间", "scale": "一条产线", "criteria": "良率", "version": 1}
    )

    assert {"region", "quantity"}.isdisjoint(page.context["form"].fields)
    assert Trial.objects.get().scale == "一条产线"


@pytest.mark.django_db
def test_terms_that_changed_meanwhile_are_shown_before_they_bind():
    entry, owner = pooled()
    client, address = page_of_request(entry)
    typed = REQUEST | {"criteria": "良率", "version": 1}
    pooling.change_pool_terms(entry, **owner.as_party, **TERMS | {"length_days": 30})

    again = client.post(address, typed)

    form = again.context["form"]
    assert "院所在您打开本页后修改了试用条件" in again.content.decode()
    assert not Trial.objects.exists()
    shown = {name: form[name].value() for name in form.fields}
    assert shown == {name: str(typed[name]) for name in form.fields} | {"version": "2"}
    client.post(address, shown)
    assert Trial.objects.get().terms.length_days == 30


@pytest.mark.django_db
@pytest.mark.parametrize("version", ["", "x", "2"])
def test_a_request_that_does_not_say_what_was_read_is_shown_the_terms(version):
    entry, _owner = pooled()
    client, address = page_of_request(entry)

    again = client.post(address, REQUEST | {"criteria": "良率", "version": version})

    assert again.context["form"].non_field_errors()
    assert again.context["form"]["version"].value() == "1"
    assert not Trial.objects.exists()


@pytest.mark.django_db
def test_what_an_institute_wrote_is_no_markup_on_the_page_of_a_request():
    entry, _owner = pooled(territory="<b>限本厂</b>", allowed_scale="<i>", scale_unit="<u>")
    client, address = page_of_request(entry)

    page = client.get(address).content.decode()

    assert "&lt;b&gt;限本厂" in page
    assert not any(tag in page for tag in ("<b>限", "<i>", "<u>"))


@pytest.mark.django_db
def test_a_signed_contract_keeps_the_names_of_its_day():
    tried = signed()
    before = trial_paper(tried.trial, address="x")
    number_the_district_anew()

    with clock.moved_to(clock.now() + timedelta(days=30)):
        later = trial_paper(fresh(tried.trial), address="x")
        assert "瓯海区 330304" in fresh(tried.trial).place_words()

    assert later == before


@pytest.mark.django_db
def test_terms_that_say_the_same_are_no_new_version():
    entry, owner = pooled()

    with pytest.raises(TermsUnchanged):
        pooling.change_pool_terms(entry, **owner.as_party, **TERMS)

    assert entry.versions.count() == 1


@pytest.mark.django_db
def test_terms_that_were_returned_may_be_sent_again_as_they_are():
    policy = TrialPolicy(holds_from=clock.today(), district_checks=True)
    pooling.keep_trial_policy(policy=policy, by=person("officer"))
    entry, owner = pooled()
    pooling.return_pool_entry(entry, by=person("officer"), reason="请补充保险")

    pooling.change_pool_terms(entry, **owner.as_party, **TERMS)

    assert (entry.state, entry.versions.count()) == ("checking", 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("paused", "持有单位已暂停受理"),
        ("returned", "试用条件尚未确定"),
        ("checking", "试用条件尚未确定"),
        ("in_pool", "洽谈中"),
    ],
)
def test_an_outcome_says_why_no_trial_is_taken_and_keeps_the_reason_inside(state, words):
    entry, owner = pooled()
    PoolEntry.objects.filter(pk=entry.pk).update(state=state, reason="内部原因")
    if state == "in_pool":
        ResearchOutcome.objects.filter(pk=entry.outcome_id).update(state="reserved")
    asks_there = sign_in(Client(), member(enterprise(), "bidder"))

    page = asks_there.get(entry.outcome.get_absolute_url()).content.decode()
    sent_back = asks_there.get(reverse("trial-new", args=[entry.outcome.number]), follow=True).content.decode()

    assert words in page
    assert "内部原因" not in page
    assert words in sent_back
    if state == "in_pool":
        owners = sign_in(Client(), owner.manager)
        assert words in owners.get(entry.get_absolute_url()).content.decode()
        assert words in owners.get(reverse("pool-list")).content.decode()


@pytest.mark.django_db
def test_the_form_of_terms_begins_with_the_codes_of_today():
    entry, owner = pooled(regions=["330304"])
    number_the_district_anew()

    with clock.moved_to(clock.now() + timedelta(days=30)):
        page = sign_in(Client(), owner.manager).get(reverse("pool-terms", args=[entry.code]))

    assert page.context["form"]["regions"].value() == ["330399"]
    with clock.moved_to(clock.now() + timedelta(days=30)):
        assert lies_in("330399", "330304")


@pytest.mark.django_db
def test_what_is_asked_stands_beside_what_is_allowed():
    trial, owner, _tries = requested()

    page = sign_in(Client(), owner.manager).get(trial.get_absolute_url()).content.decode()

    for words in (
        "瓯海区；瓯海区娄桥一号车间",
        "温州市；限自有车间",
        "300 件锁具；一条产线",
        "至多 500 件锁具；一条产线",
    ):
        assert words in page


@pytest.mark.django_db
@given(st.data())
def test_a_region_lies_in_itself_in_its_province_and_in_china(data):
    codes = list(regions_by_name())
    place, area = data.draw(st.sampled_from(codes)), data.draw(st.sampled_from(codes))

    assert all(lies_in(place, wider) for wider in (place, f"{place[:2]}0000", COUNTRY))
    assert not lies_in(place, area) or place[:2] == area[:2]
    assert not (lies_in(place, area) and lies_in(area, place)) or place == area
