"""A broker points proposals out, is told how deals end, and reads marks and figures of the year."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from marketplace.brokers.actions import LongerThanScheme, renew_broker
from marketplace.brokers.applications.actions import apply_for_renewal
from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from marketplace.matching.passing_on import PassedOnAlready, pass_match_on
from marketplace.notices.models import Notice
from marketplace.rewards.evaluation.actions import FiledTooLate, evaluate_broker
from marketplace.rewards.evaluation.open_years import not_evaluated
from marketplace.rewards.satisfaction import rate_broker
from tasks.delivery import at_once
from tests.factories.people import sign_in
from tests.marketplace.brokers.making import scheme
from tests.marketplace.contracts.factories import broker, person, scan
from tests.marketplace.desk.test_broker_desk import accompanied_by
from tests.marketplace.matching.factories import member, need, proposed
from tests.marketplace.rewards.making import filed
from tests.marketplace.rewards.test_evaluation import weighed
from tests.marketplace.rewards.test_satisfaction import finished

pytestmark = pytest.mark.django_db


@pytest.mark.django_db(transaction=True)
def test_a_proposal_is_pointed_out_once_and_waits_no_more(client):
    one = broker(user=person())
    deal = accompanied_by(one).deal
    served = proposed(outcome=deal.outcome, need=need(title="另一项需求"))
    client_of = member(deal.outcome.owner, "publisher")
    sign_in(client, one.user)
    rows = [row.url for row in client.get("/desk/broker/").context["answers"]]
    assert served.get_absolute_url() in rows
    assert served.get_absolute_url() in [row.url for row in client.get("/desk/").context["rows"]]

    with at_once():
        client.post(f"{served.get_absolute_url()}pass-on/")

    assert Notice.objects.filter(user=client_of, kind="match.passed_on").count() == 1
    assert served.get_absolute_url() not in [row.url for row in client.get("/desk/broker/").context["answers"]]
    assert served.get_absolute_url() not in [row.url for row in client.get("/desk/").context["rows"]]
    with pytest.raises(PassedOnAlready):
        pass_match_on(served, by=one.user)
    with pytest.raises(PermissionDenied):
        pass_match_on(served, by=client_of)


def test_a_mark_is_read_by_its_broker_and_shown_to_whoever_gave_it(client):
    deal, _seller, buyer = finished()
    rate_broker(deal, by=buyer.manager, organisation=buyer.organisation, mark=4)
    sign_in(client, buyer.manager)
    given = client.get(f"/deals/{deal.code}/broker/mark/").content.decode()
    sign_in(client, deal.broker.user)
    read = client.get("/evaluations/").content.decode()

    assert "4 分（满分 5 分）" in given
    assert "<textarea" not in given
    assert "4 分（满分 5 分）" in read


def test_the_desk_counts_the_year_so_far(client):
    one = broker(user=person())
    accompanied_by(one)
    filed(by=one)
    sign_in(client, one.user)

    figures = client.get("/desk/broker/").context["year_so_far"]

    assert [row["value"] for row in figures][:3] == [1, 0, 0]


def test_a_broker_filed_in_the_last_days_of_a_year_is_not_evaluated_for_it(settings):
    settings.EVALUATION_LEAST_DAYS = 90
    weighed(holds_from=date(2023, 1, 1)).save()
    year, officer = clock.today().year - 1, person("officer")
    late, early = broker(user=person()), broker(user=person())
    TechBroker.objects.filter(pk=late.pk).update(filed_at=clock.now().replace(year=year, month=10, day=28))
    TechBroker.objects.filter(pk=early.pk).update(filed_at=clock.now().replace(year=year, month=3, day=1))
    late.refresh_from_db()

    assert list(not_evaluated(year, officer)) == [early]
    with pytest.raises(FiledTooLate):
        evaluate_broker(late, by=officer, year=year)


def test_a_renewal_is_no_longer_than_a_term_of_its_scheme():
    one = broker(user=person(), scheme=scheme(months_valid=36), valid_until=clock.today() + timedelta(days=10))
    beyond = clock.today() + timedelta(days=10 + 37 * 31)
    with pytest.raises(LongerThanScheme):
        apply_for_renewal(one, by=one.user, valid_until=beyond, proof=[scan()])
    with pytest.raises(LongerThanScheme):
        renew_broker(one, by=person("officer"), valid_until=beyond)

    renew_broker(one, by=person("officer"), valid_until=clock.today() + timedelta(days=1000))


def test_a_broker_is_offered_what_brokers_begin(client):
    one = broker(user=person())
    deal = accompanied_by(one).deal
    sign_in(client, one.user)

    begins = [row["href"] for row in client.get("/desk/").context["beginnings"]]
    page = client.get(deal.need.get_absolute_url()).content.decode() if deal.need.live else ""

    assert begins == ["/brokers/leads/new/"]
    assert not page or f"/brokers/leads/new/?kind=need&amp;named={deal.need.code}" in page
