"""Pages of invitations: the manager's form and list, what a link opens for whom, and the way through the sign-up."""

import re
from urllib.parse import quote, unquote

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import clock
from marketplace.organisations import privacy
from marketplace.organisations.invitation_limits import WRONG_LINKS
from marketplace.organisations.invitation_links import token_of
from marketplace.organisations.inviting import (
    decline_member_invitation,
    invite_members,
    resend_member_invitation,
    withdraw_member_invitation,
)
from marketplace.organisations.joining import change_member_roles, leave_organisation, request_membership
from marketplace.organisations.member_invitation import KEPT
from marketplace.organisations.models import MemberInvitation, Membership, User
from marketplace.organisations.roles import MemberRole, Role
from tests.factories.people import PASSWORD, confirmed, join, member, organisation, person, sign_in, staff

pytestmark = pytest.mark.django_db
LIN = "lin@example.cn"


@pytest.fixture
def manager():
    return person(name="周经理")


@pytest.fixture
def house(manager):
    return organisation(manager=manager, name="瓯海样例研究院")


@pytest.fixture
def invitation(house, manager):
    invite_members(house, by=manager, emails=[LIN], roles=["publisher"], words="一起来登记成果")
    return MemberInvitation.objects.get()


@pytest.fixture
def lin():
    return confirmed(person(name="林晓岚"), LIN)


def words(answer):
    return answer.content.decode()


def link(invitation):
    return reverse("member-invitation", args=[token_of(invitation)])


def send(client, house, addresses, **facts):
    facts = {"addresses": addresses, "roles": ["publisher"]} | facts
    given = {f"invite-{name}": value for name, value in facts.items()}
    return client.post(reverse("member-invite", args=[house.code]), given, follow=True)


def test_a_manager_invites_several_and_hears_who_was_left_out(client, house, manager, invitation):
    confirmed(member(house), "old@example.cn")
    sign_in(client, manager)

    page = send(client, house, f"  New@Example.cn\n\nwu＠example.cn；li@example.cn\n{LIN}\nold@example.cn")

    assert set(MemberInvitation.objects.values_list("email", flat=True)) == {
        "new@example.cn",
        "wu@example.cn",
        "li@example.cn",
        LIN,
    }
    assert "已邀请 3 人。" in words(page)
    assert f"{LIN} 已收到邀请，尚未答复" in words(page)
    assert "old@example.cn 是现有成员的邮箱" in words(page)


def test_a_role_with_only_to_read_is_refused_beside_the_box(client, house, manager):
    sign_in(client, manager)

    page = send(client, house, LIN, reads_only="on", words="欢迎 www.evil")

    form = page.context["invite"]
    assert "只能选其一" in form.errors["reads_only"][0]
    assert "网址" in form.errors["words"][0]
    assert (form["addresses"].value(), form["words"].value()) == (LIN, "欢迎 www.evil")
    assert not MemberInvitation.objects.exists()


def test_who_asked_to_join_gets_no_role_with_only_to_read(client, house, manager):
    place = join(person(), house, state="requested")
    sign_in(client, manager)
    address = reverse("member-answer", args=[house.code, place.code])
    both = {f"{place.code}-roles": ["publisher"], f"{place.code}-reads_only": "on", "answer": "accept"}

    page = client.post(address, both)

    ((_membership, form),) = page.context["requests"]
    assert "只能选其一" in form.errors["reads_only"][0]
    place.refresh_from_db()
    assert place.state == "requested"
    client.post(address, both | {f"{place.code}-reason": "不认识", "answer": "refuse"})
    place.refresh_from_db()
    assert place.state == "refused"


def test_a_link_among_the_words_is_refused_beside_them(client, house, manager):
    sign_in(client, manager)

    form = send(client, house, LIN, words="详见 evil.example/login").context["invite"]

    assert "evil.example" in form.errors["words"][0]
    assert form["addresses"].value() == LIN
    assert not MemberInvitation.objects.exists()


def test_the_roles_are_not_called_optional(client, house, manager):
    sign_in(client, manager)

    page = words(client.get(reverse("organisation-members", args=[house.code])))

    legend = re.search(r'id="id_invite-roles".*?</legend>', page, re.DOTALL)[0]
    assert "选填" not in legend
    assert "至少选一项" in page


