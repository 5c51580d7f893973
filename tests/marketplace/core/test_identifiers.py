"""Credit codes (GB 32100) and patent numbers: normalised, checked, told what is wrong."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.identifiers import (
    USCC_ALPHABET,
    normalise,
    normalise_patent,
    uscc_check_digit,
    validate_patent,
    validate_uscc,
)

BODY = "91000000MA0000001"
CODE = BODY + uscc_check_digit(BODY)


@pytest.mark.parametrize(
    "text", [CODE, CODE.lower(), f" {CODE[:8]} {CODE[8:]} ", "".join(chr(ord(c) + 0xFEE0) for c in CODE)]
)
def test_a_credit_code_in_any_width_and_case(text):
    validate_uscc(text)
    assert normalise(text) == CODE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (CODE[:17], "length"),
        ("", "length"),
        (CODE[:16] + "O" + CODE[17], "alphabet"),
        ("91A00000MA0000001" + "0", "region"),
        (BODY + next(sign for sign in USCC_ALPHABET if sign != CODE[17]), "check_digit"),
    ],
)
def test_a_wrong_credit_code_says_what_is_wrong(text, reason):
    with pytest.raises(ValidationError) as caught:
        validate_uscc(text)

    assert caught.value.code == reason


@given(st.text(alphabet=USCC_ALPHABET, min_size=9, max_size=9), st.integers(0, 16), st.data())
def test_one_wrong_sign_is_always_found(subject, place, data):
    body = "91000000" + subject
    code = body + uscc_check_digit(body)
    other = data.draw(st.sampled_from([sign for sign in USCC_ALPHABET if sign != code[place]]))

    with pytest.raises(ValidationError):
        validate_uscc(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize(
    "text", ["CN201410424697.5", "ZL92114808.9", "ZL88201465.X", "zl 2014 1 0424697．5", "2014104246975"]
)
def test_published_patent_numbers_pass(text):
    validate_patent(text)


def test_a_patent_number_is_printed_one_way():
    assert normalise_patent("zl ２０１４１０４２４６９７．５") == "ZL201410424697.5"
    assert normalise_patent("92114808 9") == "92114808.9"
    assert normalise_patent("nonsense") == "NONSENSE"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("ZL201410424697.6", "check_digit"),
        ("ZL201470424697.5", "kind"),
        ("CN104246975A", "format"),
        ("٢٠١٤١٠٤٢٤٦٩٧.٥", "format"),
        ("", "format"),
    ],
)
def test_a_wrong_patent_number_says_what_is_wrong(text, reason):
    with pytest.raises(ValidationError) as caught:
        validate_patent(text)

    assert caught.value.code == reason
