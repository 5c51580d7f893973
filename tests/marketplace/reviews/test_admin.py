"""Reviews in the Wagtail admin: the same rules, and nothing else to be done there."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState, Workflow

from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.staff import set_up_groups
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.actions import approve_review, recall_review
from tests.factories.people import sign_in
from tests.marketplace.outcomes.making import Institute, fresh, person

APPROVE = "wagtailsnippets_marketplace_researchoutcome:workflow_action"


@pytest.fixture
def admin(institute):
    set_up_groups()
    return institute


def with_admin_access(user):
    user.user_permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    return user


def act(client, outcome, step, action="approve", **data):
    return client.post(reverse(APPROVE, args=[outcome.pk, action, step.pk]), data)


def test_an_officer_approves_in_the_admin_and_it_is_public(client, admin):
    outcome = admin.submitted()
    approve_review(outcome.pending_review, by=admin.manager)
    outcome = fresh(outcome)
    sign_in(client, admin.officer)

    act(client, outcome, outcome.pending_review, comment="")
    assert fresh(outcome).live


def test_the_admin_offers_no_preview_and_an_address_of_one_leads_to_the_review(client, admin):
    outcome = admin.submitted()
    approve_review(outcome.pending_review, by=admin.manager)
    outcome = fresh(outcome)
    sign_in(client, admin.officer)
    names = "wagtailsnippets_marketplace_researchoutcome:"
    of_step = reverse(f"{names}workflow_preview", args=[outcome.pk, outcome.pending_review.task_id])

    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert outcome.title in home
    assert of_step not in home

    assert client.get(of_step).url == outcome.review_url
    assert client.get(reverse(f"{names}preview_on_edit", args=[outcome.pk])).status_code in (302, 403)


def test_the_editor_leads_to_the_review_page_and_nobody_cancels_a_review_there(client, admin):
    outcome = admin.submitted()
    approve_review(outcome.pending_review, by=admin.manager)
    edit = reverse("wagtailsnippets_marketplace_researchoutcome:edit", args=[outcome.pk])
    for user in (admin.officer, person("liaison"), with_admin_access(Institute().manager)):
        sign_in(client, user)
        for answer in (client.get(edit), client.post(edit, {"action-cancel-workflow": "1", "title": "别的标题"})):
            leads = outcome.review_url if user == admin.officer else reverse("wagtailadmin_home")
            assert (answer.status_code, answer.url) == (302, leads), user

    outcome = fresh(outcome)
    assert outcome.pending_review is not None
    assert outcome.newest_version.title == outcome.title


def test_returning_in_the_admin_needs_a_comment(client, admin):
    outcome = admin.submitted()
    approve_review(outcome.pending_review, by=admin.manager)
    outcome = fresh(outcome)
    sign_in(client, admin.officer)

    act(client, outcome, outcome.pending_review, "reject", comment="")
    assert fresh(outcome).returned_review is None

    act(client, outcome, outcome.pending_review, "reject", comment="请补证书")
    assert fresh(outcome).returned_review.comment == "请补证书"


def test_reviewers_of_other_institutes_and_other_staff_are_refused_in_the_admin(client, admin):
    other = Institute()
    outcome = admin.submitted()
    step = outcome.pending_review
    for user in (with_admin_access(other.manager), person("editor"), person("liaison"), person("auditor")):
        sign_in(client, user)
        answer = act(client, outcome, step, comment="")
        assert answer.status_code in (302, 403), user
        step.refresh_from_db()
        assert step.status == TaskState.STATUS_IN_PROGRESS, user

    assert not fresh(outcome).live


def test_an_address_with_somebody_elses_step_decides_nothing(client, admin):
    """The view checks the record of the address but acts on the step of the address: the rule looks at the step's."""
    other = Institute()
    own, foreign = admin.submitted(), other.submitted(title="别家的成果")
    sign_in(client, with_admin_access(admin.manager))

    act(client, own, foreign.pending_review, comment="")

    assert fresh(foreign).pending_review.task.specific.stage == "owner"
    assert TaskState.objects.get(pk=foreign.pending_review.pk).status == TaskState.STATUS_IN_PROGRESS


