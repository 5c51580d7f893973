"""The form in which an officer enters what a co-owner answered by letter."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.forms import put_beside
from marketplace.outcomes.co_ownership import CoOwnerAnswer, CoOwnership
from marketplace.outcomes.co_owning import ObjectionReasonMissing
from marketplace.publicity.forms import LetterField


class AnswerLetterForm(forms.Form):
    """What the letter says, who signed it and when it came."""

    answer = forms.ChoiceField(
        label=_("what the co-owner says"), choices=CoOwnerAnswer.Answer.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("why it objects"),
        max_length=CoOwnerAnswer.LONGEST_REASON,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Where it objects. The owner and the reviewers read it word for word."),
    )
    signed_by = forms.CharField(
        label=_("person who signed"), max_length=80, help_text=_("For the co-owner, as on the letter.")
    )
    received_on = forms.DateField(
        label=_("day of receipt"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    letter = LetterField(
        label=_("scanned letter"),
        help_text=_("With the seal of the co-owner, each page legible: PDF, PNG or JPG, 20 MB each."),
    )

    def __init__(self, *args: Any, asked: CoOwnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = {"max": clock.today().isoformat()}
        if asked.is_outside:
            self.fields["letter"].help_text = _("Signed or sealed, each page legible: PDF, PNG or JPG, 20 MB each.")
        else:
            days["min"] = timezone.localdate(asked.asked_at).isoformat()
        self.fields["received_on"].widget.attrs |= days
        self.fields["reason"].is_asked_of_some = True  # type: ignore[attr-defined]  # of those who object

    def clean(self) -> dict[str, Any]:
        """Tell at once that the reason is missing: files that were chosen are lost with each page that comes back."""
        cleaned = super().clean() or {}
        if (
            cleaned.get("answer") == CoOwnerAnswer.Answer.OBJECTED
            and not cleaned.get("reason")
            and "reason" not in self.errors
        ):
            put_beside(self, ObjectionReasonMissing())
        return cleaned
