"""Access tokens: made by agents after they prove who they are, shown once, revoked for good, all in the journal."""

import re
import time

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from wagtail.models import APIToken

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.organisations.accounts import empty_user
from marketplace.organisations.models import AccessToken
from marketplace.organisations.roles import MemberRole
from marketplace.organisations.tokens import DAYS, MOST, RevokedAlready, TooManyTokens, make_token, revoke_token
from tests.factories.people import join, member, organisation, person, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return member(organisation(manager=person(), name="样例竞买有限公司"), MemberRole.BIDDER)


def house(agent):
    return agent.memberships.get(roles=["bidder"]).organisation


def made(agent, name="robot"):
    return make_token(by=agent, organisation=house(agent), name=name, days=30)


def fresh(client, user, method="password"):
    """Sign in as somebody who just typed the password (or passed a factor)."""
    sign_in(client, user)
    session = client.session
    session["account_authentication_methods"] = [{"method": method, "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


def facts(agent, **changed):
    return {"name": "robot", "organisation": house(agent).code, "days": "30"} | changed


def test_a_token_is_shown_once_and_kept_as_a_digest(client, agent):
    fresh(client, agent)

    page = client.post(reverse("token-new"), facts(agent))
    listed = client.get(reverse("token-list"))

    (text,) = set(re.findall(r"wagtail_\w{30,}", page.content.decode()))
    access = AccessToken.objects.get()
    assert text not in listed.content.decode()
    assert text not in str(APIToken.objects.values())
    assert access.token.key_hash in APIToken.candidate_key_hashes(text)
    assert (access.token.user, access.organisation, access.token.name) == (agent, house(agent), "robot")
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert "robot" in listed.content.decode()


def test_making_and_revoking_are_in_the_journal_without_the_name(client, agent):
    fresh(client, agent)
    client.post(reverse("token-new"), facts(agent))
    access = AccessToken.objects.get()

    client.post(reverse("token-revoke", args=[access.code]))

    entries = list(Entry.objects.about(access).order_by("pk"))
    assert [entry.kind for entry in entries] == [Kind.TOKEN_MADE, Kind.TOKEN_REVOKED]
    assert {(entry.actor, entry.on_behalf_of) for entry in entries} == {(agent, house(agent))}
    assert "robot" not in str([entry.data for entry in entries])
    assert not AccessToken.objects.get().works(clock.now())


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_finds_the_session_open_makes_no_token(client, agent, method):
    sign_in(client, agent)

    answer = getattr(client, method)(reverse("token-new"), facts(agent))

    assert answer.url.startswith(reverse("account_reauthenticate"))
    assert not AccessToken.objects.exists()


def test_whoever_has_a_second_factor_passes_it_first(client, agent):
    Authenticator.objects.create(user=agent, type="totp", data={"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXP")})
    fresh(client, agent)
    without = client.post(reverse("token-new"), facts(agent))
    fresh(client, agent, method="mfa")

    with_it = client.post(reverse("token-new"), facts(agent))

    assert without.url.startswith(reverse("mfa_reauthenticate"))
    assert with_it.status_code == 200
    assert AccessToken.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "x" * 61}, {"organisation": "x"}, {"days": "31"}, {"days": ""}, {"organisation": ""}],
)
def test_a_form_that_is_wrong_makes_no_token(client, agent, wrong):
    fresh(client, agent)

    page = client.post(reverse("token-new"), facts(agent, **wrong))

    assert page.context["form"].errors
    assert not AccessToken.objects.exists()


def test_only_organisations_one_bids_for_are_offered(client, agent):
    other, publishing = organisation(), organisation()
    join(agent, publishing, MemberRole.PUBLISHER)
    fresh(client, agent)

    for foreign in (other, publishing):
        assert client.post(reverse("token-new"), facts(agent, organisation=foreign.code)).context["form"].errors
    assert not AccessToken.objects.exists()


def test_the_action_asks_the_rule_itself(agent):
    with pytest.raises(PermissionDenied):
        make_token(by=person(), organisation=house(agent), name="robot", days=30)


def test_a_token_of_somebody_else_is_not_there(client, agent):
    access, _text = made(agent)
    sign_in(client, person())

    assert client.post(reverse("token-revoke", args=[access.code])).status_code == 404
    assert AccessToken.objects.get().works(clock.now())


def test_a_token_is_revoked_once(agent):
    access, _text = made(agent)
    revoke_token(access, by=agent)

    with pytest.raises(RevokedAlready):
        revoke_token(access, by=agent)

    assert Entry.objects.filter(kind=Kind.TOKEN_REVOKED).count() == 1


def test_there_are_at_most_so_many(agent):
    for number in range(MOST):
        made(agent, name=str(number))

    with pytest.raises(TooManyTokens):
        made(agent)

    revoke_token(AccessToken.objects.first(), by=agent)
    made(agent)
    assert AccessToken.objects.working(clock.now()).count() == MOST


def test_a_token_ends_by_itself(agent):
    access, _text = make_token(by=agent, organisation=house(agent), name="robot", days=DAYS[0])

    assert access.works(clock.now())
    assert not access.works(access.expires_at)
    assert AccessToken.objects.working(access.expires_at).count() == 0


def test_closing_the_account_revokes_its_tokens(agent):
    access, _text = made(agent)

    empty_user(agent, by=agent)

    access.token.refresh_from_db()
    assert access.token.revoked_at is not None


def test_the_list_asks_as_often_for_one_token_as_for_three(client, agent, django_assert_max_num_queries):
    made(agent)
    sign_in(client, agent)
    client.get(reverse("token-list"))
    with django_assert_max_num_queries(100) as one:
        client.get(reverse("token-list"))
    for number in range(2):
        made(agent, name=str(number))

    with django_assert_max_num_queries(len(one)):
        client.get(reverse("token-list"))
