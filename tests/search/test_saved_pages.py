"""The pages of saved searches: from the list's button to the list again, and the links of mails."""

import pytest
from django.core.signing import Signer
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from marketplace.core.classifications import TechnicalField
from search.lists import LISTS
from search.saved.actions import remove_search
from search.saved.links import token_of
from search.saved.models import Finding, SavedSearch
from tests.factories.people import person, sign_in
from tests.marketplace.outcomes import making
from tests.search.saved_making import fresh, saved_by

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_field(db):
    """A technical field that searches may ask for: what nobody knows is not saved."""
    TechnicalField.objects.get_or_create(code="03", defaults={"name": "先进制造"})


@pytest.fixture
def index(tmp_path, settings):
    """An empty embedded index in place of the process's own."""
    settings.SEARCH_DIR = tmp_path / "search"


@pytest.fixture
def reader(client):
    made = person()
    sign_in(client, made)
    return made


def test_the_button_stands_on_a_list_that_was_asked_something(client, index):
    from search.indexing import rebuild_index

    rebuild_index("outcome")
    for address in ("/outcomes/", "/outcomes/?sort=trl"):
        assert client.get(address).context["save_href"] == ""
    page = client.get("/outcomes/?q=指静脉&field=03&page=2")

    href = page.context["save_href"]
    assert href == "/searches/new/?kind=outcome&q=%E6%8C%87%E9%9D%99%E8%84%89&field=03"
    assert escape(href) in page.content.decode()


def test_the_button_stands_on_the_tabs_of_the_search_that_have_alerts(client, index):
    from search.indexing import rebuild_index

    for kind in LISTS:
        rebuild_index(kind)
    page = client.get("/search/?kind=outcome&q=指静脉&field=03&page=2")

    href = page.context["save_href"]
    offered = {kind for kind in LISTS if client.get(f"/search/?kind={kind}&q=锁").context["save_href"]}
    assert href == "/searches/new/?kind=outcome&q=%E6%8C%87%E9%9D%99%E8%84%89&field=03"
    assert escape(href) in page.content.decode()
    assert client.get("/search/?kind=outcome").context["save_href"] == ""
    assert offered == {"outcome", "need", "lot", "broker"}


@pytest.mark.parametrize("kind", ["contract", "page"])
def test_what_nobody_is_told_of_is_not_saved(client, reader, kind):
    address = f"/searches/new/?kind={kind}&q=锁"

    assert client.get(address).status_code == 404
    assert client.post(address, {"name": "锁", "rhythm": "daily"}).status_code == 404
    assert not SavedSearch.objects.exists()


def test_a_visitor_comes_back_to_the_form_with_nothing_lost(client):
    address = "/searches/new/?kind=need&q=%E9%94%81%E4%BD%93&field=03&mode=service"

    sent = client.get(address)

    assert sent.status_code == 302
    sign_in(client, person())
    from urllib.parse import parse_qs, urlsplit

    back = parse_qs(urlsplit(sent["Location"]).query)["next"][0]
    page = client.get(back)
    assert back == address
    assert page.context["asked"].text == "锁体"
    assert page.context["asked"].chosen == {"field": ("03",), "mode": ("service",)}


def test_saves_under_a_name_made_of_words_and_filters(client, reader):
    making.set_up()
    address = "/searches/new/?kind=outcome&q=锁体&field=03&trl=7-9"
    name = client.get(address).context["form"].initial["name"]
    assert name.startswith("锁体")
    assert "TRL 7–9" in name

    answer = client.post(address, {"name": name, "rhythm": "at_once"})

    saved = SavedSearch.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, "/searches/")
    assert (saved.person, saved.name, saved.rhythm) == (reader, name, "at_once")
    assert saved.chosen == {"field": ["03"], "trl": ["7-9"]}


def test_the_same_search_is_refused_with_a_link_to_the_first(client, reader):
    first = saved_by(reader, "q=锁体", name="我的锁体")

    page = client.post("/searches/new/?kind=outcome&q=锁体", {"name": "又一个", "rhythm": "daily"})

    assert page.status_code == 200
    assert SavedSearch.objects.count() == 1
    assert "我的锁体" in page.content.decode()
    assert f'href="/searches/{first.code}/"' in page.content.decode()


@pytest.mark.parametrize("data", [{}, {"name": "", "rhythm": "daily"}, {"name": "长" * 81, "rhythm": "hourly"}])
def test_a_form_with_gaps_comes_back(client, reader, data):
    page = client.post("/searches/new/?kind=outcome&q=锁体", data)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not SavedSearch.objects.exists()


