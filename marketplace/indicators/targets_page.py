"""The page on which officers set the targets of a year."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.core.forms import MoneyField
from marketplace.core.one_form import Question, ask
from marketplace.core.refusals import Refused
from marketplace.core.rules import why_not
from marketplace.indicators import actions, rules
from marketplace.indicators.indicator import Unit
from marketplace.indicators.targets import COUNTED, targets_of

YEARS = range(2020, 2100)
MOST_COUNTED = 1_000_000


class CountField(forms.IntegerField):
    """How many of something, with what is counted beside the input."""

    def __init__(self, *, unit_label: str, **kwargs: Any) -> None:
        self.unit_label = unit_label
        super().__init__(min_value=1, max_value=MOST_COUNTED, **kwargs)


class TargetForm(forms.Form):
    """A field for each figure that a year adds up to; an empty one sets no target."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for indicator in COUNTED:
            of = {"label": indicator.label, "required": False}
            is_amount = indicator.unit == Unit.FEN
            unit = indicator.unit.behind(MOST_COUNTED)
            self.fields[indicator.slug] = MoneyField(least=1, **of) if is_amount else CountField(unit_label=unit, **of)
            self.fields[indicator.slug].show_hidden_initial = True  # what the person had before them, sent along

    def seen(self) -> dict[str, int | None] | None:
        """Return the targets the person had before them; None where the page does not say."""
        names = {slug: self[slug].html_initial_name for slug in self.fields}
        if not any(name in self.data for name in names.values()):
            return None
        return {slug: self.fields[slug].to_python(self.data.get(name)) for slug, name in names.items()}

    def show(self, now: dict[str, int]) -> None:
        """Have the page that is shown again hold the targets of now, beside what was typed."""
        typed = {name: self.data[name] for name in self.data}
        for slug, field in self.fields.items():
            value = field.prepare_value(now.get(slug))
            typed[self[slug].html_initial_name] = "" if value is None else value
        self.data = typed


@login_required
def board_targets(request: Any, year: int) -> HttpResponse:
    """What the district means to reach in a year."""
    if year not in YEARS:
        raise Http404
    if (reason := why_not(rules.set_targets, request.user)) is not None:
        raise PermissionDenied(reason)
    question = Question(
        title=_("Targets of %(year)s") % {"year": year},
        submit=_("Save the targets"),
        done=_("The targets are saved."),
        back=f"{reverse('board')}?period={year}",
        back_words=_("Figures"),
        about=_("Board and report say how far each figure has come. Leave a field empty where there is no target."),
    )
    form = TargetForm(request.POST or None, initial=targets_of(year))

    def act(**targets: int | None) -> None:
        try:
            actions.set_targets(year, by=request.user, targets=targets, seen=form.seen())
        except Refused:
            form.show(targets_of(year))
            raise

    return ask(request, form, act, question)
