"""Forms of what happens to a contract after its registration."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.decision_forms import DecisionForm
from marketplace.contracts.forms import day_input
from marketplace.core.forms import MoneyField


def _reasons(help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=_("reasons"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), help_text=help_text
    )


class ChangeForm(forms.Form):
    """Another validity, and why; the items of the amount stand in their own lines."""

    begins_on = forms.DateField(label=_("valid from"), widget=day_input())
    ends_on = forms.DateField(label=_("valid until"), widget=day_input())
    reasons = _reasons(_("The registrars read this. Name the agreement by which the parties changed the contract."))
    upload = forms.FileField(
        label=_("supplementary agreement"),
        help_text=_("The scan of the agreement signed by both parties. PDF, pictures, DOCX or XLSX, 20 MB each."),
    )


class ConsentForm(forms.Form):
    """The buyer's word about a change."""

    agrees = forms.TypedChoiceField(
        label=_("Answer"),
        choices=[("yes", _("we agree to the change")), ("no", _("we do not agree"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("reasons"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed where you do not agree."),
    )


class ItemCorrectionForm(DecisionForm):
    read_by_parties = "reasons"
    technical = MoneyField(
        label=_("of it technical (10,000 yuan)"),
        unit="万元",
        least=0,
        help_text=_(
            "0 where the item is equipment, parts or material; the whole amount where all of it is technology."
        ),
    )
    reasons = _reasons(_("Name the rule the item falls under."))


class GrantForm(DecisionForm):
    reasons = forms.CharField(
        label=_("note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class CancelForm(DecisionForm):
    read_by_parties = "reasons"
    reasons = _reasons(_("The registrars read this too."))
    benefits_enjoyed = forms.BooleanField(
        label=_("Tax relief or rewards were drawn on this registration"),
        required=False,
        help_text=_("If so, tell the tax office and whoever paid the reward."),
    )


class EndForm(DecisionForm):
    read_by_parties = "reasons"
    reasons = _reasons(_("Say what of the registration stays, and why."))


class RevokeForm(DecisionForm):
    read_by_parties = "reasons"
    reasons = _reasons(_("Name the facts and the rule."))


class ObjectionForm(DecisionForm):
    reasons = _reasons(_("Say which part of the decision is wrong, and what shows it."))


class ReExaminationForm(DecisionForm):
    read_by_parties = "reasons"
    upheld = forms.TypedChoiceField(
        label=_("the decision"),
        choices=[("yes", _("stands")), ("no", _("falls"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        help_text=_("A registration that falls is revoked; a refusal that falls puts the contract back into review."),
    )
    reasons = _reasons()
