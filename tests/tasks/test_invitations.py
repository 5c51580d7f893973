"""The mails of invitations of colleagues, and who is told of the answers."""

import re
from smtplib import SMTPRecipientsRefused

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage

from marketplace.core import clock
from marketplace.notices.actions import mark_all_read
from marketplace.notices.groups import Group
from marketplace.notices.models import Notice
from marketplace.organisations.invitation_links import token_of
from marketplace.organisations.inviting import (
    accept_member_invitation,
    decline_member_invitation,
    forget_invited,
    invite_members,
    resend_member_invitation,
    withdraw_member_invitation,
)
from marketplace.organisations.joining import accept_member, leave_organisation, refuse_member, request_membership
from marketplace.organisations.models import MemberInvitation
from marketplace.organisations.roles import MemberRole
from tasks.models import Delivery
from tasks.organisations import forget_invitations, mail_invited
from tests.factories.people import confirmed, member, organisation, person

pytestmark = pytest.mark.django_db
LIN = "lin@example.cn"


@pytest.fixture
def manager():
    return person(name="周经理")


@pytest.fixture
def house(manager):
    return organisation(manager=manager, name="瓯海样例研究院", name_en="Ouhai Sample Institute")


@pytest.fixture
def invite(commit, house, manager):
    def inviting(**facts):
        given = {"emails": [LIN], "roles": ["publisher"], "words": "一起来登记成果"} | facts
        commit(lambda: invite_members(house, by=manager, **given))
        return MemberInvitation.objects.latest("pk")

    return inviting


def links(mail):
    return re.findall(r"https?://\S+", mail.body)


def test_the_mail_says_it_in_chinese_and_below_in_english(invite, house, mailoutbox, settings):
    settings.SITE_URL = "https://market.example"
    invitation = invite()

    (mail,) = mailoutbox
    assert mail.to == [LIN]
    assert mail.subject == "邀请您加入瓯海样例研究院 / Invitation to join Ouhai Sample Institute"
    chinese, english = mail.body.split("-" * 40)
    token = token_of(invitation)
    assert links(mail) == [
        f"https://market.example/organisations/invited/{token}/",
        f"https://market.example/en/organisations/invited/{token}/",
    ]
    assert f"周经理邀请您加入瓯海样例研究院（统一社会信用代码 {house.uscc}）" in chinese
    assert "您的角色：发布员" in chinese
    assert "附言：“一起来登记成果”" in chinese
    assert "平台不会在电话、短信里向您要密码" in chinese
    assert "周经理 invites you to join Ouhai Sample Institute" in english
    assert "Your roles: publisher" in english
    assert "do not pass it on" in english
    assert not re.search(r"[一-鿿]", english.replace("周经理", "").replace("一起来登记成果", ""))
    assert "经平台认证" not in chinese


@pytest.mark.parametrize("state", ["pending", "refused", "suspended"])
def test_of_a_house_that_is_not_verified_the_mail_says_so_and_carries_no_words(invite, house, mailoutbox, state):
    type(house).objects.update(state=state)
    house.refresh_from_db()

    invite(roles=[], reads_only=True)

    chinese, english = mailoutbox[0].body.split("-" * 40)
    assert "该单位目前未经平台认证" in chinese
    assert "has not verified this organisation" in english
    assert "一起来登记成果" not in mailoutbox[0].body
    assert "您的角色：不授予角色，只查阅" in chinese


def test_the_words_are_the_inviters_and_no_name_becomes_a_link(invite, house, manager, mailoutbox):
    type(manager).objects.update(name="周 www.evil.example")
    type(house).objects.update(name="样例 https://evil.example", name_en="")
    house.refresh_from_db()
    manager.refresh_from_db()

    invite()

    (mail,) = mailoutbox
    assert "evil.example" not in mail.body + mail.subject
    assert len(links(mail)) == 2
    assert "本人的话，由平台代为转达，不代表平台。附言：“一起来登记成果”" in mail.body
    assert "which the platform passes on and does not vouch for: “一起来登记成果”" in mail.body


def test_words_kept_from_before_lead_nowhere_either(invite, mailoutbox, commit, manager):
    invitation = invite()
    MemberInvitation.objects.update(words="见 evil.example/login")
    commit(lambda: resend_member_invitation(invitation, by=manager))

    assert "evil.example" not in mailoutbox[-1].body


def test_sent_again_it_has_another_link(invite, commit, manager, mailoutbox):
    invitation = invite()

    commit(lambda: resend_member_invitation(invitation, by=manager))

    first, second = (links(mail)[0] for mail in mailoutbox)
    assert first != second
    assert second.endswith(f"/{token_of(invitation)}/")


def test_what_is_over_before_its_mail_went_out_is_not_mailed(invite, manager, mailoutbox):
    invitation = invite()
    delivery = Delivery.objects.get(consequence="organisations.mail_invited")
    resend_member_invitation(invitation, by=manager)
    mail_invited(delivery)  # a repetition of the mail before
    withdraw_member_invitation(invitation, by=manager)
    mail_invited(delivery)

    assert len(mailoutbox) == 1


