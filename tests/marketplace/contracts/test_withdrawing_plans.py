"""A plan given up on its way: by whom, with which reason, and what becomes of its publicity and its objections."""

import copy

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from marketplace.contracts.sharing.actions import withdraw_plan
from marketplace.contracts.sharing.approving import approve_for_department, return_plan
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.refusals import ReasonOfWithdrawal
from marketplace.core.journal import Entry
from marketplace.desk.piles import rows_of
from marketplace.desk.rows import Reader
from marketplace.desk.waiting import publicity as publicity_desk
from marketplace.desk.waiting import sharing as sharing_desk
from marketplace.organisations.roles import Role
from marketplace.publicity.actions import NoLongerPublic, answer_objection, make_objection
from marketplace.publicity.models import Publicity
from tests.factories.people import member, person, sign_in, staff
from tests.marketplace.contracts.shared import house, plan, published, sent

pytestmark = pytest.mark.usefixtures("for_now")


@pytest.fixture(scope="module")
def lasting_house(lasting):
    return house()


@pytest.fixture
def here(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


def approved(here):
    made = sent(here)
    approve_for_department(made, by=here.head)
    return made


def returned(here):
    made = sent(here)
    return_plan(made, by=here.head, reasons="分工不清")
    return made


def objected(made, by):
    term = Publicity.objects.of(made).get()
    return make_objection(term, by=by, organisation=None, ground="rights", text="漏列完成人")


@pytest.mark.parametrize("made", [sent, approved, returned, published])
def test_what_others_have_seen_is_withdrawn_with_a_reason_only(here, made):
    found = made(here)
    former = found.state

    with pytest.raises(ReasonOfWithdrawal):
        withdraw_plan(found, by=here.writer, reason=" \n")
    assert DistributionPlan.objects.get(pk=found.pk).state == former
    withdraw_plan(found, by=here.writer, reason=" 漏列一名完成人 ")

    found.refresh_from_db()
    assert (found.state, found.withdrawal_reason, found.withdrawn_by) == ("withdrawn", "漏列一名完成人", here.writer)
    entry = Entry.objects.about(found).get(kind="plan.withdrawn")
    assert entry.data["former"] == former
    assert "漏列" not in str(entry.data)


def test_a_draft_nobody_else_has_seen_needs_no_reason(here):
    made = plan(here)

    withdraw_plan(made, by=here.writer)

    assert (made.state, made.withdrawal_reason) == ("withdrawn", "")


@pytest.mark.parametrize("made", [plan, sent, approved, published])
def test_who_drafted_it_or_a_manager_withdraws_and_nobody_else(here, made):
    found = made(here)

    for stranger in (here.head, here.finance, member(here.institute, "publisher")):
        with pytest.raises(PermissionDenied, match="由拟定人或本单位管理员撤回"):
            withdraw_plan(found, by=stranger, reason="不想分了")
    withdraw_plan(found, by=here.manager, reason="重新拟定")

    found.refresh_from_db()
    assert (found.state, found.withdrawn_by) == ("withdrawn", here.manager)


def test_a_writer_who_left_the_institute_withdraws_nothing(here):
    made = sent(here)
    here.writer.memberships.update(state="left")
    here.writer.forget_roles()

    with pytest.raises(PermissionDenied):
        withdraw_plan(made, by=here.writer, reason="漏列")


def test_an_open_objection_falls_with_the_version_and_a_decided_one_stays(here):
    made = published(here)
    open_one, dismissed = objected(made, here.first), objected(made, person())
    answer_objection(dismissed, by=here.manager, is_upheld=False, answer="不属实")

    withdraw_plan(made, by=here.writer, reason="漏列一名完成人")

    open_one.refresh_from_db()
    dismissed.refresh_from_db()
    term = Publicity.objects.of(made).get()
    assert (open_one.state, open_one.answer, dismissed.state) == ("lapsed", "", "dismissed")
    assert (term.state, term.stopped_because) == ("stopped", "漏列一名完成人")
    with pytest.raises(NoLongerPublic):
        answer_objection(open_one, by=here.manager, is_upheld=True, answer="属实")


def test_the_other_objections_fall_with_an_upheld_one(here):
    made = published(here)
    upheld, other = objected(made, person()), objected(made, person())

    answer_objection(upheld, by=here.manager, is_upheld=True, answer="属实")

    other.refresh_from_db()
    assert (upheld.state, other.state) == ("upheld", "lapsed")
    assert Publicity.objects.of(made).get().stopped_because == ""


def waits(here):
    return {
        name
        for name in ("manager", "writer", "head")
        for desk in (sharing_desk, publicity_desk)
        if rows_of(desk.waiting(Reader(getattr(here, name), None, None)))
    }


def test_nothing_waits_on_a_desk_any_more(here):
    made = sent(here)
    assert waits(here) == {"head"}
    withdraw_plan(made, by=here.writer, reason="重新拟定")
    assert waits(here) == set()

    again = published(here)
    objected(again, here.first)
    assert waits(here) == {"manager"}
    withdraw_plan(again, by=here.writer, reason="重新拟定")
    assert waits(here) == set()


def test_the_page_asks_for_the_reason_and_shows_it_afterwards(client, here):
    made = published(here)
    sign_in(client, here.writer)
    address = reverse("plan-withdraw", args=[made.code])
    page = client.get(made.get_absolute_url()).content.decode()
    dialog = page[page.index('<dialog id="withdraw-plan"') :].split("</dialog>")[0]
    assert f'href="{address}" data-dialog="withdraw-plan"' in page
    assert f'action="{address}"' in dialog
    assert 'name="reason"' in dialog
    assert "尚未答复的异议随本版本一并终止" in client.get(address).content.decode()

    refused = client.post(address, {"reason": ""})
    assert list(refused.context["form"].errors) == ["reason"]
    after = client.post(address, {"reason": "漏列一名完成人"}, follow=True).content.decode()

    assert "漏列一名完成人" in after
    assert here.writer.get_short_name() in after


def test_who_may_not_withdraw_has_no_button(client, here):
    made = sent(here)
    sign_in(client, here.head)

    assert "withdraw-plan" not in client.get(made.get_absolute_url()).content.decode()
    assert client.get(reverse("plan-withdraw", args=[made.code])).status_code == 403


@pytest.mark.parametrize("is_upheld", [True, False])
def test_a_stopped_publicity_tells_strangers_no_names_and_no_shares(client, here, is_upheld):
    made = published(here)
    term = Publicity.objects.of(made).get()
    assert here.first.name in client.get(term.get_absolute_url()).content.decode()
    if is_upheld:
        answer_objection(objected(made, person()), by=here.manager, is_upheld=True, answer="属实")
    else:
        withdraw_plan(made, by=here.writer, reason="比例有误")

    text = client.get(term.get_absolute_url()).content.decode()
    assert here.first.name not in text
    assert "40.00%" not in text
    assert "公示内容不再公开" in text
    assert ("比例有误" in text) != is_upheld
    assert str(term) in client.get("/publicity/").content.decode()
    sign_in(client, here.first)
    assert here.first.name in client.get(term.get_absolute_url()).content.decode()


def test_the_objector_reads_that_no_answer_is_needed(client, here):
    made, objector = published(here), person()
    objected(made, objector)
    withdraw_plan(made, by=here.writer, reason="比例有误")
    sign_in(client, objector)

    text = client.get(Publicity.objects.of(made).get().get_absolute_url()).content.decode()

    assert "漏列完成人" in text
    assert "本异议无需再答复" in text
    assert "待答复" not in text


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR])
def test_the_page_says_that_those_who_supervise_read_objections(client, here, role):
    made = published(here)
    objected(made, person())
    sign_in(client, staff(role))

    text = client.get(Publicity.objects.of(made).get().get_absolute_url()).content.decode()

    assert "漏列完成人" in text
    assert "履行监督职责的管理人员和审计员" in text
