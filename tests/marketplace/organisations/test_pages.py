"""Pages of people and organisations: what they show, whom they refuse, and what wrong input leaves."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from marketplace.core import journal
from marketplace.core.journal import Entry, Kind
from marketplace.organisations import privacy
from marketplace.organisations.joining import accept_member
from marketplace.organisations.models import Membership, Organisation
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.staff import set_up_groups
from marketplace.outcomes.models import ResearchOutcome
from tests.factories.people import join, member, organisation, person, sign_in, staff, uscc

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return person()


@pytest.fixture
def house(manager):
    return organisation(manager=manager)


def test_a_person_registers_an_organisation_and_acts_for_it(client, manager):
    sign_in(client, manager)
    code = uscc()

    answer = client.post(
        reverse("organisation-register"),
        {"kind": "institute", "name": "样例研究院", "uscc": f" {code.lower()} ", "region": "330304"},
        follow=True,
    )

    made = Organisation.objects.get()
    assert answer.redirect_chain[-1][0] == made.get_absolute_url()
    assert (made.uscc, made.state, made.name) == (code, "pending", "样例研究院")
    assert Membership.objects.get().roles == ["manager"]
    assert answer.context["acting_for"] == made


def test_a_wrong_check_digit_stands_beside_the_field_and_nothing_is_lost(client, manager):
    sign_in(client, manager)
    code = uscc()
    wrong = code[:17] + ("0" if code[17] != "0" else "1")

    answer = client.post(
        reverse("organisation-register"),
        {"kind": "bank", "name": "样例银行", "uscc": wrong, "region": "33", "related_usccs": "nonsense"},
    )

    form = answer.context["form"]
    assert set(form.errors) == {"uscc", "region", "related_usccs"}
    assert code[17] in form.errors["uscc"][0]
    assert "样例银行" in answer.content.decode()
    assert wrong in answer.content.decode()
    assert not Organisation.objects.exists()


def test_a_credit_code_registered_before_leads_to_asking_to_join(client, house):
    sign_in(client, person())

    answer = client.post(
        reverse("organisation-register"), {"kind": "enterprise", "name": "另一名称", "uscc": house.uscc}
    )

    assert answer.context["form"].taken == house
    assert reverse("organisation-request", args=[house.code]) in answer.content.decode()
    assert Organisation.objects.count() == 1


def test_joining_from_search_to_the_managers_answer(client, manager, house):
    asking = person()
    sign_in(client, asking)
    found = client.get(reverse("organisation-join"), {"q": house.name[:3]})
    assert [organisation for organisation, _ in found.context["rows"]] == [house]
    client.post(reverse("organisation-request", args=[house.code]))
    membership = Membership.objects.get(user=asking)
    assert not asking.acts_for(house)

    sign_in(client, manager)
    client.post(
        reverse("member-answer", args=[house.code, membership.code]),
        {"answer": "accept", f"{membership.code}-roles": ["publisher"]},
    )

    membership.refresh_from_db()
    assert (membership.state, membership.roles, membership.answered_by) == ("active", ["publisher"], manager)


def test_declining_without_a_reason_keeps_what_was_typed(client, manager, house):
    membership = join(person(), house, state="requested")
    sign_in(client, manager)

    answer = client.post(
        reverse("member-answer", args=[house.code, membership.code]),
        {"answer": "refuse", f"{membership.code}-roles": ["finance"], f"{membership.code}-reason": ""},
    )

    ((__, form),) = answer.context["requests"]
    assert "reason" in form.errors
    assert form["roles"].value() == ["finance"]
    membership.refresh_from_db()
    assert membership.state == "requested"


def test_an_unverified_organisation_is_not_found_by_name_but_by_its_code(client):
    hidden = organisation(state="pending", name="隐藏企业")
    sign_in(client, person())

    by_name = client.get(reverse("organisation-join"), {"q": "隐藏"})
    by_code = client.get(reverse("organisation-join"), {"q": hidden.uscc.lower()})

    assert by_name.context["rows"] == []
    assert [found for found, _ in by_code.context["rows"]] == [hidden]


@pytest.mark.parametrize("state", ["pending", "refused", "suspended"])
def test_only_verified_organisations_are_public(client, state):
    hidden = organisation(state=state)

    assert client.get(hidden.get_absolute_url()).status_code == 404
    sign_in(client, person())
    assert client.get(hidden.get_absolute_url()).status_code == 404
    sign_in(client, member(hidden))
    assert client.get(hidden.get_absolute_url()).status_code == 200
    sign_in(client, staff(Role.OFFICER))
    assert client.get(hidden.get_absolute_url()).status_code == 200


def test_the_public_page_shows_no_contact(client, house):
    Organisation.objects.update(contact="王敏", phone="0577-123456", legal_representative="李强")

    public = client.get(house.get_absolute_url()).content.decode()
    sign_in(client, member(house))
    inside = client.get(house.get_absolute_url()).content.decode()

    assert house.uscc in public
    assert not any(secret in public for secret in ("王敏", "0577-123456", "李强"))
    assert all(shown in inside for shown in ("王敏", "0577-123456", "李强"))


def test_verified_facts_cannot_be_edited_by_their_manager(client, manager, house):
    sign_in(client, manager)

    client.post(
        reverse("organisation-edit", args=[house.code]),
        {"name": "改名", "kind": "bank", "uscc": uscc(), "address": "瓯海大道 1 号"},
    )

    stored = Organisation.objects.get()
    assert (stored.name, stored.kind, stored.uscc) == (house.name, house.kind, house.uscc)
    assert stored.address == "瓯海大道 1 号"


def test_an_officer_corrects_a_name_and_region_that_have_changed(client, manager, house):
    page = reverse("organisation-edit", args=[house.code])
    sign_in(client, manager)
    client.post(page, {"region": "330302"})
    assert Organisation.objects.get().region == house.region

    sign_in(client, staff(Role.OFFICER))
    shown = client.get(page)
    typed = {"name": "新名称", "kind": house.kind, "uscc": house.uscc, "region": "３３０３ ０２", "contact": "别人"}
    Organisation.objects.update(contact="经办人")  # by the manager, meanwhile
    late = client.post(page, typed | {"seen": shown.context["seen"]})
    assert "修改了资料" in late.content.decode()
    client.post(page, typed | {"seen": late.context["seen"]})

    stored = Organisation.objects.get()
    assert (stored.name, stored.region, stored.contact, stored.state) == ("新名称", "330302", "经办人", "verified")
    entry = Entry.objects.get(kind=Kind.ORGANISATION_CHANGED)
    assert (entry.data["fields"], entry.on_behalf_of) == (["name", "region"], None)
    Organisation.objects.update(state="pending")  # what nobody has compared yet, only its manager writes
    assert client.get(page).status_code == 403


def test_an_officer_gives_no_verified_organisation_the_name_of_another(client, house):
    other = organisation()
    sign_in(client, staff(Role.OFFICER))
    page = reverse("organisation-edit", args=[house.code])

    answer = client.post(
        page,
        {"name": other.name, "kind": house.kind, "uscc": house.uscc, "seen": client.get(page).context["seen"]},
    )

    assert set(answer.context["form"].errors) == {"name"}


def test_what_was_stored_of_a_region_hinders_no_manager(client, manager, house):
    Organisation.objects.update(region="999999")
    sign_in(client, manager)

    client.post(reverse("organisation-edit", args=[house.code]), {"address": "瓯海大道 1 号"})

    assert list(Organisation.objects.values_list("address", "region")) == [("瓯海大道 1 号", "999999")]


@pytest.mark.parametrize("region", ["999999", "33030", "33030x"])
def test_a_region_that_is_none_stands_beside_its_field(client, manager, region):
    sign_in(client, manager)

    answer = client.post(
        reverse("organisation-register"), {"kind": "bank", "name": "样例银行", "uscc": uscc(), "region": region}
    )

    assert set(answer.context["form"].errors) == {"region"}


def test_a_refused_organisation_is_completed_and_submitted_again(client, manager):
    refused = organisation(manager=manager, state="refused", decision_reason="名称不符")
    sign_in(client, manager)

    client.post(
        reverse("organisation-edit", args=[refused.code]),
        {"name": "正确名称", "kind": "enterprise", "uscc": refused.uscc, "resubmit": "1"},
    )

    refused.refresh_from_db()
    assert (refused.state, refused.name) == ("pending", "正确名称")
    assert refused.submitted_at is not None


def test_merely_saved_a_refused_organisation_says_that_it_is_not_submitted_and_how(client, manager):
    refused = organisation(manager=manager, state="refused", decision_reason="名称不符")
    sign_in(client, manager)
    edit, again = (reverse(f"organisation-{verb}", args=[refused.code]) for verb in ("edit", "resubmit"))

    buttons = re.findall(r'<button class="btn[^>]*type="submit"[^>]*>', client.get(edit).content.decode())
    assert 'name="resubmit"' in buttons[0]  # the one that Enter presses
    saved = client.post(
        edit, {"name": "正确名称", "kind": "enterprise", "uscc": refused.uscc, "address": "瓯海大道 1 号"}, follow=True
    )

    refused.refresh_from_db()
    assert (refused.state, refused.name) == ("refused", "正确名称")
    page = saved.content.decode()
    assert "已保存，但还没有重新提交" in page
    assert again in page
    client.post(again)
    refused.refresh_from_db()
    assert refused.state == "pending"
    assert "不能办理" in client.post(again, follow=True).content.decode()  # why not twice
    assert "尚未重新提交" not in client.get(refused.get_absolute_url()).content.decode()


def test_who_only_looks_on_is_not_offered_to_submit_a_refused_organisation(client, manager):
    refused = organisation(manager=manager, state="refused", decision_reason="名称不符")
    sign_in(client, member(refused, MemberRole.PUBLISHER))

    assert (
        reverse("organisation-resubmit", args=[refused.code])
        not in client.get(refused.get_absolute_url()).content.decode()
    )
    assert client.post(reverse("organisation-resubmit", args=[refused.code])).status_code == 403


@pytest.mark.parametrize(
    ("state", "decision", "before"),
    [
        ("refused", "verify", "pending"),
        ("verified", "refuse", "pending"),
        ("suspended", "suspend", "verified"),
        ("suspended", "verify", "pending"),
        ("verified", "reinstate", "suspended"),
    ],
)
def test_a_decision_on_an_old_page_says_who_decided_what_and_when(client, state, decision, before):
    colleague = person(name="顾清川")
    house = organisation(state=before)
    sign_in(client, staff(Role.OFFICER))
    page = reverse("organisation-decide", args=[house.code])
    seen = client.get(page).context["seen"]
    at = datetime(2026, 11, 30, 2, 15, tzinfo=UTC)
    Organisation.objects.update(state=state, decided_by=colleague, decided_at=at)

    late = client.post(page, {"decision": decision, "reason": "核对过", "seen": seen}).content.decode()

    assert "顾清川已于 2026-11-30 10:15 对该单位作出决定" in late
    assert Organisation.objects.get().state == state


def test_what_an_officer_refuses_is_what_they_saw(client):
    waiting = organisation(state="pending", name="马大哈智能锁具有限公司")
    sign_in(client, staff(Role.OFFICER))
    page = reverse("organisation-decide", args=[waiting.code])
    seen = client.get(page).context["seen"]
    Organisation.objects.update(name="瑞锁智能科技有限公司")

    late = client.post(page, {"decision": "refuse", "reason": "名称不符", "seen": seen})

    assert "修改了资料" in late.content.decode()
    assert Organisation.objects.get().state == "pending"


def test_an_organisation_is_not_its_own_related_party(client, manager, house):
    sign_in(client, manager)
    answer = client.post(reverse("organisation-edit", args=[house.code]), {"related_usccs": house.uscc})
    assert set(answer.context["form"].errors) == {"related_usccs"}

    code = uscc()
    answer = client.post(
        reverse("organisation-register"), {"kind": "bank", "name": "样例银行", "uscc": code, "related_usccs": code}
    )
    assert set(answer.context["form"].errors) == {"related_usccs"}
    assert list(Organisation.objects.values_list("related_usccs", flat=True)) == [[]]


def test_a_person_is_let_in_without_a_role_only_where_that_is_meant(client, manager, house):
    membership = join(person(), house, state="requested")
    sign_in(client, manager)
    page = reverse("member-answer", args=[house.code, membership.code])

    answer = client.post(page, {"answer": "accept"})
    ((__, form),) = answer.context["requests"]
    membership.refresh_from_db()
    assert ("roles" in form.errors, membership.state) == (True, "requested")
    assert "草稿与保密内容" in answer.content.decode()

    client.post(page, {"answer": "accept", f"{membership.code}-reads_only": "on"})
    membership.refresh_from_db()
    assert (membership.state, membership.roles) == ("active", [])


@pytest.mark.parametrize(("state", "says"), [("pending", "完整的信用代码"), ("verified", "按名称或信用代码")])
def test_a_manager_reads_how_colleagues_join(client, manager, state, says):
    house = organisation(manager=manager, state=state)
    sign_in(client, manager)
    page = client.get(reverse("organisation-members", args=[house.code])).content.decode()
    assert says in page
    assert f"?q={house.uscc}" in page

    sign_in(client, member(house, MemberRole.PUBLISHER))
    assert says not in client.get(reverse("organisation-members", args=[house.code])).content.decode()


def test_an_officer_decides_on_the_page_and_a_reason_is_needed_to_refuse(client):
    waiting = organisation(state="pending")
    officer = staff(Role.OFFICER)
    sign_in(client, officer)
    page = reverse("organisation-decide", args=[waiting.code])

    seen = client.get(page).context["seen"]
    bare = client.post(page, {"decision": "refuse", "reason": " ", "seen": seen})
    waiting.refresh_from_db()
    assert "reason" in bare.context["form"].errors
    assert waiting.state == "pending"

    client.post(page, {"decision": "refuse", "reason": "执照看不清", "seen": seen})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decision_reason, waiting.decided_by) == ("refused", "执照看不清", officer)
    assert "<textarea" not in client.get(page).content.decode()  # nothing is decided till it is sent in again


def test_what_an_officer_verifies_is_what_they_saw(client):
    waiting = organisation(state="pending", name="马大哈智能锁具有限公司")
    sign_in(client, staff(Role.OFFICER))
    page = reverse("organisation-decide", args=[waiting.code])
    seen = client.get(page).context["seen"]
    Organisation.objects.update(name="瑞锁智能科技有限公司")

    late = client.post(page, {"decision": "verify", "seen": seen})
    assert "修改了资料" in late.content.decode()
    assert Organisation.objects.get().state == "pending"

    client.post(page, {"decision": "verify"})  # what was not looked at is not decided
    assert Organisation.objects.get().state == "pending"
    client.post(page, {"decision": "verify", "seen": late.context["seen"]})
    assert Organisation.objects.get().state == "verified"


def test_a_name_that_another_has_is_told_to_the_officer_and_verified_with_a_reason_only(client):
    known = organisation(name="瑞锁智能科技有限公司")
    waiting = organisation(state="pending", name=known.name)
    sign_in(client, staff(Role.OFFICER))
    page = reverse("organisation-decide", args=[waiting.code])

    shown = client.get(page)
    assert known.uscc in shown.content.decode()
    seen = {"decision": "verify", "seen": shown.context["seen"]}
    bare = client.post(page, seen)
    assert "reason" in bare.context["form"].errors
    client.post(page, seen | {"reason": "两家登记机关不同"})

    waiting.refresh_from_db()
    assert waiting.state == "verified"
    sign_in(client, person())
    found = client.get(reverse("organisation-join"), {"q": "瑞锁"}).content.decode()
    assert known.uscc in found
    assert waiting.uscc in found
    assert "至少输入" in client.get(reverse("organisation-join"), {"q": "瑞"}).content.decode()


@pytest.mark.parametrize("view", ["organisation-pending", "staff-list"])
def test_staff_pages_are_for_staff(client, view):
    sign_in(client, person())
    assert client.get(reverse(view)).status_code == 403
    sign_in(client, staff(Role.REGISTRAR))
    assert client.get(reverse(view)).status_code == 403
    sign_in(client, staff(Role.OFFICER))
    assert client.get(reverse(view)).status_code == 200
    sign_in(client, staff(Role.AUDITOR))
    assert client.get(reverse(view)).status_code == 200


def test_an_auditor_reads_what_waits_and_is_offered_no_decision(client):
    waiting = organisation(state="pending", name="样例待认证")
    sign_in(client, staff(Role.AUDITOR))

    listed = client.get(reverse("organisation-pending")).content.decode()
    answer = client.get(reverse("organisation-decide", args=[waiting.code]))

    page = answer.content.decode()
    assert re.search(r'class="btn btn--small"[^>]*>查看<', listed)
    assert waiting.uscc in page
    assert "<textarea" not in page
    assert "认证</button>" not in page
    assert str(answer.context["obstacle"]) in page


def test_members_and_journal_are_hidden_from_strangers(client, house):
    for view in ("organisation-members", "organisation-journal"):
        sign_in(client, person())
        assert client.get(reverse(view, args=[house.code])).status_code == 403
        sign_in(client, member(house))
        assert client.get(reverse(view, args=[house.code])).status_code == 200


def test_an_officer_appoints_and_the_journal_says_so(client):
    set_up_groups()
    officer, somebody = staff(Role.OFFICER), person()
    sign_in(client, officer)

    client.post(reverse("staff-list"), {"person": somebody.email.upper(), "roles": ["registrar", "finance"]})

    somebody.forget_roles()
    assert somebody.roles == {"registrar", "finance"}
    entry = Entry.objects.get(kind="staff.appointed")
    assert (entry.actor, entry.subject) == (officer, somebody)
    assert entry.data == {"former": [], "roles": ["finance", "registrar"]}


def test_an_auditor_reads_who_holds_which_role_and_is_shown_no_form(client):
    set_up_groups()
    registrar, nobody = staff(Role.REGISTRAR), person()
    page = reverse("staff-list")
    sign_in(client, staff(Role.AUDITOR))

    shown = client.get(page).content.decode().split("<main")[1].split("</main")[0]
    named = client.get(page, {"person": registrar.username}).content.decode().partition('id="named"')[2]
    bare = client.get(page, {"person": nobody.username}).content.decode().partition('id="named"')[2]
    answer = client.post(page, {"person": nobody.username, "roles": ["registrar"]})

    assert registrar.username in shown
    assert str(Role.REGISTRAR.label) in shown
    assert "审计员查看全部，不作任何改动" in shown
    assert not re.search(r"<form|<input|<button|#appoint", shown)
    assert str(Role.REGISTRAR.label) in named.partition("</section>")[0]
    assert "—" in bare.partition("</section>")[0]
    assert answer.status_code == 403
    nobody.forget_roles()
    assert nobody.roles == frozenset()


def test_an_officer_is_offered_the_form_with_the_roles_a_person_holds(client):
    registrar = staff(Role.REGISTRAR)
    sign_in(client, staff(Role.OFFICER))

    page = client.get(reverse("staff-list"), {"person": registrar.username})

    assert page.context["form"]["roles"].value() == ["registrar"]
    assert f'?person={registrar.username}#appoint"' in page.content.decode()


def test_appointing_an_unknown_person_says_so(client):
    sign_in(client, staff(Role.OFFICER))

    answer = client.post(reverse("staff-list"), {"person": "nobody", "roles": ["registrar"]})

    assert "person" in answer.context["form"].errors
    assert answer.context["form"]["roles"].value() == ["registrar"]


def test_the_list_of_waiting_organisations_does_not_ask_more_for_more(client, django_assert_num_queries):
    sign_in(client, staff(Role.OFFICER))
    organisation(state="pending", registered_by=person())
    client.get(reverse("organisation-pending"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("organisation-pending"))
    for _ in range(2):
        organisation(state="pending", registered_by=person())

    with django_assert_num_queries(len(one.captured_queries) + 2):  # the calendar is asked per organisation
        client.get(reverse("organisation-pending"))


def test_the_journal_counts_what_was_done_to_an_organisation_and_for_it_once(client, manager, house):
    sign_in(client, manager)
    other = organisation()
    said = {"by": manager, "name": "样例研究院"}
    journal.record(Kind.ORGANISATION_CHANGED, house, on_behalf_of=house, **said)  # to it and for it
    journal.record(Kind.ORGANISATION_CHANGED, house, **said)
    journal.record(Kind.ORGANISATION_CHANGED, other, on_behalf_of=house, **said)
    journal.record(Kind.ORGANISATION_CHANGED, other, on_behalf_of=other, **said)

    page = client.get(reverse("organisation-journal", args=[house.code])).context["page_obj"]

    edited = [entry for entry in page if entry.kind == Kind.ORGANISATION_CHANGED]
    assert (len(edited), page.paginator.count) == (3, len(page))


@pytest.mark.parametrize("view", ["organisation-members", "organisation-journal"])
def test_lists_of_an_organisation_do_not_ask_more_for_more(client, manager, house, view, django_assert_num_queries):
    sign_in(client, manager)
    client.get(reverse(view, args=[house.code]))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(view, args=[house.code]))
    for _ in range(2):
        member(house)

    with django_assert_num_queries(len(few.captured_queries)):
        client.get(reverse(view, args=[house.code]))


@pytest.mark.parametrize(
    "view",
    ["organisation-mine", "organisation-register", "organisation-join", "account-profile", "notice-list"],
)
def test_pages_open_in_both_languages(client, manager, house, view):
    sign_in(client, manager)

    with override("zh-hans"):
        address = reverse(view)
    assert client.get(address).status_code == 200
    assert client.get("/en" + address).status_code == 200


def test_the_privacy_notice_is_public_with_its_version(client):
    assert privacy.VERSION in client.get(reverse("privacy-notice")).content.decode()


def test_members_may_leave_but_not_the_last_manager(client, manager, house):
    last = house.memberships.get()
    sign_in(client, manager)

    client.post(reverse("member-leave", args=[house.code, last.code]))
    last.refresh_from_db()
    assert last.state == "active"

    join(person(), house, MemberRole.MANAGER)
    page = client.get(reverse("organisation-members", args=[house.code])).content.decode()
    assert "确认退出单位？" in page
    left = client.post(reverse("member-leave", args=[house.code, last.code]), follow=True)
    last.refresh_from_db()
    assert last.state == "left"
    assert "您已退出" in left.content.decode()


def test_a_request_to_join_is_taken_back_by_whoever_made_it(client, house):
    asking = person()
    sign_in(client, asking)
    client.post(reverse("organisation-request", args=[house.code]))
    request = asking.memberships.get()

    assert "撤回申请" in client.get(reverse("organisation-mine")).content.decode()
    sign_in(client, person())
    assert client.post(reverse("member-leave", args=[house.code, request.code])).status_code in (403, 404)
    sign_in(client, asking)
    client.post(reverse("member-leave", args=[house.code, request.code]), {"request": "1"})

    request.refresh_from_db()
    assert request.state == "left"


def test_who_takes_back_a_request_that_was_granted_is_told_and_stays(client, manager, house):
    asking = person()
    sign_in(client, asking)
    client.post(reverse("organisation-request", args=[house.code]))
    request = asking.memberships.get()
    assert 'name="request" value="1"' in client.get(reverse("organisation-mine")).content.decode()
    accept_member(request, by=manager, roles=["publisher"])

    told = client.post(reverse("member-leave", args=[house.code, request.code]), {"request": "1"}, follow=True)

    request.refresh_from_db()
    assert (request.state, request.roles) == ("active", ["publisher"])
    assert "已准许您加入" in told.content.decode()


def test_a_form_acts_for_the_organisation_its_page_was_opened_for(client):
    two = person()
    first, second = organisation(kind="institute", manager=two), organisation(kind="institute", manager=two)
    sign_in(client, two)
    client.post(reverse("organisation-switch"), {"organisation": first.code})
    page = client.get(reverse("outcome-new")).content.decode()
    field = f'<input type="hidden" name="page_acts_for" value="{first.code}">'
    assert field in page

    client.post(reverse("organisation-switch"), {"organisation": second.code})  # in another window
    client.post(reverse("outcome-new"), {"title": "两个窗口", "page_acts_for": first.code})
    client.post(reverse("outcome-new"), {"title": "没有窗口"})
    client.post(reverse("outcome-new"), {"title": "别人的单位", "page_acts_for": organisation().code})

    made = {"两个窗口": first.pk, "没有窗口": second.pk}
    assert dict(ResearchOutcome.objects.values_list("title", "owner_id")) == made

    first.memberships.update(state="left")  # one is left, and a page of the other is still open
    client.post(reverse("outcome-new"), {"title": "已退出的单位", "page_acts_for": first.code})
    assert dict(ResearchOutcome.objects.values_list("title", "owner_id")) == made


def test_who_leaves_one_of_two_organisations_acts_for_the_other(client):
    two = person()
    first, second = organisation(manager=two), organisation()
    join(two, second)
    sign_in(client, two)
    client.post(reverse("organisation-switch"), {"organisation": second.code})
    client.post(reverse("member-leave", args=[second.code, second.memberships.get(user=two).code]))

    assert client.get(reverse("organisation-mine")).context["acting_for"] == first


@pytest.mark.parametrize("wanted", ["-1", "desk", "no-such-page", "https://example.cn/", "//example.cn/"])
def test_choosing_for_whom_one_acts_goes_on_to_addresses_of_this_site_only(client, wanted):
    sign_in(client, person())

    answer = client.post(reverse("organisation-switch"), {"organisation": "", "next": wanted})

    assert (answer.status_code, answer["Location"]) == (302, "/")
