"""Nobody is told by the search what the pages hide: not by results, counts, facets, marks, suggestions or near misses.

Everybody finds the same, whoever asks: what officers may read elsewhere is no part of a search.
"""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, TestCase
from wagtail.models import PageViewRestriction

from cms.portal.pages import GeneralPage, NewsPage
from marketplace.contracts.models import TechnologyContract
from marketplace.needs.actions import draft_need
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.actions import suspend_organisation
from marketplace.outcomes.availability import withdraw_outcome
from search.documents import SOURCES
from search.indexing import rebuild_index
from search.lists import LISTS
from tasks import delivery
from tests.factories import people
from tests.factories.people import sign_in
from tests.factories.world import make_world
from tests.marketplace.auctions import making as auctions
from tests.marketplace.matching import factories as matching

pytestmark = pytest.mark.long
BEGINNING = 3  # characters of a secret that are asked for; the rest must not come back


@pytest.fixture(scope="module")
def market(lasting):
    """A whole market, with one thing more for each way of being hidden; everything in the index."""
    world = make_world()
    world.withdrawn = world.house.published(title="稀土永磁退火炉")
    withdraw_outcome(world.withdrawn, by=world.house.manager)
    _needs(world)
    _lots(world)
    _pages(world)
    _contract(world)
    for kind in SOURCES:
        rebuild_index(kind)
    return world


def _needs(world: SimpleNamespace) -> None:
    world.shy = people.organisation(kind="enterprise", name="隐名轴承实业", name_en="Hidden Bearings", region="330382")
    world.unnamed = matching.need(of=world.shy, title="轴承磨床主轴温升控制", is_anonymous=True)
    world.draft_need = draft_need(
        organisation=world.enterprise, by=world.enterprise_manager, title="钛合金闭式叶轮修复"
    )
    world.solved = matching.need(title="蜂窝陶瓷载体开裂", state=TechnologyNeed.State.SOLVED)
    world.offline = matching.need(title="滚塑模具排气不畅", live=False)


def _lots(world: SimpleNamespace) -> None:
    session = auctions.planned(title="未公告专场")
    world.draft_lot = auctions.drafted(session)
    world.draft_lot.object_of_sale = "磁流变阻尼器专有技术"
    world.draft_lot.save()


def _pages(world: SimpleNamespace) -> None:
    news = list(NewsPage.objects.filter(locale__language_code="zh-hans"))
    news[0].title = "撤下的园区招商政策"
    news[0].save()
    news[0].unpublish()
    closed = GeneralPage.objects.filter(locale__language_code="zh-hans").first()
    closed.title = "内部操作口径汇编"
    closed.save()
    PageViewRestriction.objects.create(page=closed, restriction_type="login")


def _contract(world: SimpleNamespace) -> None:
    """Give the registered contract names that stand nowhere else."""
    world.registered.buyer_name, world.registered.project_name = "买受方涂装厂", "静电喷涂线改造委托开发"
    world.registered.save()


def secrets(world: SimpleNamespace) -> dict[str, str]:
    """Return {what it is: words that no answer may hold}."""
    contract = world.registered
    return {
        "draft outcome": world.draft.title,
        "outcome in review": world.in_review.title,
        "withdrawn outcome": world.withdrawn.title,
        "confidential part": "供货成本与算法参数",
        "draft need": world.draft_need.title,
        "solved need": world.solved.title,
        "need offline": world.offline.title,
        "anonymous enterprise": world.shy.name,
        "anonymous enterprise in English": world.shy.name_en,
        "lot not announced": world.draft_lot.object_of_sale,
        "session not announced": "未公告专场",
        "contract's project": contract.project_name,
        "contract's buyer": contract.buyer_name,
        "contract's code": contract.code,
        "contract in review": world.contract.code,
        "page offline": "撤下的园区招商政策",
        "page closed": "内部操作口径汇编",
        "organisation not verified": world.pending.name,
        "match": world.match.code,
        "deal": world.deal.code,
    }


def test_the_hidden_things_are_there_to_be_found_out(market):
    """The pages of their own people do show them, so an answer that holds none of them says something."""
    client = Client()
    sign_in(client, market.house.manager)

    assert market.draft.title in client.get(market.draft.get_absolute_url()).content.decode()
    assert len(set(secrets(market).values())) == len(secrets(market))
    assert all(len(words) > BEGINNING for words in secrets(market).values())


def _asked(words: str) -> list[str]:
    """Return addresses that ask for the beginning of some words, or nearly so."""
    part, near = words[:BEGINNING], words[: BEGINNING - 1] + "壹"
    return [
        f"/search/?q={part}",
        f"/search/?q={near}",
        f"/search/suggestions/?q={part[:2]}",
        f"/en/search/?q={part}",
        *(f"/search/?kind={kind}&q={part}" for kind in LISTS),
    ]


def test_a_visitor_is_not_told_what_is_hidden(market):
    assert _told(None, secrets(market), _asked) == []


@pytest.mark.parametrize("role", ["superuser", "officer", "institute manager", "enterprise manager"])
def test_nor_is_whoever_may_read_some_of_it_elsewhere(market, role):
    own = {market.enterprise.name, market.institute.name}
    asked = {what: words for what, words in secrets(market).items() if words not in own}

    assert _told(market.people[role], asked, lambda words: _asked(words)[:1]) == []


