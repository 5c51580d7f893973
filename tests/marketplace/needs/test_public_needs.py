"""A public need: to whom it names its enterprise, who closes it and who solves it."""

import pytest

from marketplace.core.journal import Entry
from marketplace.matching.showing import shown
from marketplace.needs.actions import disclose_need
from marketplace.needs.models import TechnologyNeed
from tests.factories.people import sign_in
from tests.marketplace.matching import factories as matches


def test_a_match_and_the_page_of_its_need_name_the_enterprise_to_the_same_people(trade, public):
    TechnologyNeed.objects.update(is_anonymous=True)
    disclose_need(public, organisation=trade.other, by=trade.manager)
    need = TechnologyNeed.objects.prefetch_related("disclosures").get()
    match = matches.proposed(need=need)
    match.need = need

    for who in ("manager", "bidder", "rival", "stranger", "liaison", "officer", "auditor"):
        user = getattr(trade, who)
        assert bool(shown([match], user)[0].enterprise) is (who != "stranger"), who
        assert need.names_enterprise_to(user) is (who != "stranger"), who


@pytest.mark.parametrize(("who", "sees"), [
    (None, False), ("stranger", False), ("rival", False), ("manager", True), ("liaison", True), ("officer", True),
    ("auditor", True),
])  # fmt: skip
def test_an_anonymous_need_names_its_enterprise_only_to_those_who_may_know(client, trade, public, who, sees):
    TechnologyNeed.objects.update(is_anonymous=True)
    if who:
        sign_in(client, getattr(trade, who))

    assert ("样例企业甲" in client.get(public.get_absolute_url()).content.decode()) is sees


def test_the_enterprise_is_told_once_it_is_disclosed(client, trade, public):
    TechnologyNeed.objects.update(is_anonymous=True)
    disclose_need(public, organisation=trade.other, by=trade.manager)
    disclose_need(public, organisation=trade.other, by=trade.manager)
    sign_in(client, trade.rival)

    assert "样例企业甲" in client.get(public.get_absolute_url()).content.decode()
    assert Entry.objects.filter(kind="need.disclosed").count() == 1


@pytest.mark.parametrize("who", ["stranger", "rival", "bidder", "auditor", "officer"])
def test_closing_is_refused_to_others(client, trade, public, who):
    sign_in(client, getattr(trade, who))

    answer = client.post(f"/needs/{public.code}/close/", {"reason": "不需要了"})

    public.refresh_from_db()
    assert answer.status_code in (403, 404)
    assert public.state == "open"


def test_is_closed_with_a_reason_and_opened_again(client, trade, public):
    sign_in(client, trade.publisher)
    without = client.post(f"/needs/{public.code}/close/", {"reason": " "})
    client.post(f"/needs/{public.code}/close/", {"reason": "已自行解决"})
    public.refresh_from_db()
    closed = public.state
    client.post(f"/needs/{public.code}/reopen/")
    public.refresh_from_db()

    assert without.status_code == 200
    assert (closed, public.state) == ("closed", "open")


def test_solving_asks_first_and_says_what_ends(client, trade, public):
    match = matches.agreed(need=public)
    matches.proposed(need=public)
    sign_in(client, trade.publisher)
    address = f"/needs/{public.code}/solve/"

    detail, asked = client.get(public.get_absolute_url()).content.decode(), client.get(address).content.decode()
    public.refresh_from_db()
    before = public.state
    client.post(address)

    public.refresh_from_db()
    assert f'href="{address}"' in detail
    assert before == "open"
    for said in ("此操作不可撤销", match.outcome.title, "1 项推荐的对接随之结束", "已建立的交易不受影响"):
        assert said in asked
    assert public.state == "solved"


@pytest.mark.parametrize("who", ["bidder", "liaison", "officer", "auditor", "rival"])
def test_nobody_else_solves_a_need(client, trade, public, who):
    sign_in(client, getattr(trade, who))
    address = f"/needs/{public.code}/solve/"

    shown = client.get(public.get_absolute_url()).content.decode()
    answers = [client.get(address), client.post(address)]

    public.refresh_from_db()
    assert address not in shown
    assert [answer.status_code for answer in answers] == [403, 403]
    assert public.state == "open"


def test_of_what_a_liaison_closed_the_enterprise_reads_who_and_why(client, trade, public):
    sign_in(client, trade.liaison)
    asked = client.get(f"/needs/{public.code}/close/").content.decode()
    client.post(f"/needs/{public.code}/close/", {"reason": "企业已停产"})
    sign_in(client, trade.publisher)

    page = client.get(public.get_absolute_url()).content.decode()

    assert "企业会收到通知" in asked
    assert f"联络员{trade.liaison}已关闭：企业已停产" in page
    assert Entry.objects.get(kind="need.closed").on_behalf_of is None
