"""One publication followed to the end, as it commits step by step."""

import pytest
from django.test import Client

from marketplace.matching.models import Match
from marketplace.notices.models import Notice
from tasks.delivery import at_once
from tests.factories.people import sign_in
from tests.marketplace.outcomes import making
from tests.tasks.publishing import found, publish_need, undone


@pytest.fixture
def house(transactional_db, tmp_path, settings):
    """An institute, and an own embedded index, so that nothing of another test is found."""
    settings.SEARCH_DIR = tmp_path / "search"
    making.set_up()
    return making.Institute()


def test_published_found_matched_and_told(client, house, mailoutbox):
    with at_once():
        outcome = house.published()
        need, author = publish_need(house)

    match = Match.objects.get()
    assert undone() == []
    assert found(client, "指静脉") == 1
    assert (match.need, match.outcome, match.state) == (need, outcome, "proposed")
    told = Notice.objects.filter(kind="match.proposed").values_list("user", flat=True)
    assert set(told) == {author.pk, house.publisher.pk, house.manager.pk}
    assert {mail.to[0] for mail in mailoutbox if "对接" in mail.subject} == {
        author.email,
        house.publisher.email,
        house.manager.email,
    }


def test_an_anonymous_enterprise_is_named_nowhere_to_the_public_and_the_other_side(house, mailoutbox):
    with at_once():
        outcome = house.published()
        need, author = publish_need(house, is_anonymous=True)
    match, owner = Match.objects.get(), sign_in(Client(), house.manager)
    public = [
        f"/needs/{need.code}/", f"/en/needs/{need.code}/", "/needs/", "/needs/?export=csv", "/needs/?q=静态功耗",
        "/search/?q=静态功耗", "/needs/suggestions/?q=智能锁", "/needs/suggestions/?q=样例锁",
        "/search/suggestions/?q=样例锁", f"/outcomes/{outcome.number}/", "/",
    ]  # fmt: skip
    of_matches = [
        "/matches/",
        match.get_absolute_url(),
        f"/outcomes/{outcome.number}/matches/",
        "/notices/",
        "/desk/",
    ]

    told = {
        address: client.get(address).content.decode()
        for client, addresses in ((Client(), public), (owner, public + of_matches))
        for address in addresses
    }

    assert [address for address, text in told.items() if "样例锁具" in text] == []
    assert "智能锁静态功耗降低" in told["/needs/"]
    assert "智能锁静态功耗降低" in told[match.get_absolute_url()]
    assert Client().get("/needs/?q=样例锁具").context["total"] == 0
    others = [mail for mail in mailoutbox if mail.to != [author.email] and "对接" in mail.subject]
    assert others
    assert [mail.subject for mail in others if "样例锁具" in mail.subject + mail.body] == []
    assert "样例锁具" in sign_in(Client(), author).get(match.get_absolute_url()).content.decode()