def test_wrong_addresses_are_named_by_their_lines_and_nothing_typed_is_lost(client, house, manager):
    sign_in(client, manager)
    typed = "good@example.cn\nno-address\n\n@example.cn, x@y\n<b>"

    page = send(client, house, typed, roles=["finance"], words="欢迎")

    form = page.context["invite"]
    assert [error.split("不是")[0] for error in form.errors["addresses"]] == [
        "第 2 行：“no-address”",
        "第 4 行：“@example.cn”",
        "第 4 行：“x@y”",
        "第 5 行：“<b>”",
    ]
    assert "&lt;b&gt;" in words(page)
    assert "<b>”" not in words(page)
    assert (form["addresses"].value(), form["roles"].value(), form["words"].value()) == (typed, ["finance"], "欢迎")
    assert not MemberInvitation.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"addresses": ""}, "addresses"),
        ({"addresses": "\n".join(f"a{n}@example.cn" for n in range(21))}, "addresses"),
        ({"addresses": LIN, "roles": []}, "roles"),
        ({"addresses": LIN, "roles": ["officer"]}, "roles"),
        ({"addresses": LIN, "words": "长" * 301}, "words"),
    ],
)
def test_what_is_missing_or_too_much_stands_beside_its_field(client, house, manager, facts, field):
    sign_in(client, manager)

    page = send(client, house, **facts)

    assert set(page.context["invite"].errors) == {field}
    assert not MemberInvitation.objects.exists()


def test_where_all_are_left_out_it_stands_beside_the_addresses(client, house, manager, invitation):
    sign_in(client, manager)

    page = send(client, house, LIN)

    assert "尚未答复" in page.context["invite"].errors["addresses"][0]
    assert page.context["invite"]["addresses"].value() == LIN


def test_only_managers_and_who_reads_everything_see_the_addresses(client, house, manager, invitation):
    page = reverse("organisation-members", args=[house.code])
    seen = {}
    for who, user in {
        "manager": manager,
        "publisher": member(house, MemberRole.PUBLISHER),
        "officer": staff(Role.OFFICER),
        "auditor": staff(Role.AUDITOR),
    }.items():
        sign_in(client, user)
        text = words(client.get(page))
        seen[who] = (LIN in text, "发送邀请" in text, "撤回邀请" in text)

    assert seen == {
        "manager": (True, True, True),
        "publisher": (False, False, False),
        "officer": (True, False, False),
        "auditor": (True, False, False),
    }


def test_the_list_says_how_each_invitation_stands(client, house, manager):
    other = member(house, MemberRole.MANAGER)
    invite_members(house, by=manager, emails=["a@b.cn", "b@b.cn", "c@b.cn"], roles=["publisher"])
    invite_members(house, by=other, emails=["d@b.cn"], roles=["publisher"])
    MemberInvitation.objects.filter(email="b@b.cn").update(expires_at=clock.now())
    MemberInvitation.objects.filter(email="c@b.cn").update(mail_refused_at=clock.now())
    change_member_roles(house.memberships.get(user=other), by=manager, roles=["publisher"])
    sign_in(client, manager)

    rows = client.get(reverse("organisation-members", args=[house.code])).context["invitations"]

    assert {str(each): state for each, state, _tone in rows} == {
        "a@b.cn": "等待答复",
        "b@b.cn": "已过期",
        "c@b.cn": "邮件被拒收，请核对邮箱",
        "d@b.cn": "发出人已不是管理员，须重新发送",
    }


def test_a_manager_sends_again_and_withdraws(client, house, manager, invitation):
    sign_in(client, manager)
    before = link(invitation)
    at = [house.code, invitation.code]

    again = client.post(reverse("member-invitation-resend", args=at), follow=True)
    assert f"已重新发送至 {LIN}" in words(again)
    for _ in range(2):
        often = client.post(reverse("member-invitation-resend", args=at), follow=True)
    assert "请明天再发" in words(often)
    withdrawn = client.post(reverse("member-invitation-withdraw", args=at), follow=True)
    assert f"已撤回发给 {LIN} 的邀请" in words(withdrawn)
    twice = client.post(reverse("member-invitation-withdraw", args=at), follow=True)
    assert "不能办理" in words(twice)

    page = Client().get(before)
    assert (page.status_code, "单位已撤回该邀请" in words(page)) == (410, True)


