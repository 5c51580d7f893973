"""Every component in its states, made from the real includes: the page to look at after a change of look."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms import showcase_samples as samples
from marketplace.core import clock

MODES = [("assignment", _("assignment")), ("sole", _("sole licence")), ("ordinary", _("ordinary licence"))]


class SampleForm(forms.Form):
    """One field of each kind, two of them wrong."""

    title = forms.CharField(
        label=pgettext_lazy("record", "Title"),
        help_text=_("What it is and where it is used, within 30 characters"),
        max_length=30,
    )
    low = forms.CharField(
        label=_("Lowest price"), widget=forms.TextInput(attrs={"data-money": "", "data-unit": "万元"})
    )
    field = forms.ChoiceField(label=_("Technical field"), choices=[("", "—"), ("it", _("electronics"))], required=False)
    modes = forms.MultipleChoiceField(label=_("Ways of transfer"), choices=MODES, widget=forms.CheckboxSelectMultiple)
    evidence = forms.ChoiceField(label=_("Evidence"), choices=MODES[:2], widget=forms.RadioSelect, required=False)
    summary = forms.CharField(
        label=_("Summary"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    report = forms.FileField(
        label=_("Report"),
        required=False,
        help_text=_("PDF, up to 50 MB"),
        widget=forms.ClearableFileInput({"data-most": 50}),
    )
    trial = forms.BooleanField(label=_("May be tried first"), required=False)

    def clean_low(self) -> str:
        raise forms.ValidationError(_("The upper limit 80 is below the lower 180. Swapped?"))


class SampleRow(forms.Form):
    """A row of the sample formset."""

    name = forms.CharField(label=_("Name"))
    number = forms.CharField(label=pgettext_lazy("right", "Number"), required=False)


def components(request: HttpRequest) -> HttpResponse:
    """Show every component; only where it cannot confuse the public."""
    if not (settings.DEBUG or settings.DEMO or (request.user.is_authenticated and request.user.is_staff)):
        raise Http404
    wrong = SampleForm({"title": "低功耗指静脉识别锁用模组", "low": "180", "trial": "on", "modes": ["sole"]})
    rows = forms.formset_factory(SampleRow, extra=2, can_delete=True)(prefix="rows")
    now = clock.now()
    context: dict[str, Any] = {
        **samples.everything(now),
        "form": wrong,
        "formset": rows,
        "page_obj": Paginator(range(200), 20).page(3),
        "now": now,
        "days": [now + timedelta(days=days) for days in (41, 2, 0, -1)],
        "ends_at": (now + timedelta(minutes=4, seconds=37)).isoformat(),
    }
    return render(request, "cms/components.html", context)
