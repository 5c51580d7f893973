"""Documents and questions for the tests of the engines."""

from search.engine import Put, Query
from search.visibility import Visibility

TITLES = [
    "全固态钙钛矿量子点光扩散板制备工艺",
    "钙钛矿发光母粒高温高湿稳定化配方",
    "锌溴液流电池电极与隔膜组件",
    "超快激光玻璃微通孔加工成套工艺",
    "泵阀铸件激光清洗去氧化皮装备",
    "汽车连接器激光焊接在线质量监测系统",
    "不锈钢锁体超声波振动切削工艺",
    "低功耗指静脉识别锁用模组",
    "C级锁芯防技术开启结构",
    "干电池供电无线联网玻璃门锁方案",
    "便携式儿童屈光快速筛查仪",
    "可降解镁基骨修复多孔支架",
    "超临界物理发泡高回弹鞋底",
    "阀门内漏声发射在线监测终端",
    "符合GB/T 19001-2016的锁具检验规程",
    "α-Fe2O3光催化粉体",
    "C++实现的多物理场仿真库",
    "Wireless charging module for smart locks",
    "電鍍廢水重金屬在線回收樹脂",
    "ＡＢＳ树脂免喷涂配方 CN201910123456.7",
]
QUESTIONS = [
    *("钙钛矿", "激光", "锁芯", "锁", "在线监测", "树脂", "工艺", "智能锁低功耗", "焊接质量", "玻璃"),
    *("GB/T 19001", "charging", "仿真", "电池隔膜", "阀门", "超声波切削", "回收重金属", "配方", "筛查", "多孔支架材料"),
]
PUBLIC = Visibility.public()


def outcome(number: int, title: str | list[str], *, version: int = 1, **fields) -> Put:
    """One outcome that everybody may find, unless `visibility` says otherwise."""
    doc = {
        "title": title,
        "summary": f"{title}，可用于生产。",
        "owner_name": "样例研究院",
        "field": ["01", f"01.{number % 3:02d}"],
        "mode": ["licence"] if number % 2 else ["licence", "transfer"],
        "trl": 5 + number % 4,
        "price_low": 1_000_000 * (number % 5),
        "published": 1_700_000_000 + number,
        "visibility": ["public"],
    }
    return Put("outcome", f"OH-{number:04d}", version, {**doc, **fields})


def library() -> list[Put]:
    """The twenty outcomes most tests search in."""
    return [outcome(number, title) for number, title in enumerate(TITLES)]


def question(text: str = "", **options) -> Query:
    """A question to the public outcomes."""
    return Query(**{"kind": "outcome", "visibility": PUBLIC, "text": text, **options})