def test_nobody_keeps_the_invitations_of_another_organisation(client, invitation):
    other = organisation(manager=person())
    sign_in(client, other.memberships.get().user)

    for verb in ("resend", "withdraw"):
        mixed = reverse(f"member-invitation-{verb}", args=[other.code, invitation.code])
        direct = reverse(f"member-invitation-{verb}", args=[invitation.organisation.code, invitation.code])
        assert client.post(mixed).status_code == 404
        assert client.post(direct).status_code == 403

    invitation.refresh_from_db()
    assert (invitation.state, invitation.times_sent) == ("sent", 1)


def test_the_invited_sees_what_it_is_and_accepts(client, house, invitation, lin):
    sign_in(client, lin)

    page = words(client.get(link(invitation)))
    assert all(shown in page for shown in ("加入瓯海样例研究院", "周经理", "发布员", "一起来登记成果", house.uscc))
    joined = client.post(reverse("member-invitation-accept", args=[token_of(invitation)]), follow=True)

    assert "您已加入瓯海样例研究院" in words(joined)
    assert joined.context["acting_for"] == house
    assert Membership.objects.get(user=lin).roles == ["publisher"]
    over = client.get(link(invitation))
    assert (over.status_code, "邀请已被接受" in words(over)) == (410, True)
    late = client.post(reverse("member-invitation-accept", args=[token_of(invitation)]), follow=True)
    assert "不能办理" in words(late)


def test_the_invited_declines(client, invitation, lin):
    sign_in(client, lin)

    answer = client.post(reverse("member-invitation-decline", args=[token_of(invitation)]), follow=True)

    assert "已婉拒" in words(answer)
    assert not lin.memberships.exists()
    assert "邀请已被婉拒" in words(client.get(link(invitation)))


def test_of_an_unverified_house_the_page_says_so(client, manager, lin):
    house = organisation(manager=manager, state="pending")
    invite_members(house, by=manager, emails=[LIN], roles=["publisher"])
    sign_in(client, lin)

    assert "该单位目前未经平台认证" in words(client.get(link(MemberInvitation.objects.get())))


@pytest.mark.parametrize("verb", ["", "-accept", "-decline"])
def test_a_wrong_link_and_one_for_somebody_else_get_the_same_answer(client, invitation, verb):
    other = sign_in(client, confirmed(person(name="吴有为")))
    ask = other.post if verb else other.get

    def asked(token):
        answer = ask(reverse(f"member-invitation{verb}", args=[token]))
        text = words(answer).replace(token, "").replace(quote(token), "")
        return answer.status_code, re.sub(r"[0-9A-Za-z]{64}", "", text)  # tokens against forged forms

    foreign, wrong = asked(token_of(invitation)), asked("ABC-1:" + "a" * 43)
    withdraw_member_invitation(invitation, by=invitation.sent_by)

    assert foreign == wrong == asked(token_of(invitation))
    assert foreign[0] == 404
    assert "吴有为" in foreign[1]
    assert not any(secret in foreign[1] for secret in (LIN, "周经理", "瓯海样例研究院", "一起来登记成果"))


def test_an_address_added_to_the_account_but_not_confirmed_opens_nothing(client, invitation):
    somebody = person()
    EmailAddress.objects.create(user=somebody, email=LIN, verified=False)
    sign_in(client, somebody)

    assert client.get(link(invitation)).status_code == 404
    EmailAddress.objects.update(verified=True)
    assert client.get(link(invitation)).status_code == 200


def test_who_tries_many_links_waits_and_a_right_one_does_not_open_then(client, invitation, lin):
    wrong = reverse("member-invitation", args=["ABC-1:abc"])
    told = {client.get(wrong).status_code for _ in range(WRONG_LINKS.most)}

    assert told == {404}
    assert client.get(wrong).status_code == 429
    assert client.get(link(invitation)).status_code == 429
    sign_in(client, lin)
    assert client.get(link(invitation)).status_code == 200


