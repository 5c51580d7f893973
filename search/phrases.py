"""What two texts have in common: the longest phrases that stand in both, without words that say nothing.

Words that say nothing are written here where every language of listings uses them; those of one's own corpus are
learnt from it (`stop_phrases.py`) and handed in as `stop`.
"""

import re
from collections.abc import Iterator, Sequence, Set
from itertools import accumulate, pairwise

from search.text import Run, cut, normalise, runs

# Words every listing uses. Two texts that share only these share nothing.
EMPTY = frozenset(
    [
        "技术", "研究", "系统", "方法", "装置", "设备", "工艺", "一种", "应用", "企业", "需求", "产品", "项目",
        "成果", "开发", "要求", "指标", "问题", "解决", "实现", "进行", "可以", "具有", "采用", "提高", "降低",
        "提升", "减少", "现有", "目前", "相关", "方案", "能力", "水平", "性能", "要", "用于", "适用", "以及",
        "通过", "满足", "情况", "使用", "希望", "需要", "达到", "不低于", "不高于", "以上", "以下", "左右", "关键",
        "主要", "行业", "领域", "市场", "生产", "制造", "加工", "质量", "成本", "效率", "稳定", "控制", "设计",
        "结构", "材料", "合作", "委托", "服务", "产业化", "推广", "示范", "一次", "一个", "不用",
        "the", "and", "for", "with", "from",
        "that", "this", "are", "can", "which", "use", "used", "using", "method", "system", "device", "technology",
        "research", "based", "high", "low", "new", "need", "problem", "product", "process", "save", "saves", "saved",
        "saving",
    ]
)  # fmt: skip
# Words that tell something beside another (在线监测), and nothing alone
VAGUE = frozenset(
    [
        "在线", "自动", "智能", "快速", "监测", "检测", "识别", "评估", "统计", "参数", "模块", "平台", "终端",
        "工序", "事件", "提前", "给出", "下降", "上升", "增加", "替代", "代替", "接入", "联合", "整改", "小时",
        "分钟", "判断", "优化", "分析", "管理", "精度", "试验", "测试", "标准", "功能", "支持", "完成", "形成",
        "人工", "样机",
    ]
)  # fmt: skip
UNITS = frozenset(
    [
        "μa", "µa", "ma", "kv", "mv", "mw", "kw", "mpa", "kpa", "mm", "cm", "nm", "μm", "µm", "hz", "khz", "mhz",
        "db", "ppm", "mg", "kg", "min", "ms", "rpm", "lm",
    ]
)  # fmt: skip
# A phrase neither begins nor ends with these: they belong to the words around it
JOINING = "的得地所之和与及或并且在于为以由从把被将给让向按经约每各其该此等至到可能会再就已了着做作后时我您"
COUNTING = "个次项级种类节款台件套组条根只批份"
NOT_FIRST = frozenset(JOINING + COUNTING + "对日月年化性率度型式者们")
# What leads on to a figure, which is no part of the phrase
LEADS_ON = frozenset(["降到", "降至", "升到", "升至", "增到", "增至", "减到", "减至", "缩短到", "缩短至", "达到", "达"])
NOT_LAST = LEADS_ON | frozenset(JOINING + "个次项种不无未超虚误免防去抗耐高低多少工新")
# A number and what it counts are no part of the word that follows: 四节|电池, c级|锁芯
COUNTED = re.compile(f"([0-9a-z一二三四五六七八九十百千万两几] ?[{COUNTING}])")
FIGURE = re.compile(r"[\d.]+%?")
SHORTEST = 2
MOST = 6
Stop = Set[str]
NONE: Stop = frozenset()


def is_empty(word: str) -> bool:
    """Tell whether a word says nothing: one of EMPTY, or made of them (关键技术, 降低成本)."""
    if word in EMPTY:
        return True
    return len(word) % 2 == 0 and all(word[at : at + 2] in EMPTY for at in range(0, len(word), 2))


def content_words(text: str) -> set[str]:
    """Return the words of a text that say something, Chinese ones of two characters and more."""
    words: set[str] = set()
    for run in _runs(text):
        pieces = cut(run.text) if run.han else run.bigrams()
        words |= {piece for piece in pieces if len(piece) >= SHORTEST and not is_empty(piece)}
    return words