def test_there_is_no_list_of_another_kind(client, reader):
    assert client.get("/searches/new/?kind=user&q=x").status_code == 404


def test_the_list_says_it_in_the_readers_language_and_counts_what_is_new(client, reader):
    making.set_up()
    saved = saved_by(reader, "q=锁体&field=03&trl=7-9")
    saved_by(person(), "q=别人的")
    Finding.objects.create(saved=saved, key="known")
    Finding.objects.create(saved=saved, key="fresh", found_at=timezone.now())

    row = client.get("/searches/").context["rows"][0]
    english = client.get("/en/searches/")

    assert row.news == 1
    assert any("TRL 7–9" in words for words in row.filters)
    assert "industrial, TRL 7–9" in english.context["rows"][0].filters
    assert len(english.context["rows"]) == 1
    opened = client.get(f"/searches/{saved.code}/")
    assert opened["Location"] == "/outcomes/?q=%E9%94%81%E4%BD%93&field=03&trl=7-9&sort=newest"
    assert client.get("/searches/").context["rows"][0].news == 0


def test_an_empty_list_says_how_to_begin(client, reader):
    page = client.get("/searches/").content.decode()

    assert 'href="/outcomes/"' in page


def test_the_rhythm_changes_in_place(client, reader):
    saved = saved_by(reader)

    client.post(f"/searches/{saved.code}/alerts/", {"rhythm": "weekly"})
    assert fresh(saved).rhythm == "weekly"
    client.post(f"/searches/{saved.code}/alerts/", {"rhythm": "hourly"})
    assert fresh(saved).rhythm == "weekly"


def test_name_and_rhythm_are_edited_on_a_page(client, reader):
    saved = saved_by(reader, "q=指静脉&field=03", name="指静脉")
    page = client.get(f"/searches/{saved.code}/edit/")

    assert page.context["form"].initial == {"name": "指静脉", "rhythm": "daily"}
    assert escape("/outcomes/?q=%E6%8C%87%E9%9D%99%E8%84%89&field=03") in page.content.decode()
    assert f'href="/searches/{saved.code}/edit/"' in client.get("/searches/").content.decode()
    assert client.post(f"/searches/{saved.code}/edit/", {"name": "", "rhythm": "weekly"}).status_code == 200
    assert fresh(saved).rhythm == "daily"
    client.post(f"/searches/{saved.code}/edit/", {"name": "静脉模组", "rhythm": "weekly"})
    assert (fresh(saved).name, fresh(saved).rhythm) == ("静脉模组", "weekly")


def test_two_searches_are_not_called_the_same(client, reader):
    saved_by(reader, "q=锁体", name="锁体")
    other = saved_by(reader, "q=锁芯", name="锁芯")

    proposed = client.get("/searches/new/?kind=need&q=锁体").context["form"].initial["name"]
    new = client.post("/searches/new/?kind=need&q=锁体", {"name": "锁体", "rhythm": "daily"})
    renamed = client.post(f"/searches/{other.code}/edit/", {"name": "锁体", "rhythm": "weekly"})

    assert proposed == "锁体 · 需求"
    for page in (new, renamed):
        assert "您的另一条搜索已叫“锁体”" in page.context["form"].errors["name"][0]
    assert set(SavedSearch.objects.values_list("name", "rhythm")) == {("锁体", "daily"), ("锁芯", "daily")}


def test_values_nobody_knows_are_neither_shown_nor_saved(client, reader):
    address = "/searches/new/?kind=outcome&q=锁体&trl=99&trl=7-9&mode=sold&field=Z9"

    page = client.get(address)
    client.post(address, {"name": "锁体", "rhythm": "daily"})
    empty = client.get("/searches/new/?kind=outcome&trl=99")

    assert page.context["filters"] == ["产业化 TRL 7–9"]
    assert SavedSearch.objects.get().chosen == {"trl": ["7-9"]}
    assert empty.context["obstacle"]


def test_a_search_seen_now_replaces_an_earlier_one(client, reader):
    saved, other = saved_by(reader), saved_by(reader, "q=锁体", kind="need", name="锁体需求")
    page = client.get("/searches/new/?kind=outcome&q=锁芯&field=03")

    offered = [one.pk for one in page.context["replacing"].fields["saved"].queryset]
    assert offered == [saved.pk]  # of the same list only
    answer = client.post(page.context["replace_href"], {"saved": saved.code}, follow=True)

    assert (fresh(saved).text, fresh(saved).chosen) == ("锁芯", {"field": ["03"]})
    assert "“指静脉”" in answer.content.decode()
    assert fresh(other).text == "锁体"


