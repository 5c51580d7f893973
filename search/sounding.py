"""How Chinese sounds and looks, as far as a slip of the keyboard goes: syllables without tones, characters alike.

One reading per character, from anyascii's table: 重 is always zhong, 长 always zhang. A word typed by another of its
readings is not found by its sound.
"""

import re
from functools import lru_cache

from anyascii import anyascii

# What many people neither say nor type apart: zh and z, ch and c, sh and s, an ending ng and n
_LOOSE = re.compile(r"(?<=[zcs])h|(?<=n)g")
# Characters taken for one another by the eye (most that look alike sound alike as well)
LOOKALIKES = (
    "己已巳", "未末", "人入八", "土士", "干千于", "日曰目", "申由甲电", "天夫无", "刀力九", "大太犬", "木本术",
    "王玉主", "拔拨", "侯候", "抡抢", "仑仓", "冶治", "微徽", "析折拆", "戊戌戍", "遣遗", "贷货", "券卷", "崇祟",
    "炙灸", "即既", "毫亳", "缘绿", "压庄", "芯蕊", "轴铀", "田由", "儿几", "乌鸟", "白自", "厂广", "免兔", "今令",
    "午牛", "住往", "体休", "没设", "活话", "铁跌", "峰蜂", "烧浇", "待侍", "苯笨", "官宫", "哀衰", "材村", "桩椿",
    "坏环", "怀坏", "载裁", "粟栗", "徒徙", "撤撒", "暑署", "铅铝", "钥钓",
)  # fmt: skip


@lru_cache(maxsize=65_536)
def syllable(char: str) -> str:
    """Return how a Chinese character is read, in letters without a tone; "" where that is not known."""
    read = anyascii(char).strip().lower()
    return read if read.isascii() and read.isalpha() else ""


def reading(han: str) -> str:
    """Return a run of Chinese in letters, without spaces."""
    return "".join(map(syllable, han))


def loosely(letters: str) -> str:
    """Return letters as they compare: what many type alike is alike, and v stands for ü."""
    return _LOOSE.sub("", letters.replace("ü", "u").replace("v", "u"))


def are_alike(one: str, other: str) -> bool:
    """Tell whether one character may have been typed for another: they sound or look alike."""
    sound = loosely(syllable(one))
    if sound and sound == loosely(syllable(other)):
        return True
    return any(one in group and other in group for group in LOOKALIKES)
