"""Forms of milestones and of a contract's end."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.forms import day_input
from marketplace.core import clock
from marketplace.core.confirming import Confirming


def _lines(label: Any, help_text: Any, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, max_length=2000, required=required, widget=widget, help_text=help_text)


def _paper(label: Any, *, required: bool) -> forms.FileField:
    return forms.FileField(label=label, required=required, help_text=_("PDF, pictures, DOCX or XLSX, 20 MB each."))


class MilestoneForm(Confirming):
    """One thing to be done."""

    ASKED = ("is_another",)

    title = forms.CharField(label=_("what"), max_length=200)
    due_on = forms.DateField(label=_("due on"), widget=day_input())
    is_another = forms.BooleanField(label=_("This is to be done once more on the same day"), required=False)


class ReportForm(forms.Form):
    account = _lines(_("what was done"), _("The buyer reads this and accepts, or not."))
    upload = _paper(_("evidence"), required=True)


class AcceptForm(forms.Form):
    """A note; the paper of a buyer who is not on the platform."""

    answer = _lines(_("note"), "", required=False)
    upload = _paper(_("paper of the acceptance"), required=False)


class RefuseForm(forms.Form):
    answer = _lines(_("reasons"), _("Say what does not meet the contract; the seller does it again."))
    upload = _paper(_("paper of the acceptance"), required=False)


class ProposalForm(forms.Form):
    reason = _lines(_("reason"), _("The other side reads this and agrees, or not."))
    ends_on = forms.DateField(label=_("ends on"), widget=day_input(), initial=clock.today)
    upload = _paper(_("paper signed by both"), required=False)

    def __init__(self, *args: Any, needs_paper: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["upload"].required = needs_paper


class BreachForm(forms.Form):
    reason = _lines(_("reason"), _("Name the duty that was broken and the clause. The other side reads this."))
    ends_on = forms.DateField(label=_("ends on"), widget=day_input(), initial=clock.today)
    upload = _paper(_("evidence"), required=True)


class AnswerForm(forms.Form):
    agrees = forms.TypedChoiceField(
        label=_("Answer"),
        choices=[("yes", _("we agree; the contract ends on the day proposed")), ("no", _("we do not agree"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = _lines(_("reasons"), _("Needed where you do not agree."), required=False)


class BreachAnswerForm(forms.Form):
    """The answer to an end declared for a breach; who disputed it may only accept it after all."""

    agrees = forms.TypedChoiceField(
        label=_("Answer"),
        choices=[("yes", _("we accept that the contract ends for a breach")), ("no", _("we dispute it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = _lines(
        _("reasons"), _("Needed where you dispute it: both sides and the district read them."), required=False
    )
    upload = _paper(_("evidence"), required=False)

    def __init__(self, *args: Any, is_disputed: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_disputed:
            field: Any = self.fields["agrees"]
            field.choices = field.choices[:1]


class DecisionForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=_("the end for a breach"),
        choices=[("yes", _("stands: the contract has ended")), ("no", _("is void: the contract goes on"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    decision = _lines(_("what was decided"), _("Court or arbitration commission, number of the case, and the ruling."))
    decided_on = forms.DateField(label=_("decided on"), widget=day_input())
    upload = _paper(_("judgment or award"), required=True)
