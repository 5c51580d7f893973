"""Money and numbers as pages print them."""

import re

import pytest
from django.utils import translation

from cms.templatetags import amounts
from marketplace.core.money import format_range
from marketplace.core.price_words import price_words

WAN = 1_000_000


@pytest.mark.parametrize(
    ("fen", "html"),
    [
        (220 * WAN, '<data class="money" value="2200000">220<small>万元</small></data>'),
        (186_200 * WAN, '<data class="money" value="1862000000">18.62<small>亿元</small></data>'),
        (-480 * WAN, '<data class="money" value="-4800000">−480<small>万元</small></data>'),
        (6_12_50, '<data class="money" value="612.5" data-full="612.50 元">0.06<small>万元</small></data>'),
        (
            -123_456_78,
            '<data class="money" value="-123456.78" data-full="−123,456.78 元">−12.35<small>万元</small></data>',
        ),
        (
            1_234_567_800_00,
            '<data class="money" value="1234567800" data-full="1,234,567,800.00 元">12.35<small>亿元</small></data>',
        ),
        (99_90, '<data class="money" value="99.9">99.9<small>元</small></data>'),
        (None, '<span class="faint">—</span>'),
        ("", '<span class="faint">—</span>'),
    ],
)
def test_prints_an_amount_with_a_small_unit(fen, html):
    with translation.override("zh-hans"):
        assert amounts.money(fen) == html


@pytest.mark.parametrize(
    ("fen", "said"),
    [(161_005_000, "161.005<small>万元</small>"), (160 * WAN, "160<small>万元</small>"), (0, "0<small>")],
)
def test_a_price_is_never_rounded(fen, said):
    with translation.override("zh-hans"):
        assert f">{said}" in amounts.price(fen)
        assert f">{'161.01' if fen % WAN else said.partition('<')[0]}<" in amounts.money(fen)
        assert amounts.price(None) == amounts.money(None)


def test_prints_english_millions():
    with translation.override("en"):
        assert amounts.money(220 * WAN, "xl") == (
            '<data class="money money--xl" value="2200000">¥2.20 <small>m</small></data>'
        )


@pytest.mark.parametrize(
    ("low", "high", "html"),
    [
        (80 * WAN, 180 * WAN, '<span class="money">80–180<small>万元</small></span>'),
        (9_000 * WAN, 12_000 * WAN, '<span class="money">9,000<small>万元</small>–1.2<small>亿元</small></span>'),
        (
            1_234_567_89,
            2_345_678_90,
            '<span class="money" data-full="1,234,567.89–2,345,678.90 元">123.46–234.57<small>万元</small></span>',
        ),
        (80 * WAN, None, '<data class="money" value="800000">80<small>万元</small></data> 起'),
        (None, 80 * WAN, '不超过 <data class="money" value="800000">80<small>万元</small></data>'),
        (80 * WAN, 80 * WAN, '<data class="money" value="800000">80<small>万元</small></data>'),
        (None, None, '<span class="money">面议</span>'),
    ],
)
def test_prints_a_range_with_one_unit(low, high, html):
    with translation.override("zh-hans"):
        assert amounts.money_range(low, high) == html


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.517, "51.7%"), (-0.05, "−5%"), (0, "0%"), (1, "100%"), (0.0625, "6.3%"), (-0.0625, "−6.3%"), (None, "—")],
)
def test_prints_a_share_as_per_cent(share, text):
    assert amounts.percent(share) == text


def test_contract_tables_have_two_decimals_and_payments_yuan():
    assert amounts.wan(480 * WAN) == "480.00"
    assert amounts.wan(1_234_567_89) == '<data value="1234567.89" data-full="1,234,567.89 元">123.46</data>'
    assert amounts.yuan(480 * WAN) == "4,800,000.00"
    assert amounts.yuan(-123_456) == "−1,234.56"
    assert amounts.yuan(None) == ""
    assert amounts.count(1284) == "1,284"


def test_an_english_range_says_millions_at_both_ends():
    with translation.override("en"):
        assert amounts.money_range(1_000 * WAN, 1_196 * WAN) == (
            '<span class="money">¥10.00 <small>m</small>–¥11.96 <small>m</small></span>'
        )


@pytest.mark.parametrize(
    ("low", "words"),
    [(50 * WAN, "¥0.50 m–¥1.10 m"), (1 * WAN, "¥0.01 m–¥1.10 m"), (12_345_00, "¥12,345–¥1.10 m"), (0, "¥0–¥1.10 m")],
)
def test_an_english_range_mixes_no_units_where_its_lower_end_is_exact_in_millions(low, words):
    assert format_range(low, 110 * WAN, "en") == words


def test_an_english_range_that_is_rounded_says_both_ends_in_full_on_paper():
    with translation.override("en"):
        assert amounts.money_range(1_234_567_89, 2_345_678_90) == (
            '<span class="money" data-full="¥1,234,567.89–¥2,345,678.90">'
            "¥1.23 <small>m</small>–¥2.35 <small>m</small></span>"
        )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("is_negotiable", [False, True])
@pytest.mark.parametrize(
    ("low", "high"),
    [(80 * WAN, 180 * WAN), (9_000 * WAN, 12_000 * WAN), (80 * WAN, None), (None, 80 * WAN), (80 * WAN, 80 * WAN)],
)
def test_a_range_reads_the_same_on_a_page_and_in_words(language, is_negotiable, low, high):
    with translation.override(language):
        page = amounts.money_range(low, high, is_negotiable)
        words = price_words(low, high, is_negotiable=is_negotiable)

    shown = page if language == "en" else page.replace("<small>", " ")  # Chinese keeps the space out of the markup
    assert re.sub(r"<[^>]+>", "", shown) == words


def test_a_range_in_words_says_the_unit_once():
    with translation.override("zh-hans"):
        assert price_words(80 * WAN, 180 * WAN, is_negotiable=True) == "80–180 万元，可议"


def test_a_count_below_zero_has_the_minus_of_amounts():
    assert amounts.count(-1) == "−1"
    assert amounts.yuan(-77_349_79) == "−77,349.79"
