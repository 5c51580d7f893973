"""The way from a need's public page to an offer: who finds it, what the pages show, and what comes of sending."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.paging import PAGE
from marketplace.matching.actions import accept_match, decline_match
from marketplace.matching.by_hand import add_match
from marketplace.matching.models import Match
from marketplace.matching.offering import offer_to_need
from marketplace.outcomes.models import ResearchOutcome
from tests.factories.people import join, sign_in
from tests.marketplace.matching.factories import (
    agreed,
    enterprise,
    institute,
    member,
    need,
    outcome,
    person,
    proposed,
)

pytestmark = pytest.mark.django_db

OFFER, PUBLISH = "提供本单位成果", "发布成果"


def client_of(user):
    return sign_in(Client(), user)


def card(client, asked):
    """Return the part of the need's page in which one offers an outcome; "" where it has none."""
    page = client.get(asked.get_absolute_url()).content.decode()
    return page.split('aria-labelledby="offer"')[1].split("</section>")[0] if 'id="offer"' in page else ""


def page_of(client, asked, *given, **query):
    name = "need-offer-outcome" if given else "need-offer"
    return client.get(reverse(name, args=[asked.code, *given]), query).content.decode()


def send(client, asked, found, reason="待机电流 18 µA", **more):
    return client.post(reverse("need-offer-outcome", args=[asked.code, found.number]), {"reason": reason}, **more)


def rows_of(page):
    """Return {number: the row of that outcome} of the list."""
    rows = page.split("<tbody")[1].split("</tbody>")[0].split("<tr ")[1:]
    return {row.split('<small class="id">')[1].split("<")[0]: row for row in rows}


def test_a_visitor_is_led_to_sign_in_and_back():
    asked = need()

    shown = card(Client(), asked)

    assert f'href="{reverse("account_login")}?next={asked.get_absolute_url()}"' in shown
    answer = Client().get(reverse("need-offer", args=[asked.code]))
    assert (answer.status_code, reverse("account_login") in answer["Location"]) == (302, True)


def test_who_has_a_public_outcome_finds_the_door_and_who_has_none_the_way_to_publish_one():
    asked, found, without = need(), outcome(), institute()
    ready, newcomer = client_of(member(found.owner, "publisher")), client_of(member(without))
    outcome(of=without, state="reserved")
    outcome(of=without, live=False)

    assert reverse("need-offer", args=[asked.code]) in card(ready, asked)
    assert OFFER not in card(newcomer, asked)
    assert reverse("outcome-new") in card(newcomer, asked)
    listed = page_of(newcomer, asked)
    assert "还没有可提供的公开成果" in listed
    assert reverse("outcome-new") in listed


def test_who_may_not_offer_reads_why():
    asked, found = need(), outcome()

    shown = card(client_of(member(found.owner, "finance")), asked)

    assert reverse("need-offer", args=[asked.code]) not in shown
    assert OFFER in shown
    assert "需要" in shown.split('id="why-offer">')[1]


@pytest.mark.parametrize("role", ["officer", "auditor", "liaison"])
def test_staff_is_not_asked_to_offer(role):
    assert card(client_of(person(role)), need()) == ""


def test_an_own_need_is_not_offered_to():
    asked = need()
    found = outcome(of=asked.organisation)
    own = client_of(member(asked.organisation))

    assert card(own, asked) == ""
    assert "自己的需求" in page_of(own, asked)
    assert send(own, asked, found).status_code == 403
    assert not Match.objects.exists()


def test_a_need_that_is_over_is_not_offered_to():
    asked, found = need(state="solved"), outcome()
    client = client_of(member(found.owner))

    assert card(client, asked) == ""
    assert found.number not in page_of(client, asked)
    assert send(client, asked, found).status_code == 403


