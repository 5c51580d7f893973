"""Actions on organisations, members, accounts and staff: what they write, and what they refuse."""

import threading

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.organisations import privacy
from marketplace.organisations.accounts import ConsentOutdated, StaffStay, empty_user, give_consent, sign_up
from marketplace.organisations.actions import (
    ProvenFactsStand,
    UsccTaken,
    edit_organisation,
    refuse_organisation,
    register_organisation,
    reinstate_organisation,
    suspend_organisation,
    verify_organisation,
)
from marketplace.organisations.joining import (
    AlreadyAsked,
    LastManager,
    change_member_roles,
    leave_organisation,
    request_membership,
)
from marketplace.organisations.models import Consent, Membership, Organisation, User
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.staff import appoint_staff, set_up_groups
from tests.factories.people import PASSWORD, join, member, organisation, person, staff, uscc


def kinds():
    return list(Entry.objects.order_by("pk").values_list("kind", flat=True))


@pytest.mark.django_db
def test_registering_makes_the_person_its_manager_and_waits_for_an_officer():
    somebody, code = person(), uscc()

    made = register_organisation(by=somebody, kind="institute", name="样例研究院", uscc=code.lower())

    assert (made.uscc, made.state) == (code, "pending")
    assert somebody.acts_for(made, MemberRole.MANAGER)
    entry = Entry.objects.get()
    assert (entry.kind, entry.actor, entry.on_behalf_of) == ("organisation.registered", somebody, made)
    assert entry.data == {"uscc": code}


@pytest.mark.django_db
def test_refuses_a_credit_code_twice_and_a_wrong_one():
    house, somebody = organisation(), person()

    with pytest.raises(UsccTaken):
        register_organisation(by=somebody, kind="bank", name="另一家", uscc=house.uscc)
    with pytest.raises(ValidationError):
        register_organisation(by=somebody, kind="bank", name="另一家", uscc="91000000MA00000000")

    assert Organisation.objects.count() == 1
    assert kinds() == []


@pytest.mark.django_db(transaction=True)
def test_two_people_register_the_same_organisation_at_once():
    code, people, outcomes = uscc(), [person(), person()], []
    together = threading.Barrier(2)

    def attempt(somebody):
        together.wait(timeout=60)
        try:
            register_organisation(by=somebody, kind="bank", name="样例银行", uscc=code)
            outcomes.append("made")
        except UsccTaken:
            outcomes.append("taken")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=[somebody]) for somebody in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(outcomes) == ["made", "taken"]
    assert Membership.objects.count() == 1


@pytest.mark.django_db
def test_what_was_verified_stands():
    manager = person()
    house = organisation(manager=manager)

    with pytest.raises(ProvenFactsStand):
        edit_organisation(house, by=manager, name="改名")
    edit_organisation(house, by=manager, address="新址", phone="0577-86000000")

    house.refresh_from_db()
    assert (house.address, house.name != "改名") == ("新址", True)
    assert Entry.objects.get().data == {"fields": ["address", "phone"]}  # which, never what


@pytest.mark.django_db
def test_an_officer_verifies_suspends_and_reinstates():
    house, officer = organisation(state="pending"), staff(Role.OFFICER)

    verify_organisation(house, by=officer)
    suspend_organisation(house, by=officer, reason="失信")
    reinstate_organisation(house, by=officer)

    house.refresh_from_db()
    assert house.is_verified
    assert kinds() == ["organisation.verified", "organisation.suspended", "organisation.reinstated"]


@pytest.mark.django_db
def test_no_officer_decides_about_the_own_organisation():
    house, officer = organisation(state="pending"), staff(Role.OFFICER)
    join(officer, house)

    for decide in (verify_organisation, refuse_organisation):
        with pytest.raises(PermissionDenied):
            decide(house, by=officer, reason="x")

    house.refresh_from_db()
    assert house.state == "pending"
    assert kinds() == []


@pytest.mark.django_db
def test_refuses_steps_the_state_does_not_lead_to():
    officer = staff(Role.OFFICER)

    with pytest.raises(WrongState):
        reinstate_organisation(organisation(state="pending"), by=officer)
    with pytest.raises(WrongState):
        suspend_organisation(organisation(state="refused"), by=officer, reason="x")
    with pytest.raises(WrongState):
        verify_organisation(organisation(state="verified"), by=officer)


@pytest.mark.django_db
def test_asks_once_and_again_after_leaving():
    house, somebody = organisation(), person()

    membership = request_membership(house, by=somebody)
    with pytest.raises(AlreadyAsked):
        request_membership(house, by=somebody)
    Membership.objects.update(state="left", roles=[])
    again = request_membership(house, by=somebody)

    assert again.pk == membership.pk
    assert again.state == "requested"


