"""Satisfaction: parties of a finished deal mark the broker; the mean is part of the evaluation that names it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from marketplace.brokers.leads.models import Lead
from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.rules import why_not
from marketplace.deals.actions import finish_deal
from marketplace.deals.models import Deal
from marketplace.desk.collecting import collect
from marketplace.desk.rows import Reader
from marketplace.indicators.periods import Period
from marketplace.indicators.queries import brokered_technical
from marketplace.notices.models import Notice
from marketplace.rewards import rules
from marketplace.rewards.evaluation.actions import evaluate_broker
from marketplace.rewards.evaluation.figures import score_of
from marketplace.rewards.satisfaction import BrokerMark, MarkedAlready, MarkMissing, WordsMissing, rate_broker
from tests.factories.people import join, sign_in
from tests.marketplace.contracts.factories import registered
from tests.marketplace.deals.factories import Opened, broker, engage, member, performing, person
from tests.marketplace.rewards.making import linked, standing
from tests.marketplace.rewards.test_evaluation import in_january, weighed
from tests.tasks.conftest import commit  # noqa: F401  # what follows from an action is carried out at once

pytestmark = pytest.mark.django_db


def finished(*, by=None):
    """A completed deal that a broker accompanied, with its parties."""
    opened = performing()
    engage(opened.deal, by or broker(), **opened.buyer.as_party)
    finish_deal(opened.deal, **opened.buyer.as_party)
    return opened


def rows_of(user, icon):
    return [row for row in collect(Reader(user, None, clock.now())) if row.icon == icon]


def test_who_marks_the_broker():
    deal, seller, buyer = finished()
    inside = deal.broker.user
    join(inside, seller.organisation, "manager")
    firm = member(seller.organisation)
    finance = member(buyer.organisation, "finance")
    people = {
        "visitor": (AnonymousUser(), seller.organisation),
        "seller": (seller.manager, seller.organisation),
        "buyer": (buyer.manager, buyer.organisation),
        "stranger": (person(), None),
        "member of another": (seller.manager, buyer.organisation),
        "finance of the buyer": (finance, buyer.organisation),
        "broker": (inside, seller.organisation),
        "officer": (person("officer"), None),
        "auditor": (person("auditor"), None),
    }

    def allowed():
        return {who for who, (user, of) in people.items() if _reason(user, deal, of) is None}

    assert allowed() == {"seller", "buyer"}
    TechBroker.objects.filter(pk=deal.broker.pk).update(firm=seller.organisation)
    deal.broker.refresh_from_db()
    assert _reason(firm, deal, seller.organisation) is not None


def _reason(user, deal, organisation):
    return why_not(rules.rate_broker, user, deal, organisation=organisation)


def test_each_side_marks_once_and_a_low_mark_needs_its_reason():
    deal, seller, buyer = finished()

    rate_broker(deal, mark=5, **buyer.as_party)
    with pytest.raises(MarkedAlready):
        rate_broker(deal, mark=1, words="改主意了", **buyer.as_party)
    for wrong in (0, 6):
        with pytest.raises(MarkMissing):
            rate_broker(deal, mark=wrong, **seller.as_party)
    with pytest.raises(WordsMissing):
        rate_broker(deal, mark=2, words="  ", **seller.as_party)
    rate_broker(deal, mark=2, words=" 联系不上 ", **seller.as_party)

    assert list(BrokerMark.objects.values_list("side", "mark", "words")) == [
        ("buyer", 5, ""),
        ("seller", 2, "联系不上"),
    ]
    said = [entry.data for entry in Entry.objects.about(deal).filter(kind="deal.broker_marked")]
    assert sorted(entry["side"] for entry in said) == ["buyer", "seller"]
    assert all(set(entry) == {"side"} for entry in said)


def test_a_deal_under_way_or_without_a_broker_is_not_marked():
    deal, seller, _buyer = performing()
    alone = performing()
    finish_deal(alone.deal, **alone.buyer.as_party)
    engage(deal, broker(), **seller.as_party)

    for opened in (Opened(deal), alone):
        with pytest.raises(PermissionDenied):
            rate_broker(opened.deal, mark=4, **opened.seller.as_party)
    assert not BrokerMark.objects.exists()


def test_parties_are_asked_by_notice_and_desk_until_they_answered(commit):  # noqa: F811
    opened = performing()
    deal, seller, buyer = opened
    engage(deal, broker(), **buyer.as_party)
    commit(lambda: finish_deal(deal, **buyer.as_party))
    stranger = performing().seller.manager

    asked = Notice.objects.filter(kind="deal.broker_to_mark")
    assert seller.manager.pk in {notice.user_id for notice in asked}  # who completed the deal reads it on the desk
    assert deal.broker.user_id not in {notice.user_id for notice in asked}
    assert {notice.path for notice in asked} == {f"/deals/{deal.code}/broker/mark/"}
    assert len(rows_of(seller.manager, "star")) == len(rows_of(buyer.manager, "star")) == 1
    assert rows_of(stranger, "star") == rows_of(person("officer"), "star") == []

    rate_broker(deal, mark=4, **seller.as_party)

    assert rows_of(seller.manager, "star") == []
    assert len(rows_of(buyer.manager, "star")) == 1
    Deal.objects.filter(pk=deal.pk).update(ended_at=clock.now() - timedelta(days=91))
    assert rows_of(buyer.manager, "star") == []


def test_a_broker_hears_of_the_end_and_of_a_mark_and_reads_the_mark_alone(commit):  # noqa: F811
    opened = performing()
    deal, seller, buyer = opened
    engage(deal, broker(), **buyer.as_party)
    own = sign_in(Client(), deal.broker.user)
    commit(lambda: finish_deal(deal, **buyer.as_party))
    commit(lambda: rate_broker(deal, mark=2, words="联系不上", **seller.as_party))

    told = set(Notice.objects.filter(user=deal.broker.user).values_list("kind", flat=True))
    page = own.get("/evaluations/").content.decode()

    assert {"deal.done_for_broker", "deal.broker_marked"} <= told
    assert "2 分（满分 5 分）" in page
    assert "联系不上" not in page
    other = sign_in(Client(), broker().user).get("/evaluations/").content.decode()
    assert "2 分（满分 5 分）" not in other


def test_a_side_that_gave_its_mark_reads_it_in_place_of_the_form():
    deal, seller, buyer = finished()
    rate_broker(deal, mark=2, words="联系不上", **seller.as_party)

    given = sign_in(Client(), seller.manager).get(f"/deals/{deal.code}/broker/mark/").content.decode()
    other = sign_in(Client(), buyer.manager).get(f"/deals/{deal.code}/broker/mark/").content.decode()

    assert "联系不上" in given
    assert 'name="mark"' not in given
    assert "联系不上" not in other
    assert 'name="mark"' in other


@pytest.mark.parametrize(("way", "thanks"), [("", "已收到评分"), ("/en", "Thank you.")])
def test_the_mark_is_given_on_a_page(way, thanks):
    deal, seller, _buyer = finished()
    client = sign_in(Client(), seller.manager)
    address = f"{way}/deals/{deal.code}/broker/mark/"
    assert address in client.get(f"{way}/deals/{deal.code}/").content.decode()

    wrong = client.post(address, {"mark": "1", "words": ""})
    nothing = client.post(address, {"words": "没有分数"})
    assert (wrong.status_code, nothing.status_code, BrokerMark.objects.count()) == (200, 200, 0)
    done = client.post(address, {"mark": "1", "words": "联系不上"}, follow=True)

    assert thanks in done.content.decode()
    assert BrokerMark.objects.get().words == "联系不上"
    assert address not in client.get(f"{way}/deals/{deal.code}/").content.decode()
    refused = sign_in(Client(), deal.broker.user).get(address)
    reason = "只有交易双方给经纪人评分" if not way else "Only the parties of the deal mark its broker."
    assert (refused.status_code, reason in refused.content.decode()) == (403, True)
    assert sign_in(Client(), person()).get(address).status_code == 404


def evaluated(*marks, **rule):
    """The evaluation of a broker with one contract and these marks of finished deals."""
    one, year = broker(), clock.today().year
    facts = {"weight_hours": 10, "weight_satisfaction": 10, "full_satisfaction": 400} | rule
    weighed(**facts).save()
    registered(broker=one)
    for mark in marks:
        deal, seller, _buyer = finished(by=one)
        rate_broker(deal, mark=mark, words="样例", **seller.as_party)
    with in_january():
        return evaluate_broker(one, by=person("officer"), year=year)


def test_the_mean_of_the_marks_earns_its_points():
    evaluation = evaluated(5, 2)

    figure = evaluation.figures["satisfaction"]
    assert (figure["value"], figure["points"]) == (350, 875)
    assert [mark for _key, mark in figure["records"]] == [5, 2]
    assert evaluation.score == sum(each["points"] for each in evaluation.figures.values())


def test_without_any_mark_the_others_count_for_it():
    evaluation = evaluated()

    points = sum(each["points"] for each in evaluation.figures.values())
    assert evaluation.figures["satisfaction"]["points"] == 0
    assert evaluation.score == points * 100 // 90
    page = sign_in(Client(), evaluation.broker.user).get(evaluation.get_absolute_url()).content.decode()
    assert "没有人评分" in page


def test_a_rule_that_does_not_name_it_leaves_it_out():
    evaluation = evaluated(1, weight_satisfaction=0, weight_hours=20)

    assert "satisfaction" not in evaluation.figures
    page = sign_in(Client(), evaluation.broker.user).get(evaluation.get_absolute_url())
    assert (page.status_code, "交易双方满意度" in page.content.decode()) == (200, False)


def test_the_words_are_read_by_officers_not_by_the_broker():
    evaluation = evaluated(4, 1)
    address = evaluation.get_absolute_url()

    own = sign_in(Client(), evaluation.broker.user).get(address).content.decode()
    office = sign_in(Client(), person("officer")).get(address).content.decode()

    assert ("2.50" in own, "2.50" in office) == (True, True)
    assert ("样例</div>" in own, "样例</div>" in office) == (False, True)


def test_what_people_think_weighs_no_more_than_half():
    with pytest.raises(ValidationError) as refused:
        weighed(
            weight_satisfaction=60, weight_needs=0, weight_meetings=0, weight_contracts=0, weight_hours=10
        ).full_clean()

    assert "weight_satisfaction" in refused.value.message_dict


@given(
    weights=st.lists(st.integers(0, 100), min_size=6, max_size=6),
    unasked=st.integers(0, 50),
)
def test_a_score_stays_within_a_hundred_points(weights, unasked):
    whole = sum(weights) or 1
    shares = {str(place): weight * (100 - unasked) * 100 // whole for place, weight in enumerate(weights)}

    score = score_of(shares, unasked=unasked)

    assert 0 <= score <= 100 * 100
    assert score >= sum(shares.values())


def test_k11_counts_contracts_of_a_deal_with_a_confirmed_lead_filed_before_the_signing():
    led = linked(standing())
    registered()
    late = linked(standing())
    Lead.objects.filter(deal_link__deal=late.deal).update(registered_at=clock.now())

    measured = brokered_technical(Period.containing(clock.today(), "year"))

    assert measured.value == led.technical_amount
    assert {row.contract for row in measured.records} == {led}
