"""Candidates for matches: found, scored, explained, and silent where there is no reason to show."""

import pytest
from django.utils import timezone

from marketplace.core.classifications import Industry, TechnicalField
from marketplace.matching.scored import Feature
from marketplace.needs.models import TargetIndicator, TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome
from search import features
from search.indexing import rebuild_index
from search.matching import candidates_for_need, candidates_for_outcome
from search.phrases import content_words, shared_phrases
from tests.factories.people import organisation, person

LOCK = "面向干电池供电的智能锁：指静脉识别模组待机电流 18 µA，四节电池可用十二个月，可替换半导体指纹头。"
VALVE = "超低温阀门唇形密封在零下一百九十六度保持弹性，泄漏率低，已通过三千次循环试验。"
NEED = "智能锁待机电流约 60 µA，四节电池只用六个月，希望静态功耗降低，电池寿命延长。"


@pytest.fixture
def trade(db, tmp_path, settings):
    """A need of locks; outcomes of locks and of valves, all public and indexed."""
    settings.SEARCH_DIR = tmp_path / "search"
    user, now = person(), timezone.now()
    institute = organisation(kind="institute", name="样例研究院甲", region="330304")
    enterprise = organisation(name="样例企业甲", region="330304")
    field = TechnicalField.objects.create(code="01", name="电子信息")
    facts = {
        "owner": institute, "drafted_by": user, "drafted_at": now, "live": True, "published_at": now,
        "expires_on": "2099-01-01", "trl": 7, "modes": ["ordinary"], "price_low": 80_000_000, "price_high": 180_000_000,
    }  # fmt: skip
    lock = ResearchOutcome.objects.create(
        number="CG-2026-0001", title="低功耗指静脉识别锁用模组", summary=LOCK, field=field, **facts
    )
    valve = ResearchOutcome.objects.create(number="CG-2026-0002", title="超低温阀门唇形密封", summary=VALVE, **facts)
    need = TechnologyNeed.objects.create(
        organisation=enterprise, title="智能锁静态功耗降低", problem=NEED, field=field, mode="commissioned",
        budget_low=50_000_000, budget_high=80_000_000, drafted_by=user, drafted_at=now, live=True, published_at=now,
    )  # fmt: skip
    TargetIndicator.objects.create(need=need, name="待机电流", comparison="le", value="20", unit="µA")
    rebuild_index("outcome")
    rebuild_index("need")
    return need, lock, valve


def test_a_need_finds_the_outcome_that_shares_its_words_and_not_the_other(trade):
    need, lock, _valve = trade

    pairs = candidates_for_need(need)

    assert [pair.outcome_id for pair in pairs] == [lock.pk]
    assert {"智能锁", "待机电流"} <= set(pairs[0].phrases)
    assert pairs[0].weights_version == features.VERSION


def test_the_same_pair_scores_the_same_features_from_either_side(trade):
    need, lock, _valve = trade
    from_need = candidates_for_need(need)[0]

    from_outcome = candidates_for_outcome(lock)

    assert [pair.need_id for pair in from_outcome] == [need.pk]
    ours = {part.feature: part.value for part in from_need.parts if part.feature != Feature.TEXT}
    theirs = {part.feature: part.value for part in from_outcome[0].parts if part.feature != Feature.TEXT}
    assert ours == theirs


def test_each_part_keeps_the_facts_behind_it(trade):
    need, lock, _valve = trade

    parts = {part.feature: part for part in features.parts_of(need, lock, lexical=0.5)}

    assert parts[Feature.FIELD].value == 1.0
    assert parts[Feature.REGION].facts == {"same": True, "city": True}
    assert parts[Feature.MODE].facts == {"asked": "commissioned", "offered": ["ordinary"]}
    assert (parts[Feature.TRL].value, parts[Feature.INDUSTRY].value) == (None, None)
    assert sum(features.WEIGHTS.values()) == pytest.approx(1)


BUDGETS = [  # in 10,000 yuan: budget, price, how they lie, met (1), in part (0.4 to 0.7) or not
    ((50, 80), (60, 70), "meet", "met"),
    ((50, 80), (20, 70), "meet", "met"),
    ((50, 80), (80, 180), "meet", "in part"),
    ((50, 80), (70, 70), "meet", "met"),
    ((50, 80), (81, 180), "above", "not"),
    ((50, 80), (800, 900), "above", "not"),
    ((50, 80), (10, 20), "below", "in part"),
    ((None, 80), (10, 20), "meet", "met"),
    ((50, None), (900, None), "meet", "met"),
    ((None, 80), (90, None), "above", "not"),
    ((None, None), (10, 20), None, "unknown"),
    ((50, 80), (None, None), None, "unknown"),
]


@pytest.mark.parametrize(("budget", "price", "how", "word"), BUDGETS)
def test_budget_and_price_are_met_only_where_the_ranges_meet(trade, budget, price, how, word):
    need, lock, _valve = trade
    need.budget_low, need.budget_high = (limit and limit * 1_000_000 for limit in budget)
    lock.price_low, lock.price_high = (limit and limit * 1_000_000 for limit in price)

    value, facts = features.budget(need, lock)

    bounds = {"met": (0.7, 1), "in part": (0.4, 0.7), "not": (0, 0.4)}
    assert facts.get("how") == how
    assert value is None if word == "unknown" else bounds[word][0] <= value <= bounds[word][1]


