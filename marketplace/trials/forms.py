"""What institutes, enterprises and officers fill in at the steps of a trial."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core import clock
from marketplace.core.forms import MoneyField, put_beside
from marketplace.trials.insuring import faults_of
from marketplace.trials.models import Trial
from marketplace.trials.parts import Criterion, Insurance
from marketplace.trials.policy import TrialPolicy


def lines(rows: int) -> forms.Textarea:
    """Return an input for several lines."""
    return forms.Textarea(attrs={"rows": rows})


def day_input() -> forms.DateInput:
    """Return an input that shows and takes a day as browsers write it."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EmptyForm(forms.Form):
    """A step that asks for nothing but the press of its button."""

    asks = ""  # what was reckoned of what was typed, to be read before it is sent once more

    def __init__(self, *args: Any, trial: Trial | None = None, **kwargs: Any) -> None:
        self.trial = trial
        super().__init__(*args, **kwargs)


class AskingForm(EmptyForm):
    """A form that says what it reckoned, and is sent once more when that was read."""

    agreed = forms.DecimalField(widget=forms.HiddenInput, required=False)

    def ask(self, reckoned: Any, words: str) -> None:
        """Ask, unless `reckoned` was shown already; the form then carries it to the next sending."""
        if self.cleaned_data.get("agreed") == reckoned:
            return
        self.asks = words
        typed: Any = self.data.copy()  # type: ignore[attr-defined]
        typed[self.add_prefix("agreed")] = str(reckoned)
        self.data = typed


class ComparedForm(EmptyForm):
    """A yes to a request under terms in words alone: that somebody compared them with what is asked."""

    is_within = forms.BooleanField(
        label=_("We compared place and scale with the terms: what is asked stays within them.")
    )


class SignForm(EmptyForm):
    """The word that binds a side to the trial contract."""

    is_read = forms.BooleanField(label=_("We have read the trial contract, and it binds our side."))

    def clean(self) -> dict[str, Any]:
        """Return nothing: the confirmation itself says it."""
        super().clean()
        return {}


class ReasonForm(EmptyForm):
    """Why something is refused, paused or ended."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=lines(3), help_text=_("The other side reads it.")
    )


class InsuranceForm(EmptyForm):
    """The policy of a trial."""

    insurer = forms.CharField(label=_("Insurer"), max_length=120)
    policy_number = forms.CharField(label=_("Policy number"), max_length=60)
    premium = MoneyField(label=pgettext_lazy("insurance", "Premium"), unit="元", least=1)
    subsidy = MoneyField(label=_("Subsidy of the premium"), unit="元", required=False)
    insured_sum = MoneyField(label=_("Insured sum"), unit="元", least=1)
    begins_on = forms.DateField(label=pgettext_lazy("insurance", "From"), widget=day_input())
    ends_on = forms.DateField(label=pgettext_lazy("insurance", "Until"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("premium", "subsidy", "insured_sum"):
            self.fields[name].widget.attrs |= {"data-money": "", "data-unit": "元"}

    def clean_subsidy(self) -> int:
        return self.cleaned_data["subsidy"] or 0

    def clean(self) -> dict[str, Any]:
        """Say of sums and days in one round what is wrong with them, each beside its own field."""
        cleaned = super().clean() or {}
        if self.trial is not None:
            names = ("premium", "subsidy", "insured_sum", "begins_on", "ends_on")
            for fault in faults_of(self.trial, today=clock.today(), **{name: cleaned.get(name) for name in names}):
                put_beside(self, fault)
        return cleaned


class StartForm(EmptyForm):
    """The day on which the trial begins."""

    starts_on = forms.DateField(
        label=_("Begins on"),
        widget=day_input(),
        initial=lambda: clock.today(),
        help_text=_("Today, or a day since both confirmed the contract. A later beginning is noted on its day."),
    )


class EvaluationForm(EmptyForm):
    """A verdict or a value for each criterion, and the whole in words."""

    text = forms.CharField(label=_("The trial as a whole"), max_length=4000, widget=lines(4))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verdicts = [("", _("value measured only")), *Criterion.Verdict.choices]
        for one in self._criteria():
            name = f"criterion_{one.position}"
            self.fields[name] = forms.ChoiceField(label=one.text, choices=verdicts, required=False)
            self.fields[f"{name}_value"] = forms.CharField(
                label=_("Measured: %(criterion)s") % {"criterion": one.text}, max_length=200, required=False
            )
        self.order_fields([*(name for name in self.fields if name != "text"), "text"])

    def _criteria(self) -> list[Criterion]:
        return list(self.trial.criteria.all()) if self.trial is not None else []

    def clean(self) -> dict[str, Any]:
        """Return the words and {position: (verdict, measured value)}."""
        cleaned = super().clean() or {}
        verdicts = {
            one.position: (
                cleaned.get(f"criterion_{one.position}", ""),
                cleaned.get(f"criterion_{one.position}_value", ""),
            )
            for one in self._criteria()
        }
        return {"text": cleaned.get("text", ""), "verdicts": verdicts}


class ExtensionForm(AskingForm):
    """More time, and why."""

    days = forms.IntegerField(label=_("Days more"), min_value=1, initial=60)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=lines(3), help_text=_("The other side reads it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.trial is None or self.trial.starts_on is None or self.trial.ends_on is None:
            return
        most = TrialPolicy.at(clock.now()).longest_days
        left = max(most - (self.trial.ends_on - self.trial.starts_on).days, 0)
        words = _("At most %(left)s days more: a trial lasts %(most)s days at the longest, extensions included.")
        self.fields["days"].help_text = words % {"left": left, "most": most}
        self.fields["days"].initial = min(60, max(left, 1))

    def clean(self) -> dict[str, Any]:
        """Say beforehand that a required policy does not reach the later end: the institute could not grant it."""
        cleaned = super().clean() or {}
        policy = Insurance.objects.filter(trial=self.trial).first()
        ends_on = self.trial.ends_on if self.trial is not None else None
        if self.trial is not None and policy is not None and ends_on is not None and "days" in cleaned:
            end = ends_on + timedelta(days=cleaned["days"])
            if self.trial.terms.needs_insurance and policy.ends_on < end:
                words = _(
                    "The policy ends on %(ends)s; the institute can grant this only once it covers the trial until "
                    "%(until)s. Ask all the same?"
                )
                self.ask(cleaned["days"], words % {"ends": policy.ends_on.isoformat(), "until": end.isoformat()})
        cleaned.pop("agreed", None)
        return cleaned


class ExtensionAnswerForm(EmptyForm):
    """The institute's answer to a question for more time."""

    is_granted = forms.TypedChoiceField(
        label=_("Answer"),
        choices=[("yes", _("grant the extension")), ("no", _("refuse it"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=lines(2))


class AmountForm(EmptyForm):
    """A price proposed to the other side."""

    amount = MoneyField(label=_("Price"), least=1)


class AcceptForm(EmptyForm):
    """The price that was shown, so that nobody accepts another."""

    amount = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.trial is not None:
            self.fields["amount"].initial = self.trial.offered_price


class BreachForm(EmptyForm):
    """What the other side broke."""

    text = forms.CharField(label=_("What was broken, and when"), max_length=4000, widget=lines(4))


class AnswerForm(EmptyForm):
    """What the side says of which a breach was reported."""

    text = forms.CharField(label=_("Your answer"), max_length=4000, widget=lines(4))


class ResolutionForm(EmptyForm):
    """How a dispute ends."""

    goes_on = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("the trial goes on")), ("no", _("the trial ends, materials go back"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("Resolution"), max_length=4000, widget=lines(4))
