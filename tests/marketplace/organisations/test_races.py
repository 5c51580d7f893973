"""Two officers at the same moment, on real threads and real rows."""

import pytest

from marketplace.organisations.actions import NameOfAnother, verify_organisation
from marketplace.organisations.models import Organisation
from marketplace.organisations.roles import Role
from tests.factories.people import organisation, staff
from tests.marketplace.contracts.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_namesakes_verified_at_once_one_asks_for_a_reason():
    waiting = [organisation(state="pending", name="瑞锁智能科技有限公司") for _each in range(2)]
    officers = [staff(Role.OFFICER), staff(Role.OFFICER)]

    def verifying(house, officer):
        own = Organisation.objects.get(pk=house.pk)
        return lambda: verify_organisation(own, by=officer)

    answers = at_once(*map(verifying, waiting, officers))

    assert set(answers) == {None, NameOfAnother}
    assert sorted(Organisation.objects.values_list("state", flat=True)) == ["pending", "verified"]