def test_the_list_holds_what_is_on_offer_and_says_where_each_stands_with_the_need():
    asked, owner = need(), institute()
    user, buyer = member(owner), asked.organisation
    free, reserved, of_others = outcome(of=owner), outcome(of=owner, state="reserved"), outcome()
    found, waiting, both, declined, by_hand = (outcome(of=owner) for _ in range(5))
    offer_to_need(asked, waiting, by=user, organisation=owner, reason="合适")
    agreed(need=asked, outcome=both)
    no = Match.objects.get(pk=proposed(need=asked, outcome=declined).pk)
    decline_match(no, by=member(buyer), organisation=buyer, reason="price")
    hand = add_match(asked, by_hand, by=member(buyer), organisation=buyer, reason="谈过")
    proposed(need=asked, outcome=found)

    rows = rows_of(page_of(client_of(user), asked))

    assert set(rows) == {each.number for each in (free, found, waiting, both, declined, by_hand)}
    assert {reserved.number, of_others.number}.isdisjoint(rows)
    said = {
        free: "尚未对接",
        found: "平台推荐",
        waiting: "已提供，待企业答复",
        both: "双方已接受",
        declined: "企业答复不合适",
        by_hand: "人工添加，待您答复",
    }
    assert {each.number: words in rows[each.number] for each, words in said.items()} == dict.fromkeys(rows, True)
    offered = {number for number, row in rows.items() if f"/offer/{number}/" in row}
    assert offered == {free.number, found.number}
    assert hand.get_absolute_url() in rows[by_hand.number]
    assert next(iter(rows)) == found.number  # what search finds nearest comes first


def test_what_is_of_the_field_or_industry_of_the_need_comes_before_what_is_newer():
    sector, other = (
        Industry.objects.create(code="T1", name="锁具"),
        TechnicalField.objects.create(code="T2", name="新药"),
    )
    asked, owner = need(industry=sector), institute()
    found = outcome(of=owner, field=other)
    of_field, of_industry, newest = outcome(of=owner), outcome(of=owner, field=other), outcome(of=owner, field=other)
    of_industry.industries.set([sector])
    of_industry.save()
    proposed(need=asked, outcome=found)

    rows = rows_of(page_of(client_of(member(owner)), asked))

    assert list(rows) == [each.number for each in (found, of_field, of_industry, newest)]


def test_the_list_says_who_declined_and_offers_anew_what_was_rewritten():
    asked, owner = need(), institute()
    user = member(owner)
    ours, rewritten = outcome(of=owner), outcome(of=owner)
    for each in (ours, rewritten):
        match = Match.objects.get(pk=proposed(need=asked, outcome=each).pk)
        decline_match(match, by=user, organisation=owner, reason="no_capacity")
    ResearchOutcome.objects.filter(pk=rewritten.pk).update(summary="静态电流 9 µA 的新模组。")

    rows = rows_of(page_of(client_of(user), asked))

    assert "本单位答复不合适" in rows[ours.number]
    assert f"/offer/{ours.number}/" not in rows[ours.number]
    assert f"/offer/{rewritten.number}/" in rows[rewritten.number]


def test_many_outcomes_are_paged_and_searched():
    asked, owner = need(), institute()
    client = client_of(member(owner))
    for number in range(PAGE + 1):
        outcome(of=owner, title=f"锁用模组 {number}")
    odd = outcome(of=owner, title="无氰电镀工艺", summary="镀层结合力高。")

    first, second = page_of(client, asked), page_of(client, asked, page="2")
    by_words, nothing = page_of(client, asked, q="电镀 结合力"), page_of(client, asked, q="量子")

    assert len(rows_of(first)) + len(rows_of(second)) == PAGE + 2
    assert set(rows_of(by_words)) == {odd.number}
    assert "没有包含这些词" in nothing
    assert 'role="search"' in nothing


def test_the_list_costs_the_same_for_one_and_for_three():
    asked, owner = need(), institute()
    client = client_of(member(owner))

    def add():
        match = proposed(need=asked, outcome=outcome(of=owner))
        decline_match(match, by=member(owner), organisation=owner, reason="price")
        outcome(of=owner)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            page_of(client, asked)
        return len(captured)

    add()
    queries()
    one = queries()
    add()
    add()
    assert queries() == one


