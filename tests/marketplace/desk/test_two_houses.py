"""Whose it is, for a person of two houses: the mixed desk names the house, lists keep to the one acted for."""

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.matching.proposing import propose_matches
from marketplace.organisations.acting import KEY
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole, Role
from tests.factories.people import join, staff
from tests.factories.people import sign_in as signed_in
from tests.marketplace.contracts.factories import drafted, submitted
from tests.marketplace.deals.factories import enterprise, from_match, interest
from tests.marketplace.deals.factories import member as manager_of
from tests.marketplace.matching.factories import agreed, institute, need, outcome, pair, proposed
from tests.marketplace.trials.factories import pooled, requested

pytestmark = pytest.mark.django_db


def acting(user, organisation=None):
    client = signed_in(Client(), user)
    session = client.session
    session[KEY] = organisation.code if organisation else ""
    session.save()
    return client


@pytest.fixture
def two():
    """Return a person who manages an institute and an enterprise, and the two, which have nothing with each other."""
    owning, wanting = institute(), enterprise()
    both = manager_of(owning)
    join(both, wanting, MemberRole.MANAGER)
    return User.objects.get(pk=both.pk), owning, wanting


def houses_on_desk(client):
    return {row.title: row.house for row in client.get(reverse("desk")).context["rows"]}


def test_the_mixed_desk_says_for_which_house_each_row_is(two):
    both, owning, wanting = two
    from_match(need=need(of=wanting))
    agreed(outcome=outcome(of=owning))
    drafted(seller=owning, by=both)
    proposed(need=need(of=wanting))

    mixed = houses_on_desk(acting(both))

    assert mixed
    assert set(mixed.values()) == {owning.called, wanting.called}
    assert f"代表{wanting.called}" in acting(both).get(reverse("desk")).content.decode()
    assert set(houses_on_desk(acting(both, owning)).values()) == {""}


def test_who_belongs_to_one_house_reads_no_house(two):
    _both, owning, _wanting = two
    agreed(outcome=outcome(of=owning))

    assert set(houses_on_desk(acting(manager_of(owning), owning)).values()) == {""}


def test_weaker_matches_are_counted_for_each_house(two):
    both, owning, wanting = two
    for asked, offered in ((need(of=wanting), outcome()), (need(), outcome(of=owning))):
        propose_matches(asked, [pair(asked, offered, score=0.3)])

    rows = [row for row in acting(both).get(reverse("desk")).context["rows"] if "较弱" in row.title]
    assert sorted((row.house, row.count) for row in rows) == sorted([(owning.called, 1), (wanting.called, 1)])
    [one] = [row for row in acting(both, owning).get(reverse("desk")).context["rows"] if "较弱" in row.title]
    assert (one.house, one.count) == ("", 1)


def _records(two):
    """Return {list: (a record of the institute, one of the enterprise)}, by what the page says of them."""
    _both, owning, wanting = two
    sold, bought = from_match(outcome=outcome(of=owning)).deal, from_match(need=need(of=wanting)).deal
    selling, _by = submitted(seller=owning, project_name="本院转让的技术")
    buying, _by = submitted(buyer_uscc=wanting.uscc, project_name="本公司受让的技术")
    offered, asked = interest(on=outcome(of=owning)), interest(of=wanting)
    mine = pooled(of=outcome(of=owning))[0]
    tried, trying = requested(on=mine).trial, requested(by=wanting).trial
    return {
        "deal-list": (sold.get_absolute_url(), bought.get_absolute_url()),
        "contract-list": (selling.get_absolute_url(), buying.get_absolute_url()),
        "interest-list": (offered.get_absolute_url(), asked.get_absolute_url()),
        "trial-list": (tried.get_absolute_url(), trying.get_absolute_url()),
    }


def test_lists_keep_to_the_house_acted_for_and_show_all_where_asked(two):
    both, owning, wanting = two
    records = _records(two)

    for name, (of_owning, of_wanting) in records.items():
        address = reverse(name)
        for organisation, query, expected in (
            (owning, "", (True, False)),
            (wanting, "", (False, True)),
            (owning, "?of=all", (True, True)),
            (None, "", (True, True)),
        ):
            page = acting(both, organisation).get(address + query).content.decode()
            assert (name, query, (of_owning in page, of_wanting in page)) == (name, query, expected)
        assert "?of=all" in acting(both, owning).get(address).content.decode()


def test_the_pool_and_the_queue_of_reviews_keep_to_the_house_acted_for(two):
    both, owning, wanting = two
    entry = pooled(of=outcome(of=owning))[0].get_absolute_url()

    assert entry in acting(both, owning).get(reverse("pool-list")).content.decode()
    assert entry not in acting(both, wanting).get(reverse("pool-list")).content.decode()
    assert entry in acting(both, wanting).get(reverse("pool-list") + "?of=all").content.decode()
    assert "?of=all" in acting(both, wanting).get(reverse("review-queue")).content.decode()


def test_the_export_holds_what_the_list_holds(two):
    both, owning, _wanting = two
    _records(two)

    def rows(query):
        file = acting(both, owning).get(reverse("contract-export") + f"?format=csv{query}")
        return b"".join(file.streaming_content).decode() if file.streaming else file.content.decode()

    assert ("本院转让的技术" in rows(""), "本公司受让的技术" in rows("")) == (True, False)
    assert "本公司受让的技术" in rows("&of=all")


def test_staff_and_people_of_one_house_have_no_such_choice(two):
    _both, owning, wanting = two
    officer = staff(Role.OFFICER)
    for house in (owning, wanting):
        join(officer, house, MemberRole.MANAGER)
    sold = from_match(outcome=outcome(of=owning)).deal.get_absolute_url()

    for person, organisation in ((officer, wanting), (manager_of(owning), owning)):
        page = acting(person, organisation).get(reverse("deal-list")).content.decode()
        assert sold in page
        assert "of=all" not in page


def test_of_both_parties_the_one_acted_for_is_you():
    deal, _seller, _buyer = from_match()
    both = manager_of(deal.seller)
    join(both, deal.buyer, MemberRole.MANAGER)

    def marks(organisation):
        parties = acting(both, organisation).get(deal.get_absolute_url()).context["parties"]
        return {row["name"]: (row["you"], row["also"]) for row in parties}

    assert marks(deal.seller) == {deal.seller.name: (True, True), deal.buyer.name: (False, True)}
    assert marks(deal.buyer) == {deal.seller.name: (False, True), deal.buyer.name: (True, True)}
    assert "（您所在的另一单位）" in acting(both, deal.seller).get(deal.get_absolute_url()).content.decode()