def test_an_address_whose_server_refuses_for_good_is_noted_and_not_tried_again(invite, manager, commit, monkeypatch):
    def refuse(*_mail):
        raise SMTPRecipientsRefused({LIN: (550, b"no such user")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    invitation = invite()

    invitation.refresh_from_db()
    assert invitation.mail_refused_at is not None
    assert Delivery.objects.get(consequence="organisations.mail_invited").done_at is not None
    monkeypatch.undo()
    commit(lambda: resend_member_invitation(invitation, by=manager))
    assert invitation.mail_refused_at is None


def test_all_who_manage_hear_of_who_joined_and_the_inviter_of_who_did_not(invite, commit, house, manager):
    other, lin, wu = member(house, MemberRole.MANAGER), confirmed(person(), LIN), confirmed(person(), "wu@example.cn")
    first, second = invite(), invite(emails=["wu@example.cn"])

    commit(lambda: accept_member_invitation(first, by=lin))
    commit(lambda: decline_member_invitation(second, by=wu))

    told = set(Notice.objects.values_list("kind", "user"))
    sent, joined, declined = "member_invitation.sent", "member_invitation.accepted", "member_invitation.declined"
    asked = {(sent, lin.pk), (sent, wu.pk)}
    assert told == {(joined, manager.pk), (joined, other.pk), (declined, manager.pk), *asked}
    assert Notice.objects.filter(kind=joined)[0].title == f"{lin}已受邀加入（{LIN}）"
    assert {notice.text.group for notice in Notice.objects.filter(kind__in=[joined, declined])} == {Group.NEWS}
    assert Notice.objects.get(kind=declined).title == "邀请被婉拒：wu@example.cn"


def test_whoever_confirmed_the_address_is_told_once_without_a_second_mail(invite, commit, house, manager, mailoutbox):
    lin, unconfirmed = confirmed(person(), LIN), person()
    EmailAddress.objects.create(user=unconfirmed, email="wu@example.cn", verified=False)
    invitation = invite()
    invite(emails=["wu@example.cn"])
    commit(lambda: resend_member_invitation(invitation, by=manager))

    (notice,) = Notice.objects.all()
    assert (notice.user, notice.title) == (lin, "请答复加入瓯海样例研究院的邀请")
    assert notice.path == "/organisations/mine/"  # nothing that opens an invitation is stored
    assert [mail.to for mail in mailoutbox] == [[LIN], ["wu@example.cn"], [LIN]]
    assert all("organisations/invited/" in mail.body for mail in mailoutbox)


def test_a_notice_that_was_read_comes_again_with_the_next_mail(invite, commit, manager):
    lin = confirmed(person(), LIN)
    invitation = invite()
    mark_all_read(by=lin)

    commit(lambda: resend_member_invitation(invitation, by=manager))

    assert Notice.objects.filter(user=lin).unread().count() == 1


def test_who_is_a_member_already_is_not_asked(invite, commit, house, manager):
    invitation = invite()
    confirmed(member(house), LIN)

    commit(lambda: resend_member_invitation(invitation, by=manager))

    assert not Notice.objects.exists()


def test_whose_membership_is_ended_hears_it_and_who_did_it_by_mail_too(commit, house, manager, mailoutbox):
    lin = member(house, MemberRole.PUBLISHER)

    commit(lambda: leave_organisation(house.memberships.get(user=lin), by=manager))

    (notice,) = Notice.objects.all()
    assert (notice.user, notice.title) == (lin, "周经理已将您移出瓯海样例研究院")
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([lin.email], notice.title)


def test_who_leaves_knows_it(commit, house):
    lin = member(house, MemberRole.PUBLISHER)

    commit(lambda: leave_organisation(house.memberships.get(user=lin), by=lin))

    assert not Notice.objects.exists()


@pytest.mark.parametrize("end", ["accepted", "declined", "withdrawn", "forgotten"])
def test_what_asked_for_an_answer_is_settled_with_the_invitation(invite, commit, manager, end):
    lin = confirmed(person(), LIN)
    other = invite(emails=["wu@example.cn"])
    wu = confirmed(person(), "wu@example.cn")
    commit(lambda: resend_member_invitation(other, by=manager))
    invitation = invite()
    answers = {
        "accepted": lambda: accept_member_invitation(invitation, by=lin),
        "declined": lambda: decline_member_invitation(invitation, by=lin),
        "withdrawn": lambda: withdraw_member_invitation(invitation, by=manager),
        "forgotten": lambda: forget_invited(invitation),
    }
    assert lin.notices.unread().count() == 1

    commit(answers[end])

    assert not lin.notices.unread().filter(kind="member_invitation.sent").exists()
    assert wu.notices.unread().count() == 1  # of the same house, and still to be answered


@pytest.mark.parametrize("end", ["accepted", "refused", "taken back"])
def test_what_asked_the_managers_is_settled_with_the_request(commit, house, manager, end):
    other = member(house, MemberRole.MANAGER)
    lin, wu = person(), person()
    place = commit(lambda: request_membership(house, by=lin))
    commit(lambda: request_membership(house, by=wu))
    answers = {
        "accepted": lambda: accept_member(place, by=manager, roles=["publisher"]),
        "refused": lambda: refuse_member(place, by=manager, reason="不认识"),
        "taken back": lambda: leave_organisation(place, by=lin),
    }
    assert other.notices.unread().count() == 2

    commit(answers[end])

    (left,) = other.notices.unread()
    assert left.entry.actor == wu


def test_who_manages_no_longer_is_asked_no_longer(commit, house, manager):
    other = member(house, MemberRole.MANAGER)
    commit(lambda: request_membership(house, by=person()))

    commit(lambda: leave_organisation(house.memberships.get(user=other), by=manager))

    assert [notice.kind for notice in other.notices.unread()] == ["membership.ended"]
    assert manager.notices.unread().count() == 1


def test_the_night_forgets_old_addresses(invite):
    invite()
    MemberInvitation.objects.update(expires_at=clock.now().replace(year=2020))

    forget_invitations()

    assert MemberInvitation.objects.get().email == ""
