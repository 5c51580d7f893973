"""What waits on the desk about applications, hours, leads and rewards, and for whom it does not."""

import pytest

from marketplace.brokers.applications.actions import apply_for_renewal
from marketplace.brokers.applications.deciding import return_application
from marketplace.core import clock
from marketplace.desk.collecting import collect
from marketplace.desk.rows import Reader
from marketplace.organisations.models import Role
from tests.factories import people
from tests.marketplace.brokers.making import applied, checked, trained
from tests.marketplace.contracts.factories import broker, person, scan
from tests.marketplace.matching.factories import member
from tests.marketplace.rewards.making import approved, claimed, filed, publicised, standing

pytestmark = pytest.mark.django_db


def icons_and_titles(user):
    rows = collect(Reader(user, None, clock.now()))
    return [
        (row.icon, row.title) for row in rows if row.icon in ("identification", "academic-cap", "flag", "banknotes")
    ]


def test_applications_and_hours_wait_for_officers_and_what_lacks_for_the_applicant():
    officer = people.staff(Role.OFFICER)
    application, done, one = applied(), checked(), broker(user=person())
    trained(one)
    returned = applied()
    return_application(returned, by=officer, reason="请补正")

    waits = icons_and_titles(officer)

    assert len(waits) == 3
    assert {icon for icon, _title in waits} == {"identification", "academic-cap"}
    assert [icon for icon, _title in icons_and_titles(returned.applicant)] == ["identification"]
    assert icons_and_titles(application.applicant) == icons_and_titles(done.applicant) == []


def test_a_certificate_whose_renewal_is_asked_for_is_one_row_not_two():
    officer, soon = people.staff(Role.OFFICER), clock.today().replace(day=1)
    one = broker(user=person(), valid_from=soon.replace(year=soon.year - 2), valid_until=clock.today())
    later = clock.today().replace(year=clock.today().year + 2, day=1)
    assert len(icons_and_titles(officer)) == len(icons_and_titles(one.user)) == 1

    apply_for_renewal(one, by=one.user, valid_until=later, proof=[scan()])

    assert (len(icons_and_titles(officer)), icons_and_titles(one.user)) == (1, [])


def test_a_lead_waits_for_the_party_then_for_its_broker():
    lead, settled = filed(), standing()

    assert [icon for icon, _ in icons_and_titles(member(lead.party))] == ["flag"]
    assert icons_and_titles(lead.broker.user) == []
    assert [icon for icon, _ in icons_and_titles(settled.broker.user)] == ["flag"]
    assert icons_and_titles(people.staff(Role.OFFICER)) == []


def test_a_reward_waits_for_whoever_acts_next():
    officer, finance = people.staff(Role.OFFICER), people.staff(Role.FINANCE)
    for make in (claimed, publicised, approved):
        make()

    assert len(icons_and_titles(officer)) == 2
    assert len(icons_and_titles(finance)) == 1
    assert icons_and_titles(people.staff(Role.REGISTRAR)) == []
