"""Two buttons pressed at the same instant about one organisation or one member: one stands, the other reads why."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.timezone import localtime

from marketplace.core.advisory_locks import AdvisoryLock
from marketplace.core.journal import Entry
from marketplace.organisations.invitation_links import token_of
from marketplace.organisations.inviting import invite_members
from marketplace.organisations.joining import request_membership
from marketplace.organisations.models import MemberInvitation, Membership, Organisation
from marketplace.organisations.particulars import mark_of_facts
from marketplace.organisations.roles import MemberRole, Role
from tests.factories.people import confirmed, join, organisation, person, staff, uscc
from tests.marketplace.pressing import pressed, pressed_behind

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "瑞锁智能科技有限公司"


def kinds(*which):
    return sorted(Entry.objects.filter(kind__in=which).values_list("kind", flat=True))


def said(answer):
    """Return the messages the person reads on the next page."""
    return [str(message) for message in get_messages(answer.wsgi_request)]


def answered_by(membership):
    at = f"{localtime(membership.answered_at):%Y-%m-%d %H:%M}"
    return f"{membership.answered_by}已于 {at} 答复该申请：{membership.get_state_display()}。您刚才的操作没有生效。"


@pytest.fixture
def house():
    return organisation(manager=person())


@pytest.fixture
def managers(house):
    second = person()
    join(second, house, MemberRole.MANAGER)
    return [house.memberships.order_by("pk").first().user, second]


@pytest.fixture
def asked(house):
    return request_membership(house, by=person())


def answering(by, membership, answer, **fields):
    sent = {f"{membership.code}-{name}": value for name, value in fields.items()}
    return by, reverse("member-answer", args=[membership.organisation.code, membership.code]), sent | {"answer": answer}


def codes(answers):
    return sorted(answer.status_code for answer in answers)


def test_two_managers_let_one_person_in_once(managers, asked):
    one, two = (answering(manager, asked, "accept", roles=["publisher"]) for manager in managers)

    answers = pressed(one, two, row=asked)

    assert codes(answers) == [302, 302]
    asked.refresh_from_db()
    assert (asked.state, asked.roles) == ("active", ["publisher"])
    assert kinds("membership.accepted", "membership.refused") == ["membership.accepted"]
    told = [text for answer in answers for text in said(answer)]
    assert sorted(told) == sorted([f"已答复，并已通知 {asked.user}。", answered_by(asked)])


def test_one_manager_lets_in_and_one_declines(managers, asked):
    answers = pressed(
        answering(managers[0], asked, "accept", roles=["publisher"]),
        answering(managers[1], asked, "refuse", reason="不认识"),
        row=asked,
    )

    assert codes(answers) == [302, 302]
    asked.refresh_from_db()
    assert (asked.state, kinds("membership.accepted", "membership.refused")) in [
        ("active", ["membership.accepted"]),
        ("refused", ["membership.refused"]),
    ]
    assert answered_by(asked) in said(answers[0]) + said(answers[1])


def test_let_in_while_it_is_taken_back(managers, asked):
    back = (asked.user, reverse("member-leave", args=[asked.organisation.code, asked.code]), {"request": "1"})

    answers = pressed(answering(managers[0], asked, "accept", roles=["publisher"]), back, row=asked)

    assert codes(answers) == [302, 302]
    asked.refresh_from_db()
    is_in = asked.state == "active"
    assert kinds("membership.accepted", "membership.left") == ["membership.accepted" if is_in else "membership.left"]
    [late] = said(answers[1 if is_in else 0])
    assert ("已准许您加入" if is_in else "申请已被撤回") in late


@pytest.fixture
def invitation(house, managers):
    invite_members(house, by=managers[0], emails=["lin@example.cn"], roles=["publisher"])
    return MemberInvitation.objects.get()


@pytest.fixture
def lin():
    return confirmed(person(), "lin@example.cn")


def test_an_invitation_pressed_twice_makes_one_member(invitation, lin):
    press = (lin, reverse("member-invitation-accept", args=[token_of(invitation)]), {})

    answers = pressed(press, press, row=invitation)

    assert codes(answers) == [302, 302]
    assert Membership.objects.filter(user=lin).values_list("state", "roles").get() == ("active", ["publisher"])
    assert kinds("membership.accepted") == ["membership.accepted"]


def test_an_invitation_is_accepted_or_withdrawn(invitation, lin, managers):
    address = reverse("member-invitation-withdraw", args=[invitation.organisation.code, invitation.code])
    accept = (lin, reverse("member-invitation-accept", args=[token_of(invitation)]), {})

    answers = pressed(accept, (managers[1], address, {}), row=invitation)

    assert codes(answers) == [302, 302]
    invitation.refresh_from_db()
    joined = Membership.objects.filter(user=lin, state="active").exists()
    assert joined is (invitation.state == "accepted")
    assert len(kinds("member_invitation.accepted", "member_invitation.withdrawn")) == 1
    assert len(kinds("membership.accepted")) == joined


def correcting(officer, house, **facts):
    stored = Organisation.objects.get(pk=house.pk)
    sent = {"kind": house.kind, "name": house.name, "uscc": house.uscc, "region": house.region} | facts
    return officer, reverse("organisation-edit", args=[house.code]), sent | {"seen": mark_of_facts(stored)}


def test_of_two_renamed_alike_one_gets_the_name_and_the_other_reads_why_beside_it():
    houses = [organisation(manager=person()) for _each in range(2)]
    presses = [correcting(staff(Role.OFFICER), house, name=NAME) for house in houses]

    answers = pressed_behind(
        f"SELECT pg_advisory_xact_lock({AdvisoryLock.ORGANISATION_NAME:d}, hashtext(%s))", NAME, *presses
    )

    assert codes(answers) == [200, 302]
    [refused] = [answer for answer in answers if answer.status_code == 200]
    assert refused.context["form"].errors == {"name": ["已有另一家已认证单位使用这个名称。"]}
    assert Organisation.objects.filter(name=NAME).count() == 1
    assert kinds("organisation.changed") == ["organisation.changed"]


def test_of_two_that_take_one_credit_code_one_gets_it_and_the_other_reads_whose_it_is():
    houses = [organisation(manager=person(), state="refused") for _each in range(2)]
    code = uscc()
    sent = {"kind": "enterprise", "uscc": code, "legal_representative": "林", "contact": "林", "phone": "13800000000"}
    presses = [
        (house.memberships.get().user, reverse("organisation-edit", args=[house.code]), sent | {"name": house.name})
        for house in houses
    ]
    both = "SELECT 1 FROM marketplace_organisation WHERE id = ANY(%s) ORDER BY id FOR UPDATE"

    answers = pressed_behind(both, [house.pk for house in houses], *presses)

    assert codes(answers) == [200, 302]
    [refused] = [answer for answer in answers if answer.status_code == 200]
    holder = Organisation.objects.get(uscc=code)
    assert holder.name in str(refused.context["form"].errors["uscc"])
    assert kinds("organisation.changed") == ["organisation.changed"]


def deciding(officer, house, decision, **more):
    stored = Organisation.objects.get(pk=house.pk)
    sent = {"decision": decision, "seen": mark_of_facts(stored)} | more
    return officer, reverse("organisation-decide", args=[house.code]), sent


def test_of_two_officers_one_verifies_or_one_refuses():
    house = organisation(manager=person(), state="pending")
    officers = [staff(Role.OFFICER), staff(Role.OFFICER)]
    presses = deciding(officers[0], house, "verify"), deciding(officers[1], house, "refuse", reason="材料不全")

    answers = pressed(*presses, row=house)

    assert codes(answers) == [200, 302]
    [refused] = [answer for answer in answers if answer.status_code == 200]
    house.refresh_from_db()
    assert str(house.decided_by) in str(refused.context["form"].non_field_errors())
    assert kinds("organisation.verified", "organisation.refused") == [f"organisation.{house.state}"]
