"""The public lists: search, facets, orders, empty answers, and the engine being down."""

import csv
import io
import re
from datetime import date
from urllib.parse import parse_qs, quote

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from marketplace.core.classifications import Industry
from marketplace.outcomes.parts import IPRight
from search.indexing import index_records, rebuild_index
from search.keeping import add_first_synonyms
from search.listing import PER_PAGE
from search.lot_list import price_label
from search.models import Synonym

pytestmark = pytest.mark.django_db


def test_finds_by_part_of_a_word_and_marks_it(client, index, trade):
    outcome, _need, _other = trade
    outcome("不锈钢锁体超声波振动切削工艺", "CG-2026-0001")
    outcome("超低温阀门唇形密封", "CG-2026-0002")
    index_records("outcome", ["CG-2026-0001", "CG-2026-0002"])

    page = client.get("/outcomes/", {"q": "锁体"})

    assert page.context["total"] == 1
    assert "<mark>锁体</mark>" in page.content.decode()
    assert "唇形密封" not in page.content.decode()


@pytest.fixture
def in_two_languages(index, trade):
    """One outcome and one need with English titles and texts, in the index."""
    outcome, need, _other = trade
    outcome(
        "低功耗指静脉模组", "CG-2026-0001", title_en="Low-power finger vein module", summary="识别率 99.9%。",
        summary_en="Recognises veins with four AA cells.",
    )  # fmt: skip
    need("锁体压铸气孔率控制", title_en="Fewer pores in die castings", problem_en="Pores break the lock bodies.")
    for kind in ("outcome", "need"):
        rebuild_index(kind)


def test_an_english_list_shows_english_titles_and_marks_what_was_found_in_them(client, in_two_languages):
    outcomes = client.get("/en/outcomes/", {"q": "vein"}).context["results"]
    needs = client.get("/en/needs/", {"q": "pores"}).context["results"]

    assert [result["title"] for result in outcomes] == ["Low-power finger <mark>vein</mark> module"]
    assert [result["summary"] for result in outcomes] == ["Recognises <mark>veins</mark> with four AA cells."]
    assert [result["title"] for result in needs] == ["Fewer <mark>pores</mark> in die castings"]


def test_the_language_of_the_page_decides_and_not_that_of_the_question(client, in_two_languages):
    in_english = client.get("/en/search/", {"q": "指静脉"}).context["groups"][0].results
    in_chinese = client.get("/outcomes/", {"q": "vein"}).context["results"]

    assert [(result["title"], result["summary"]) for result in in_english] == [
        ("Low-power finger vein module", "Recognises veins with four AA cells.")
    ]
    assert [(result["title"], result["summary"]) for result in in_chinese] == [("低功耗指静脉模组", "识别率 99.9%。")]


def test_titles_are_suggested_in_the_language_that_is_typed(client, in_two_languages):
    for typed, title in (("finger", "Low-power finger vein module"), ("指静脉", "低功耗指静脉模组")):
        groups = client.get("/en/search/suggestions/", {"q": typed}).context["groups"]
        assert [option["text"] for group in groups for option in group["options"]] == [title]


def test_results_are_counted_in_the_grammar_of_the_language(client, in_two_languages):
    assert client.get("/en/outcomes/").context["total_words"] == "1 result"
    assert client.get("/outcomes/").context["total_words"] == "1 项结果"


def test_facet_counts_leave_their_own_filter_out_and_the_address_is_shareable(client, index, trade):
    outcome, _need, other = trade
    outcome("锁体切削", "CG-2026-0001")
    outcome("锁体涂层", "CG-2026-0002", field=other)
    index_records("outcome", ["CG-2026-0001", "CG-2026-0002"])

    page = client.get("/outcomes/", {"field": "05"})

    fields = next(group for group in page.context["groups"] if group["name"] == "field")
    assert [(option.value, option.count, option.chosen) for option in fields["options"]] == [
        ("03", 1, False),
        ("05", 1, True),
    ]
    assert [result["title"] for result in page.context["results"]] == ["锁体涂层"]