def test_what_cannot_be_replaced_is_not_offered_and_not_taken(client, reader):
    foreign, mine = saved_by(person()), saved_by(reader, "q=锁体", name="锁体")

    assert client.post("/searches/replace/?kind=outcome&q=锁芯", {"saved": foreign.code}).status_code == 404
    assert client.post("/searches/replace/?kind=page&q=锁芯", {"saved": mine.code}).status_code == 404
    assert "replacing" not in client.get("/searches/new/?kind=outcome").context
    assert "replacing" not in client.get("/searches/new/?kind=need&q=锁芯").context
    saved_by(reader, "q=锁芯", name="锁芯")
    answer = client.post("/searches/replace/?kind=outcome&q=锁芯", {"saved": mine.code}, follow=True)

    assert fresh(mine).text == "锁体"
    assert "“锁芯”" in answer.content.decode()  # which one asks this already


def test_deleting_offers_a_way_back(client, reader):
    saved = saved_by(reader)

    page = client.post(f"/searches/{saved.code}/delete/", follow=True)
    assert page.context["rows"] == []
    assert f'action="/searches/{saved.code}/restore/"' in page.content.decode()
    client.post(f"/searches/{saved.code}/restore/")

    assert fresh(saved).removed_at is None


def test_the_search_of_another_is_not_there(client, reader):
    saved = saved_by(person())

    for act in ("alerts", "delete", "restore", "edit"):
        assert client.post(f"/searches/{saved.code}/{act}/", {"rhythm": "none"}).status_code == 404
    assert client.get(f"/searches/{saved.code}/").status_code == 404
    assert client.get(f"/searches/?deleted={saved.code}").context["removed"] is None


def test_the_number_of_queries_does_not_grow_with_the_list(client, reader):
    making.set_up()

    def count():
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/searches/").status_code == 200
        return len(caught)

    saved_by(reader, "q=锁体&field=03&industry=C&trl=7-9")
    count()  # the shell of the page remembers a few things
    one = count()
    for number in range(8):
        saved_by(reader, f"q=锁体{number}&field=0{number + 1}&industry=C&trl=7-9&trl=4-6")

    assert count() == one


@pytest.fixture
def stranger():
    """A mail program: no session, and CSRF is checked."""
    return Client(enforce_csrf_checks=True)


def test_the_link_of_a_mail_asks_first_and_ends_alerts_by_one_click(stranger):
    saved, other = saved_by(person()), saved_by(person())
    address = f"/searches/unsubscribe/{token_of(saved)}/"

    asked = stranger.get(address)
    assert asked.status_code == 200
    assert fresh(saved).rhythm == "daily"
    for _twice in range(2):
        answer = stranger.post(address, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert fresh(saved).rhythm == "none"

    assert fresh(other).rhythm == "daily"


def test_alerts_begin_again_from_the_same_page(client):
    saved = saved_by(person(), rhythm="at_once")
    page = client.post(f"/searches/unsubscribe/{token_of(saved)}/").content.decode()
    again = f"/searches/subscribe-again/{token_of(saved)}/"
    assert f'action="{again}"' in page

    assert client.post(again).status_code == 200
    assert fresh(saved).rhythm == "at_once"


def test_a_forged_or_foreign_token_is_refused_with_a_plain_page(stranger, client):
    saved = saved_by(person())
    good = token_of(saved)
    other = saved_by(person())
    foreign = Signer(salt="another.purpose").sign(f"search-{saved.code}")
    swapped = f"search-{saved.code}:{token_of(other).rsplit(':', 1)[1]}"

    for token in (good[:-1], f"search-{saved.code}", foreign, swapped, "长" * 300):
        for answer in (
            stranger.get(f"/searches/unsubscribe/{token}/"),
            stranger.post(f"/searches/unsubscribe/{token}/"),
            client.post(f"/searches/subscribe-again/{token}/"),
        ):
            assert answer.status_code == 404
            assert "<main" in answer.content.decode()
    assert fresh(saved).rhythm == "daily"


def test_the_link_of_a_deleted_search_says_that_it_is_over(client):
    saved = saved_by(person())
    remove_search(saved, by=saved.person)

    for ask in (client.get, client.post):
        assert ask(f"/searches/unsubscribe/{token_of(saved)}/").status_code == 200
