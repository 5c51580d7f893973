"""The columns an institute's sheet may have: their headings, other names for them, and what stands in them."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.outcomes.completeness import SHORTEST_SUMMARY

OWN_HEADINGS = {"行", "Row"}  # over the first column of what we hand out with comments: no column of the institute's


@dataclass(frozen=True)
class Column:
    """One column of the template. `key` names it in code, `heading` and `hint` are what the template prints."""

    key: str
    heading: str
    label: Any
    also: tuple[str, ...] = ()
    is_required: bool = False
    example: str = ""
    width: int = 18
    hint: str = ""


COLUMNS = (
    Column(
        "title",
        "成果名称",
        pgettext_lazy("record", "title"),
        ("名称", "成果", "项目名称", "title"),
        True,
        "示例：泵阀铸件激光清洗去氧化皮装备",
        34,
    ),
    Column(
        "summary",
        "公开简介",
        _("public summary"),
        ("简介", "成果简介", "公开摘要", "摘要", "summary"),
        True,
        "用脉冲激光去除铸件表面氧化皮，替代酸洗，不产生废液。适用于泵体、阀体。",
        50,
        f"所有人可见。送审时至少 {SHORTEST_SUMMARY} 个字：解决什么问题、怎样解决、给谁用。",
    ),
    Column("field", "技术领域", _("technical field"), ("领域", "所属领域", "技术领域代码", "field"), True, "先进制造"),
    Column("industries", "所属行业", _("industries"), ("行业", "应用行业", "industry"), False, "C3443；C3441"),
    Column(
        "trl",
        "成熟度",
        _("technology readiness level"),
        ("成熟度等级", "技术成熟度", "技术成熟度等级", "成熟度TRL", "TRL"),
        True,
        "8",
        10,
    ),
    Column("evidence", "成熟度证明", _("evidence of readiness"), ("证明", "证明材料", "成熟度依据"), False, "产品"),
    Column(
        "modes", "转化方式", _("transfer modes"), ("合作方式", "方式", "转让方式", "mode"), True, "普通许可；先用后转"
    ),
    Column(
        "price",
        "价格（万元）",
        _("price (10,000 yuan)"),
        ("价格", "价格区间", "意向价格", "报价", "price"),
        False,
        "60–120",
    ),
    Column("price_low", "价格下限（万元）", _("price from (10,000 yuan)"), ("价格下限", "最低价"), False, ""),
    Column("price_high", "价格上限（万元）", _("price to (10,000 yuan)"), ("价格上限", "最高价"), False, ""),
    Column(
        "inventors",
        "完成人",
        _("inventors"),
        ("发明人", "主要完成人", "研发人员", "inventor"),
        False,
        "张三、李四",
        hint="多人用顿号或分号隔开。送审时至少写一人。",
    ),
    Column(
        "owners",
        "权利人及份额",
        _("co-owners with shares"),
        ("共有人及份额", "权利人", "共有人"),
        False,
        "",
        26,
        "只有本单位一家时留空。否则逐个写明权利人和份额（%），用分号隔开，本单位也要写，合计 100，最多两位小数："
        "样例研究院 60；样例企业 40",
    ),
    Column(
        "ip",
        "知识产权",
        _("intellectual property"),
        ("专利号", "专利号或登记号", "知识产权号", "登记号", "专利", "patent"),
        False,
        "发明 ZL201410424697.5",
        30,
        "种类在前、号码在后，多项用分号隔开：发明 ZL201410424697.5；软著 2025SR0000031；技术秘密。"
        "专利只写专利号即可；技术秘密可不写号码。",
    ),
    Column(
        "confidential",
        "保密内容",
        _("confidential part"),
        ("保密部分", "技术秘密内容"),
        False,
        "",
        30,
        "不公开：只有本单位、区里和签订保密协议的对方能看到。例如：关键工艺参数为激光功率 200 瓦、扫描速度 3 米/秒。",
    ),
    Column("title_en", "英文名称", _("English title"), ("英文题目",), False, "", 30),
    Column("summary_en", "英文简介", _("English summary"), ("英文摘要",), False, "", 40),
)
BY_KEY = {column.key: column for column in COLUMNS}


def plain_heading(text: str) -> str:
    """Return a heading without width, case, spaces, marks and what stands in brackets."""
    half = unicodedata.normalize("NFKC", text or "").lower()
    return re.sub(r"[\s*:、_\-]|\(.*?\)|\[.*?\]", "", half)


NAMES = {plain_heading(name): column.key for column in reversed(COLUMNS) for name in (column.heading, *column.also)}


def is_heading(cells: list[str]) -> bool:
    """Tell whether this line is the line of headings: it names at least two of our columns."""
    return len({NAMES[plain] for cell in cells if (plain := plain_heading(cell)) in NAMES}) >= 2


def is_example(cells: list[str]) -> bool:
    """Tell whether this row is the template's example, left in the sheet: it has the title that stands there."""
    return BY_KEY["title"].example in [cell.strip() for cell in cells]


def is_repeated(headings: list[str], index: int) -> bool:
    """Tell whether the heading of this column stands over another column too."""
    plain = plain_heading(headings[index])
    return bool(plain) and [plain_heading(heading) for heading in headings].count(plain) > 1


def guess_mapping(headings: list[str]) -> list[str]:
    """Return for every column of the sheet the key it is read as, or "" where none fits (first one wins)."""
    mapping: list[str] = []
    for heading in headings:
        key = NAMES.get(plain_heading(heading), "")
        mapping.append("" if key in mapping else key)
    return mapping
