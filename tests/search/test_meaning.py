"""Did you mean: near misses of Latin words and of Chinese, told only where a search would find them."""

import pytest
from django.http import QueryDict

from search import meaning
from search.indexing import index_records, rebuild_index
from search.meaning import near
from search.queries import how_many
from search.vocabulary import Vocabulary

TITLES = ["不锈钢锁体超声波振动切削工艺", "低功耗指静脉识别模组", "Low-power finger vein module", "锁体涂层"]


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("锁梯切削", "锁体切削"),  # another character
        ("超波振动", "超声波振动"),  # one left out
        ("超声声波振动", "超声波振动"),  # one too many
        ("指脉静识别", "指静脉识别"),  # two exchanged
        ("vien", "vein"),
        ("fingr modul", "finger modul"),  # the second is a form of a word that is known
        ("fingers vain", "fingers vein"),
        ("锁梯 fingr", "锁体 finger"),
        ("鎖梯切削", "锁体切削"),
    ],
)
def test_the_likeliest_way_to_write_it(asked, meant):
    known = Vocabulary.of(TITLES)

    assert near(asked, known)[0] == meant


@pytest.mark.parametrize(
    "asked", ["锁体", "指静脉识别", "module", "GB/T 19001", "2026", "锁", "", "钙钛矿太阳能", "qwrtz"]
)
def test_what_is_written_as_titles_do_or_like_nothing_in_them_stays(asked):
    assert near(asked, Vocabulary.of(TITLES)) == []


WORKSHOP = [
    "工业机器人关节减速器", "机器人焊接工作站", "机器视觉在线检测", "镜片镀膜缺陷识别", "无氰电镀工艺", "电镀废水处理",
    "石墨烯复合涂层", "防水材料配方", "锁芯防技术开启", "锁体超声波切削", "指静脉识别模组", "阀门密封结构",
    "绿色供应链", "锁芯叶片装配", "激光焊接头", "高频感应加热", "音频功率放大", "发射装置", "辐射防护",
    "Laser welding head", "Machine vision",
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("jiqiren", "机器人"),
        ("JiQiRen", "机器人"),
        ("ji qi ren", "机器人"),
        ("ji'qi'ren", "机器人"),
        ("jiqishijue", "机器视觉"),
        ("jiqi shijue", "机器 视觉"),
        ("diandu", "电镀"),
        ("shimoxi", "石墨烯"),
        ("jiguanghanjie", "激光焊接"),
        ("lvse", "绿色"),
        ("suoti", "锁体"),  # no word of the dictionary, but of two titles
        ("zijinmai", "指静脉"),  # zh, z and ng, n are typed alike
        ("famen", "阀门"),
        ("机期人", "机器人"),
        ("及其人", "机器人"),  # two characters of the same sound
        ("机器视绝", "机器视觉"),
        ("激光汗接", "激光焊接"),
        ("石墨稀", "石墨烯"),
        ("电渡", "电镀"),
        ("阀们", "阀门"),
        ("镜偏", "镜片"),
        ("防水财料", "防水材料"),
        ("机器入", "机器人"),  # it looks like it
        ("锁蕊", "锁芯"),
        ("机器器人", "机器人"),
        ("石烯墨", "石墨烯"),
        ("超波", "超声波"),
        ("vison", "vision"),
        ("lasr", "laser"),
    ],
)
def test_what_sounds_or_looks_like_words_of_titles_is_offered(asked, meant):
    assert near(asked, Vocabulary.of([*TITLES, *WORKSHOP]))[:1] == [meant]


def test_a_word_that_only_joins_others_is_not_offered_for_its_sound():
    known = Vocabulary.of([*WORKSHOP, "新材料及其应用", "新材料及其制备"])

    assert near("jiqishijue", known) == ["机器视觉"]