@pytest.mark.parametrize(
    ("asked", "offered", "value", "common"),
    [
        ("commissioned", ["development"], 0.5, ["development"]),
        ("joint", ["development", "assignment"], 1.0, ["development"]),
        ("licence", ["assignment", "sole"], 1.0, ["sole"]),
        ("commissioned", ["assignment"], 0.0, ["assignment"]),
        ("", ["assignment"], None, None),
        ("joint", [], None, None),
    ],
)
def test_joint_development_is_not_what_a_commission_asks_for(trade, asked, offered, value, common):
    need, lock, _valve = trade
    need.mode, lock.modes = asked, offered

    found, facts = features.mode(need, lock)

    assert (found, facts.get("offered")) == (value, common)


@pytest.mark.parametrize(("wanted", "offered", "value"), [(6, 7, 1.0), (7, 6, 0.55), (9, 5, 0.0), (None, 7, None)])
def test_readiness_counts_where_the_need_asks_for_some(trade, wanted, offered, value):
    need, lock, _valve = trade
    need.trl_wanted, lock.trl = wanted, offered

    found, _facts = features.trl(need, lock)

    assert found is value if value is None else found == pytest.approx(value)


def test_all_of_manufacturing_is_no_industry_in_common(trade):
    need, lock, _valve = trade
    need.industry = Industry.objects.create(code="C3351", name="锁具")
    lock.industries.set([Industry.objects.create(code="C3587", name="眼镜")])
    near = features.nearness(need.industry, [Industry(code="C3322", pk=0)])

    value, facts = features.industry(need, lock)

    assert (value, facts) == (0.0, {"apart": ["C3351", "C3587"]})
    assert near == (0.6, "C33")


def test_where_an_anonymous_enterprise_sits_is_no_reason(trade):
    need, lock, _valve = trade
    need.is_anonymous = True

    assert features.region(need, lock) == (None, {})


def test_an_outcome_that_is_reserved_is_no_candidate(trade):
    need, lock, _valve = trade
    ResearchOutcome.objects.filter(pk=lock.pk).update(state="reserved")
    rebuild_index("outcome")

    assert candidates_for_need(need) == []


def test_words_every_listing_uses_are_no_reason():
    boilerplate = "本项目研究一种系统，采用关键技术，提高生产效率，降低成本。"

    assert shared_phrases(boilerplate, boilerplate.replace("本项目", "该成果")) == []


def test_phrases_are_maximal_and_none_contains_another():
    phrases = shared_phrases("钙钛矿量子点发光材料封装", "用于显示的钙钛矿量子点薄膜，量子点寿命长")

    assert phrases[0] == "钙钛矿量子点"
    assert not any(one != other and one in other for one in phrases for other in phrases)


def test_codes_and_latin_words_count_as_phrases():
    assert shared_phrases("一次不用 it saves power", "不用一次 this saves cost") == []
    assert "tio2" in shared_phrases("TiO2 涂层耐腐蚀", "采用 TiO2 薄膜")
    assert "技术" not in content_words("智能锁技术")
    assert content_words("8节电池续航") >= {"电池", "续航"}


# pieces of the demonstration's texts, and what may be shown of what they share
SHARED = [
    ("四节电池只能用六个月，电池寿命短", "4 节电池可用十二个月，换电池方便", {"电池"}),
    ("八项重金属在线监测", "废水中五项重金属在线监测与回收", {"重金属在线监测"}),
    ("一万次无失效", "循环三千次无失效", {"无失效"}),
    ("数据去标识化医疗数据集", "评估去标识化医疗数据", {"去标识化医疗数据"}),
    ("C 级锁芯叶片", "B级锁芯叶片", {"锁芯叶片"}),
    ("结果与名单比对后给出", "实现与名单比对", {"名单比对"}),
    ("镜片表面缺陷", "钢片表面缺陷", {"表面缺陷"}),
    ("加硬膜和基底、和加硬膜附着不良", "抛光和加硬膜附着不良", {"加硬膜附着不良"}),
    ("静态功耗降低一半", "静态功耗降至 20 µA", {"静态功耗"}),
    ("静态功耗降到 20 µA", "静态功耗降到 30 µA", {"静态功耗"}),
    ("人脸识别签到", "会议人脸识别签到，现场统计", {"人脸识别签到"}),
    ("原始数据不出域，出域须审批", "数据出域前评审", {"出域"}),
    ("亮度衰减 1000 小时，压强 40 MPa", "寿命 1000 小时，耐压 40 MPa", set()),
    ("在线监测，在线", "在线诊断与提前报警，提前给出", set()),
]


@pytest.mark.parametrize(("one", "other", "shown"), SHARED)
def test_a_phrase_is_whole_words_that_say_something_alone(one, other, shown):
    assert set(shared_phrases(one, other)) == set(shared_phrases(other, one)) == shown