@pytest.mark.parametrize("model", [ResearchOutcome, TechnologyNeed])
def test_nobody_adds_changes_publishes_or_deletes_in_the_admin(model, client, admin):
    from wagtail.permissions import policy_registry

    policy = policy_registry.get_by_type(model)
    chief = person("officer")
    chief.is_superuser = chief.is_staff = True
    chief.save()

    for action in ("add", "change", "delete", "publish", "lock", "unlock"):
        assert not policy.user_has_permission(chief, action), action
    assert policy.user_has_permission(chief, "view")


def test_the_admin_lists_and_shows_but_has_no_way_to_change(client, admin):
    outcome = admin.published()
    name = "wagtailsnippets_marketplace_researchoutcome"
    chief = person("officer")
    chief.is_superuser = chief.is_staff = True
    chief.save()
    sign_in(client, chief)

    listed = client.get(reverse(f"{name}:list") + "?q=指静脉").content.decode()
    assert outcome.number in listed
    assert [word for word in ("data-bulk-action-checkbox", ">method<", "True</td>", "/delete/") if word in listed] == []
    shown = client.get(reverse(f"{name}:inspect", args=[outcome.pk])).content.decode()
    assert outcome.title in shown
    assert "供货成本与算法参数" not in shown
    for view in ("edit", "delete", "unpublish", "history"):
        assert client.get(reverse(f"{name}:{view}", args=[outcome.pk])).status_code in (302, 403), view
    assert client.get(reverse(f"{name}:add")).status_code in (302, 403, 404)


@pytest.mark.parametrize("what", ["disable", "disable_task"])
def test_a_workflow_or_a_step_is_not_disabled_while_something_waits_in_it(client, admin, what):
    outcome = admin.submitted()
    step = outcome.pending_review
    key = {"disable": step.workflow_state.workflow_id, "disable_task": step.task_id}[what]
    head = person("officer")
    head.is_superuser = True
    head.save()
    sign_in(client, head)
    address = reverse(f"wagtailadmin_workflows:{what}", args=[key])

    for answer in (client.get(address, follow=True), client.post(address, follow=True)):
        assert "有 1 项审核正在进行" in answer.content.decode()
        assert fresh(outcome).pending_review == step
    recall_review(fresh(outcome), by=admin.publisher)
    assert client.get(address).status_code == 200
    client.post(address)

    step.task.refresh_from_db()
    assert not (step.task if what == "disable_task" else Workflow.objects.get(pk=key)).active
    sign_in(client, person("officer"))
    assert client.post(address).status_code == 302  # not theirs: Wagtail sends them home


def test_who_keeps_the_reviews_reads_what_they_are_for_and_no_english(client, admin):
    sign_in(client, admin.officer)
    listed = client.get(reverse("wagtailadmin_workflows:index")).content.decode()
    workflow = Workflow.objects.get(workflow_content_types__content_type__model="researchoutcome")

    edited = client.get(reverse("wagtailadmin_workflows:edit", args=[workflow.pk])).content.decode()

    assert "审核对象" in edited
    assert re.search(r"<div>\s*科技成果\s*</div>", listed)
    assert reverse("wagtailadmin_workflows:usage", args=[workflow.pk]) not in listed
    assert "Content types" not in edited
    assert not re.search(r">\s*Page\b", edited)


def test_the_page_of_a_record_prints_words_amounts_and_times_of_the_district(client, admin):
    outcome = admin.published()
    sign_in(client, admin.officer)
    address = reverse("wagtailsnippets_marketplace_researchoutcome:inspect", args=[outcome.pk])

    page = client.get(address).content.decode()

    assert "80万元" in page.replace(" ", "")
    assert f"{timezone.localtime(outcome.published_at):%H:%M}" in page
    assert "普通许可、先用后转" in page
    for raw in ("8000000", "True", "None", "[&#x27;", "Drafted"):
        assert raw not in page[page.index("<dl") : page.rindex("</dl>")]