@pytest.fixture
def partly(index, trade):
    """One outcome with all words of a question, one with one of them, one with none."""
    outcome, _need, _other = trade
    outcome("锁体切削涂层工艺", "CG-2026-0001")
    outcome("锁体压铸", "CG-2026-0002")
    outcome("阀门密封", "CG-2026-0003")
    rebuild_index("outcome")
    return outcome


def hrefs(rows):
    return [row["href"] for row in rows]


def test_hits_with_only_some_of_the_words_come_after_the_others_and_are_told_apart(client, partly):
    page = client.get("/outcomes/", {"q": "锁体 切削 涂层 工艺 防腐"})

    assert page.context["total"] == 1
    assert hrefs(page.context["results"]) == ["/outcomes/CG-2026-0001/"]
    assert hrefs(page.context["nearly"]) == ["/outcomes/CG-2026-0002/"]
    assert "只含部分词语" in page.content.decode()


def test_where_nothing_holds_all_words_the_page_says_so_and_shows_what_holds_some(client, partly):
    page = client.get("/outcomes/", {"q": "锁体 防腐"})

    assert (page.context["total"], hrefs(page.context["results"])) == (0, [])
    assert set(hrefs(page.context["nearly"])) == {"/outcomes/CG-2026-0001/", "/outcomes/CG-2026-0002/"}
    assert "没有同时包含这些词语的结果" in page.content.decode()
    assert "下面列出只含部分词语的结果" in page.content.decode()


def test_the_kind_whose_best_holds_most_of_the_words_comes_first(client, partly, trade):
    trade[1]("锁体压铸气孔率控制")
    rebuild_index("need")

    alike = client.get("/search/", {"q": "锁体 防腐"}).context["nearly"]
    needs_first = client.get("/search/", {"q": "压铸 气孔 防腐 耐磨"}).context["nearly"]

    assert [group.kind for group in alike] == ["outcome", "need"]
    assert [group.kind for group in needs_first] == ["need", "outcome"]


def test_hits_with_some_of_the_words_keep_to_the_filters_and_to_the_order_of_relevance(client, partly):
    asked = {"q": "锁体 切削 涂层 工艺 防腐"}

    assert client.get("/outcomes/", asked | {"field": "05"}).context["nearly"] == []
    assert client.get("/outcomes/", asked | {"sort": "newest"}).context["nearly"] == []
    assert client.get("/outcomes/", {"q": "锁体"}).context["nearly"] == []  # one word: there is no "some"
    assert client.get("/outcomes/").context["nearly"] == []


def test_a_synonym_alone_is_not_some_of_the_words(client, partly):
    synonym = Synonym(phrase="防腐", alternatives="密封")
    synonym.full_clean()
    synonym.save()

    listed = client.get("/outcomes/", {"q": "锁体 切削 涂层 工艺 防腐"})
    everything = client.get("/search/", {"q": "防腐 耐磨 轻量 仿生"})

    assert hrefs(listed.context["nearly"]) == ["/outcomes/CG-2026-0002/"]
    assert everything.context["nearly"] == []


def test_hits_with_some_of_the_words_stand_below_the_last_page_only(client, partly, monkeypatch):
    partly("锁体切削夹具", "CG-2026-0004")
    index_records("outcome", ["CG-2026-0004"])
    monkeypatch.setattr("search.listing.PER_PAGE", 1)

    first, second = (client.get("/outcomes/", {"q": "锁体 切削", "page": page}) for page in ("1", "2"))

    assert [answer.context["total"] for answer in (first, second)] == [2, 2]
    assert (hrefs(first.context["nearly"]), hrefs(second.context["nearly"])) == ([], ["/outcomes/CG-2026-0002/"])


def test_a_search_over_everything_without_hits_shows_those_with_some_of_the_words(client, partly):
    page = client.get("/search/", {"q": "锁体 防腐 耐磨 轻量"})

    assert page.context["total"] == 0
    assert [group.kind for group in page.context["nearly"]] == ["outcome"]
    found = hrefs(page.context["nearly"][0].results)
    assert sorted(found) == ["/outcomes/CG-2026-0001/", "/outcomes/CG-2026-0002/"]


