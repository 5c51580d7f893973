"""The reviewer's answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.reviews.comparing import Change
from marketplace.reviews.models import LONGEST_REASON


class DecisionForm(forms.Form):
    """A comment to the whole, and remarks to single fields (remark-<field>)."""

    comment = forms.CharField(
        label=_("Comment to the author"), max_length=2000, required=False, widget=forms.Textarea({"rows": 4})
    )

    def __init__(self, *args: Any, changes: list[Change], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = [change.field for change in changes]
        for change in changes:
            self.fields[f"remark-{change.field}"] = forms.CharField(
                label=_("Remark to “%(field)s”") % {"field": change.label}, max_length=500, required=False
            )

    @property
    def remarks(self) -> dict[str, str]:
        """Return what was remarked, by field."""
        cleaned = self.cleaned_data
        return {name: cleaned[f"remark-{name}"] for name in self.about if cleaned.get(f"remark-{name}")}


class OfflineForm(forms.Form):
    """Why the district takes a page offline."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Its owner reads it, here and in the mail, and whoever reviews the next version."),
    )
