"""Reading the cells that name people and holders: inventors, and co-owners with their shares."""

import re
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from marketplace.outcomes.completeness import WHOLE, named_twice, share_sentence, twice_sentence
from marketplace.outcomes.imports.wrong import WrongCell

LIST = re.compile(r"[;；、,，\n/]+")
LONG_LIST = re.compile(r"[;；\n]+")
CHINESE_NAME = re.compile(r"[㐀-鿿𠀀-𲎯·]{2,}")
SPREAD_NAME = re.compile(r"[㐀-鿿𠀀-𲎯] +[㐀-鿿𠀀-𲎯]{1,2}")  # 张 三, as lists set two characters to the width of three
HOLDER = re.compile(r"^(?P<name>.+?)[\s:：(（]*(?P<share>\d+(?:[.．]\d+)?)\s*[%％]?\s*[)）]?$")
DASH_AT_END = re.compile(r"[-－﹣–—−]$")
HALF_A_NUMBER = re.compile(r"[\d\s][.,．，]$")  # "甲院 33," before 33, "甲院 ." before 5: the share begins earlier
LONGEST_INVENTOR, LONGEST_HOLDER = 60, 120
HUNDREDTH = Decimal("0.01")


def read_inventors(text: str) -> dict[str, Any]:
    """Return the names a cell lists; WrongCell where they cannot be told apart, or one stands there twice."""
    names = [" ".join(name.split()) for name in LIST.split(text) if name.strip()]
    names = [name.replace(" ", "") if SPREAD_NAME.fullmatch(name) else name for name in names]
    if any(_are_several(name) for name in names):
        apart = [piece for name in names for piece in (name.split() if _are_several(name) else [name])]
        raise WrongCell(_("Names are separated by “、” or a semicolon, not by spaces."), _each_once(apart))
    twice = named_twice(names)
    if twice:
        sentence = _("“%(name)s” stands here twice. Two persons of one name are told apart in brackets.")
        raise WrongCell(sentence % {"name": twice}, _each_once(names))
    for name in names:
        refuse_longer(name, LONGEST_INVENTOR)
    return {"inventors": names}


def _are_several(name: str) -> bool:
    pieces = name.split()
    return len(pieces) > 1 and all(CHINESE_NAME.fullmatch(piece) for piece in pieces)


def _each_once(names: list[str]) -> str:
    return "、".join(dict.fromkeys(names))


def read_owners(text: str) -> dict[str, Any]:
    """Return the holders and their shares in per cent; WrongCell where they are not whole, above 0 and 100 in all."""
    owners = [_owner(part) for part in filter(None, (piece.strip() for piece in LONG_LIST.split(text)))]
    twice = named_twice(name for name, _share in owners)
    if twice:
        raise WrongCell(twice_sentence(twice))
    total = sum((share for _name, share in owners), Decimal(0))
    if total != WHOLE:
        raise WrongCell(share_sentence(total))
    return {"owners": [(name, str(share)) for name, share in owners]}


def _owner(part: str) -> tuple[str, Decimal]:
    match = HOLDER.match(part)
    name = match["name"].strip() if match else ""
    if match is None or not name or HALF_A_NUMBER.search(match["name"]):
        raise WrongCell(_("Write each holder with their share, such as 样例研究院 60；样例企业 40."))
    share = Decimal(match["share"].replace("．", "."))
    if DASH_AT_END.search(name):
        raise WrongCell(_("“%(part)s”: a share is not negative. Write it without a dash.") % {"part": part})
    if share != share.quantize(HUNDREDTH):
        raise WrongCell(_("“%(part)s”: a share has at most two decimals, such as 33.34.") % {"part": part})
    if not share:
        raise WrongCell(_("“%(name)s” holds no share: enter one above 0 %%.") % {"name": name})
    refuse_longer(name, LONGEST_HOLDER)
    return name, share


def refuse_longer(text: str, most: int) -> None:
    """Raise WrongCell for a text of more than `most` characters."""
    if len(text) > most:
        counts = {"length": len(text), "most": most}
        raise WrongCell(_("The text has %(length)s characters; at most %(most)s fit.") % counts)