def test_an_unpublished_record_leaves_the_list(client, index, trade):
    outcome, _need, _other = trade
    row = outcome("锁体切削", "CG-2026-0001")
    index_records("outcome", ["CG-2026-0001"])
    row.state = "withdrawn"
    row.save()

    hidden_at_once = client.get("/outcomes/").context["results"]
    index_records("outcome", ["CG-2026-0001"])

    assert hidden_at_once == []
    assert client.get("/outcomes/").context["total"] == 0


def test_nothing_found_offers_the_nearest_question_that_has_answers(client, index, trade):
    outcome, _need, _other = trade
    outcome("锁体切削", "CG-2026-0001", trl=5)
    index_records("outcome", ["CG-2026-0001"])

    page = client.get("/outcomes/", {"q": "锁体", "trl": "7-9"})

    assert page.context["total"] == 0
    assert [(way.count, way.href) for way in page.context["relaxed"]] == [(1, "?q=%E9%94%81%E4%BD%93")]


def test_words_that_stand_apart_are_offered_without_their_quotation_marks(client, index, trade):
    outcome, _need, _other = trade
    outcome("不锈钢锁体超声波振动切削工艺", "CG-2026-0001")
    rebuild_index("outcome")

    quoted = client.get("/outcomes/", {"q": '"锁体切削工艺"', "trl": "7-9", "page": "2"})
    excluded = client.get("/outcomes/", {"q": "锁体 -切削"})
    everywhere = client.get("/search/", {"q": '"锁体切削工艺"'})
    answered = client.get("/outcomes/", {"q": '"锁体"'})

    [first, *_others] = quoted.context["relaxed"]
    assert (first.words, first.count, first.is_free) == ("锁体切削工艺", 1, True)
    assert parse_qs(first.href[1:]) == {"q": ["锁体切削工艺"], "trl": ["7-9"]}
    for page, words in ((excluded, "锁体"), (everywhere, "锁体切削工艺")):
        assert [(way.words, way.count, way.is_free) for way in page.context["relaxed"]] == [(words, 1, True)]
        assert f"“{words}”" in page.content.decode()
    assert client.get(everywhere.wsgi_request.path + everywhere.context["relaxed"][0].href).context["total"] == 1
    assert answered.context["relaxed"] == []


def test_an_industry_without_answers_is_named_and_the_way_on_is_counted(client, index, trade):
    outcome, _need, _other = trade
    metal = Industry.objects.create(code="C33", name="金属制品业")
    locks = Industry.objects.create(code="C3351", name="建筑、家具用金属配件制造", parent=metal)
    tools = Industry.objects.create(code="C3322", name="手工具制造", parent=metal)
    for number, served in (("CG-2026-0001", locks), ("CG-2026-0002", locks)):
        row = outcome("锁体切削", number)
        row.industries.set([served])
        row.save()
    rebuild_index("outcome")

    page = client.get("/outcomes/", {"industry": tools.code})

    text = page.content.decode()
    assert page.context["total"] == 0
    assert [tag["label"] for tag in page.context["chosen"]] == ["手工具制造"]
    assert [(way.words, way.count, way.href, way.is_wider) for way in page.context["relaxed"]] == [
        ("金属制品业", 2, "?industry=C33", True),
        ("手工具制造", 2, "?", False),
    ]
    assert "“”" not in text


def test_a_filter_nobody_knows_can_still_be_seen_and_taken_away(client, index, trade):
    outcome, _need, _other = trade
    outcome("锁体切削", "CG-2026-0001")
    rebuild_index("outcome")

    page = client.get("/outcomes/", {"industry": "Z99", "mode": "sold"})

    assert {tag["label"] for tag in page.context["chosen"]} == {"Z99", "sold"}
    assert [(way.words, way.count, way.href) for way in page.context["relaxed"]] == [("sold、Z99", 1, "?")]


def test_a_record_is_found_by_its_number_and_by_the_number_of_its_right(client, index, trade):
    outcome, need, _other = trade
    first = outcome("锁体切削", "CG-2026-0001")
    IPRight.objects.create(outcome=first, kind="invention", number="ZL201920000460.2")
    outcome("锁体压铸", "CG-2026-0002")
    wanted = need("锁体压铸气孔率控制")
    rebuild_index("outcome")
    rebuild_index("need")

    def found(path, number):
        return hrefs(client.get(path, {"q": number}).context["results"])

    assert found("/outcomes/", "CG-2026-0001") == ["/outcomes/CG-2026-0001/"]
    assert found("/outcomes/", "ZL201920000460.2") == ["/outcomes/CG-2026-0001/"]
    assert found("/outcomes/", "201920000460") == ["/outcomes/CG-2026-0001/"]
    assert found("/needs/", wanted.code) == [wanted.get_absolute_url()]


