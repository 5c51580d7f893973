"""Money: parsing what people type, printing it in both languages, capitals."""

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core import money


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("220 万元", 220_000_000),
        ("2,200,000", 220_000_000),
        ("￥2,200,000.50", 220_000_050),
        ("１．５亿", 15_000_000_000),
        ("0.01元", 1),
        (" 80万 ", 80_000_000),
    ],
)
def test_parses_what_people_type(text, fen):
    assert money.parse(text) == fen


def test_takes_the_unit_of_the_field_where_none_is_typed():
    assert money.parse("220", unit="万元") == 220_000_000
    assert money.parse("220 元", unit="万元") == 22_000


@pytest.mark.parametrize("text", ["", "abc", "-5", "1e5", "2,20", "1,2345", "0.001元", "1000000 亿元", "220W", "٢٢٠"])
def test_refuses_what_is_no_amount(text):
    with pytest.raises(money.BadAmount):
        money.parse(text)


def test_the_script_of_a_page_reads_amounts_as_the_server_does():
    script = (Path(money.__file__).parents[2] / "cms/static/js/money.js").read_text()
    pattern = re.search(r"const PATTERN = /(.+)/;", script)[1]

    assert pattern == re.sub(r"\?P<\w+>", "", money.PATTERN.pattern)
    assert re.compile(pattern, re.ASCII).match("12,5") is None
    assert float(re.search(r"const MOST = (\S+);", script)[1]) * money.FEN_PER_YUAN == money.MOST


@pytest.mark.parametrize(("language", "most"), [("zh-hans", "100,000 亿元"), ("en", "¥10,000.00 bn")])
def test_an_amount_above_the_limit_is_told_the_limit(language, most):
    with override(language), pytest.raises(money.BadAmount, match=re.escape(most)):
        money.parse("100000.1 亿元")


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("abc", "元", "例如 50000 或 5 万元"),
        ("abc", "万元", "例如 220 或 220 万元"),
        ("-5", "元", "不能为负数"),
        ("−5 万元", "万元", "不能为负数"),
        ("¥-5", "元", "不能为负数"),
    ],
)
def test_says_what_is_wrong_in_the_unit_of_the_field(text, unit, said):
    with pytest.raises(money.BadAmount) as refused, override("zh-hans"):
        money.parse(text, unit=unit)

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (0, "0 万元", "¥0"),
        (1, "0.01 元", "¥0.01"),
        (9_999, "99.99 元", "¥99.99"),
        (10_000, "0.01 万元", "¥100"),
        (220_000_000, "220 万元", "¥2.20 m"),
        (220_550_000, "220.55 万元", "¥2.21 m"),
        (9_999_994_999, "9,999.99 万元", "¥100.00 m"),
        (9_999_995_000, "1 亿元", "¥100.00 m"),
        (99_999_999_999, "10 亿元", "¥1.00 bn"),
        (-220_000_000, "−220 万元", "−¥2.20 m"),
    ],
)
def test_prints_in_both_languages(fen, chinese, english):
    assert money.format_money(fen) == chinese
    assert money.format_money(fen, "en") == english


@pytest.mark.parametrize(
    ("fen", "chinese", "english"),
    [
        (220_000_000, "220 万元", "¥2.20 m"),
        (100_001_000, "100.001 万元", "¥1.00001 m"),
        (1_234_567_800_000_100, "123,456.78000001 亿元", "¥12,345.678000001 bn"),
        (-100_000_001, "−100.000001 万元", "−¥1.00000001 m"),
        (9_901, "99.01 元", "¥99.01"),
        (10_001, "100.01 元", "¥100.01"),
        (9_999_999_999, "9,999.999999 万元", "¥99.99999999 m"),
        (0, "0 万元", "¥0"),
    ],
)
def test_what_counts_is_said_to_the_fen(fen, chinese, english):
    assert money.format_unrounded(fen) == chinese
    assert money.format_unrounded(fen, "en") == english


@given(st.integers(min_value=0, max_value=money.MOST))
def test_what_counts_reads_back(fen):
    assert money.parse(money.format_unrounded(fen)) == fen


def test_contract_tables_have_two_decimals():
    assert money.format_wan(220_000_000) == "220.00"
    assert money.format_wan(5_000) == "0.01"  # half up
    assert money.format_yuan(220_000_050) == "2,200,000.50"


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (10, "壹角整"),
        (10_005, "壹佰元零伍分"),
        (10_550, "壹佰零伍元伍角整"),
        (220_000_000, "贰佰贰拾万元整"),
        (10_000_100, "壹拾万零壹元整"),
        (1_000_100_000_000, "壹佰亿零壹佰万元整"),
    ],
)
def test_capitals(fen, words):
    assert money.in_capitals(fen) == words


@given(st.integers(min_value=0, max_value=money.MOST))
def test_the_exact_form_reads_back(fen):
    assert money.parse(money.format_yuan(fen)) == fen


@pytest.mark.parametrize(
    ("fen", "percent", "rounding", "part"),
    [
        (3, "50", ROUND_HALF_UP, 2),
        (3, "50", ROUND_DOWN, 1),
        (-3, "50", ROUND_DOWN, -1),
        (100, "1.50", ROUND_HALF_UP, 2),
        (100, "1.50", ROUND_DOWN, 1),
        (0, "100", ROUND_HALF_UP, 0),
        (money.MOST * 1000, "33.33", ROUND_DOWN, 333_300_000_000_000_000),
    ],
)
def test_a_part_is_rounded_to_the_fen_as_its_reader_says(fen, percent, rounding, part):
    assert money.part_of(fen, Decimal(percent), rounding=rounding) == part


@given(st.integers(min_value=0, max_value=money.MOST), st.decimals(0, 100, places=2))
def test_a_part_rounded_down_is_never_more_than_the_per_cents(fen, percent):
    assert 0 <= money.part_of(fen, percent, rounding=ROUND_DOWN) * 100 <= fen * percent


def test_a_minus_is_written_one_way_on_pages_and_papers():
    assert money.format_yuan(-77_349_79) == "−77,349.79"
    assert money.format_exact(-77_349_79) == "−77,349.79 元"
    assert money.format_wan(-5_000_000) == "−5.00"
    assert money.in_yuan(-77_349_79) == Decimal("-77349.79")