@pytest.mark.parametrize(
    "asked",
    [
        "射频",  # 高频, 音频, 发射 and 辐射 stand in titles, and none of them is meant
        "射频识别",
        "射频芯片",
        "shepin",
        "区块链",
        "量子计算",
        "超导",
        "卫星导航",
        "光伏",
        "电梯",  # 电镀 begins alike
        "锁具",
        "rfid",
        "blockchain",
        "taser",  # in a short word the first letter is no slip
        "danger",
        "ji",
        "ren min",
        "机器学习",
    ],
)
def test_a_word_that_no_title_knows_is_not_turned_into_another(asked):
    assert near(asked, Vocabulary.of([*TITLES, *WORKSHOP])) == []


@pytest.fixture
def locks(index, trade):
    """Public outcomes about lock bodies, in the index; returns the writer of outcomes."""
    outcome, _need, _other = trade
    for number, title in enumerate(["锁体切削工艺", "锁体切削刀具", "锁体涂层"], start=1):
        outcome(title, f"CG-2026-000{number}", title_en="Machining of lock bodies")
    rebuild_index("outcome")
    return outcome


def offers(answer):
    return [(one.words, one.count, one.href) for one in answer.context["meant"]]


def test_a_list_offers_what_finds_more_under_the_same_filters(client, locks):
    answer = client.get("/outcomes/", {"q": "锁梯切削", "mode": "ordinary"})

    assert answer.context["total"] == 0
    assert offers(answer)[0] == ("锁体切削", 2, "?q=%E9%94%81%E4%BD%93%E5%88%87%E5%89%8A&mode=ordinary")
    assert "您是不是要找" in answer.content.decode()


def test_what_a_text_says_just_so_is_no_slip_however_few_titles_do(client, locks):
    locks("智能门锁", "CG-2026-0009", summary="锁梯可折叠。")
    rebuild_index("outcome")

    answer = client.get("/outcomes/", {"q": "锁梯"})

    assert answer.context["total"] == 1
    assert offers(answer) == []


def test_a_question_in_pinyin_is_answered_with_the_words(client, locks):
    answer = client.get("/outcomes/", {"q": "suoti"})

    assert offers(answer) == [("锁体", 3, "?q=%E9%94%81%E4%BD%93")]


def test_the_search_over_everything_offers_it_as_well(client, locks):
    answer = client.get("/en/search/", {"q": "machning"})

    assert offers(answer) == [("machining", 3, "?q=machining")]


def test_what_was_understood_is_not_questioned(client, locks):
    assert offers(client.get("/outcomes/", {"q": "锁体"})) == []
    assert offers(client.get("/outcomes/", {"q": "锁梯切削", "page": "2"})) == []
    assert offers(client.get("/outcomes/", {"q": "锁梯" * 40})) == []


@pytest.mark.django_db
def test_a_title_that_is_not_public_is_no_word_of_the_vocabulary(client, locks):
    locks("超导陀螺仪", "CG-2026-0009", live=False)
    locks("绝密陀螺仪", "CG-2026-0008", state="withdrawn")
    rebuild_index("outcome")

    assert offers(client.get("/outcomes/", {"q": "超导陀罗仪"})) == []
    assert "陀" not in "".join(meaning.vocabulary(["outcome"]).pairs)


def test_a_title_withdrawn_after_its_words_were_learnt_is_not_offered(client, locks):
    row = locks("磁悬浮陀螺仪", "CG-2026-0009")
    rebuild_index("outcome")
    before = offers(client.get("/outcomes/", {"q": "陀罗仪"}))
    row.live = False
    row.save()
    learnt = meaning.vocabulary(["outcome"])
    index_records("outcome", ["CG-2026-0009"])

    now = meaning._meant_of(learnt, "陀罗仪", QueryDict(), 0, lambda text: how_many("outcome", text))

    assert [words for words, *_rest in before] == ["陀螺仪"]
    assert now == []


def test_the_vocabulary_is_read_once_for_one_state_of_the_index(client, locks, django_assert_num_queries):
    meaning.vocabulary(["outcome"])

    with django_assert_num_queries(0):
        meaning.vocabulary(["outcome"])


def test_of_several_words_those_that_a_text_writes_so_are_no_slips():
    known = Vocabulary.of(["静脉识别模组", "待机电流"])

    assert near("静麦识别 待载", known, is_written=lambda word: word == "待载") == ["静脉识别 待载"]
