"""The facets that are more than a field of the index: trees, bands, deadlines."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from marketplace.auctions.actions import postpone_session
from marketplace.core import clock
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.outcomes.parts import IPRight
from search.facets import region_words
from search.indexing import rebuild_index
from tests.factories import people
from tests.marketplace.auctions import making as auctions
from tests.marketplace.deals.factories import broker
from tests.marketplace.matching import factories as matching
from tests.marketplace.outcomes import making

pytestmark = pytest.mark.django_db


def options(answer, name):
    """Return (value, count, chosen, level) of one facet."""
    group = next(group for group in answer.context["groups"] if group["name"] == name)
    return [(option.value, option.count, option.chosen, option.level) for option in group["options"]]


def titles(answer):
    return {result["title"] for result in answer.context["results"]}


@pytest.fixture
def in_a_tree(index, trade):
    """Two parts of one field with an outcome each, one outcome in the field itself, one in another field."""
    outcome, _need, other = trade
    field = TechnicalField.objects.get(code="03")
    parts = [TechnicalField.objects.create(code=code, name=name, parent=field) for code, name in
             (("0301", "机器人"), ("0302", "激光"), ("0303", "增材制造"))]  # fmt: skip
    outcome("机器人关节", "CG-2026-0001", field=parts[0])
    outcome("激光焊接", "CG-2026-0002", field=parts[1])
    outcome("锁体切削", "CG-2026-0003")
    outcome("陶瓷釉料", "CG-2026-0004", field=other)
    rebuild_index("outcome")


def test_a_chosen_branch_opens_with_the_counts_of_what_lies_below(client, in_a_tree):
    closed, opened = client.get("/outcomes/"), client.get("/outcomes/", {"field": "03"})

    assert options(closed, "field") == [("03", 3, False, 0), ("05", 1, False, 0)]
    assert options(opened, "field") == [
        ("03", 3, True, 0),
        ("0301", 1, False, 1),
        ("0302", 1, False, 1),
        ("05", 1, False, 0),
    ]


def test_a_node_chosen_below_a_branch_narrows_it(client, in_a_tree):
    answer = client.get("/outcomes/", {"field": ["03", "0302"]})

    assert titles(answer) == {"激光焊接"}
    assert options(answer, "field")[:3] == [("03", 3, True, 0), ("0301", 1, False, 1), ("0302", 1, True, 1)]
    assert 'data-level="1"' in answer.content.decode()


def test_branches_beside_each_other_widen(client, in_a_tree):
    assert titles(client.get("/outcomes/", {"field": ["0302", "05"]})) == {"激光焊接", "陶瓷釉料"}


@pytest.fixture
def due(index, trade):
    """Needs that close soon, on the last day that counts as soon, later, never, and one that is over."""
    _outcome, need, _other = trade
    for title, days, wanted in (
        ("今天截止", 0, 5),
        ("三十天截止", 30, 7),
        ("以后截止", 31, None),
        ("不设截止", None, 9),
        ("已过截止", -1, 2),
    ):
        deadline = None if days is None else clock.today() + timedelta(days=days)
        need(title, deadline=deadline, trl_wanted=wanted)
    rebuild_index("need")


def test_needs_by_how_long_they_are_open_counted_without_the_own_filter(client, due):
    everything, soon = client.get("/needs/"), client.get("/needs/", {"closing": "soon"})

    assert options(everything, "closing") == [
        ("soon", 2, False, 0), ("later", 1, False, 0), ("none", 1, False, 0), ("over", 1, False, 0),
    ]  # fmt: skip
    assert titles(soon) == {"今天截止", "三十天截止"}
    assert [(value, count) for value, count, *_rest in options(soon, "closing")] == [
        ("soon", 2), ("later", 1), ("none", 1), ("over", 1),
    ]  # fmt: skip
    assert [tag["label"] for tag in soon.context["chosen"]] == ["30 天内截止"]


def test_bands_are_counted_under_the_other_filters(client, due):
    answer = client.get("/needs/", {"closing": "soon", "trl_wanted": "7-9"})

    assert titles(answer) == {"三十天截止"}
    assert [(value, count) for value, count, *_rest in options(answer, "trl_wanted")] == [
        ("1-3", 0), ("4-6", 1), ("7-9", 1),
    ]  # fmt: skip
    assert [(value, count) for value, count, *_rest in options(answer, "closing")] == [
        ("soon", 1), ("later", 0), ("none", 1), ("over", 0),
    ]  # fmt: skip


def test_a_band_nobody_knows_finds_nothing_and_can_be_taken_away(client, due):
    answer = client.get("/needs/", {"closing": "tomorrow"})

    assert answer.context["total"] == 0
    assert [(tag["label"], tag["remove_href"]) for tag in answer.context["chosen"]] == [("tomorrow", "?")]


def test_lots_by_start_price_owner_and_way_of_bidding(client, index):
    lot = auctions.announced_lot()
    rebuild_index("lot")

    answer = client.get("/lots/")

    owner = lot.outcome.owner.code
    assert sum(count for _value, count, *_rest in options(answer, "start_price")) == 1
    assert options(answer, "owner") == [(owner, 1, False, 0)]
    assert options(answer, "format") == [(lot.format, 1, False, 0)]
    assert client.get("/lots/", {"owner": "NOBODY"}).context["total"] == 0


def test_lots_by_what_their_outcome_is(client, index):
    making.set_up()
    seller = people.organisation(kind="institute", region="330304")
    made = auctions.outcome(seller, trl=8)
    made.industries = [Industry.objects.get(code="C3351")]
    made.ip_rights = [IPRight(kind="invention", number=making.patent(), title="一种感应热处理装置")]
    made.save()
    lot = auctions.announced_lot(of=made)
    rebuild_index("lot")

    answer = client.get("/lots/", {"industry": "C"})

    assert titles(answer) == {lot.outcome.title}
    assert options(answer, "industry") == [("C", 1, True, 0), ("C33", 1, False, 1)]
    assert options(answer, "ip_kind") == [("invention", 1, False, 0)]
    assert options(answer, "mode") == [("assignment", 1, False, 0)]
    assert options(answer, "region") == [("330304", 1, False, 0)]
    assert ("7-9", 1, False, 0) in options(answer, "trl")
    assert client.get("/lots/", {"trl": "1-3"}).context["total"] == 0


@pytest.mark.parametrize(
    ("before", "band"),
    [
        (timedelta(days=31), "later"),
        (timedelta(days=30), "soon"),
        (timedelta(seconds=1), "soon"),
        (timedelta(), "over"),
    ],
)
def test_lots_by_how_long_one_may_register_for_them(client, index, before, band):
    lot = auctions.announced_lot(starts_at=clock.now() + timedelta(days=40))
    rebuild_index("lot")

    with clock.moved_to(lot.session.registration_closes_at.replace(microsecond=0) - before):
        answer = client.get("/lots/", {"closing": band})

    assert titles(answer) == {lot.outcome.title}
    assert [(value, count) for value, count, *_rest in options(answer, "closing")] == [
        (value, int(value == band)) for value in ("soon", "later", "none", "over")
    ]


def test_nobody_registers_by_any_day_for_a_lot_that_was_postponed(client, index):
    lot = auctions.announced_lot(starts_at=clock.now() + timedelta(days=9))
    postpone_session(lot.session, by=auctions.person("organiser"), reason="评估报告需要补充")
    rebuild_index("lot")

    answer = client.get("/lots/", {"closing": "none"})

    assert titles(answer) == {lot.outcome.title}
    assert [tag["label"] for tag in answer.context["chosen"]] == ["已延期或撤回"]
    assert client.get("/lots/", {"closing": "soon"}).context["total"] == 0


def test_needs_by_the_enterprise_that_is_named(client, index):
    named = matching.need(title="锁体铣削颤振")
    matching.need(of=named.organisation, title="锁芯电镀起泡", is_anonymous=True)
    code = named.organisation.code
    rebuild_index("need")

    answer = client.get("/needs/")

    assert options(answer, "owner") == [(code, 1, False, 0)]
    assert titles(client.get("/needs/", {"owner": code})) == {"锁体铣削颤振"}


def test_brokers_by_their_firm(client, index):
    made, _alone = broker(), broker()
    made.firm = people.organisation()
    made.save()
    rebuild_index("broker")

    answer = client.get("/brokers/", {"owner": made.firm.code})

    assert titles(answer) == {made.name}
    assert options(answer, "owner") == [(made.firm.code, 1, True, 0)]


def test_brokers_by_region(client, index):
    made = broker()
    made.firm = people.organisation(region="330304")
    made.save()
    rebuild_index("broker")

    assert options(client.get("/brokers/"), "region") == [("330304", 1, False, 0)]


@pytest.mark.parametrize(("state", "named"), [("verified", True), ("suspended", True), ("pending", False)])
def test_an_address_names_no_organisation_that_was_never_verified(index, client, state, named):
    hidden = people.organisation(state=state)

    html = client.get(reverse("outcome-list"), {"owner": hidden.code}).content.decode()

    assert (hidden.name in html) == named


def test_regions_are_named_in_the_readers_language():
    codes = ["330302", "330304", "420100", "999999"]

    with translation.override("zh-hans"):
        assert region_words(codes) == {
            "330304": "瓯海区", "330302": "鹿城区", "420100": "湖北省 420100", "999999": "999999",
        }  # fmt: skip
    with translation.override("en"):
        assert list(region_words(codes).values()) == ["Ouhai District", "Lucheng", "Hubei 420100", "999999"]
