"""Inviting colleagues: who is asked in, what accepting makes, what ends an invitation, and how often one is mailed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.organisations.accounts import empty_user
from marketplace.organisations.invitation_limits import BY_ONE, TO_ONE, InvitedTooOften, MailedTooOften
from marketplace.organisations.invitation_links import invitation_of, token_of
from marketplace.organisations.invitation_words import LinkInWords
from marketplace.organisations.inviting import (
    InvitationExpired,
    InviterLeft,
    MemberAlready,
    TooManyAddresses,
    accept_member_invitation,
    decline_member_invitation,
    forget_invited,
    invite_members,
    resend_member_invitation,
    withdraw_member_invitation,
)
from marketplace.organisations.joining import (
    RolesContradict,
    RolesMissing,
    accept_member,
    change_member_roles,
    leave_organisation,
    refuse_member,
    request_membership,
)
from marketplace.organisations.models import MemberInvitation, Membership
from marketplace.organisations.roles import MemberRole, Role
from tests.factories.people import confirmed, join, member, organisation, person, staff

pytestmark = pytest.mark.django_db
LIN = "lin@example.cn"


def kinds():
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def manager():
    return person(name="周经理")


@pytest.fixture
def house(manager):
    return organisation(manager=manager)


@pytest.fixture
def invitation(house, manager):
    invite_members(house, by=manager, emails=[LIN], roles=["publisher", "finance"])
    return MemberInvitation.objects.get()


@pytest.fixture
def lin():
    return confirmed(person(), LIN)


def expire(invitation):
    MemberInvitation.objects.filter(pk=invitation.pk).update(expires_at=clock.now())


def test_a_manager_invites_and_the_journal_keeps_no_address(house, manager, settings):
    settings.INVITATION_DAYS = 5

    outcome = invite_members(house, by=manager, emails=["Lin@Example.cn", LIN], roles=["finance", "publisher"])

    assert outcome.sent == [LIN]
    made = MemberInvitation.objects.get()
    assert (made.email, made.roles, made.state, made.sent_by) == (LIN, ["finance", "publisher"], "sent", manager)
    assert made.expires_at - made.sent_at == timedelta(days=5)
    entry = Entry.objects.get()
    assert (entry.kind, entry.actor, entry.on_behalf_of) == ("member_invitation.sent", manager, house)
    assert "example.cn" not in str(entry.data)


def test_members_and_who_is_invited_are_left_out(house, manager, invitation):
    confirmed(member(house), "member@example.cn")
    join(confirmed(person(), "asked@example.cn"), house, state="requested")
    emails = [LIN, "member@example.cn", "asked@example.cn", "new@example.cn"]

    outcome = invite_members(house, by=manager, emails=emails, roles=["publisher"])

    assert (outcome.sent, outcome.members) == (["asked@example.cn", "new@example.cn"], ["member@example.cn"])
    assert outcome.waiting == [LIN]
    invitation.refresh_from_db()
    assert (invitation.times_sent, invitation.roles) == (1, ["finance", "publisher"])


def test_an_expired_invitation_is_sent_anew_with_what_is_asked_for_now(house, invitation):
    expire(invitation)
    other = member(house, MemberRole.MANAGER)
    before = token_of(invitation)

    outcome = invite_members(house, by=other, emails=[LIN], roles=["bidder"], words=" 请加入 ")

    assert outcome.sent == [LIN]
    invitation.refresh_from_db()
    assert (invitation.roles, invitation.words, invitation.sent_by) == (["bidder"], "请加入", other)
    assert invitation.is_standing(clock.now())
    assert invitation_of(before) == (invitation, True)
    assert invitation_of(token_of(invitation)) == (invitation, False)


def test_the_same_address_is_open_once_in_an_organisation(house, manager, invitation):
    with pytest.raises(IntegrityError), transaction.atomic():
        MemberInvitation.objects.create(
            organisation=house, email=LIN, sent_by=manager, sent_at=clock.now(), expires_at=clock.now()
        )


def test_refuses_no_role_a_wrong_one_and_too_many(house, manager):
    with pytest.raises(RolesMissing):
        invite_members(house, by=manager, emails=[LIN], roles=[])
    with pytest.raises(ValueError, match="officer"):
        invite_members(house, by=manager, emails=[LIN], roles=["officer"])
    with pytest.raises(TooManyAddresses):
        invite_members(house, by=manager, emails=[f"a{n}@example.cn" for n in range(21)], roles=["finance"])
    with pytest.raises(PermissionDenied):
        invite_members(house, by=member(house, MemberRole.PUBLISHER), emails=[LIN], roles=["finance"])

    assert not MemberInvitation.objects.exists()
    invite_members(house, by=manager, emails=[LIN], roles=[], reads_only=True)
    assert MemberInvitation.objects.get().roles == []


def test_a_role_and_only_to_read_contradict_each_other(house, manager, lin):
    with pytest.raises(RolesContradict):
        invite_members(house, by=manager, emails=[LIN], roles=["publisher"], reads_only=True)
    place = request_membership(house, by=lin)
    with pytest.raises(RolesContradict):
        accept_member(place, by=manager, roles=["publisher"], reads_only=True)

    assert not MemberInvitation.objects.exists()
    place.refresh_from_db()
    assert (place.state, place.roles) == ("requested", [])


@pytest.mark.parametrize(
    "words",
    [
        "请先登录 https://evil.example/login 核对",
        "见hxxp://evil",
        "WWW.evil",
        "请看evil-site.com",
        "请看ｅｖｉｌ．ｃｏｍ",
        "请看ev\u200bil.com",
        "请看瓯海平台.中国",
        "请发 a@b.example",
        "10.0.0.1/login",
        "mailto:somebody@evil",
    ],
)
def test_words_of_the_inviter_lead_nowhere(house, manager, words):
    with pytest.raises(LinkInWords):
        invite_members(house, by=manager, emails=[LIN], roles=["publisher"], words=words)

    assert not MemberInvitation.objects.exists()


@pytest.mark.parametrize(
    "words", ["一起来登记成果，本周五（10.5）前。", "第2.1版已定稿。See you soon. Bring 3.5 copies", "比例3:7，谢谢"]
)
def test_words_without_an_address_are_kept(house, manager, words):
    invite_members(house, by=manager, emails=[LIN], roles=["publisher"], words=f" {words} ")

    assert MemberInvitation.objects.get().words == words


@pytest.mark.parametrize("state", ["pending", "refused", "suspended"])
def test_managers_invite_whatever_the_state_as_they_let_in_who_asks(manager, lin, state):
    house = organisation(manager=manager, state=state)
    invite_members(house, by=manager, emails=[LIN], roles=["publisher"])

    accept_member_invitation(MemberInvitation.objects.get(), by=lin)

    assert lin.acts_for(house, MemberRole.PUBLISHER)


def test_a_day_has_its_limits(house, manager, invitation):
    for _ in range(TO_ONE.most - 1):
        resend_member_invitation(invitation, by=manager)
    with pytest.raises(MailedTooOften):
        resend_member_invitation(invitation, by=manager)
    withdraw_member_invitation(invitation, by=manager)
    with pytest.raises(MailedTooOften):
        invite_members(house, by=manager, emails=[LIN, "new@example.cn"], roles=["publisher"])
    assert not MemberInvitation.objects.open().exists()

    while BY_ONE.left(str(manager.pk)).times > 2:
        BY_ONE.count(str(manager.pk))
    with pytest.raises(InvitedTooOften):
        invite_members(house, by=manager, emails=[f"a{n}@example.cn" for n in range(3)], roles=["publisher"])
    assert len(invite_members(house, by=manager, emails=["a@b.cn", "b@b.cn"], roles=["publisher"]).sent) == 2


def test_accepting_makes_the_membership_with_the_roles_of_the_invitation(house, manager, invitation, lin):
    other = organisation()
    join(lin, other, MemberRole.BIDDER)

    membership = accept_member_invitation(invitation, by=lin)

    assert (membership.state, membership.roles) == ("active", ["finance", "publisher"])
    assert (membership.answered_by, membership.organisation) == (manager, house)
    assert lin.acts_for(house, MemberRole.FINANCE)
    assert lin.acts_for(other, MemberRole.BIDDER)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.ended_by) == ("accepted", lin)
    assert kinds() == ["member_invitation.sent", "membership.accepted", "member_invitation.accepted"]
    with pytest.raises(WrongState):
        accept_member_invitation(invitation, by=lin)


@pytest.mark.parametrize("before", ["requested", "refused", "left"])
def test_a_place_asked_for_refused_or_left_before_is_settled_by_accepting(house, manager, invitation, lin, before):
    place = request_membership(house, by=lin)
    if before == "refused":
        refuse_member(place, by=manager, reason="不认识")
    elif before == "left":
        leave_organisation(place, by=lin)

    membership = accept_member_invitation(invitation, by=lin)

    assert (membership.pk, membership.state, membership.reason) == (place.pk, "active", "")
    assert Membership.objects.filter(user=lin).count() == 1


def test_only_who_confirmed_the_address_accepts(invitation):
    stranger, unconfirmed = confirmed(person()), person(email=LIN)

    for somebody in (stranger, unconfirmed):
        with pytest.raises(PermissionDenied):
            accept_member_invitation(invitation, by=somebody)
        with pytest.raises(PermissionDenied):
            decline_member_invitation(invitation, by=somebody)

    invitation.refresh_from_db()
    assert invitation.state == "sent"
    assert not Membership.objects.filter(user__in=[stranger, unconfirmed]).exists()


def test_what_is_over_is_not_accepted(house, manager, invitation, lin):
    expire(invitation)
    for answer in (accept_member_invitation, decline_member_invitation):
        with pytest.raises(InvitationExpired):
            answer(invitation, by=lin)
    resend_member_invitation(invitation, by=manager)
    withdraw_member_invitation(invitation, by=manager)
    for answer in (accept_member_invitation, decline_member_invitation):
        with pytest.raises(WrongState):
            answer(invitation, by=lin)
    for verb in (resend_member_invitation, withdraw_member_invitation):
        with pytest.raises(WrongState):
            verb(invitation, by=manager)

    assert not Membership.objects.filter(user=lin).exists()


def test_the_invitation_of_who_manages_no_longer_lets_nobody_in_till_another_sends_it(house, manager, invitation, lin):
    other = member(house, MemberRole.MANAGER)
    change_member_roles(house.memberships.get(user=manager), by=other, roles=["publisher"])

    with pytest.raises(InviterLeft):
        accept_member_invitation(invitation, by=lin)
    resend_member_invitation(invitation, by=other)
    accept_member_invitation(invitation, by=lin)

    assert lin.acts_for(house)


def test_a_member_who_is_invited_keeps_the_roles_there_are(house, invitation, lin):
    join(lin, house, MemberRole.BIDDER)

    with pytest.raises(MemberAlready):
        accept_member_invitation(invitation, by=lin)

    assert house.memberships.get(user=lin).roles == ["bidder"]


def test_declining_makes_no_membership_and_the_address_can_be_invited_again(house, manager, invitation, lin):
    decline_member_invitation(invitation, by=lin)

    assert not Membership.objects.filter(user=lin).exists()
    assert invite_members(house, by=manager, emails=[LIN], roles=["publisher"]).sent == [LIN]
    assert kinds()[1] == "member_invitation.declined"


def test_staff_are_asked_in_as_others_but_auditors_change_nothing(house, manager):
    officer, auditor = confirmed(staff(Role.OFFICER)), confirmed(staff(Role.AUDITOR))
    invite_members(house, by=manager, emails=[officer.email, auditor.email], roles=["publisher"])

    accept_member_invitation(MemberInvitation.objects.get(email=officer.email), by=officer)
    with pytest.raises(PermissionDenied):
        accept_member_invitation(MemberInvitation.objects.get(email=auditor.email), by=auditor)


def test_addresses_are_forgotten_a_month_after_the_end(house, manager, invitation, lin):
    invite_members(house, by=manager, emails=["old@example.cn", "fresh@example.cn"], roles=["publisher"], words="请来")
    decline_member_invitation(invitation, by=lin)
    month = timedelta(days=30)
    MemberInvitation.objects.filter(email="old@example.cn").update(expires_at=clock.now() - month)
    MemberInvitation.objects.filter(pk=invitation.pk).update(ended_at=clock.now() - month)

    due = MemberInvitation.objects.to_forget(clock.now())
    assert {each.email for each in due} == {LIN, "old@example.cn"}
    for each in due:
        forget_invited(each)

    known = MemberInvitation.objects.values_list("state", "email", "words").order_by("pk")
    assert sorted(known) == [("declined", "", ""), ("lapsed", "", ""), ("sent", "fresh@example.cn", "请来")]
    assert not MemberInvitation.objects.to_forget(clock.now()).exists()
    assert kinds()[-1] == "member_invitation.lapsed"


def test_who_closes_the_account_is_forgotten_in_invitations_too(invitation, lin):
    empty_user(lin, by=lin)

    invitation.refresh_from_db()
    assert (invitation.state, invitation.email) == ("lapsed", "")


@pytest.mark.parametrize("token", ["", "ABC", "ABC:abc", "ABC-1:abc"])
def test_a_link_that_we_did_not_sign_is_none_of_ours(invitation, token):
    assert invitation_of(token) == (None, False)
    assert invitation_of(f"{invitation.code}-1:{'a' * 43}") == (None, False)
    assert invitation_of(token_of(invitation)[:-1]) == (None, False)