def test_right_links_are_not_counted(client, invitation, lin):
    sign_in(client, lin)

    for _ in range(3):
        client.get(link(invitation))

    assert WRONG_LINKS.left(f"user-{lin.pk}").times == WRONG_LINKS.most


@pytest.mark.parametrize(("language", "says"), [("", "打开最近一封邮件"), ("/en", "Open the link of the latest mail")])
def test_a_link_that_was_replaced_says_so(client, manager, invitation, lin, language, says):
    before = link(invitation)
    resend_member_invitation(invitation, by=manager)
    sign_in(client, lin)

    page = client.get(language + before)

    assert (page.status_code, says in words(page)) == (410, True)
    assert client.post(f"{before}accept/").status_code == 410
    assert not lin.memberships.exists()


def test_an_expired_link_says_until_when_it_held(client, invitation, lin):
    MemberInvitation.objects.update(expires_at=clock.now())
    sign_in(client, lin)

    page = client.get(link(invitation))

    assert (page.status_code, "邀请已于" in words(page)) == (410, True)


def test_who_is_a_member_by_now_is_told_and_not_asked(client, house, invitation, lin):
    join(lin, house)
    sign_in(client, lin)

    page = words(client.get(link(invitation)))

    assert "您已经是" in page
    assert "接受并加入" not in page


def test_with_an_account_one_signs_in_and_comes_back(client, invitation, lin):
    page = words(client.get(link(invitation)))
    assert "登录并答复" in page
    assert "一起来登记成果" not in page  # is for whoever is invited
    login = unquote(re.search(r'href="(/accounts/login/\?next=[^"]+)"', page)[1])
    assert login == f"/accounts/login/?next={link(invitation)}"

    entered = client.post(login, {"login": lin.username, "password": PASSWORD, "next": link(invitation)})

    assert entered["Location"] == link(invitation)


def sign_up(client, page, email):
    facts = {"name": "林晓岚", "email": email, "username": "lin", "language": "zh-hans", "consent": "on"}
    passwords = {"password1": PASSWORD, "password2": PASSWORD, "version": privacy.VERSION}
    return client.post(page, facts | passwords | {"next": unquote(page.partition("next=")[2])})


@pytest.fixture
def signing_up(client, invitation):
    page = words(client.get(link(invitation)))
    return unquote(re.search(r'href="(/accounts/signup/\?next=[^"]+)"', page)[1])


def test_without_an_account_one_signs_up_with_the_address_and_comes_back(client, invitation, signing_up, mailoutbox):
    form = words(client.get(signing_up))
    assert f'value="{LIN}"' in form

    answer = sign_up(client, signing_up, LIN)

    assert answer["Location"] == link(invitation)
    user = User.objects.get(username="lin")
    assert EmailAddress.objects.get(user=user).verified
    assert not any("confirm-email" in mail.body for mail in mailoutbox)
    client.post(reverse("member-invitation-accept", args=[token_of(invitation)]))
    assert user.memberships.get().state == "active"


def test_with_another_address_one_confirms_it_as_everybody_does(client, signing_up, mailoutbox):
    sign_up(client, signing_up, "other@example.cn")

    assert not EmailAddress.objects.get().verified
    assert "_auth_user_id" not in client.session
    assert "confirm-email" in mailoutbox[-1].body


def test_the_sign_up_says_which_invitation_it_is_for(client, invitation, signing_up):
    page = words(client.get(signing_up))

    assert page.count("您正在为答复") == 1
    assert all(said in page for said in ("瓯海样例研究院", "请用这个邮箱注册", "如用其他邮箱"))
    withdraw_member_invitation(invitation, by=invitation.sent_by)
    assert "您正在为答复" not in words(client.get(signing_up))
    assert "您正在为答复" not in words(Client().get("/accounts/signup/"))


def confirming(mail):
    return re.search(r"https?://[^/]+(/accounts/confirm-email/\S+)", mail.body)[1]