def test_sending_an_offer_leads_to_its_match_and_the_enterprise_reads_who_and_why():
    asked, found = need(), outcome()
    client = client_of(member(found.owner, "publisher"))
    form = page_of(client, asked, found.number)

    answer = send(client, asked, found, reason="已在三家锁企试用", follow=True)

    match = Match.objects.get()
    assert "为何适用于该需求" in form
    assert answer.redirect_chain[-1][0] == match.get_absolute_url()
    assert "企业将收到通知" in answer.content.decode()
    buyer = client_of(member(asked.organisation))
    shown, listed = buyer.get(match.get_absolute_url()), buyer.get(reverse("match-list"))
    for page in (shown.content.decode(), listed.content.decode()):
        assert found.owner.name in page
        assert "由成果方提供：已在三家锁企试用" in page
    assert "供方提供" in listed.content.decode()


def test_where_the_enterprise_had_accepted_the_answer_says_that_both_have():
    match = proposed()
    buyer = match.need.organisation
    accept_match(match, by=member(buyer), organisation=buyer)

    answer = send(client_of(member(match.outcome.owner)), match.need, match.outcome, follow=True)

    assert "现在可以建立交易" in answer.content.decode()


def test_an_offer_without_a_reason_comes_back_with_the_sentence_beside_it():
    asked, found = need(), outcome()

    answer = send(client_of(member(found.owner)), asked, found, reason="  ")

    assert answer.status_code == 200
    assert "reason" in answer.context["form"].errors
    assert not Match.objects.exists()


def test_what_a_colleague_offered_meanwhile_is_said_and_nothing_typed_is_lost():
    asked, found = need(), outcome()
    client = client_of(member(found.owner))
    offer_to_need(asked, found, by=member(found.owner), organisation=found.owner, reason="先说一步")

    answer = send(client, asked, found, reason="我写的理由")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert "我写的理由" in page
    assert Match.objects.get().get_absolute_url() in page
    opened = client.get(reverse("need-offer-outcome", args=[asked.code, found.number]))
    assert (opened.status_code, opened["Location"]) == (302, Match.objects.get().get_absolute_url())


def test_an_outcome_that_is_kept_for_somebody_meanwhile_says_so_and_keeps_the_words():
    asked, found = need(), outcome()
    client = client_of(member(found.owner))
    ResearchOutcome.objects.filter(pk=found.pk).update(state="reserved")

    page = send(client, asked, found, reason="我写的理由").content.decode()

    assert "我写的理由" in page
    assert "洽谈中" in page
    assert "洽谈中" in page_of(client, asked, found.number)


def test_nobody_offers_an_outcome_of_others():
    asked, found, draft = need(), outcome(), outcome(live=False)
    stranger = client_of(member(institute()))

    assert [send(stranger, asked, each).status_code for each in (found, draft)] == [404, 404]
    assert not Match.objects.exists()


def test_an_anonymous_need_stays_anonymous():
    buyer = enterprise(name="瓯海某不具名锁业")
    asked, found = need(of=buyer, is_anonymous=True), outcome()
    client = client_of(member(found.owner))

    pages = [page_of(client, asked), page_of(client, asked, found.number)]
    pages.append(send(client, asked, found, follow=True).content.decode())

    assert all(buyer.name not in page for page in pages)


def test_who_acts_for_two_organisations_offers_for_the_one_they_chose():
    asked, found = need(), outcome()
    user = member(found.owner)
    join(user, asked.organisation)
    client = client_of(user)

    client.post(reverse("organisation-switch"), {"organisation": asked.organisation.code, "next": "/"})
    assert card(client, asked) == ""
    client.post(reverse("organisation-switch"), {"organisation": found.owner.code, "next": "/"})
    assert OFFER in card(client, asked)
