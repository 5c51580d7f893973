"""The words of every notice, by kind. One module per noun holds TEXTS = {kind: Text(…)}.

A kind is `noun.what`, often the journal kind that caused it; the words are put together when the notice is read, in the
language of the reader. Placeholders: `%(subject)s` is the record's own title, `%(actor)s` who did it; a key of the
notice's data stands under its name; a key ending in `_fen` is printed as money without the ending (`price_fen` →
`%(price)s`); a key ending in `_on` or `_at` (ISO text) is printed as date or time in the district. The key `unreal`
names one of UNREAL: what happened there does not count, and the title begins with that. The key `by_on` is the day
by when something is to be done, and the title ends with it.
"""

import pkgutil
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from marketplace.core.money import format_unrounded
from marketplace.notices.groups import Group

OPEN = _("Open")
UNTIL = _("%(title)s (by %(by_on)s)")
UNREAL = {"practice": _("(Practice) %(title)s"), "rehearsal": _("(Rehearsal) %(title)s")}


@dataclass(frozen=True)
class Text:
    """What a notice says: the title begins with the verb; `act` is the label of its button.

    `gives_reason`: the reason that stands beside the entry is for the readers of this notice, here and in its mail.
    """

    title: Any
    group: Group
    act: Any = OPEN
    icon: str = "bell"
    gives_reason: bool = False

    @property
    def names_actor(self) -> bool:
        """Tell whether the title says who did it, which is read with the entry."""
        return "%(actor)s" in str(self.title)

    def title_with(self, *, subject: str, data: dict[str, Any]) -> str:
        """Return the title with its placeholders filled, in the language now active."""
        title = str(self.title) % ({"subject": subject} | printed(data))
        title = str(UNTIL) % {"title": title, "by_on": data["by_on"]} if "by_on" in data else title
        return str(UNREAL[data["unreal"]]) % {"title": title} if "unreal" in data else title


def printed(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of a notice as its reader sees it: money, dates and times in words."""
    language = get_language() or "zh-hans"
    values: dict[str, Any] = {}
    for key, value in data.items():
        if key.endswith("_fen") and isinstance(value, int):
            values[key.removesuffix("_fen")] = format_unrounded(value, language)
        elif key.endswith("_at") and isinstance(value, str):
            values[key] = f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
        else:
            values[key] = value
    return values


@cache
def texts() -> dict[str, Text]:
    """Return the words of all kinds; a kind with two texts is a fault of ours."""
    found: dict[str, Text] = {}
    for module in pkgutil.iter_modules(__path__):
        for kind, text in import_module(f"{__name__}.{module.name}").TEXTS.items():
            if kind in found:
                raise ImproperlyConfigured(f"Two texts are given for the notice {kind}.")
            found[kind] = text
    return found


def text_of(kind: str) -> Text:
    """Return the words of one kind. Raises KeyError for a kind nobody wrote a text for."""
    return texts()[kind]