def test_with_another_address_one_comes_back_after_confirming_it(client, invitation, signing_up, mailoutbox):
    sent = client.get(sign_up(client, signing_up, "other@example.cn")["Location"])
    assert words(sent).count("邀请正等您答复") == 1

    confirmed_now = client.post(confirming(mailoutbox[-1]))
    assert unquote(confirmed_now["Location"]) == f"/accounts/login/?next={link(invitation)}"
    facts = {"login": "lin", "password": PASSWORD, "next": link(invitation)}
    back = client.post(confirmed_now["Location"], facts, follow=True)

    assert back.status_code == 403
    assert all(said in words(back) for said in ("这份邀请发给了另一个邮箱", LIN, reverse("account_email")))
    client.post(reverse("account_email"), {"action_add": "", "email": LIN})
    assert client.post(confirming(mailoutbox[-1]))["Location"] == link(invitation)
    assert client.get(link(invitation)).status_code == 200


def test_without_an_invitation_confirming_an_address_leads_where_it_did(client, mailoutbox):
    sign_up(client, "/accounts/signup/", "other@example.cn")

    assert client.post(confirming(mailoutbox[-1]))["Location"] == "/accounts/login/"


def test_who_joins_a_second_house_goes_on_acting_for_the_first(client, house, invitation, lin):
    first = organisation(name="样例一公司")
    join(lin, first)
    sign_in(client, lin)

    page = words(client.get(link(invitation)))
    assert "接受后您仍代表" in page
    assert "您只能代表其中一方办理" in page
    joined = client.post(reverse("member-invitation-accept", args=[token_of(invitation)]), follow=True)

    assert joined.context["acting_for"] == first
    assert "您现在仍代表样例一公司" in words(joined)
    assert f'value="{house.code}"' in words(joined)  # and the other can be chosen
    assert client.get("/desk/").context["acting_for"] == first


def test_who_acts_for_nobody_yet_is_not_warned_of_two_sides(client, invitation, lin):
    sign_in(client, lin)

    page = words(client.get(link(invitation)))

    assert "您只能代表其中一方办理" not in page
    assert "接受后" not in page


def test_the_desk_asks_the_invited_until_they_answer(client, invitation, lin):
    sign_in(client, lin)

    def rows():
        return [(row.title, row.url) for row in client.get("/desk/").context["rows"]]

    assert rows() == [("答复加入瓯海样例研究院的邀请", link(invitation))]
    client.post(reverse("member-invitation-decline", args=[token_of(invitation)]))
    assert [title for title, _url in rows()] == ["登记您的单位，或加入已登记的单位"]


@pytest.mark.parametrize("over", ["withdrawn", "expired", "member", "auditor"])
def test_the_desk_asks_nobody_who_cannot_answer(client, house, invitation, lin, over):
    if over == "withdrawn":
        withdraw_member_invitation(invitation, by=invitation.sent_by)
    elif over == "expired":
        MemberInvitation.objects.update(expires_at=clock.now())
    elif over == "member":
        join(lin, house)
    who = confirmed(staff(Role.AUDITOR), "auditor@example.cn") if over == "auditor" else lin
    if over == "auditor":
        MemberInvitation.objects.update(email="auditor@example.cn")
    sign_in(client, who)

    assert not [row for row in client.get("/desk/").context["rows"] if "邀请" in row.title]


def test_my_organisations_say_who_ended_a_membership(client, house, manager):
    ended, left = member(house), member(house)
    leave_organisation(house.memberships.get(user=ended), by=manager)
    leave_organisation(house.memberships.get(user=left), by=left)

    assert "周经理已将您移出瓯海样例研究院" in words(sign_in(client, ended).get(reverse("organisation-mine")))
    assert "已将您移出" not in words(sign_in(client, left).get(reverse("organisation-mine")))
    ended.forget_roles()
    request_membership(house, by=ended)
    assert "已将您移出" not in words(sign_in(client, ended).get(reverse("organisation-mine")))


def test_an_invitation_withdrawn_meanwhile_confirms_no_address(client, invitation, signing_up, mailoutbox):
    withdraw_member_invitation(invitation, by=invitation.sent_by)

    sign_up(client, signing_up, LIN)

    assert not EmailAddress.objects.get().verified
    assert "confirm-email" in mailoutbox[-1].body


