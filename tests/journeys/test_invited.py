"""A manager invites a colleague; who had no account signs up by the link of the mail, comes back to it and joins."""

import pytest
from django.urls import reverse

from marketplace.organisations.invitation_links import token_of
from marketplace.organisations.models import MemberInvitation, Membership
from tests.factories.people import PASSWORD, confirmed, organisation, person
from tests.journeys.test_joining import press


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_from_the_invitation_to_the_membership(visitor, accessible):
    manager = confirmed(person(name="周经理"))
    house = organisation(manager=manager, name="瓯海样例研究院")
    page = visitor()
    page.goto("/accounts/login/")
    page.fill("[name=login]", manager.username)
    page.fill("[name=password]", PASSWORD)
    press(page, "main form button[type=submit]")
    page.goto(reverse("organisation-members", args=[house.code]))
    page.fill("[name=invite-addresses]", "lin@example.cn\nwu@example")
    page.check("[name=invite-roles][value=publisher]")
    press(page, "#invite button")
    accessible(page)
    page.fill("[name=invite-addresses]", "lin@example.cn\nwu@example.cn")
    press(page, "#invite button")
    accessible(page)
    page.click("li:has-text('wu@example.cn') >> text=撤回")
    press(page, "dialog[open] button:has-text('撤回邀请')")

    lin = visitor()
    link = reverse("member-invitation", args=[token_of(MemberInvitation.objects.open().get())])
    lin.goto(link)
    accessible(lin)
    press(lin, "text=注册并答复")
    assert lin.input_value("[name=email]") == "lin@example.cn"
    lin.fill("[name=name]", "林晓岚")
    lin.fill("[name=username]", "lin")
    lin.fill("[name=password1]", PASSWORD)
    lin.fill("[name=password2]", PASSWORD)
    lin.check("[name=consent]")
    press(lin, "main form button[type=submit]")
    assert lin.url.endswith(link)
    accessible(lin)
    press(lin, "text=接受并加入")
    accessible(lin)

    assert Membership.objects.get(user__username="lin").roles == ["publisher"]