def test_a_need_is_found_by_its_industry_and_by_the_enterprise_it_names(client, index, trade):
    _outcome, need, _other = trade
    locks = Industry.objects.create(code="C3587", name="眼镜制造", name_en="Spectacles")
    named, hidden = need("锁体压铸气孔率控制", industry=locks), need("锁芯电镀起泡", industry=locks, is_anonymous=True)
    rebuild_index("need")

    by_industry, by_name = (client.get("/needs/", {"q": text}).context for text in ("眼镜制造", "样例研究院甲"))

    assert set(hrefs(by_industry["results"])) == {named.get_absolute_url(), hidden.get_absolute_url()}
    assert hrefs([*by_name["results"], *by_name["nearly"]]) == [named.get_absolute_url()]


def test_an_anonymous_need_does_not_name_its_enterprise_even_to_a_search_for_it(client, index, trade):
    _outcome, need, _other = trade
    need("锁体压铸气孔率控制", is_anonymous=True)
    rebuild_index("need")

    listed, searched = client.get("/needs/"), client.get("/needs/", {"q": "样例研究院甲"})

    assert listed.context["total"] == 1
    assert "样例研究院甲" not in listed.content.decode()
    assert searched.context["total"] == 0


def test_the_engine_down_is_said_and_the_newest_rows_are_listed(client, trade, monkeypatch):
    outcome, _need, _other = trade
    outcome("锁体切削", "CG-2026-0001")

    from search.engine import EngineDown

    def down(*args, **kwargs):
        raise EngineDown("gone")

    monkeypatch.setattr("search.listing.get_engine", down)
    page = client.get("/outcomes/", {"q": "别的"})

    assert page.status_code == 200
    assert page.context["engine_down"] is True
    assert "搜索暂时没有响应" in page.content.decode()
    assert [result["title"] for result in page.context["results"]] == ["锁体切削"]


