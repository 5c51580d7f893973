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
from marketplace.core.rules import why_not
from marketplace.indicators import actions, rules
from marketplace.indicators.indicator import Unit
from marketplace.indicators.targets import COUNTED, targets_of

YEARS = range(2020, 2100)
MOST_COUNTED = 1_000_000


class TargetForm(forms.Form):
    """A field for each figure that a year adds up to; an empty one sets no target."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for indicator in COUNTED:
            words = {"label": indicator.label, "required": False}
            if indicator.unit == Unit.FEN:
                self.fields[indicator.slug] = MoneyField(least=1, **words)
            else:
                words["help_text"] = indicator.unit.label
                self.fields[indicator.slug] = forms.IntegerField(min_value=1, max_value=MOST_COUNTED, **words)


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
    return ask(request, form, lambda **targets: actions.set_targets(year, by=request.user, targets=targets), question)
