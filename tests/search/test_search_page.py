"""The search over everything: tabs with counts, each tab the list of its kind, contracts and pages among them."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cms.portal.pages import GeneralPage, NewsPage
from marketplace.contracts.actions import correct_contract_number
from search.documents import SOURCES
from search.engine import EngineDown
from search.indexing import rebuild_index
from search.queries import how_many
from tasks.app import app
from tasks.delivery import at_once
from tasks.index import index_changed_pages, index_pages
from tests.factories import people
from tests.factories.asking import queries_of
from tests.factories.people import sign_in
from tests.marketplace.contracts import factories as contracts
from tests.standing_site import ensure_site

pytestmark = pytest.mark.django_db


def rebuild():
    for kind in SOURCES:
        rebuild_index(kind)


def tabs(answer):
    return {tab["href"]: tab["count"] for tab in answer.context["tabs"]}


def titles(answer):
    return [result["title"] for result in answer.context["results"]]


@pytest.fixture
def stocked(index, trade):
    """Two outcomes and a need about locks, one outcome about valves."""
    outcome, need, other = trade
    outcome("锁体切削", "CG-2026-0001")
    outcome("锁体涂层", "CG-2026-0002", field=other)
    outcome("阀门密封", "CG-2026-0003")
    need("锁体压铸气孔率控制")
    rebuild()


def test_every_kind_has_a_tab_with_its_count(client, stocked):
    answer = client.get("/search/", {"q": "锁体"})

    assert [(tab["href"], tab["count"], tab["current"]) for tab in answer.context["tabs"]] == [
        ("?q=%E9%94%81%E4%BD%93", 3, True),
        ("?kind=outcome&q=%E9%94%81%E4%BD%93", 2, False),
        ("?kind=need&q=%E9%94%81%E4%BD%93", 1, False),
        ("?kind=lot&q=%E9%94%81%E4%BD%93", 0, False),
        ("?kind=broker&q=%E9%94%81%E4%BD%93", 0, False),
        ("?kind=contract&q=%E9%94%81%E4%BD%93", 0, False),
        ("?kind=page&q=%E9%94%81%E4%BD%93", 0, False),
    ]
    assert [(group.kind, group.total) for group in answer.context["groups"] if group.total] == [
        ("outcome", 2),
        ("need", 1),
    ]


def test_a_tab_is_the_whole_list_with_facets_and_stays_when_one_is_chosen(client, stocked):
    answer = client.get("/search/", {"kind": "outcome", "q": "锁体", "field": "05"})

    text = answer.content.decode()
    fields = next(group for group in answer.context["groups"] if group["name"] == "field")
    assert titles(answer) == ["<mark>锁体</mark>涂层"]
    assert [(option.value, option.count) for option in fields["options"]] == [("03", 1), ("05", 1)]
    assert tabs(answer)["?kind=outcome&q=%E9%94%81%E4%BD%93"] == 2
    # three forms carry the tab on: words, facets, order
    assert text.count('<input type="hidden" name="kind" value="outcome">') == 3
    assert answer.context["clear_href"] == "?kind=outcome&q=%E9%94%81%E4%BD%93"
    assert answer.context["chosen"][0]["remove_href"] == "?kind=outcome&q=%E9%94%81%E4%BD%93"


def test_a_tab_without_answers_offers_the_nearest_question_within_itself(client, stocked):
    answer = client.get("/search/", {"kind": "outcome", "q": "锁体", "trl": "1-3"})

    assert answer.context["total"] == 0
    assert [(way.count, way.href) for way in answer.context["relaxed"]] == [(2, "?kind=outcome&q=%E9%94%81%E4%BD%93")]
    assert answer.context["all_href"] == "?kind=outcome"


@pytest.mark.parametrize("address", [
    "/search/", "/search/?kind=page", "/search/?kind=contract&type=KF&year=x", "/search/?kind=none&q=x",
    "/search/?kind=need&closing=soon&trl_wanted=x", "/search/?kind=lot&start_price=0-50&sort=;",
    "/en/search/?kind=page", "/search/?kind=contract&export=csv", "/search/?kind=page&export=xlsx",
    "/search/?kind=broker&page=99999",
])  # fmt: skip
def test_no_address_breaks_the_search(client, stocked, address):
    assert client.get(address).status_code == 200


def test_without_the_engine_the_tabs_have_no_counts_and_the_newest_are_listed(client, stocked, monkeypatch):
    def down(*args, **kwargs):
        raise EngineDown("gone")

    monkeypatch.setattr("search.listing.get_engine", down)
    monkeypatch.setattr("search.queries.get_engine", down)
    one, everything = client.get("/search/", {"kind": "outcome", "q": "x"}), client.get("/search/", {"q": "x"})

    assert set(tabs(one).values()) == {None}
    assert len(titles(one)) == 3
    assert "split--facets" not in one.content.decode()  # its first column is as narrow as facets are
    assert "搜索" in everything.content.decode()
    assert everything.status_code == 200


@pytest.fixture
def registered(index):
    """A contract in the register."""
    contract, by = contracts.registered()
    return contract, by


def test_a_contract_is_found_by_its_number_and_tells_what_everybody_may_know(client, registered):
    contract, _by = registered
    rebuild_index("contract")

    answer = client.get("/search/", {"kind": "contract", "q": contract.number})

    text = answer.content.decode()
    assert titles(answer) == [f"<mark>{contract.number}</mark>"]
    assert answer.context["results"][0]["meta"] == [
        contract.get_contract_type_display(), contract.registered_on.isoformat(),
    ]  # fmt: skip
    assert answer.context["results"][0]["href"] == f"/verify/?number={contract.number}"
    for secret in (contract.code, contract.project_name, contract.seller.name, contract.buyer_name):
        assert secret not in text


def test_the_check_repeats_the_number_one_came_from_and_wants_the_code(client, registered):
    contract, _by = registered
    rebuild_index("contract")

    [result] = client.get("/en/search/", {"kind": "contract", "q": contract.number}).context["results"]
    page = client.get(result["href"]).content.decode()
    forged = client.get("/verify/", {"number": "Pay here now"}).content.decode()

    assert f"Contract {contract.number}" in page
    assert "is no code" in page
    assert 'name="code" size="20" maxlength="80" required autocomplete="off" spellcheck="false" value=""' in page
    assert contract.code not in page
    assert "Pay here" not in forged


def test_who_may_open_a_contract_is_led_to_it(client, registered):
    contract, by = registered
    rebuild_index("contract")
    sign_in(client, by)

    answer = client.get("/search/", {"kind": "contract"})

    assert [result["href"] for result in answer.context["results"]] == [contract.get_absolute_url()]


@pytest.mark.parametrize("who", ["seller", "registrar", "auditor"])
def test_who_reads_contracts_is_led_to_those_the_words_find(client, registered, who):
    _contract, by = registered
    other, _by = contracts.registered(project_name="阀门密封许可合同")
    sign_in(client, by if who == "seller" else contracts.person(who))

    for words, found in [("视觉检测", 1), ("视觉检测 开发", 1), ("阀门", 0 if who == "seller" else 1), ("无此词", 0)]:
        answer = client.get("/search/", {"q": words})
        address = f"/contracts/?q={quote(words)}"
        assert answer.context["contracts"] == found
        assert (f"可查看的合同中有 {found} 条结果" in answer.content.decode()) == bool(found)
        assert (f'href="{address}"' in answer.content.decode()) == bool(found)
        assert len(client.get(address).context["rows"]) == found
    assert "可查看的合同中" not in client.get("/search/").content.decode()
    assert other.code not in answer.content.decode()


def test_nobody_else_is_told_of_contracts_and_they_cost_one_question(client, registered):
    contract, by = registered
    with CaptureQueriesContext(connection) as asked:
        client.get("/search/?q=视觉检测")
    assert not [each for each in asked if 'FROM "marketplace_technologycontract"' in each["sql"]]
    assert "可查看的合同中" not in client.get("/search/?q=视觉检测").content.decode()
    sign_in(client, people.person())
    assert "可查看的合同中" not in client.get("/search/?q=视觉检测").content.decode()

    sign_in(client, by)
    one = queries_of(client, "/search/?q=视觉检测")
    contracts.registered(seller=contract.seller, by=by)
    contracts.registered(seller=contract.seller, by=by)
    assert queries_of(client, "/search/?q=视觉检测") <= one


@pytest.mark.parametrize("words", ["seller", "buyer_name", "project_name", "code"])
def test_no_contract_is_found_by_what_is_not_public(client, registered, words):
    contract, _by = registered
    rebuild_index("contract")

    assert client.get("/search/", {"kind": "contract", "q": str(getattr(contract, words))}).context["total"] == 0


def test_contracts_that_are_not_registered_are_not_in_the_index(client, index):
    contracts.submitted()
    rebuild_index("contract")

    assert client.get("/search/", {"kind": "contract"}).context["total"] == 0


@pytest.mark.django_db(transaction=True)
def test_registering_and_correcting_a_number_reach_the_index_by_themselves(client, index):
    with at_once():
        contract, _by = contracts.registered()
        first = contract.number
        found_first = client.get("/search/", {"kind": "contract", "q": first}).context["total"]
        correct_contract_number(
            contract, by=contracts.person("registrar"), number=contracts.number_of(990077), reasons="录入错误"
        )

    assert found_first == 1
    assert client.get("/search/", {"kind": "contract", "q": contract.number}).context["total"] == 1
    assert client.get("/search/", {"kind": "contract"}).context["total"] == 1


@pytest.fixture
def news(index):
    """The portal's first pages, in the index, and one piece of news in Chinese."""
    ensure_site()
    rebuild_index("page")
    return NewsPage.objects.filter(locale__language_code="zh-hans").first()


