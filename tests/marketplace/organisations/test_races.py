"""Two people at the same moment, on real threads and real rows."""

import pytest

from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.organisations.actions import NameOfAnother, verify_organisation
from marketplace.organisations.inviting import (
    accept_member_invitation,
    decline_member_invitation,
    invite_members,
    resend_member_invitation,
    withdraw_member_invitation,
)
from marketplace.organisations.joining import request_membership
from marketplace.organisations.models import MemberInvitation, Membership, Organisation
from marketplace.organisations.roles import MemberRole, Role
from tests.factories.people import confirmed, join, organisation, person, staff
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


@pytest.fixture
def invitation():
    house = organisation(manager=person())
    manager = house.memberships.get().user
    invite_members(house, by=manager, emails=["lin@example.cn"], roles=["publisher"])
    return MemberInvitation.objects.get()


@pytest.fixture
def invited():
    return confirmed(person(), "lin@example.cn")


def doing(action, invitation, by):
    own = MemberInvitation.objects.get(pk=invitation.pk)
    return lambda: action(own, by=by) and None


def test_an_invitation_accepted_twice_at_once_makes_one_membership(invitation, invited):
    answers = at_once(*[doing(accept_member_invitation, invitation, invited) for _each in range(2)])

    assert set(answers) == {None, WrongState}
    assert Membership.objects.filter(user=invited).values_list("state", "roles").get() == ("active", ["publisher"])
    assert Entry.objects.filter(kind="member_invitation.accepted").count() == 1


@pytest.mark.parametrize("other", [withdraw_member_invitation, decline_member_invitation])
def test_an_invitation_is_accepted_or_ended_otherwise_never_both(invitation, invited, other):
    by = invited if other is decline_member_invitation else invitation.sent_by

    answers = at_once(doing(accept_member_invitation, invitation, invited), doing(other, invitation, by))

    assert sorted(map(str, answers)) == sorted(map(str, [None, WrongState]))
    invitation.refresh_from_db()
    assert Membership.objects.filter(user=invited).exists() is (invitation.state == "accepted")


def test_who_asks_to_join_while_accepting_is_a_member_once(invitation, invited):
    house = Organisation.objects.get()

    at_once(
        doing(accept_member_invitation, invitation, invited),
        lambda: request_membership(house, by=invited) and None,
    )

    assert Membership.objects.get(user=invited).state == "active"


def test_two_managers_invite_the_same_colleagues_at_once():
    house = organisation(manager=person())
    managers = [house.memberships.get().user, person()]
    join(managers[1], house, MemberRole.MANAGER)
    emails = [f"colleague{number}@example.cn" for number in range(6)]

    def inviting(manager, order):
        own = Organisation.objects.get(pk=house.pk)
        return lambda: invite_members(own, by=manager, emails=order, roles=["publisher"])

    one, two = at_once(inviting(managers[0], emails), inviting(managers[1], emails[::-1]))

    assert sorted(one.sent + two.sent) == emails
    assert sorted(one.waiting + two.waiting) == emails
    assert MemberInvitation.objects.count() == 6


def test_an_invitation_withdrawn_while_it_is_sent_again_is_withdrawn(invitation):
    manager = invitation.sent_by

    answers = at_once(
        doing(withdraw_member_invitation, invitation, manager), doing(resend_member_invitation, invitation, manager)
    )

    assert answers[0] is None
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"
