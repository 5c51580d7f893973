"""Marks stand on the original text and what surrounds them is escaped."""

import re
from html import unescape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.asking import parse
from search.highlight import Marks, highlight, spans


def marked(text, question, **options):
    return highlight(text, Marks.of(parse(question)), **options)


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("全固态钙钛矿薄膜", "钙钛矿", "全固态<mark>钙钛矿</mark>薄膜"),
        ("技術轉移中心", "技术转移", "<mark>技術轉移</mark>中心"),
        ("ＴＲＬ７级", "trl7", "<mark>ＴＲＬ７</mark>级"),
        ("制备α-Fe₂O₃粉体", "fe2o3", "制备α-<mark>Fe₂O₃</mark>粉体"),
        ("Charging system", "charge", "<mark>Charging</mark> system"),
        (
            "按GB/T 19001-2016执行",
            "GB/T19001-2016",
            "按<mark>GB/T 19001-2016</mark>执行",
        ),
        ("漏率 10⁻⁸，TRL 8，−25～70 ℃，C 级", "TRL 8", "漏率 10⁻⁸，<mark>TRL</mark> <mark>8</mark>，−25～70 ℃，C 级"),
        ("70 ℃，C 级，8 节电池 C3351", "C3351", "70 ℃，C 级，8 节电池 <mark>C3351</mark>"),
        ("−25～70 ℃", "C", None),
        ("低功耗的锁，目的地", "低功耗的锁", "<mark>低功耗</mark>的<mark>锁</mark>，目的地"),
        ("编号 CG-2026-0042", "cg20260042", "编号 <mark>CG-2026-0042</mark>"),
        ("智能锁与锁芯", "锁", "智能<mark>锁</mark>与<mark>锁</mark>芯"),
        ("钙钛,矿与钙钛矿", '"钙钛矿"', "<mark>钙钛,矿</mark>与<mark>钙钛矿</mark>"),
        (
            "<b>锁芯</b> & 锁体",
            "锁芯",
            "&lt;b&gt;<mark>锁芯</mark>&lt;/b&gt; &amp; 锁体",
        ),
    ],
)
def test_marks_the_original(text, question, expected):
    assert marked(text, question) == expected


def test_nothing_found_is_none():
    assert marked("智能锁", "钙钛矿") is None


def test_excluded_words_are_not_marked():
    assert marked("智能锁 钙钛矿", "智能锁 -钙钛矿") == "<mark>智能锁</mark> 钙钛矿"


def test_a_snippet_shows_the_richest_stretch():
    text = "锁。" + "甲" * 300 + "钙钛矿扩散板" + "乙" * 300

    shown = marked(text, "锁 钙钛矿扩散板", length=60)

    assert shown.startswith("…甲")
    assert "<mark>钙钛矿扩散板</mark>" in shown
    assert shown.endswith("乙…")
    assert 60 <= len(re.sub("</?mark>|…", "", shown)) <= 70


@given(
    st.text(st.sampled_from("锁芯ＡＢ<>&\"'①é 技術-"), max_size=40),
    st.text(st.sampled_from('锁芯ab技術"-'), max_size=8),
)
def test_without_the_marks_it_is_the_original(text, question):
    shown = marked(text, question)

    if shown is not None:
        assert unescape(re.sub("</?mark>", "", shown)) == text
        assert not re.search(r"<(?!/?mark>)", shown)


@given(st.text(st.sampled_from("锁芯技a ,"), max_size=30), st.text(st.sampled_from("锁芯技"), min_size=2, max_size=5))
def test_each_pair_of_a_word_is_marked_wherever_it_stands(text, word):
    places = {at for at in range(len(text) - 1) if text[at : at + 2] in {word[i : i + 2] for i in range(len(word) - 1)}}

    marked_characters = {at for start, end in spans(text, Marks.of(parse(word))) for at in range(start, end)}

    assert marked_characters == places | {at + 1 for at in places}


@given(st.text(max_size=80), st.text(max_size=20))
def test_spans_are_ordered_and_apart(text, question):
    found = spans(text, Marks.of(parse(question)))

    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(before[1] < after[0] for before, after in pairwise(found))
