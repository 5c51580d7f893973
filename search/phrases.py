"""What two texts have in common: the longest phrases that stand in both, without words that say nothing."""

import re

from search.text import cut, normalise, runs

# Words every listing uses. Two texts that share only these share nothing.
EMPTY = frozenset(
    [
        "技术",
        "研究",
        "系统",
        "方法",
        "装置",
        "设备",
        "工艺",
        "一种",
        "应用",
        "企业",
        "需求",
        "产品",
        "项目",
        "成果",
        "开发",
        "要求",
        "指标",
        "问题",
        "解决",
        "实现",
        "进行",
        "可以",
        "具有",
        "采用",
        "提高",
        "降低",
        "提升",
        "减少",
        "现有",
        "目前",
        "相关",
        "方案",
        "能力",
        "水平",
        "性能",
        "要",
        "用于",
        "适用",
        "以及",
        "通过",
        "满足",
        "情况",
        "使用",
        "希望",
        "需要",
        "达到",
        "不低于",
        "不高于",
        "以上",
        "以下",
        "左右",
        "关键",
        "主要",
        "行业",
        "领域",
        "市场",
        "生产",
        "制造",
        "加工",
        "质量",
        "成本",
        "效率",
        "稳定",
        "控制",
        "设计",
        "结构",
        "材料",
        "合作",
        "委托",
        "服务",
        "the",
        "and",
        "for",
        "with",
        "from",
        "that",
        "this",
        "are",
        "can",
        "which",
        "use",
        "used",
        "using",
        "method",
        "system",
        "device",
        "technology",
        "research",
        "based",
        "high",
        "low",
        "new",
        "need",
        "problem",
        "product",
        "process",
    ]
)
SHORTEST = 2
MOST = 6
_WORD = re.compile(r"[a-z0-9]")


def is_empty(word: str) -> bool:
    """Tell whether a word says nothing: one of EMPTY, or made of them (关键技术, 降低成本)."""
    if word in EMPTY:
        return True
    return len(word) % 2 == 0 and all(word[at : at + 2] in EMPTY for at in range(0, len(word), 2))


def content_words(text: str) -> set[str]:
    """Return the words of a text that say something, Chinese ones of two characters and more."""
    words: set[str] = set()
    for run in runs(normalise(text)):
        pieces = cut(run.text) if run.han else run.bigrams()
        words |= {piece for piece in pieces if len(piece) >= SHORTEST and not is_empty(piece)}
    return words


def _maximal(first: str, second: str) -> list[str]:
    """Return the maximal stretches of `first` (one run of Chinese) that stand in `second`."""
    found, start = [], 0
    while start < len(first) - 1:
        end = start + SHORTEST
        if first[start:end] not in second:
            start += 1
            continue
        while end < len(first) and first[start : end + 1] in second:
            end += 1
        found.append(first[start:end])
        start = end - 1 if end - start > SHORTEST else start + 1
    return found


def _says_something(phrase: str) -> bool:
    """Tell whether a stretch of Chinese is more than empty words and torn ends of words."""
    words = cut(phrase)
    return any(len(word) >= SHORTEST and not is_empty(word) for word in words)


def shared_phrases(one: str, other: str, *, weight: dict[str, float] | None = None) -> list[str]:
    """Return up to six phrases both texts contain, the weightiest first; none contains another.

    `weight` gives a rarity per token (idf); without it longer phrases weigh more.
    """
    there = normalise(other)
    latin_there = {token for run in runs(there) if not run.han for token in run.bigrams()}
    candidates: dict[str, float] = {}
    for run in runs(normalise(one)):
        if run.han:
            stretches = [part for part in _maximal(run.text, there) if _says_something(part)]
        else:
            whole = run.text.replace(" ", "")
            known = {whole, *run.bigrams()} & latin_there
            stretches = [whole] if whole in known and whole not in EMPTY and len(whole) >= SHORTEST else []
        for stretch in stretches:
            candidates[stretch] = _weight_of(stretch, weight or {})
    ranked = sorted(candidates, key=lambda phrase: (-candidates[phrase], phrase))
    kept: list[str] = []
    for phrase in ranked:
        if not any(phrase in longer for longer in kept):
            kept.append(phrase)
    return kept[:MOST]


def _weight_of(phrase: str, weight: dict[str, float]) -> float:
    pairs = [phrase[at : at + 2] for at in range(max(1, len(phrase) - 1))]
    return sum(weight.get(pair, 1.0) for pair in pairs)