def test_pages_are_found_by_their_text_in_the_language_of_the_reader(client, news):
    in_chinese = client.get("/search/", {"kind": "page"}).context["total"]
    in_english = client.get("/en/search/", {"kind": "page"}).context

    assert (
        in_chinese
        == NewsPage.objects.filter(locale=news.locale).count() + GeneralPage.objects.filter(locale=news.locale).count()
    )
    assert {result["href"].split("/")[1] for result in in_english["results"]} == {"en"}
    assert client.get("/search/", {"q": news.title}).context["groups"][-1].results[0]["href"] == news.get_url()


def test_a_page_that_goes_offline_is_hidden_at_once_and_the_sweep_takes_it_out(client, news):
    index_changed_pages()
    before = client.get("/search/", {"kind": "page", "q": news.title}).context["total"]
    news.unpublish()
    hidden = [result["href"] for result in client.get("/search/", {"kind": "page", "q": news.title}).context["results"]]
    index_changed_pages()

    assert news.get_url() not in hidden
    assert client.get("/search/", {"kind": "page", "q": news.title}).context["total"] == before - 1


@pytest.fixture
def at_once_in_the_index_worker():
    """Carry out what is sent to the index worker here."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


def test_an_editor_takes_a_page_offline_and_the_index_follows_without_a_sweep(
    client, news, at_once_in_the_index_worker, django_capture_on_commit_callbacks
):
    sign_in(client, people.person(is_superuser=True, is_staff=True))
    before = how_many("page", "")

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("wagtailadmin_pages:unpublish", args=[news.pk]))

    assert answer.status_code == 302
    assert how_many("page", "") == before - 1


def test_a_page_that_comes_out_by_its_schedule_is_found_after_the_sweep(client, news):
    index_changed_pages()
    news.title = "锁具检测补贴办法"
    news.save_revision().publish()
    index_changed_pages()

    assert titles(client.get("/search/", {"kind": "page", "q": "检测补贴"})) == ["锁具<mark>检测补贴</mark>办法"]


def test_a_closed_section_takes_what_lies_below_with_it(client, news):
    parent = news.get_parent()
    PageViewRestriction.objects.create(page=parent, restriction_type="login")

    index_pages([parent.pk])

    answer = client.get("/search/", {"kind": "page", "type": "news"})
    assert answer.context["total"] == 0


def test_who_looks_for_policy_finds_all_of_that_kind(client, news):
    other = news.copy(
        update_attrs={"title": "平台停机通知", "slug": "stop", "kind": "notice"}, reset_translation_key=True
    )
    policy = news.copy(update_attrs={"title": "锁具补助", "slug": "aid", "kind": "policy"}, reset_translation_key=True)
    for page in (other, policy):
        page.save_revision().publish()

    index_pages([other.pk, policy.pk])

    found = titles(client.get("/search/", {"kind": "page", "q": "政策"}))
    assert "锁具补助" in found
    assert "平台停机通知" not in found


def test_the_first_sweep_indexes_every_page(client, index):
    ensure_site()
    cache.clear()

    index_changed_pages()

    assert client.get("/search/", {"kind": "page"}).context["total"] > 0


def test_the_newest_page_stands_first(client, news):
    NewsPage.objects.filter(pk=news.pk).update(published_on=timezone.localdate() + timedelta(days=1))
    rebuild_index("page")

    assert client.get("/search/", {"kind": "page"}).context["results"][0]["href"] == news.get_url()


def test_the_number_of_queries_does_not_grow_with_the_pages(client, news, django_assert_max_num_queries):
    client.get("/search/", {"kind": "page"})

    with django_assert_max_num_queries(30):
        client.get("/search/", {"kind": "page"})