def _told(user, asked, addresses) -> list[tuple[str, str]]:
    client = Client()
    if user is not None:
        sign_in(client, user)
    return [
        (what, address)
        for what, words in asked.items()
        for address in addresses(words)
        if words in _main(client.get(address).content.decode())
    ]


def _main(page: str) -> str:
    """Return what the page answers, without head and foot, which every page has."""
    return page.partition("<main")[2].partition("</main>")[0] or page


def test_a_text_that_is_pasted_finds_nothing_hidden(market):
    told = []
    for what, words in secrets(market).items():
        for kind in ("outcome", "need"):
            text = f"我们想找的是{words}，用于智能锁待机电流与指静脉识别。"
            for result in Client().post("/search/text/", {"text": text, "kind": kind}).context["results"]:
                told += [(what, kind)] if words in f"{result['title']}{result['summary']}{result['match']}" else []

    assert told == []


def test_no_count_tells_of_it_either(market):
    counted = {}
    for what, words in secrets(market).items():
        tabs = Client().get("/search/", {"q": f'"{words}"'}).context["tabs"]
        counted |= {(what, tab["href"][:12]): tab["count"] for tab in tabs if tab["count"]}

    assert counted == {}


def test_everybody_is_told_the_same_by_counts_and_facets(market):
    answers, told = {}, []
    for role, user in market.people.items():
        client = Client()
        if user is not None:
            sign_in(client, user)
        pages = {kind: client.get("/search/", {"kind": kind}) for kind in LISTS}
        answers[role] = {kind: _facts(page) for kind, page in pages.items()}
        texts = "".join(_main(page.content.decode()) for page in pages.values())
        opens = TechnologyContract.objects.visible_to(user or AnonymousUser()).values_list("code", flat=True)
        told += [(role, what) for what, words in secrets(market).items() if words in texts and words not in opens]

    assert told == []
    assert [role for role, facts in answers.items() if facts != answers["visitor"]] == []
    # two of the institute, what is sold by the two lots, what is tried first, what is under contract
    assert answers["visitor"]["outcome"][0] == 6


def _facts(answer):
    groups = answer.context["groups"]
    options = [(group["name"], option.value, option.count) for group in groups for option in group["options"]]
    return answer.context["total"], [tab["count"] for tab in answer.context["tabs"]], options


def test_the_facets_of_needs_tell_nothing_of_an_unnamed_enterprise(market):
    answer = Client().get("/needs/", {"q": "轴承磨床"})

    assert [result["title"] for result in answer.context["results"]] == [
        "<mark>轴承磨床</mark>主轴温升控制",
    ]  # fmt: skip
    assert "330382" not in {o.value for group in answer.context["groups"] for o in group["options"] if o.count}
    assert Client().get("/needs/", {"region": "330382"}).context["total"] == 0


def test_nobody_finds_or_counts_an_unnamed_need_by_its_owner(market):
    """Officers read the name on the page of the need; a list that knew it would know it for everybody."""
    shy, told = market.shy.code, []
    for role, user in market.people.items():
        client = Client()
        if user is not None:
            sign_in(client, user)
        for page in ("/needs/?", "/search/?kind=need&", "/needs/?q=轴承磨床&"):
            told += [(role, page, "found")] if client.get(f"{page}owner={shy}").context["total"] else []
            groups = client.get(page).context["groups"]
            told += [(role, page, "offered") for group in groups for option in group["options"] if option.value == shy]

    named = Client().get("/needs/", {"owner": market.need.organisation.code})
    assert named.context["total"] >= 1  # the facet is there: whoever gives a name is found by it
    assert told == []


def test_what_a_search_shows_can_be_opened_by_whoever_it_shows_it_to(market):
    visitor, closed = Client(), []
    for kind in LISTS:
        for result in visitor.get("/search/", {"kind": kind}).context["results"]:
            closed += [result["href"]] if visitor.get(result["href"]).status_code != 200 else []

    assert closed == []


def test_a_suspended_owner_is_shown_as_its_pages_are(market, for_now):
    with delivery.at_once(), TestCase.captureOnCommitCallbacks(execute=True):
        suspend_organisation(market.institute, by=market.people["officer"], reason="材料不实")

    shown = {result["href"] for result in Client().get("/search/", {"kind": "outcome"}).context["results"]}

    for outcome in (market.outcome, market.offered):
        is_open = Client().get(outcome.get_absolute_url()).status_code == 200
        assert (outcome.get_absolute_url() in shown) == is_open


def test_what_was_hidden_a_moment_ago_is_not_shown_from_an_old_index(market, for_now):
    """The index may lag; the rows are read again for every answer."""
    for row in (market.outcome, market.unnamed):
        row.live = False
        row.save()

    everything = Client().get("/search/", {"q": "指静脉"})
    needs = Client().get("/search/", {"kind": "need", "q": "轴承磨床"})

    shown = {result["href"] for result in everything.context["groups"][0].results}
    assert market.outcome.get_absolute_url() not in shown
    assert market.offered.get_absolute_url() in shown
    assert needs.context["results"] == []
