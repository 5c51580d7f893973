"""Checking one row of an import."""

import pytest

from marketplace.outcomes.imports.cells import READERS, Lookups
from marketplace.outcomes.imports.checking import check_row, fingerprint
from marketplace.outcomes.imports.columns import BY_KEY

LOOKUPS = Lookups(
    fields={"05": 5, "新材料及其应用": 5, "06": 6, "新能源与高效节能": 6}, industries={"c3443": 34, "阀门制造": 34}
)
GOOD = {
    "title": "阀门密封",
    "summary": "唇形密封",
    "field": "新材料及其应用",
    "trl": "TRL 7",
    "modes": "普通许可；先用后转",
}


def check(**cells):
    return check_row({**GOOD, **cells}, LOOKUPS)


def test_reads_a_good_row_into_values():
    checked = check(price="80–160", industries="C3443", inventors="张三、李四", ip="ZL201410424697.5；2025SR0000031")

    assert checked.problems == {}
    assert checked.values == {
        "title": "阀门密封", "summary": "唇形密封", "field_id": 5, "trl": 7, "modes": ["ordinary", "trial_first"],
        "price_low": 80_000_000, "price_high": 160_000_000, "industries": [34], "inventors": ["张三", "李四"],
        "ip_rights": [("invention", "ZL201410424697.5"), ("software", "2025SR0000031")],
    }  # fmt: skip


def test_a_row_without_a_price_is_negotiable():
    assert check().values["is_negotiable"] is True
    assert check(price="面议").values["is_negotiable"] is True
    assert "is_negotiable" not in check(price="80").values


@pytest.mark.parametrize(
    ("cells", "key", "words"),
    [
        ({"title": ""}, "title", "filled in"),
        ({"title": "长" * 121}, "title", "121"),
        ({"trl": "10 级"}, "trl", "1 to 9"),
        ({"trl": "七"}, "trl", "1 to 9"),
        ({"field": "节能"}, "field", "新能源与高效节能"),
        ({"field": "炼金术"}, "field", "no such field"),
        ({"industries": "C9999"}, "industries", "C9999"),
        ({"modes": "租"}, "modes", "租"),
        ({"price": "85–45"}, "price", "85"),
        ({"price": "几十万"}, "price", "几十万"),
        ({"price": "1-2-3"}, "price", "60–120"),
        ({"ip": "ZL201410424697.4"}, "ip", "should be 5, not 4"),
        ({"ip": "外观 ZL201410424697.5"}, "ip", "another kind"),
        ({"owners": "甲院 60；乙公司 30"}, "owners", "90"),
        ({"owners": "甲院"}, "owners", "share"),
        ({"evidence": "听说"}, "evidence", "Known"),
        ({"title": "#N/A"}, "title", "error #N/A"),
        ({"inventors": "张三、#NAME?"}, "inventors", "error #NAME?"),
        ({"title": "=B2&C2"}, "title", "formula"),
        ({"inventors": "张三 李四"}, "inventors", "not by spaces"),
        ({"price": "-50"}, "price", "below zero"),
        ({"price": "－50--20"}, "price", "below zero"),
        ({"price": "60~"}, "price", "60–120"),
        ({"price": "0"}, "price", "above zero"),
        ({"price": "60–120", "price_low": "500"}, "price_low", "otherwise"),
        ({"owners": "甲院 50；甲 院 50"}, "owners", "twice"),
        ({"owners": "甲院 33.333%；乙院 33.333%；丙院 33.334%"}, "owners", "two decimals"),
        *(({"owners": f"甲院 {minus}20%；乙院 80%"}, "owners", "not negative") for minus in "-－–—−"),
        ({"owners": "甲院（-20%）；乙院 120%"}, "owners", "not negative"),
        ({"owners": "甲院 33,40；乙院 60"}, "owners", "Write each holder"),
        ({"owners": "甲院 100；乙院 0"}, "owners", "no share"),
        ({"owners": f"{'甲' * 121} 60；乙院 40"}, "owners", "121"),
        ({"title": "⇡7"}, "title", "merged with that of row 7"),
        ({"inventors": "⇡7"}, "inventors", "merged with that of row 7"),
        ({"inventors": "张三、李四、张三"}, "inventors", "“张三” stands here twice"),
        ({"inventors": f"{'张' * 61}"}, "inventors", "61"),
        ({"ip": f"技术秘密 {'A' * 41}"}, "ip", "41"),
    ],
)
def test_says_beside_the_cell_what_is_wrong(cells, key, words, settings):
    from django.utils.translation import override

    with override("en"):
        checked = check(**cells)

    assert list(checked.problems) == [key]
    assert words in checked.problems[key].message
    assert checked.is_wrong


def test_suggests_the_near_field_and_the_swapped_price():
    assert check(field="节能").problems["field"].suggestion == "新能源与高效节能"
    assert check(price="85–45").problems["price"].suggestion == "45–85"
    assert check(modes="先用后转；普通许").problems["modes"].suggestion == "先用后转；普通许可"


def test_names_apart_by_spaces_are_several_persons_and_a_name_spread_out_is_one():
    names = ("张 三、欧阳娜", "Ada Lovelace；李四", "阿凡提·艾山", "张\u3000三丰")
    read = [check(inventors=text).values["inventors"] for text in names]

    assert read == [["张三", "欧阳娜"], ["Ada Lovelace", "李四"], ["阿凡提·艾山"], ["张三丰"]]
    assert check(inventors="张三  李四；王 五").problems["inventors"].suggestion == "张三、李四、王五"


def test_a_suggestion_names_each_inventor_once():
    assert check(inventors="张三、张三、李四").problems["inventors"].suggestion == "张三、李四"
    assert check(inventors="张三 李四；张三").problems["inventors"].suggestion == "张三、李四"


def test_shares_of_two_decimals_are_kept_as_they_stand():
    checked = check(owners="A Co., Ltd. 33.33%；乙院：33.330；丙院（33．34％）")

    assert checked.problems == {}
    assert checked.values["owners"] == [("A Co., Ltd.", "33.33"), ("乙院", "33.330"), ("丙院", "33.34")]


def test_the_upper_limit_in_a_column_of_its_own_is_compared_too():
    assert list(check(price_low="85", price_high="45").problems) == ["price_high"]


def test_the_fingerprint_knows_a_row_again_in_other_width_and_order():
    first = fingerprint({"title": "阀门密封", "trl": "TRL 7", "ip": ""})

    assert fingerprint({"trl": "ＴＲＬ7", "title": " 阀门密封 "}) == first
    assert fingerprint({"trl": "TRL 8", "title": "阀门密封"}) != first


def test_every_column_of_the_template_is_read():
    assert READERS.keys() == BY_KEY.keys()