@pytest.mark.parametrize("address", [
    "/outcomes/?page=0", "/outcomes/?page=x", "/outcomes/?page=99999999", "/outcomes/?sort=;drop",
    "/outcomes/?trl=x&field=%E2%80%AE",
    "/outcomes/?q=%22%22%22-%22", "/needs/?budget_band=none", "/search/?q=%22", "/search/suggestions/?q=%E9%94%81",
    "/outcomes/CG-1/similar/",
    "/en/outcomes/?q=lock", "/outcomes/?export=exe",
])  # fmt: skip
def test_no_address_breaks_a_list(client, index, trade, address):
    outcome, _need, _other = trade
    outcome("锁体切削", "CG-2026-0001")
    rebuild_index("outcome")

    assert client.get(address).status_code in (200, 404)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_list_is_exported_as_filtered(client, index, trade, form):
    outcome, _need, _other = trade
    outcome("锁体切削", "CG-2026-0001")
    outcome("阀门密封", "CG-2026-0002")
    rebuild_index("outcome")

    response = client.get("/outcomes/", {"q": "锁体", "export": form})

    assert response["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote(f'成果.{form}')}"
    if form == "csv":
        text = response.content.decode("utf-8-sig")
        assert "锁体切削" in text
        assert "阀门密封" not in text


def test_an_exported_list_can_be_summed_and_sorted(client, index, trade):
    outcome, need, _other = trade
    priced = outcome("锁体切削", "CG-2026-0001", price_low=1_000_000_000, price_high=1_000_012_300, is_negotiable=False)
    outcome("阀门密封", "CG-2026-0002")
    IPRight.objects.create(outcome=priced, kind="invention", number="ZL201410424697.5")
    IPRight.objects.create(outcome=priced, kind="software", number="2025SR0000031")
    need("锁体减重", budget_low=150_000_000, budget_high=2_000_000_000, deadline=date(2027, 1, 31))
    for kind in ("outcome", "need"):
        rebuild_index(kind)

    book = client.get("/outcomes/", {"q": "锁体", "export": "xlsx"}).content
    text = client.get("/outcomes/", {"q": "锁体", "export": "csv"}).content.decode("utf-8-sig")
    needs = client.get("/needs/", {"export": "xlsx"}).content

    sheet = load_workbook(io.BytesIO(book)).active
    published = timezone.localtime(priced.published_at).replace(tzinfo=None, microsecond=0)
    rights = "发明专利 ZL201410424697.5；软件著作权 2025SR0000031"
    assert [cell.value for cell in sheet[2]][6:] == [rights, 1000, 1000.0123, "可转化", published]
    assert sheet["K2"].number_format == "yyyy-mm-dd hh:mm"
    assert next(csv.reader([text.splitlines()[1]]))[7:9] == ["1000.00", "1000.0123"]
    row = [cell.value for cell in load_workbook(io.BytesIO(needs)).active[2]]
    assert [*row[6:8], row[8].date()] == [150, 2000, date(2027, 1, 31)]


@pytest.mark.parametrize("address", ["/outcomes/", "/needs/"])
def test_the_number_of_queries_does_not_grow_with_the_list(client, index, trade, address):
    outcome, need, _other = trade

    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        rebuild_index("outcome")
        rebuild_index("need")
        with CaptureQueriesContext(connection) as caught:
            client.get(address)
        return len(caught)

    outcome("锁体切削", "CG-2026-0001")
    need("需求一")
    count()  # the shell of the page remembers a few things
    one = count()
    outcome("锁体涂层", "CG-2026-0002")
    outcome("锁体压铸", "CG-2026-0003")
    need("需求二")
    need("需求三")

    assert count() == one


@pytest.mark.parametrize("address", ["/outcomes/?field=%00", "/search/?q=a%00b", "/outcomes/%00/"])
def test_a_nul_byte_in_an_address_is_refused(client, db, address):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize(
    ("state", "label"),
    [
        *(("open", "当前价"), ("suspended", "当前价")),
        *((state, "最高出价") for state in ("unsold", "withdrawn", "defaulted", "rescinded")),
        *((state, "成交") for state in ("sold", "confirmed", "publicity", "contracted", "settled")),
    ],
)
def test_only_a_sale_is_called_one(state, label):
    assert price_label(state) == label


@pytest.fixture
def two_pages(index, trade):
    """An outcome and a need more than a page holds."""
    outcome, need, _other = trade
    for number in range(PER_PAGE + 1):
        outcome(f"锁体切削{number}", f"CG-2026-{number:04d}")
        need(f"锁体压铸{number}")
    rebuild_index("outcome")
    rebuild_index("need")


@pytest.mark.parametrize("words", ["", "锁体"])
def test_beyond_the_last_page_stands_the_last_one(client, two_pages, words):
    for address in ("/outcomes/", "/needs/", "/search/"):
        page = client.get(address, {"q": words, "page": "99", "kind": "outcome"})

        assert (page.context["total"], len(page.context["results"])) == (PER_PAGE + 1, 1)
        assert page.context["page_obj"].number == 2
        assert "没有符合条件的结果" not in page.content.decode()
        assert 'aria-current="page" href="?' in page.content.decode()


def hidden(page, form):
    """Return the hidden fields of the first search form whose text field has this id."""
    body = page.content.decode()
    before = body[: body.index(f'<input id="{form}"')]
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', before[before.rindex("<form ") :])


def test_the_lists_own_search_box_keeps_filters_and_order_and_the_header_begins_anew(client, index, trade):
    outcome, _need, _other = trade
    outcome("锁体切削", "CG-2026-0001", trl=8)
    rebuild_index("outcome")
    asked = {"q": "锁体", "trl": "7-9", "sort": "newest", "page": "1"}

    page = client.get("/outcomes/", asked)
    tab = client.get("/search/", asked | {"kind": "outcome"})

    assert hidden(page, "q") == [("trl", "7-9"), ("sort", "newest")]
    assert hidden(tab, "q") == [("kind", "outcome"), ("trl", "7-9"), ("sort", "newest")]
    assert hidden(page, "site-search") == hidden(client.get("/search/", {"q": "锁体"}), "q") == []


@pytest.mark.parametrize("typed", ["CG-2026-0042", "cg20260042", "ＣＧ２０２６００４２"])
def test_a_number_finds_its_record_and_nothing_near_it(client, index, trade, typed):
    outcome, _need, _other = trade
    outcome("锁体切削", "CG-2026-0042")
    outcome("锁体压铸 2026 0042", "CG-2026-0043", summary="CG 级锁芯")
    rebuild_index("outcome")

    page = client.get("/outcomes/", {"q": typed})

    assert hrefs(page.context["results"]) == ["/outcomes/CG-2026-0042/"]
    assert page.context["nearly"] == []
    assert "见于编号：<span><mark>CG-2026-0042</mark></span>" in page.content.decode()


def test_where_the_card_marks_nothing_it_says_where_it_was_found(client, in_two_languages):
    def places(words, address="/outcomes/"):
        [card] = client.get(address, {"q": words}).context["results"]
        return [(str(place["label"]), place["text"]) for place in card["found_in"]]

    assert places("指静脉") == []
    assert places("vein") == [
        ("见于另一语言的标题", "Low-power finger <mark>vein</mark> module"),
        ("见于正文", "Recognises <mark>veins</mark> with four AA cells."),
    ]
    assert places("cells") == [("见于正文", "Recognises veins with four AA <mark>cells</mark>.")]


def test_of_synonyms_the_page_says_what_it_looked_for_too(client, index, trade):
    outcome, _need, _other = trade
    outcome("低功耗指静脉识别锁用模组", "CG-2026-0001")
    rebuild_index("outcome")
    add_first_synonyms()

    for address in ("/outcomes/", "/search/"):
        page = client.get(address, {"q": "锁太耗电"})
        assert page.context["total"] == 1
        assert "同时查找了：耗电 → 功耗、待机、" in page.content.decode()
    assert "同时查找了" not in client.get("/outcomes/", {"q": "门铃 -模组"}).content.decode()


def test_of_punctuation_alone_the_page_says_that_it_was_left_aside(client, index, trade):
    outcome, _need, _other = trade
    outcome("锁体切削", "CG-2026-0001")
    rebuild_index("outcome")

    for address in ("/outcomes/", "/search/"):
        assert "您输入的内容里没有词语" in client.get(address, {"q": "。。。？！"}).content.decode()
        assert "您输入的内容里没有词语" not in client.get(address, {"q": "锁体"}).content.decode()


def test_the_name_of_a_filter_leads_to_it(client, index, trade):
    outcome, _need, _other = trade
    lathe = outcome("锁体切削", "CG-2026-0001", trl=8)
    locks = Industry.objects.create(code="C3351", name="建筑、家具用金属配件制造")
    lathe.industries.set([locks])
    lathe.save()
    IPRight.objects.create(outcome=lathe, kind="invention", number="ZL201920000460.2")
    rebuild_index("outcome")

    def leads(words, **more):
        found = client.get("/outcomes/", {"q": words} | more).context["leads"]
        return [(str(lead.facet), lead.words, lead.count, lead.href) for lead in found]

    assert leads("TRL 8") == leads("ｔｒｌ8级") == [("成熟度", "产业化 TRL 7–9", 1, "?trl=7-9")]
    assert leads("发明专利", sort="trl") == [("知识产权", "发明专利", 1, "?sort=trl&ip_kind=invention")]
    assert leads("c3351") == [("行业", str(locks), 1, "?industry=C3351")]
    assert leads("TRL 2") == leads("实用新型") == leads("锁体") == leads("TRL 8 锁体") == []
    [everywhere] = client.get("/search/", {"q": "TRL 8"}).context["leads"]
    assert everywhere.href == "?kind=outcome&trl=7-9"
    assert client.get("/search/" + everywhere.href).context["total"] == 1


def test_what_becomes_the_title_of_a_need_has_no_signs(client, index):
    page = client.get("/outcomes/", {"q": '电镀 "无氰" -镀铬 NOT 镀镍'}).content.decode()

    assert f"?title={quote('电镀 无氰')}" in page
    assert "?title=" not in client.get("/outcomes/", {"q": "-镀铬"}).content.decode()