def _maximal(first: str, second: str) -> Iterator[tuple[int, str]]:
    """Yield (place, stretch) for the maximal stretches of `first`, one run of Chinese, that stand in `second`."""
    start = 0
    while start < len(first) - 1:
        end = start + SHORTEST
        if first[start:end] not in second:
            start += 1
            continue
        while end < len(first) and first[start : end + 1] in second:
            end += 1
        yield start, first[start:end]
        start = end - 1 if end - start > SHORTEST else start + 1


def _bounds(text: str) -> list[int]:
    """Return where words of the dictionary begin and end in one run of Chinese; guessed words are not trusted."""
    return list(accumulate((len(word) for word in cut(text, guess=False)), initial=0))


def _whole(stretch: str, inside: Sequence[int], other: Sequence[int], stop: Stop) -> str:
    """Return the longest part of a stretch that is whole words in both texts and stands alone; "" if none says much.

    `inside` and `other` are the places within the stretch where words begin and end in either text.
    """
    places = sorted(set(inside) & set(other))
    words = [stretch[start:end] for start, end in pairwise(places)]
    while words and words[0] in NOT_FIRST:
        del words[0]
    while words and words[-1] in NOT_LAST:
        del words[-1]
    phrase = "".join(words)
    return phrase if says_something(phrase, stop) else ""


def says_something(phrase: str, stop: Stop = NONE) -> bool:
    """Tell whether a phrase is more than empty words, one word that says nothing alone, or what every field says."""
    if len(phrase) < SHORTEST or phrase in VAGUE or phrase in stop:
        return False
    return any(len(word) >= SHORTEST and not is_empty(word) and word not in stop for word in cut(phrase))


def _within(bounds: Sequence[int], start: int, length: int) -> list[int]:
    return [place - start for place in bounds if start <= place <= start + length]


def _common(first: str, there: Sequence[str], cuts: Sequence[Sequence[int]], stop: Stop) -> Iterator[str]:
    """Yield the whole phrases one run of Chinese shares with the runs of the other text, cut at `cuts`."""
    own = _bounds(first)
    for start, stretch in _maximal(first, "\n".join(there)):
        inside = _within(own, start, len(stretch))
        places = ((run, cut_at) for run, cut_at in zip(there, cuts, strict=True) if stretch in run)
        found = [_whole(stretch, inside, _within(at, run.index(stretch), len(stretch)), stop) for run, at in places]
        yield max(found, key=len)


def _runs(text: str) -> list[Run]:
    return list(runs(COUNTED.sub(r"\1 ", normalise(text))))


def shared_phrases(one: str, other: str, *, weight: dict[str, float] | None = None, stop: Stop = NONE) -> list[str]:
    """Return up to six phrases both texts contain, the weightiest first; none contains another.

    Each is whole words in both texts, without the joining words at its ends, and none is in `stop`. `weight` gives a
    rarity per token (idf); without it longer phrases weigh more.
    """
    there = _runs(other)
    han = [run.text for run in there if run.han]
    cuts = [_bounds(text) for text in han]
    latin = {token for run in there if not run.han for token in (run.text.replace(" ", ""), *run.bigrams())}
    candidates: set[str] = set()
    for run in _runs(one):
        candidates |= set(_common(run.text, han, cuts, stop)) if run.han else _code(run, latin) - stop
    weights = {phrase: _weight_of(phrase, weight or {}) for phrase in candidates - {""}}
    kept: list[str] = []
    for phrase in sorted(weights, key=lambda phrase: (-weights[phrase], phrase)):
        if not any(phrase in longer for longer in kept):
            kept.append(phrase)
    return kept[:MOST]


def _code(run: Run, there: set[str]) -> set[str]:
    """Return a Latin word or code that both texts hold; figures and units alone say nothing."""
    whole = run.text.replace(" ", "")
    says = len(whole) >= SHORTEST and whole not in EMPTY and whole not in UNITS and not FIGURE.fullmatch(whole)
    return {whole} if says and there & {whole, *run.bigrams()} else set()


def _weight_of(phrase: str, weight: dict[str, float]) -> float:
    pairs = [phrase[at : at + 2] for at in range(max(1, len(phrase) - 1))]
    return sum(weight.get(pair, 1.0) for pair in pairs)
