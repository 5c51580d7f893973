"""What staff do with a record: a button where our rule lets the reader, which leads to the form in the portal."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from wagtail.admin.ui.tables import ButtonsColumnMixin, TitleColumn
from wagtail.admin.widgets.button import Button

from cms.portal.places import page_of
from marketplace.core.rules import Rule, why_not


@dataclass(frozen=True)
class Act:
    """One act: the words of its button, the states of a record it is for, the rule that is asked, where it is done."""

    label: Any
    states: Collection[str]
    rule: Rule
    place: Callable[[Any], str] = page_of


def acts_for(record: Any, user: Any, acts: tuple[Act, ...]) -> Iterator[tuple[Any, str]]:
    """Yield (words, address) of each act that is due in the record's state and that this reader may do."""
    for act in acts:
        if record.state in act.states and why_not(act.rule, user, record) is None:
            yield act.label, act.place(record)


def buttons_for(record: Any, user: Any, acts: tuple[Act, ...]) -> list[Button]:
    """Return the buttons of a row."""
    found = acts_for(record, user, acts)
    return [Button(label, url=href, icon_name="arrow-right", priority=1) for label, href in found]


class TitleWithActs(ButtonsColumnMixin, TitleColumn):
    """The first column of a listing, with the buttons of its rows."""

    def __init__(self, *args: Any, acts: tuple[Act, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acts = acts

    def get_buttons(self, instance: Any, parent_context: Any) -> list[Button]:
        return buttons_for(instance, parent_context["request"].user, self.acts)