def test_the_invited_address_is_confirmed_in_the_browser_that_opened_the_link_only(signing_up, mailoutbox):
    sign_up(Client(), signing_up, LIN)

    assert not EmailAddress.objects.get().verified


@pytest.mark.parametrize("when", ["replaced", "expired"])
def test_a_link_that_is_over_confirms_no_address(client, invitation, manager, when):
    before = link(invitation)
    if when == "replaced":
        resend_member_invitation(invitation, by=manager)
    else:
        MemberInvitation.objects.update(expires_at=clock.now())
    client.get(before)

    sign_up(client, f"/accounts/signup/?next={before}", LIN)

    assert not EmailAddress.objects.get().verified


def test_whoever_is_invited_finds_it_under_my_organisations_too(client, invitation, lin):
    sign_in(client, lin)
    mine = reverse("organisation-mine")

    assert link(invitation) in words(client.get(mine))
    withdraw_member_invitation(invitation, by=invitation.sent_by)
    assert link(invitation) not in words(client.get(mine))


@pytest.mark.parametrize("page", ["members", "mine"])
def test_lists_of_invitations_do_not_ask_more_for_more(client, house, manager, lin, page, django_assert_num_queries):
    def invite(number):
        to = house if page == "members" else organisation(manager=manager)
        manager.forget_roles()
        email = f"colleague{number}@example.cn" if page == "members" else LIN
        invite_members(to, by=manager, emails=[email], roles=["publisher"])

    sign_in(client, manager if page == "members" else lin)
    address = reverse("organisation-members", args=[house.code]) if page == "members" else reverse("organisation-mine")
    invite(1)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    invite(2)
    invite(3)

    with django_assert_num_queries(len(one.captured_queries)):
        client.get(address)


def test_the_journal_of_the_house_has_each_step(client, house, manager, invitation, lin):
    sign_in(client, lin)
    client.post(reverse("member-invitation-decline", args=[token_of(invitation)]))
    sign_in(client, staff(Role.AUDITOR))

    page = client.get(reverse("organisation-journal", args=[house.code]))

    assert [entry.kind for entry in page.context["page_obj"]] == [
        "member_invitation.declined",
        "member_invitation.sent",
    ]
    text = words(page)
    assert "同事婉拒邀请" in text
    assert text.count("发布员") == 2
    assert LIN not in text
    assert text.count(f"#invitation-{invitation.code}") == 2
    assert f'id="invitation-{invitation.code}"' in words(client.get(reverse("organisation-members", args=[house.code])))


def test_the_journal_leads_members_to_no_invitation_they_may_not_see(client, house, invitation):
    sign_in(client, member(house, MemberRole.PUBLISHER))

    text = words(client.get(reverse("organisation-journal", args=[house.code])))

    assert invitation.code in text
    assert "#invitation-" not in text


def test_a_code_whose_row_is_gone_leads_nowhere(client, house, manager, invitation):
    withdraw_member_invitation(invitation, by=manager)
    MemberInvitation.objects.update(ended_at=clock.now() - KEPT)
    sign_in(client, manager)

    text = words(client.get(reverse("organisation-journal", args=[house.code])))

    assert invitation.code in text
    assert "#invitation-" not in text


def test_ended_invitations_are_listed_with_who_ended_them_for_a_month(client, house, manager, invitation, lin):
    other = member(house, MemberRole.MANAGER, name="李经理")
    invite_members(house, by=manager, emails=["wu@example.cn"], roles=[], reads_only=True)
    withdraw_member_invitation(MemberInvitation.objects.get(email="wu@example.cn"), by=other)
    decline_member_invitation(invitation, by=lin)
    sign_in(client, manager)
    address = reverse("organisation-members", args=[house.code])

    page = client.get(address)

    ended = [(each.email, each.state, each.ended_by) for each in page.context["ended"]]
    assert ended == [(LIN, "declined", lin), ("wu@example.cn", "withdrawn", other)]
    assert "李经理" in words(page).partition("近30天")[2].partition("</details>")[0]
    MemberInvitation.objects.update(ended_at=clock.now() - KEPT)
    assert client.get(address).context["ended"] == []
    assert sign_in(Client(), member(house)).get(address).context["ended"] == []
