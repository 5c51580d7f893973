"""How programs sign in: a token that acts for one organisation, or a session with its CSRF check."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.models import APIToken

from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import BidAnswer
from marketplace.core import clock
from marketplace.organisations.models import AccessToken, Consent, Membership
from marketplace.organisations.roles import MemberRole
from marketplace.organisations.tokens import make_token, revoke_token
from tests.factories import people
from tests.factories.people import join, sign_in
from tests.marketplace.auctions.calling import bearer, placed, send, told
from tests.marketplace.auctions.making import announced_lot, bidder, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lot():
    return announced_lot(starts_at=timezone.now() - timedelta(minutes=1))


def state(lot, **headers):
    return Client().get(f"/api/v1/lots/{lot.number}/state", headers=headers)


def test_nobody_bids_without_signing_in(lot):
    answer = send(lot, 160 * WAN)

    assert told(answer) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


NONSENSE = ["", "x", "wagtail_", "wagtail_" + "A" * 33, "wagtail_" + "ü" * 33, "a b", "Bearer x"]


@pytest.mark.parametrize("text", NONSENSE)
def test_a_token_that_is_none_is_refused(lot, text):
    headers = {"Authorization": f"Bearer {text}"}

    assert told(send(lot, 160 * WAN, headers=headers)) == (401, "token_refused")


@pytest.mark.parametrize("header", ["Basic YTpi", "Token abc", "bearer", ""])
def test_another_way_of_signing_in_is_none(lot, header):
    answer = send(lot, 160 * WAN, headers={"Authorization": header})

    assert told(answer)[0] == 401


def _revoked(one, access):
    revoke_token(access, by=one.agent)


def _expired(one, access):
    AccessToken.objects.filter(pk=access.pk).update(expires_at=clock.now())


def _closed(one, access):
    type(one.agent).objects.filter(pk=one.agent_id).update(is_active=False)


def _became_staff(one, access):
    one.agent.groups.add(Group.objects.get_or_create(name="editor")[0])


@pytest.mark.parametrize("end", [_revoked, _expired, _closed, _became_staff])
def test_a_token_that_ended_is_refused_for_bids_and_for_reads(lot, end):
    one = bidder(lot)
    access, text = make_token(by=one.agent, organisation=one.organisation, name="robot", days=30)
    headers = {"Authorization": f"Bearer {text}"}
    end(one, access)

    bid, read = send(lot, 160 * WAN, headers=headers), state(lot, **headers)

    assert [told(bid), told(read)] == [(401, "token_refused")] * 2
    assert BidAnswer.objects.count() == 0


def test_a_token_without_consent_to_the_notice_does_not_bid(lot):
    one = bidder(lot)
    headers = bearer(one)
    Consent.objects.update(version="2020-01")

    assert told(send(lot, 160 * WAN, headers=headers)) == (403, "consent")


def test_a_token_acts_for_its_own_organisation_only(lot):
    one = bidder(lot)
    other = organisation()
    join(one.agent, other, MemberRole.BIDDER)
    _access, text = make_token(by=one.agent, organisation=other, name="robot", days=30)

    answer = send(lot, 160 * WAN, headers={"Authorization": f"Bearer {text}"})

    assert told(answer) == (403, "not_qualified")


def test_a_token_of_the_pages_of_wagtail_opens_nothing(lot):
    _token, text = APIToken.create_token(user=bidder(lot).agent, name="elsewhere")

    assert told(send(lot, 160 * WAN, headers={"Authorization": f"Bearer {text}"})) == (401, "token_refused")


def test_a_token_that_does_not_work_is_not_made_good_by_a_session(lot, client):
    sign_in(client, bidder(lot).agent)

    answer = send(lot, 160 * WAN, client=client, headers={"Authorization": "Bearer x"})

    assert told(answer) == (401, "token_refused")


def test_the_last_use_is_noted_once_a_minute(lot):
    one = bidder(lot)
    headers = bearer(one)

    send(lot, 160 * WAN, headers=headers)
    first = APIToken.objects.get().last_used_at
    state(lot, **headers)

    assert first is not None
    assert APIToken.objects.get().last_used_at == first


def test_a_session_bids_for_the_organisation_it_acts_for(lot, client):
    one = bidder(lot)
    sign_in(client, one.agent)

    answer = send(lot, 160 * WAN, client=client)

    assert (answer.status_code, answer.json()["alias"]) == (201, one.alias)


def test_a_session_that_acts_for_nobody_is_told(lot, client):
    one = bidder(lot)
    join(one.agent, organisation(), MemberRole.BIDDER)
    sign_in(client, one.agent)

    answer = send(lot, 160 * WAN, client=client)

    assert told(answer) == (403, "forbidden")
    assert "选择" in answer.json()["detail"]


def test_a_session_needs_the_token_of_forms(lot):
    one = bidder(lot)
    careful = sign_in(Client(enforce_csrf_checks=True), one.agent)
    careful.get(f"/lots/{lot.number}/")
    value = careful.cookies["csrftoken"].value

    without = send(lot, 160 * WAN, client=careful)
    read = careful.get(f"/api/v1/lots/{lot.number}/state")
    with_it = send(lot, 160 * WAN, client=careful, headers={"X-CSRFToken": value})

    assert told(without) == (403, "csrf")
    assert read.status_code == 200
    assert with_it.status_code == 201


def test_a_token_needs_no_token_of_forms(lot):
    careful = Client(enforce_csrf_checks=True)

    assert send(lot, 160 * WAN, client=careful, headers=bearer(bidder(lot))).status_code == 201


def test_staff_with_a_password_only_get_a_problem(lot, client):
    sign_in(client, person("organiser"), factor=False)

    assert told(send(lot, 160 * WAN, client=client)) == (403, "mfa_activate_totp")


@pytest.mark.parametrize("who", ["stranger", "seller", "organiser", "finance", "auditor", "officer"])
def test_who_may_not_bid_on_the_page_may_not_here(lot, client, who):
    user = {
        "stranger": people.person,
        "seller": lambda: people.member(lot.outcome.owner, MemberRole.BIDDER),
    }.get(who, lambda: person(who))()
    sign_in(client, user)

    assert told(send(lot, 160 * WAN, client=client)) == (403, "forbidden")


def test_a_bid_by_program_is_recorded_like_one_from_the_page(lot):
    one, rival = bidder(lot), bidder(lot)
    placed(one, 160 * WAN)

    send(lot, 165 * WAN, headers=bearer(rival))

    rows = list(lot.events.filter(kind="bid").order_by("seq").values_list("source", "alias"))
    assert rows == [("online", one.alias), ("online", rival.alias)]
    assert BidAnswer.objects.get(amount=165 * WAN).registration == rival


def test_leaving_the_organisation_ends_its_tokens(lot):
    from marketplace.organisations.joining import leave_organisation

    one = bidder(lot)
    headers = bearer(one)
    people.join(people.person(), one.organisation, MemberRole.MANAGER)
    leave_organisation(Membership.objects.get(user=one.agent), by=one.agent)
    Membership.objects.filter(user=one.agent).update(state="active", roles=["bidder"])

    assert told(send(lot, 160 * WAN, headers=headers)) == (401, "token_refused")
