"""For whom a person of one organisation acts once they are let into another."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.organisations.joining import accept_member, request_membership
from marketplace.organisations.roles import MemberRole
from marketplace.outcomes.models import ResearchOutcome
from tasks.delivery import at_once
from tests.factories.people import join, organisation, person, sign_in

pytestmark = pytest.mark.django_db


def accepted_into(house, somebody):
    """Have a manager of the house let the person in, as from another desk."""
    manager = person()
    join(manager, house, MemberRole.MANAGER)
    accept_member(request_membership(house, by=somebody), by=manager, roles=["publisher"])


def test_who_is_let_into_a_second_organisation_goes_on_acting_for_the_first_and_chooses_at_will(client):
    somebody = person()
    first, second = organisation(manager=somebody, name="样例一公司"), organisation(name="样例二公司")
    mine = reverse("organisation-mine")
    sign_in(client, somebody, anew=True)
    assert client.get(mine).context["acting_for"] == first

    accepted_into(second, somebody)

    assert client.get(mine).context["acting_for"] == first
    client.post(reverse("organisation-switch"), {"organisation": second.code})
    assert client.get(mine).context["acting_for"] == second
    client.post(reverse("organisation-switch"), {"organisation": ""})
    assert client.get(mine).context["acting_for"] is None


def test_a_notice_tells_of_the_new_one_and_leads_to_where_it_is_chosen(client, django_capture_on_commit_callbacks):
    somebody = person()
    organisation(manager=somebody)
    second = organisation(name="样例二公司")

    with at_once(), django_capture_on_commit_callbacks(execute=True):
        accepted_into(second, somebody)
    sign_in(client, somebody)
    notice = somebody.notices.get()
    page = client.get(reverse("notice-open", args=[notice.code]), follow=True)

    assert notice.kind == "membership.accepted"
    assert page.request["PATH_INFO"] == reverse("organisation-mine")
    assert f'name="organisation" value="{second.code}"' in page.content.decode()


def test_a_form_half_filled_when_one_more_organisation_is_joined_is_sent_for_the_one_it_was_opened_for(client):
    somebody = person()
    first, second = (organisation(kind="institute", name=name) for name in ("样例一所", "样例二所"))
    join(somebody, first, MemberRole.PUBLISHER)
    sign_in(client, somebody, anew=True)
    page = client.get(reverse("outcome-new")).content.decode()
    field = f'<input type="hidden" name="page_acts_for" value="{first.code}">'

    accepted_into(second, somebody)
    client.post(reverse("outcome-new"), {"title": "写了一半"})
    client.post(reverse("organisation-switch"), {"organisation": second.code})
    client.post(reverse("outcome-new"), {"title": "另一窗口写了一半", "page_acts_for": first.code})

    assert field in page
    assert dict(ResearchOutcome.objects.values_list("title", "owner__name")) == {
        "写了一半": "样例一所",
        "另一窗口写了一半": "样例一所",
    }


def test_of_two_joined_one_after_the_other_the_first_is_acted_for(client):
    somebody = person()
    first, second, third = (organisation(name=f"样例{number}公司") for number in "一二三")
    mine = reverse("organisation-mine")
    sign_in(client, somebody, anew=True)
    assert client.get(mine).context["acting_for"] is None
    accepted_into(first, somebody)
    assert client.get(mine).context["acting_for"] == first
    accepted_into(second, somebody)
    assert client.get(mine).context["acting_for"] == first

    first.memberships.update(state="left")
    assert client.get(mine).context["acting_for"] == second
    accepted_into(third, somebody)
    assert client.get(mine).context["acting_for"] == second


def test_who_acts_for_nobody_but_oneself_goes_on_so(client):
    somebody = person()
    organisation(manager=somebody)
    sign_in(client, somebody, anew=True)
    client.post(reverse("organisation-switch"), {"organisation": ""})

    accepted_into(organisation(), somebody)

    assert client.get(reverse("organisation-mine")).context["acting_for"] is None


def test_keeping_for_whom_one_acts_costs_no_writing_of_its_own(client):
    somebody = person()
    organisation(manager=somebody)
    sign_in(client, somebody)  # a session that was used a moment ago
    client.get(reverse("organisation-mine"))

    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("organisation-mine"))

    assert [query for query in asked.captured_queries if "django_session" in query["sql"]] == []
