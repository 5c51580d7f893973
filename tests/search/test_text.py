"""The token streams: what every ranking is made of."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text import align, bigrams, normalise, runs, singles, streams

anything = st.text(st.characters(codec="utf-8"), max_size=60)
typical = st.text(st.sampled_from("钙钛礦技術轉移ＡＢｃ１２3-/.+ ,。°℃①é锁"), max_size=40)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("技术转移", ["技术", "术转", "转移"]),
        ("锁", ["锁"]),
        ("C级锁芯", ["c", "级锁", "锁芯"]),
        ("技術轉移", ["技术", "术转", "转移"]),
        ("ＴＲＬ７", ["trl7", "trl", "7"]),
        ("GB/T 19001-2016", ["gb/t19001-2016", "gb", "t", "19001", "2016"]),
        ("符合GB/T19001-2016", ["符合", "gb/t19001-2016", "gb", "t", "19001", "2016"]),
        ("CN201910123456.7", ["cn201910123456.7", "cn", "201910123456", "7"]),
        ("C++与C#", ["c++", "与", "c#"]),
        ("α-Fe₂O₃", ["α-fe2o3", "α", "fe2o3"]),
        ("Charging systems", ["charg", "system"]),
        ("1.5%", ["1.5"]),
        ("", []),
        ("，。—— ", []),
    ],
)
def test_base_stream(text, expected):
    assert bigrams(text) == expected


def test_singles_are_the_smallest_units_in_reading_order():
    assert singles("C级锁芯 GB/T 19001") == ["c", "级", "锁", "芯", "gb", "t", "19001"]


def test_words_come_from_the_dictionary():
    assert streams("技术转移").words == ["技术", "转移"]


def test_full_width_capitals_and_traditional_are_one():
    assert normalise("ＡＢＣ技術") == normalise("abc技术") == "abc技术"


@given(anything)
def test_streams_agree_with_the_single_functions(text):
    made = streams(text)

    assert made.bi == bigrams(text)
    assert made.uni == singles(text)


@given(typical)
def test_alignment_gives_the_same_text_and_offsets_inside_the_original(text):
    text = unicodedata.normalize("NFC", text)
    aligned = align(text)

    assert aligned.text == normalise(text)
    assert len(aligned.text) == len(aligned.starts) == len(aligned.ends)


@given(anything)
def test_no_text_breaks_alignment(text):
    aligned = align(text)

    for run in runs(aligned.text):
        for unit in run.units():
            start, end = aligned.original(unit.start, unit.end)
            assert 0 <= start < end <= len(text)


@given(anything)
def test_tokens_never_hold_white_space(text):
    assert all(token == "".join(token.split()) and token for stream in streams(text) for token in stream)


@given(typical)
def test_normalising_once_is_enough(text):
    once = normalise(text)

    assert normalise(once) == once


letters, digits = st.text("abcdefxyz", min_size=2, max_size=4), st.text("123456789", min_size=2, max_size=6)
codes = st.one_of(
    st.builds("{}/t {}-{}".format, st.sampled_from(["gb", "jb", "db33"]), digits, st.just("2016")),
    st.builds("{}{}".format, letters, digits),
    st.builds("cn{}.{}".format, st.text("0123456789", min_size=12, max_size=12), st.sampled_from("0123456789x")),
    st.builds("{}-{}".format, letters, digits),
)


@given(
    before=st.sampled_from(["", "按 ", "采用", "钙钛矿 "]),
    code=codes,
    after=st.sampled_from(["", "标准", "。", " 的试验"]),
)
def test_no_code_is_lost_wherever_it_stands(before, code, after):
    found = set(streams(f"{before}{code.upper()}{after}").bi)

    assert code.replace(" ", "") in found
    assert set(singles(code)) <= found | set(streams(code).bi)
