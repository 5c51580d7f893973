"""Signatures of texts: equal for equal texts, symmetric, near the truth, the same on every machine."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.demo.tables import rows
from search import likeness

TEXTS = st.text(alphabet="锁指静脉识别模组待机电流阀门密封低温石墨烯abcd 12，。", min_size=2, max_size=120)


@given(TEXTS)
def test_a_text_is_wholly_like_itself_and_unlike_nothing(text):
    signed = likeness.signature(text)

    assert (signed is None) == (not likeness.tokens(text))
    if signed is not None:
        assert likeness.estimate(signed, signed) == 1.0
        assert likeness.unpack(likeness.pack(signed)) == signed


@given(TEXTS, TEXTS)
def test_one_is_as_like_the_other_as_the_other_to_it(one, other):
    first, second = likeness.signature(one), likeness.signature(other)

    assert likeness.jaccard(likeness.tokens(one), likeness.tokens(other)) == likeness.jaccard(
        likeness.tokens(other), likeness.tokens(one)
    )
    if first and second:
        assert likeness.estimate(first, second) == likeness.estimate(second, first)


@given(TEXTS, TEXTS)
def test_the_estimate_is_near_the_truth(one, other):
    """Five standard errors: the chance of one failure in all runs of this test is below one in ten thousand."""
    first, second = likeness.signature(one), likeness.signature(other)
    truth = likeness.jaccard(likeness.tokens(one), likeness.tokens(other))

    if first and second:
        assert abs(likeness.estimate(first, second) - truth) <= 5 * 0.5 / likeness.HASHES**0.5


@given(TEXTS)
def test_equal_sets_of_bigrams_share_every_band(text):
    spaced = text.replace("，", "。 ")
    first, second = likeness.signature(text), likeness.signature(spaced)

    assert first == second
    if first and second:
        assert likeness.bands(first) == likeness.bands(second)
        assert all(-(2**63) <= band < 2**63 for band in likeness.bands(first))


def test_the_hash_functions_never_change():
    """Stored signatures outlive releases: other numbers here mean that all of them have to be made anew."""
    signed = likeness.signature("智能锁")

    assert signed[:3] == (1116787526, 1307235750, 1203087271)
    assert likeness.bands(signed)[0] == 7779378316920603667


def test_different_letters_forms_and_punctuation_do_not_count():
    assert likeness.signature("ＬＥＤ 驅動電源，高效率") == likeness.signature("led驱动电源 高效率。")


@pytest.fixture(scope="module")
def demo():
    return {row["key"]: f"{row['title']}\n{row['summary']}" for row in rows("outcomes")}


def test_of_the_demos_outcomes_only_the_draft_made_for_it_is_taken_for_another(demo):
    signed = {key: likeness.signature(text) for key, text in demo.items()}

    alike = [
        pair
        for pair in combinations(signed, 2)
        if likeness.estimate(signed[pair[0]], signed[pair[1]]) >= likeness.THRESHOLD
    ]

    assert alike == [("R28", "D05")]


def test_an_outcome_posted_again_in_slightly_other_words_is_found(demo):
    for text in demo.values():
        again = text.replace("，", "；").replace("可", "能够", 1).replace("的", "", 1) + "欢迎洽谈合作。"
        one, other = likeness.signature(text), likeness.signature(again)

        assert likeness.estimate(one, other) >= likeness.THRESHOLD
        assert set(likeness.bands(one)) & set(likeness.bands(other))
