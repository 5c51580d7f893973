"""Regions whose codes the records hold (GB/T 2260, 中华人民共和国行政区划代码): their names, and which is the district.

The code of the district is a dated entry of a code list that staff keep (domain.md §4.2 marks it [CK]); without one,
that of the installation. A district that is numbered anew stays the same: a record made under an earlier code is of the
district still.
"""

from datetime import date

from django.conf import settings
from django.db.models import Q
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from marketplace.core import clock
from marketplace.core.code_lists import CodeList, CodeRule, rows_of
from marketplace.core.languages import is_english

COUNTRY = "100000"  # as data sets write the whole of China; GB/T 2260 itself begins with the provinces
# Those a district of Wenzhou meets every day: the city's own, and the provinces for all others
CITY = {
    "330300": ("温州市", "Wenzhou"),
    "330302": ("鹿城区", "Lucheng"),
    "330303": ("龙湾区", "Longwan"),
    "330304": ("瓯海区", "Ouhai"),
    "330305": ("洞头区", "Dongtou"),
    "330324": ("永嘉县", "Yongjia"),
    "330326": ("平阳县", "Pingyang"),
    "330327": ("苍南县", "Cangnan"),
    "330328": ("文成县", "Wencheng"),
    "330329": ("泰顺县", "Taishun"),
    "330381": ("瑞安市", "Rui'an"),
    "330382": ("乐清市", "Yueqing"),
    "330383": ("龙港市", "Longgang"),
}
PROVINCES = {
    "11": ("北京市", "Beijing"),
    "12": ("天津市", "Tianjin"),
    "13": ("河北省", "Hebei"),
    "14": ("山西省", "Shanxi"),
    "15": ("内蒙古自治区", "Inner Mongolia"),
    "21": ("辽宁省", "Liaoning"),
    "22": ("吉林省", "Jilin"),
    "23": ("黑龙江省", "Heilongjiang"),
    "31": ("上海市", "Shanghai"),
    "32": ("江苏省", "Jiangsu"),
    "33": ("浙江省", "Zhejiang"),
    "34": ("安徽省", "Anhui"),
    "35": ("福建省", "Fujian"),
    "36": ("江西省", "Jiangxi"),
    "37": ("山东省", "Shandong"),
    "41": ("河南省", "Henan"),
    "42": ("湖北省", "Hubei"),
    "43": ("湖南省", "Hunan"),
    "44": ("广东省", "Guangdong"),
    "45": ("广西壮族自治区", "Guangxi"),
    "46": ("海南省", "Hainan"),
    "50": ("重庆市", "Chongqing"),
    "51": ("四川省", "Sichuan"),
    "52": ("贵州省", "Guizhou"),
    "53": ("云南省", "Yunnan"),
    "54": ("西藏自治区", "Tibet"),
    "61": ("陕西省", "Shaanxi"),
    "62": ("甘肃省", "Gansu"),
    "63": ("青海省", "Qinghai"),
    "64": ("宁夏回族自治区", "Ningxia"),
    "65": ("新疆维吾尔自治区", "Xinjiang"),
    "71": ("台湾省", "Taiwan"),
    "81": ("香港特别行政区", "Hong Kong"),
    "82": ("澳门特别行政区", "Macao"),
}


def _entries() -> list[CodeRule]:
    """Return the entries for the district, the newest first; of one day only that which was entered last."""
    rows = rows_of(CodeList.DISTRICT)
    if not rows:
        name, english = settings.REGION_NAME, settings.REGION_NAME_EN
        return [CodeRule(code=settings.REGION_CODE, name=name, name_en=english, holds_from=date.min)]
    return list({row.holds_from: row for row in reversed(rows)}.values())[::-1]


def _begun(on: date) -> list[CodeRule]:
    """Return the entries that had begun on a day, the newest first; the first of all has held ever since."""
    entries = _entries()
    return [row for row in entries if row.holds_from <= on] or entries[-1:]


def district_codes(on: date) -> list[str]:
    """Return the codes the district has or had by a day, that of the day first; one worded anew stands there twice."""
    return [row.code for row in _begun(on)]


def district_code(on: date) -> str:
    """Return the code of the district on a day."""
    return district_codes(on)[0]


def in_district(region: str, day: str) -> Q:
    """Return the condition that the code in one column was the district's on the day in another (names of lookups)."""
    first, *later = reversed(_entries())
    condition = Q(**{region: first.code})
    for row in later:
        condition |= Q(**{region: row.code, f"{day}__gte": row.holds_from})
    return condition


def known_as(region: str, *, on: date) -> list[str]:
    """Return every code a region has or had by a day, that of the day first: of the district all of its own."""
    codes = district_codes(on)
    return codes if region in codes else [region]


def present_code(region: str) -> str:
    """Return the code a region has today."""
    return known_as(region, on=clock.today())[0]


def lasting_code(region: str) -> str:
    """Return the code by which search knows a region: of the district its first, whichever it bears."""
    codes = [row.code for row in _entries()]
    return codes[-1] if region in codes else region


def lies_in(place: str, area: str) -> bool:
    """Tell whether a region is an area or part of one: of China, of a province (two digits), of a city (four)."""
    if area == COUNTRY:
        return True
    place, area = lasting_code(place), lasting_code(area)
    digits = 2 if area.endswith("0000") else 4 if area.endswith("00") else 6
    return place[:digits] == area[:digits]


def is_known(region: str) -> bool:
    """Tell whether a code is the district's, of its city, or lies in a province; of those counties no list is kept."""
    return region[:2] in PROVINCES or region in district_codes(clock.today())


def regions_by_name() -> dict[str, str]:
    """Return {code: name} of the regions that have a name here: of the city its own, of the others the provinces."""
    own = district_code(clock.today())
    codes = [*map(present_code, CITY), own, *(f"{province}0000" for province in PROVINCES)]
    return {code: region_name(code) for code in dict.fromkeys(codes)}


def _hint() -> str:
    return _("Six digits by GB/T 2260, %(code)s for the district.") % {"code": district_code(clock.today())}


code_hint = lazy(_hint, str)


def region_name(code: str, *, on: date | None = None) -> str:
    """Return the name of a region in the reader's language; elsewhere its province with the code, at last the code.

    The district is called as on a day, today without one; under an earlier code of its own it bears the code too.
    """
    present, *earlier = _begun(on or clock.today())
    if code == present.code:
        return str(present)
    for entry in earlier:
        if code == entry.code:
            return f"{entry} {code}"
    if code in CITY:
        return CITY[code][is_english()]
    if code == COUNTRY:
        return _("all of China")
    if code[:2] in PROVINCES:
        province = PROVINCES[code[:2]][is_english()]
        return province if code.endswith("0000") else f"{province} {code}"
    return code
