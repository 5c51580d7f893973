"""The page of platform staff: which roles go together, and what is asked once more."""

import pytest
from django.urls import reverse

from marketplace.core.journal import Entry
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.staff import set_up_groups
from tests.factories.people import join, member, organisation, person, sign_in, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def appoint(client):
    """Return how an officer gives roles on the page."""
    set_up_groups()
    sign_in(client, staff(Role.OFFICER))

    def give(user, *roles, **more):
        return client.post(reverse("staff-list"), {"person": user.username, "roles": roles, **more})

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


def test_nothing_is_asked_where_nothing_is_judged_or_nobody_is_acted_for(appoint):
    house = organisation()
    reader, left, agent = member(house), person(), member(house, MemberRole.MANAGER)
    join(left, house, MemberRole.MANAGER, state="left")

    for somebody, role in [(reader, "registrar"), (left, "registrar"), (agent, "editor"), (person(), "auditor")]:
        assert appoint(somebody, role).status_code == 302
        assert roles_of(somebody) == {role}


def test_a_role_that_stays_is_not_asked_about_again(appoint):
    agent = member(organisation(), MemberRole.MANAGER)
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
