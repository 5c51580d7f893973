"""The page of platform staff: which roles go together, and what is asked once more."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from marketplace.core.journal import Entry
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.staff import set_up_groups
from marketplace.organisations.staff_accounts import LastOfficer, lock_account
from tasks.notices.organisations import TELLS
from tests.factories.people import join, member, organisation, person, sign_in, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def appoint(client):
    """Return how an officer gives roles on the page; what was asked about before is sent with them, as browsers do."""
    set_up_groups()
    sign_in(client, staff(Role.OFFICER))
    hidden = {"asked_about": ""}

    def give(user, *roles, **more):
        answer = client.post(reverse("staff-list"), {"person": user.username, "roles": roles, **hidden, **more})
        hidden["asked_about"] = answer.context["form"]["asked_about"].value() if answer.context else ""
        return answer

    return give


def roles_of(user):
    return set(User.objects.get(pk=user.pk).roles)


@pytest.mark.parametrize("other", sorted({*Role} - {Role.AUDITOR}))
def test_an_auditor_holds_no_other_role(appoint, other):
    somebody = person()

    answer = appoint(somebody, "auditor", other)

    assert "审计员只看不改" in str(answer.context["form"].errors["roles"])
    assert answer.context["form"]["roles"].value() == ["auditor", other]
    assert roles_of(somebody) == set()
    assert not Entry.objects.filter(kind="staff.appointed").exists()


@pytest.mark.parametrize("role", ["registrar", "second_reviewer", "auditor", "finance"])
def test_who_acts_for_an_organisation_gets_a_judging_role_only_after_a_second_question(appoint, role):
    house = organisation(name="样例研究院")
    agent = member(house, MemberRole.BIDDER)

    asked = appoint(agent, role)
    kept = roles_of(agent)
    given = appoint(agent, role, all_the_same="on")

    form = asked.context["form"]
    assert "样例研究院" in str(form.errors["all_the_same"])
    assert 'type="checkbox" name="all_the_same"' in asked.content.decode().replace("\n", " ")
    assert kept == set()
    assert given.status_code == 302
    assert roles_of(agent) == {role}
    assert Entry.objects.get(kind="staff.appointed").data == {
        "former": [],
        "roles": [role],
        "all_the_same": True,
        "organisations": [house.code],
    }


def test_a_tick_holds_for_the_person_and_the_roles_it_was_asked_about(appoint):
    house = organisation(name="样例研究院")
    agent, colleague = member(house, MemberRole.BIDDER), member(house, MemberRole.MANAGER)

    appoint(agent, "registrar")
    for changed in [(agent, "registrar", "finance"), (colleague, "registrar", "finance"), (colleague, "auditor")]:
        asked_again = appoint(*changed, all_the_same="on")
        assert "样例研究院" in str(asked_again.context["form"].errors["all_the_same"])
        assert "checked" not in str(asked_again.context["form"]["all_the_same"])
    appoint(colleague, "registrar", "editor")
    unasked = appoint(colleague, "registrar", "editor", all_the_same="on", asked_about="")

    assert unasked.status_code == 200
    assert roles_of(agent) == roles_of(colleague) == set()
    assert appoint(colleague, "editor", "registrar", all_the_same="on").status_code == 302
    assert roles_of(colleague) == {"registrar", "editor"}


def test_nothing_is_asked_where_nothing_is_judged_or_nobody_is_acted_for(appoint):
    house = organisation()
    reader, left, agent = member(house), person(), member(house, MemberRole.MANAGER)
    join(left, house, MemberRole.MANAGER, state="left")

    for somebody, role in [(reader, "registrar"), (left, "registrar"), (agent, "editor"), (person(), "auditor")]:
        assert appoint(somebody, role).status_code == 302
        assert roles_of(somebody) == {role}


def test_a_role_that_stays_is_not_asked_about_again(appoint):
    agent = member(organisation(), MemberRole.MANAGER)
    appoint(agent, "registrar")
    appoint(agent, "registrar", all_the_same="on")

    assert appoint(agent, "registrar", "editor").status_code == 302
    assert Entry.objects.filter(kind="staff.appointed").first().data == {
        "former": ["registrar"],
        "roles": ["editor", "registrar"],
    }


def test_registrar_and_second_reviewer_may_be_one_person(appoint):
    somebody = person()

    assert appoint(somebody, "registrar", "second_reviewer").status_code == 302
    assert roles_of(somebody) == {"registrar", "second_reviewer"}


@pytest.fixture
def act(client):
    """Return how an officer does something with the account of a colleague."""
    officer = staff(Role.OFFICER)
    sign_in(client, officer)

    def send(colleague, verb, **typed):
        return client.post(reverse("staff-act", args=[colleague.username, verb]), typed)

    send.officer = officer
    return send


def with_factor(user):
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "none"})
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={})
    return user


def in_session(user):
    other = Client()
    sign_in(other, user, anew=True)
    other.get(reverse("desk"))
    assert UserSession.objects.filter(user=user).exists()
    return other


def test_a_lost_second_factor_is_removed_after_the_holder_was_asked(act):
    colleague = staff(Role.EDITOR)
    device = in_session(colleague)
    with_factor(colleague)

    unsure = act(colleague, "factor")
    kept = Authenticator.objects.filter(user=colleague).count()
    sure = act(colleague, "factor", is_known="on")

    assert "is_known" in unsure.context["forms"]["factor"].errors
    assert kept >= 2
    assert sure.status_code == 302
    assert not Authenticator.objects.filter(user=colleague).exists()
    assert not UserSession.objects.filter(user=colleague).exists()
    assert device.get(reverse("account-profile")).url.startswith(reverse("account_login"))
    entry = Entry.objects.get(kind="staff.factor_removed")
    assert (entry.actor, entry.subject, entry.data) == (act.officer, colleague, {})
    assert [(each.kind, list(each.users)) for each in TELLS[entry.kind](entry)] == [(entry.kind, [colleague])]


def test_an_account_is_locked_for_a_reason_and_unlocked_with_its_roles(act):
    colleague = staff(Role.EDITOR)
    device = in_session(colleague)

    unsaid = act(colleague, "lock")
    assert "reason" in unsaid.context["forms"]["lock"].errors
    assert User.objects.get(pk=colleague.pk).is_active
    act(colleague, "lock", reason="misused")

    assert not User.objects.get(pk=colleague.pk).is_active
    assert device.get(reverse("account-profile")).url.startswith(reverse("account_login"))
    assert Entry.objects.get(kind="staff.locked").data == {"reason": "misused"}

    act(colleague, "unlock")

    assert User.objects.get(pk=colleague.pk).is_active
    assert roles_of(colleague) == {"editor"}
    assert Entry.objects.filter(kind="staff.unlocked").count() == 1


def test_a_locked_colleague_stays_in_the_list_and_may_be_unlocked_there(act, client):
    colleague = staff(Role.EDITOR, is_active=False)

    listed = client.get(reverse("staff-list")).content.decode()
    page = client.get(reverse("staff-detail", args=[colleague.username]))

    assert reverse("staff-detail", args=[colleague.username]) in listed
    assert list(page.context["forms"]) == ["unlock"]


@pytest.mark.parametrize(("verb", "typed"), [("factor", {"is_known": "on"}), ("lock", {"reason": "left"})])
def test_nobody_does_it_to_the_own_account_nor_to_who_is_no_staff(act, verb, typed):
    assert act(act.officer, verb, **typed).status_code == 403
    assert act(person(), verb, **typed).status_code == 404
    assert act(staff(Role.EDITOR), "promote").status_code == 404
    assert User.objects.get(pk=act.officer.pk).is_active


def test_the_last_officer_is_not_locked():
    chief, first, second = person(is_superuser=True), staff(Role.OFFICER), staff(Role.OFFICER)

    lock_account(first, by=chief, reason="left")
    with pytest.raises(LastOfficer):
        lock_account(second, by=chief, reason="left")

    assert User.objects.get(pk=second.pk).is_active


def test_the_auditor_reads_the_page_and_is_offered_nothing(client):
    colleague = with_factor(staff(Role.EDITOR))
    sign_in(client, staff(Role.AUDITOR))

    page = client.get(reverse("staff-detail", args=[colleague.username]))

    assert page.context["forms"] == {}
    assert page.context["has_factor"]
    assert client.post(reverse("staff-act", args=[colleague.username, "unlock"])).status_code == 403
