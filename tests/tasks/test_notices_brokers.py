"""Who is told of applications, hours, leads and rewards, in the site."""

import pytest

from marketplace.brokers.applications.deciding import check_application, file_application, return_application
from marketplace.brokers.leads.actions import confirm_lead, decline_lead
from marketplace.brokers.training.actions import confirm_training
from marketplace.core import clock
from marketplace.notices.models import Notice
from marketplace.organisations.models import Role
from marketplace.rewards.actions import approve_claim, claim_reward, pay_claim, refuse_claim, review_claim
from tasks.delivery import at_once
from tests.factories import people
from tests.marketplace.brokers.making import applied, rule, trained
from tests.marketplace.contracts.factories import broker, person
from tests.marketplace.matching.factories import member, outcome
from tests.marketplace.rewards.making import claimed, filed, publicised, ready

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(user):
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_an_application_tells_officers_and_the_answer_the_applicant():
    officer, applicant, stranger = people.staff(Role.OFFICER), people.person(), people.person()

    with at_once():
        first = applied(by=applicant)
        return_application(first, by=officer, reason="请补扫描件")

    assert kinds(officer) == ["application.to_check"]
    assert kinds(applicant) == ["application.returned"]
    assert kinds(stranger) == []


def test_a_filing_tells_the_new_broker_once():
    officer, applicant = people.staff(Role.OFFICER), people.person()
    application = applied(by=applicant)
    check_application(application, by=officer)

    with at_once():
        file_application(application, by=officer, filing_number="瓯备 0001")

    assert kinds(applicant) == ["broker.filed"]


def test_hours_tell_officers_and_the_broker():
    officer, one = people.staff(Role.OFFICER), broker(user=person())

    with at_once():
        confirm_training(trained(one), by=officer)

    assert (kinds(officer), kinds(one.user)) == (["training.to_confirm"], ["training.confirmed"])


def test_a_lead_tells_the_party_and_the_answer_the_broker():
    rule("objection", days=5)
    one, record = broker(user=person()), outcome()
    manager = member(record.owner)

    with at_once():
        confirm_lead(filed(by=one, record=record, days=0), by=manager, organisation=record.owner)
        other = filed(by=broker(user=person()), record=record, days=0)
        decline_lead(other, by=manager, organisation=record.owner, reason="并非该经纪人引荐")

    assert kinds(manager) == ["lead.to_confirm", "lead.to_confirm"]
    assert kinds(one.user) == ["lead.confirmed", "lead.filed.rival"]
    assert kinds(other.broker.user) == ["broker.filed", "lead.declined"]


def test_a_reward_tells_each_who_acts_next_and_the_broker():
    lead, reviewer, finance = ready(), people.staff(Role.OFFICER), people.staff(Role.FINANCE)

    with at_once():
        claim = claim_reward(lead, by=lead.broker.user, note="撮合。")
        review_claim(claim, by=reviewer)

    assert kinds(reviewer) == ["reward.to_review"]
    assert kinds(lead.broker.user) == ["reward.reviewed"]
    assert kinds(finance) == []


def test_the_end_of_a_reward_tells_finance_and_the_broker():
    claim, finance = publicised(), people.staff(Role.FINANCE)
    refused = claimed()

    with at_once():
        approve_claim(claim, by=people.staff(Role.OFFICER))
        pay_claim(claim, by=finance, paid_on=clock.today(), reference="0001")
        refuse_claim(refused, by=people.staff(Role.OFFICER), reason="未附佐证")

    assert kinds(finance) == ["reward.to_pay"]
    assert kinds(claim.broker.user) == ["reward.paid"]
    assert kinds(refused.broker.user) == ["reward.refused"]
