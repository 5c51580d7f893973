"""One table per rule: visitor, stranger, member, manager, officer and the rest."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser

from marketplace.core.rules import why_not
from marketplace.organisations import rules
from marketplace.organisations.models import MemberInvitation, Organisation
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.standing import why_not_act, why_not_trade, why_not_verified
from marketplace.organisations.tokens import make_token
from tests.factories.people import confirmed, join, member, organisation, person, sign_in, staff
from tests.factories.rules import verbs

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return organisation()


@pytest.fixture
def cast(house):
    people = {
        "visitor": AnonymousUser(),
        "stranger": person(),
        "member": member(house),
        "publisher": member(house, MemberRole.PUBLISHER),
        "manager": member(house, MemberRole.MANAGER),
        "officer": staff(Role.OFFICER),
        "registrar": staff(Role.REGISTRAR),
        "auditor": staff(Role.AUDITOR),
    }
    own = staff(Role.OFFICER)
    join(own, house)
    return people | {"officer of the house": own}


MANAGER = {"manager"}
OFFICER = {"officer"}
STAFF = {"officer", "registrar", "auditor", "officer of the house"}
ORGANISATION_RULES = [
    (rules.edit_organisation, MANAGER),
    (rules.correct_organisation, OFFICER),
    (rules.resubmit_organisation, MANAGER),
    (rules.verify_organisation, OFFICER),
    (rules.refuse_organisation, OFFICER),
    (rules.suspend_organisation, OFFICER),
    (rules.reinstate_organisation, OFFICER),
    (
        rules.see_members,
        {"member", "publisher", "manager", "officer", "auditor", "officer of the house"},
    ),
    (rules.request_membership, {"stranger", "officer", "registrar"}),
    (rules.invite_members, MANAGER),
    (rules.see_member_invitations, {"manager", "officer", "auditor", "officer of the house"}),
]


# about nobody in particular
OF_STAFF = [
    (rules.register_organisation, {"stranger", "member", "publisher", "manager", *STAFF} - {"auditor"}),
    (rules.see_pending_organisations, {"officer", "auditor", "officer of the house"}),
    (rules.keep_look_up, {"officer", "officer of the house"}),
]


@pytest.mark.parametrize(("rule", "may"), OF_STAFF, ids=lambda value: getattr(value, "__name__", ""))
def test_rules_about_no_organisation_in_particular(rule, may, cast):
    assert {who for who, user in cast.items() if who != "visitor" and why_not(rule, user) is None} == may


def test_every_rule_has_its_table():
    of_memberships = {"accept_member", "refuse_member", "change_member_roles", "leave_organisation"}
    of_requests = {"take_back_request"}
    of_invitations = {f"{verb}_member_invitation" for verb in ("read", "accept", "decline", "resend", "withdraw")}
    of_people = {"remove_second_factor", "lock_account", "unlock_account"} | {
        "appoint_staff",
        "empty_user",
        "make_token",
        "revoke_token",
    }
    assert {rule.__name__ for rule, _may in [*ORGANISATION_RULES, *OF_STAFF]} | of_memberships | of_invitations | (
        of_people | of_requests
    ) == verbs(rules)


@pytest.mark.parametrize(("rule", "may"), ORGANISATION_RULES, ids=lambda value: getattr(value, "__name__", ""))
def test_rules_about_an_organisation(rule, may, cast, house):
    assert {who for who, user in cast.items() if why_not(rule, user, house) is None} == may


def test_tokens_are_for_agents_who_are_no_staff(cast, house):
    cast["agent"], cast["staff"] = member(house, MemberRole.BIDDER), staff(Role.EDITOR)
    join(cast["staff"], house, MemberRole.BIDDER)

    may = {who for who, user in cast.items() if why_not(rules.make_token, user, house) is None}

    assert may == {"agent", "manager"}
    assert "两步验证" in str(why_not(rules.make_token, cast["staff"], house))


def test_a_token_is_revoked_by_its_owner_and_by_the_manager(cast, house):
    cast["agent"] = member(house, MemberRole.BIDDER)
    access, _text = make_token(by=cast["agent"], organisation=house, name="robot", days=30)

    may = {who for who, user in cast.items() if why_not(rules.revoke_token, user, access) is None}

    assert may == {"agent", "manager"}


@pytest.mark.parametrize("rule", [rules.accept_member, rules.refuse_member, rules.change_member_roles])
def test_rules_about_a_request_to_join(rule, cast, house):
    asked = join(person(), house, state="requested")

    assert {who for who, user in cast.items() if why_not(rule, user, asked) is None} == MANAGER
    assert why_not(rule, asked.user, asked) is not None


def invited(house, email):
    return MemberInvitation(organisation=house, email=email)


@pytest.mark.parametrize("rule", [rules.resend_member_invitation, rules.withdraw_member_invitation])
def test_invitations_are_kept_by_the_manager(rule, cast, house):
    own = invited(house, confirmed(cast["stranger"]).email)

    assert {who for who, user in cast.items() if why_not(rule, user, own) is None} == MANAGER


@pytest.mark.parametrize("rule", [rules.accept_member_invitation, rules.decline_member_invitation])
def test_an_invitation_is_answered_by_whoever_confirmed_the_address(rule, cast, house):
    EmailAddress.objects.create(user=cast["member"], email="stranger@example.cn", verified=False)
    confirmed(cast["stranger"], "stranger@example.cn")
    confirmed(cast["auditor"], "auditor@example.cn")

    def may(email):
        return {who for who, user in cast.items() if why_not(rule, user, invited(house, email)) is None}

    assert may("stranger@example.cn") == {"stranger"}
    assert may("auditor@example.cn") == set()  # changes nothing
    assert may(cast["registrar"].email) == set()  # has not confirmed it


def test_an_invitation_is_read_by_whoever_confirmed_the_address(cast, house):
    own = invited(house, confirmed(cast["auditor"]).email)

    may = {who for who, user in cast.items() if why_not(rules.read_member_invitation, user, own) is None}

    assert may == {"auditor"}


def test_leaving_is_for_oneself_and_the_manager(cast, house):
    own = cast["publisher"].memberships.get()

    may = {who for who, user in cast.items() if why_not(rules.leave_organisation, user, own) is None}

    assert may == {"publisher", "manager"}
    asked = join(person(), house, state="requested")  # is answered with a reason, not ended
    assert {who for who, user in cast.items() if why_not(rules.leave_organisation, user, asked) is None} == set()
    assert why_not(rules.leave_organisation, asked.user, asked) is None


def test_a_request_to_join_is_taken_back_by_whoever_made_it_only(cast, house):
    asked = join(person(), house, state="requested")

    assert {who for who, user in cast.items() if why_not(rules.take_back_request, user, asked) is None} == set()
    assert why_not(rules.take_back_request, asked.user, asked) is None


def test_appointing_is_for_officers_and_not_for_oneself(cast):
    officers = {"officer", "officer of the house"}
    stranger = cast["stranger"]

    assert {who for who, user in cast.items() if why_not(rules.appoint_staff, user, stranger) is None} == officers
    assert why_not(rules.appoint_staff, cast["officer"], cast["officer"]) is not None
    assert why_not(rules.appoint_staff, person(is_superuser=True), stranger) is None


@pytest.mark.parametrize("rule", [rules.remove_second_factor, rules.lock_account, rules.unlock_account])
def test_accounts_of_staff_are_kept_by_officers_and_never_ones_own(rule, cast):
    officers, colleague = {"officer", "officer of the house"}, staff(Role.EDITOR)

    assert {who for who, user in cast.items() if why_not(rule, user, colleague) is None} == officers
    assert {who for who, user in cast.items() if why_not(rule, user, cast["officer"]) is None} == {
        "officer of the house"
    }
    assert {who for who, user in cast.items() if why_not(rule, user, cast["stranger"]) is None} == set()
    assert {who for who, user in cast.items() if why_not(rule, user, person(is_superuser=True)) is None} == set()


def test_closing_an_account_is_for_oneself_and_officers(cast):
    stranger = cast["stranger"]

    may = {who for who, user in cast.items() if why_not(rules.empty_user, user, stranger) is None}

    assert may == {"stranger", "officer", "officer of the house"}


@pytest.mark.parametrize("state", Organisation.State.values)
def test_only_verified_organisations_trade(state):
    house = organisation(state=state)
    agent = member(house, MemberRole.BIDDER)

    assert (why_not_trade(agent, house, MemberRole.BIDDER) is None) is (state == "verified")
    assert (why_not_verified(house) is None) is (state == "verified")
    assert why_not_act(agent, house, MemberRole.BIDDER) is None


def test_the_wrong_role_is_told_which_it_would_need(house):
    publisher = member(house, MemberRole.PUBLISHER)

    assert why_not_act(publisher, house, MemberRole.BIDDER) is not None
    assert why_not_act(publisher, house, MemberRole.PUBLISHER) is None
    assert why_not_act(publisher, None) is not None
    assert why_not_act(person(), house) is not None


def test_who_acts_for_nobody_is_told_what_is_true_of_them(cast, house):
    told = {who: why_not_act(cast[who], None) for who in ("stranger", "manager", "officer", "officer of the house")}

    assert "加入所在单位或注册单位" in told["stranger"]
    assert told["officer"] == "此项由院所和企业办理，平台工作人员不代表任何单位，无须办理。"
    assert told["manager"] == told["officer of the house"]
    assert told["manager"] == "请先选择您代表的单位：在页面上方您的姓名下选择。"


@pytest.mark.parametrize("path", ["/contracts/new/", "/outcomes/import/"])
def test_staff_are_not_sent_to_choose_an_organisation_they_do_not_have(client, path):
    sign_in(client, staff(Role.OFFICER))

    page = client.get(path)

    assert page.status_code == 403
    assert "平台工作人员不代表任何单位" in page.content.decode()
    assert "选对单位" not in page.content.decode()
