"""The board's first column: interest that waits for its answer; a move of its card is the answer."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.core import clock
from marketplace.deals.interest import Interest
from marketplace.deals.models import Deal
from tests.factories.asking import queries_of
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import enterprise, from_interest, interest, member, outcome, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown():
    return interest()


def client_of(user):
    return sign_in(Client(), user)


def words(page):
    return page.content.decode()


def column(page):
    return page.context["columns"][0]


def owner_of(shown):
    return client_of(member(shown.outcome.owner))


def test_interest_stands_before_the_states_of_deals(shown):
    from_interest(on=outcome(of=shown.outcome.owner))

    page = owner_of(shown).get(reverse("deal-list"))

    assert [each.state for each in page.context["columns"]][:2] == ["interest", "negotiation"]
    assert [card.url for card in column(page).cards] == [shown.get_absolute_url()]
    assert page.context["count"] == 1, "deals alone"
    assert 'data-may="negotiation terminated"' in words(page)
    assert f"{shown.outcome.owner.name}" in words(page)


def test_a_board_without_deals_shows_the_interest_that_may_open_one(shown):
    page = owner_of(shown).get(reverse("deal-list"))

    assert column(page).count == 1
    assert shown.get_absolute_url() in words(page)
    assert "还没有交易" not in words(page)


def test_both_sides_and_officers_see_it_and_nobody_else(shown):
    asker, stranger = client_of(member(shown.organisation)), client_of(member(enterprise()))
    seen = {
        "owner": owner_of(shown), "asker": asker, "officer": client_of(person("officer")), "stranger": stranger
    }  # fmt: skip

    counts = {name: column(each.get(reverse("deal-list"))).count for name, each in seen.items()}

    assert counts == {"owner": 1, "asker": 1, "officer": 1, "stranger": 0}
    assert 'data-may=""' in words(asker.get(reverse("deal-list"))), "who asks does not answer"


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"side": "seller"}, 1), ({"side": "buyer"}, 0), ({"side": "broker"}, 0), ({"mode": "agreed"}, 0),
        ({"state": "negotiation"}, 0), ({"q": "没有这个词"}, 0), ({"ended": "1"}, 1), ({"state": "interest"}, 1),
    ],
)  # fmt: skip
def test_the_filters_of_the_board_hold_for_it(shown, asked, count):
    assert column(owner_of(shown).get(reverse("deal-list"), asked)).count == count


def test_a_board_of_interest_shows_no_deals_and_its_list_is_that_of_interest(shown):
    from_interest(on=outcome(of=shown.outcome.owner))
    reader = owner_of(shown)

    page, as_list = (reader.get(reverse("deal-list"), {"state": "interest"} | more) for more in ({}, {"view": "list"}))

    assert [column.count for column in page.context["columns"]] == [1, *[0] * len(Deal.State)]
    assert as_list.url == f"{reverse('interest-list')}?state=shown"


def test_it_is_found_by_the_words_of_its_outcome(shown):
    assert column(owner_of(shown).get(reverse("deal-list"), {"q": shown.outcome.title[:3]})).count == 1


def test_what_was_answered_has_left(shown):
    reader = owner_of(shown)
    Interest.objects.filter(pk=shown.pk).update(state="declined", answer_reason="无", answered_at=clock.now())

    assert column(reader.get(reverse("deal-list"))).count == 0


def test_who_waits_too_long_stalls(shown):
    Interest.objects.filter(pk=shown.pk).update(shown_at=clock.now() - timedelta(days=20))

    card = column(owner_of(shown).get(reverse("deal-list"))).cards[0]

    assert (card.is_late, card.is_mine_to_act, card.days) == (True, True, 20)
    assert "20 天" in card.stalls


@pytest.mark.parametrize(("to", "button"), [("negotiation", "接受并建立交易"), ("terminated", "谢绝意向")])
def test_a_move_asks_for_the_answer_on_a_page_of_its_own(shown, to, button):
    page = owner_of(shown).get(reverse("interest-move", args=[shown.code]), {"to": to, "q": "锁"})

    assert button in words(page)
    assert shown.message in words(page)
    assert 'name="from_board" value="q=%E9%94%81"' in words(page)
    assert Interest.objects.get().state == "shown", "looking changes nothing"


def test_accepted_by_a_move_the_deal_stands_on_the_board(shown):
    answer = owner_of(shown).post(reverse("interest-accept", args=[shown.code]), {"from_board": "side=seller"})

    assert answer["Location"] == reverse("deal-list") + "?side=seller"
    assert Deal.objects.get().interest == shown


def test_a_decline_without_a_reason_stays_on_its_page_and_knows_its_board(shown):
    again = owner_of(shown).post(
        reverse("interest-decline", args=[shown.code]), {"from_board": "side=seller", "reason": " "}
    )

    assert 'name="from_board" value="side=seller"' in words(again)
    assert f'href="{reverse("deal-list")}?side=seller"' in words(again)
    assert Interest.objects.get().state == "shown"


def test_declined_by_a_move_it_says_why_and_an_empty_reason_is_asked_for_again(shown):
    reader, address = owner_of(shown), reverse("interest-decline", args=[shown.code])

    again = reader.post(address, {"from_board": "", "reason": ""})
    assert "必填" in words(again)
    done = reader.post(address, {"from_board": "", "reason": "已独占许可"})

    assert done["Location"] == reverse("deal-list")
    assert Interest.objects.get().answer_reason == "已独占许可"


@pytest.mark.parametrize("to", ["pricing", "done", "registration"])
def test_it_goes_nowhere_else(shown, to):
    page = owner_of(shown).get(reverse("interest-move", args=[shown.code]), {"to": to}, follow=True)

    assert page.redirect_chain[-1][0] == reverse("deal-list")
    assert "意向要先答复" in words(page)


def test_who_asks_does_not_answer_by_a_move(shown):
    reader = client_of(member(shown.organisation))

    page = reader.get(reverse("interest-move", args=[shown.code]), {"to": "negotiation"}, follow=True)

    assert page.redirect_chain[-1][0] == reverse("deal-list")
    assert "答复" in words(page)


@pytest.mark.parametrize("to", ["", "nowhere"])
def test_a_column_that_is_none_leads_to_the_interest(shown, to):
    answer = owner_of(shown).get(reverse("interest-move", args=[shown.code]), {"to": to})

    assert answer["Location"] == shown.get_absolute_url()


def test_a_stranger_finds_no_move(shown):
    stranger = client_of(member(enterprise()))

    assert stranger.get(reverse("interest-move", args=[shown.code]), {"to": "negotiation"}).status_code == 404


def test_more_of_it_come_in_the_place_of_the_link_and_are_listed_without_scripts(monkeypatch):
    monkeypatch.setattr("marketplace.deals.listed.ON_THE_BOARD", 1)
    monkeypatch.setattr("marketplace.deals.listed.IN_A_COLUMN", 1)
    owner = outcome().owner
    kept = [interest(on=outcome(of=owner)) for _ in range(3)]
    reader = client_of(member(owner))

    page = words(reader.get(reverse("deal-list")))
    more = words(reader.get(reverse("deal-list"), {"column": "interest", "after": "1"}, headers={"HX-Request": "true"}))

    assert f'href="{reverse("interest-list")}?state=shown" hx-get="?column=interest&amp;after=1"' in page
    assert page.count("<article") == 1
    assert [one.get_absolute_url() in more for one in kept] == [False, True, True]


def test_a_board_of_many_asks_as_often_as_one_of_one():
    owner = outcome().owner
    interest(on=outcome(of=owner))
    reader = client_of(member(owner))
    few = queries_of(reader, reverse("deal-list"))
    for _ in range(5):
        interest(on=outcome(of=owner))

    assert queries_of(reader, reverse("deal-list")) == few
