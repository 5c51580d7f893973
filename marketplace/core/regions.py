"""Names of the regions whose codes the records hold (GB/T 2260, 中华人民共和国行政区划代码)."""

from django.conf import settings
from django.utils.translation import get_language

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


def region_name(code: str) -> str:
    """Return the name of a region in the reader's language; elsewhere its province with the code, at last the code."""
    in_english = (get_language() or "").startswith("en")
    if code == settings.REGION_CODE:
        return settings.REGION_NAME_EN if in_english else settings.REGION_NAME
    if code in CITY:
        return CITY[code][in_english]
    if code[:2] in PROVINCES:
        return f"{PROVINCES[code[:2]][in_english]} {code}"
    return code