@pytest.mark.django_db
def test_the_last_manager_neither_leaves_nor_steps_down():
    manager = person()
    house = organisation(manager=manager)
    membership = house.memberships.get()

    with pytest.raises(LastManager):
        leave_organisation(membership, by=manager)
    with pytest.raises(LastManager):
        change_member_roles(membership, by=manager, roles=["publisher"])

    membership.refresh_from_db()
    assert membership.roles == ["manager"]


@pytest.mark.django_db(transaction=True)
def test_two_last_managers_cannot_leave_at_the_same_time():
    first, second = person(), person()
    house = organisation(manager=first)
    join(second, house, MemberRole.MANAGER)
    together, refused = threading.Barrier(2), []

    def leave(who):
        membership = Membership.objects.get(user=who)
        together.wait(timeout=60)
        try:
            leave_organisation(membership, by=who)
        except LastManager:
            refused.append(who)
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=[who]) for who in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert len(refused) == 1
    assert Membership.objects.managed().count() == 1


@pytest.mark.django_db
def test_signing_up_consents_to_the_version_shown():
    user = sign_up(
        username="lin", email="Lin@Example.cn", password=PASSWORD, name="林晓岚", language="en", version=privacy.VERSION
    )

    assert user.check_password(PASSWORD)
    assert (user.email, user.language) == ("lin@example.cn", "en")
    assert Consent.objects.get(user=user).version == privacy.VERSION
    assert kinds() == ["user.signed_up", "consent.given"]
    assert "林晓岚" not in str(list(Entry.objects.values_list("data", flat=True)))


@pytest.mark.django_db
def test_signing_up_with_an_outdated_notice_leaves_nothing():
    with pytest.raises(ConsentOutdated):
        sign_up(username="lin", email="a@example.cn", password=PASSWORD, name="林", language="en", version="2020-01")

    assert not User.objects.exists()
    assert kinds() == []


@pytest.mark.django_db
def test_consent_is_kept_once_per_version():
    somebody = person()

    give_consent(by=somebody, version=privacy.VERSION)

    assert Consent.objects.count() == 1
    assert kinds() == []


@pytest.mark.django_db
def test_a_person_who_leaves_is_emptied_and_stays():
    house = organisation(manager=person())
    somebody = member(house, MemberRole.PUBLISHER, phone="13800000000")
    old = (somebody.username, somebody.email, somebody.name, somebody.phone)

    empty_user(somebody, by=somebody)

    left = User.objects.get(pk=somebody.pk)
    assert not set(old) & {left.username, left.email, left.name, left.phone}
    assert (left.is_active, left.email, left.name, left.has_usable_password()) == (False, None, "", False)
    assert left.memberships.get().state == "left"
    assert kinds() == ["membership.left", "user.emptied"]


@pytest.mark.django_db
def test_the_last_manager_and_staff_cannot_be_emptied():
    manager, officer = person(), staff(Role.OFFICER)
    organisation(manager=manager)

    with pytest.raises(LastManager):
        empty_user(manager, by=manager)
    with pytest.raises(StaffStay):
        empty_user(officer, by=officer)

    manager.refresh_from_db()
    assert manager.is_active


@pytest.mark.django_db
def test_groups_are_set_up_again_without_doubling_and_every_role_enters_the_admin():
    set_up_groups()
    set_up_groups()
    officer, somebody = staff(Role.OFFICER), person()

    for role in Role:
        appoint_staff(somebody, by=officer, roles=[role])
        fresh = User.objects.get(pk=somebody.pk)
        assert fresh.roles == {role.value}
        assert fresh.has_perm("wagtailadmin.access_admin")
    appoint_staff(somebody, by=officer, roles=[])
    assert User.objects.get(pk=somebody.pk).roles == frozenset()


@pytest.mark.django_db
def test_the_auditor_may_look_but_not_change():
    set_up_groups()
    auditor = User.objects.get(pk=staff(Role.AUDITOR).pk)

    assert auditor.has_perm("marketplace.view_organisation")
    assert not auditor.has_perm("marketplace.change_organisation")
    with pytest.raises(PermissionDenied, match=r"."):
        register_organisation(by=auditor, kind="bank", name="审计", uscc=uscc())


def test_who_signs_up_without_a_password_signs_in_with_none(db):
    user = sign_up(username="lin", email="lin@example.cn", password=None, name="林", language="en")

    assert not user.has_usable_password()
    assert not any(user.check_password(word) for word in ("", "None", PASSWORD))
