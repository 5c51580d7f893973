"""What programs read: contracts, registrations, pool, publicity, brokers, figures; who sees what, as on the pages."""

from datetime import timedelta

import pytest
from django.test import Client

from marketplace.brokers.actions import suspend_broker
from marketplace.core import clock
from marketplace.core.limits import READS
from marketplace.indicators.figures import BY_SLUG
from marketplace.indicators.periods import Period
from marketplace.organisations.roles import MemberRole
from marketplace.organisations.tokens import make_token
from marketplace.publicity.models import Publicity
from marketplace.trials.pool import PoolEntry
from tests.factories.people import join, sign_in
from tests.marketplace.auctions.calling import told
from tests.marketplace.contracts.factories import broker, drafted, organisation, person, registered
from tests.marketplace.deals.factories import agreed_price
from tests.marketplace.trials.factories import pooled

pytestmark = pytest.mark.django_db


def read(path, user=None, **asked):
    client = Client() if user is None else sign_in(Client(), user)
    return client.get(f"/api/v1/{path}", asked)


def codes(answer):
    return {each["code"] for each in answer.json()["items"]}


def test_contracts_are_those_of_the_pages():
    known, buyer = broker(user=person()), organisation(kind="enterprise")
    contract, manager = registered(broker=known, buyer_uscc=buyer.uscc)
    draft, other = drafted()
    everybody = {
        manager: {contract.code},
        person(member_of=buyer, roles=["manager"]): {contract.code},
        known.user: {contract.code},
        other: {draft.code},
        person("registrar"): {contract.code},
        person("officer"): {contract.code, draft.code},
        person("auditor"): {contract.code, draft.code},
        person(member_of=organisation(), roles=["manager"]): set(),
    }

    assert {user: codes(read("contracts", user)) for user in everybody} == everybody
    assert told(read("contracts")) == (401, "unauthenticated")
    (row,) = read("contracts", manager, state="registered").json()["items"]
    assert (row["total_amount"], row["technical_amount"]) == (600_000_000, 480_000_000)
    assert (row["number"], row["seller"]) == (contract.number, contract.seller.name)


def test_a_token_reads_the_contracts_of_its_organisation_only():
    contract, manager = registered()
    second = organisation()
    join(manager, second, MemberRole.MANAGER)
    other, _by = registered(seller=second, by=manager)
    _token, text = make_token(by=manager, organisation=contract.seller, name="目录程序", days=30)

    answer = Client().get("/api/v1/contracts", headers={"Authorization": f"Bearer {text}"})

    assert codes(answer) == {contract.code}
    assert codes(read("contracts", manager)) == {contract.code, other.code}


def test_a_registration_is_checked_by_its_code_and_tells_no_amount():
    contract, _manager = registered()
    draft, _by = drafted()

    answer = read(f"contracts/{contract.code}/registration")

    assert answer.json() == {
        "code": contract.code,
        "state": "registered",
        "stands": True,
        "number": contract.number,
        "registered_on": contract.registered_on.isoformat(),
        "contract_type": "KF",
        "seller": contract.seller.name,
        "joint_sellers": [],
        "buyer": contract.buyer_name,
        "terminated_on": None,
    }
    for code in (draft.code, contract.number, "none"):
        assert told(read(f"contracts/{code}/registration")) == (404, "not_found")


def test_the_pool_tells_open_entries_with_their_terms():
    entry = PoolEntry.objects.get(pk=pooled()[0].pk)
    shown = read("pool").json()

    assert (shown["count"], shown["pages"]) == (1, 1)
    (row,) = shown["items"]
    assert (row["outcome"], row["terms"]["version"]) == (entry.outcome.number, 1)
    assert row["terms"]["length_days"] == entry.current.length_days
    assert "confidentiality" not in row["terms"]
    type(entry.outcome).objects.filter(pk=entry.outcome_id).update(live=False)
    assert read("pool").json()["items"] == []


def test_what_is_in_publicity_is_told_as_on_its_page():
    opened = agreed_price()
    running = Publicity.objects.get()

    (row,) = read("publicities").json()["items"]

    assert (row["code"], row["matter"], row["state"]) == (running.code, "agreed_price", "running")
    assert row["title"] == str(running)
    assert opened.deal.buyer.name not in row["title"]
    assert read("publicities", state="ended").json()["items"] == []
    assert told(read("publicities", state="secret")) == (422, "invalid")


def test_the_register_of_brokers_tells_where_each_stands():
    valid, suspended = broker(), broker()
    suspend_broker(suspended, by=person("officer"), reason="样例")

    found = {row["code"]: row["standing"] for row in read("brokers").json()["items"]}

    assert found == {valid.code: "valid", suspended.code: "suspended"}
    assert codes(read("brokers", valid="true")) == {valid.code}


def test_figures_are_those_of_the_board():
    for _each in range(3):  # of fewer no amount is shown
        registered()
    half = Period.containing(clock.today(), "half")

    shown = read("figures").json()

    assert shown["period"] == half.code
    values = {row["slug"]: row["value"] for row in shown["figures"]}
    assert set(values) == set(BY_SLUG)
    assert values["contract-total"] == BY_SLUG["contract-total"].measure(half).value == 3 * 600_000_000
    assert read("figures", period="2019").json()["is_running"] is False
    assert told(read("figures", period="2026-13")) == (422, "invalid")


def test_the_amount_of_one_or_two_contracts_is_told_to_who_may_open_them():
    registered()

    shown = {user: read("figures", user).json()["figures"] for user in (None, person("registrar"))}

    values = [{row["slug"]: row["value"] for row in figures} for figures in shown.values()]
    assert [each["contract-total"] for each in values] == [None, 600_000_000]
    assert [each["contract-count"] for each in values] == [1, 1]


@pytest.mark.parametrize("path", ["pool", "publicities", "brokers", "figures"])
def test_a_second_reading_of_the_same_is_304_and_each_is_counted(path):
    client = Client()
    first = client.get(f"/api/v1/{path}")
    again = client.get(f"/api/v1/{path}", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert f"r={READS.most - 2};" in again["RateLimit"]
    assert client.head(f"/api/v1/{path}").status_code == 200
    assert told(client.post(f"/api/v1/{path}")) == (405, "method_not_allowed")


def test_pages_end(monkeypatch):
    for _ in range(3):
        broker()
    monkeypatch.setattr("marketplace.organisations.reading.ON_A_PAGE", 2)

    pages = [read("brokers", page=page).json() for page in (1, 2, 3)]

    assert [len(page["items"]) for page in pages] == [2, 1, 0]
    assert {(page["count"], page["pages"]) for page in pages} == {(3, 2)}
    assert told(read("brokers", page=0)) == (422, "invalid")


def test_too_many_reads_wait():
    client = Client()
    first = client.get("/api/v1/pool")
    who = "address-127.0.0.1"
    for _ in range(READS.most):
        READS.count(who)

    answer = client.get("/api/v1/pool")

    assert first.status_code == 200
    assert told(answer) == (429, "too_many")
    assert int(answer["Retry-After"]) > 0


def test_a_longer_register_asks_no_more(django_assert_max_num_queries):
    broker()
    read("brokers")
    with django_assert_max_num_queries(20) as few:
        read("brokers")
    for _ in range(3):
        broker(valid_until=clock.today() + timedelta(days=9))

    with django_assert_max_num_queries(len(few)):
        assert read("brokers").json()["count"] == 4
