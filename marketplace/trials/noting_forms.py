"""What the parties fill in to note something of a trial, and to take it back: milestones, hours, output."""

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.forms import MoneyField, put_beside
from marketplace.core.money import format_exact
from marketplace.core.refusals import Refused
from marketplace.publicity.forms import EvidenceField
from marketplace.trials import noting, royalties
from marketplace.trials.forms import AskingForm, EmptyForm, day_input, lines
from marketplace.trials.models import Trial
from marketplace.trials.parts import Milestone, Support
from marketplace.trials.pool import Pricing
from marketplace.trials.royalty import OutputReport, Share, share_of


def _bound_day(field: forms.Field, first: Any, last: Any) -> None:
    """Let browsers offer only days between two."""
    field.widget.attrs |= {"min": first.isoformat(), "max": last.isoformat()}


class OutputForm(AskingForm):
    """What was made with the outcome in a time; its share is named before it is reported."""

    begins_on = forms.DateField(label=pgettext_lazy("insurance", "From"), widget=day_input())
    ends_on = forms.DateField(label=pgettext_lazy("insurance", "Until"), widget=day_input())
    output = MoneyField(label=_("Output (10,000 yuan)"), unit="万元", least=0)
    due_on = forms.DateField(label=_("The share is due on"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.trial is None or self.trial.state != Trial.State.CONVERTED:
            return
        if self.trial.terms.pricing != Pricing.FORMULA:  # refused in words once it is sent
            return
        today = clock.today()
        first, last = royalties.first_day(self.trial), royalties.last_due_day(today)
        words = _("Not before %(first)s, when the contract was signed, nor after today.")
        self.fields["begins_on"].help_text = words % {"first": first.isoformat()}
        words = _("From the last day of that time on, until %(last)s at the latest.")
        self.fields["due_on"].help_text = words % {"last": last.isoformat()}
        for name, most in (("begins_on", today), ("ends_on", today), ("due_on", last)):
            _bound_day(self.fields[name], first, most)

    def clean(self) -> dict[str, Any]:
        """Say what is wrong with the days; then, of a right report, which share it makes due."""
        cleaned = super().clean() or {}
        days: list[Any] = [cleaned.get(name) for name in ("begins_on", "ends_on", "due_on")]
        if self.trial is None or self.errors or None in days:
            return cleaned
        try:
            royalties.require_days(self.trial, *days, today=clock.today())
        except Refused as refusal:
            put_beside(self, refusal)
            return cleaned
        share = share_of(self.trial, cleaned["output"])
        self.ask(share.due, share_words(share, cleaned["output"], days[2].isoformat()))
        return cleaned | {"agreed": share.due}


def share_words(share: Share, output: int, due_on: str) -> str:
    """Return what a report makes due and why not more, before it is sent."""
    language = get_language() or "zh-hans"
    said = {"output": format_exact(output, language), "due": format_exact(share.due, language), "on": due_on}
    said |= {"full": format_exact(share.full, language)}
    if not share.due and not share.is_cut:
        return _("Of an output of %(output)s nothing is due. Report it so?") % said
    if share.is_cut:
        words = _(
            "The share of an output of %(output)s would be %(full)s; the cap leaves %(due)s, due on %(on)s. "
            "Report it so?"
        )
        return words % said
    return _("Of an output of %(output)s a share of %(due)s is due on %(on)s. Report it so?") % said


class MilestoneForm(EmptyForm):
    """A step with its day."""

    title = forms.CharField(label=_("Milestone"), max_length=200)
    due_on = forms.DateField(label=_("Due on"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.trial is not None:
            first, last = noting.milestone_days(self.trial, today=clock.today())
            days = {"first": first.isoformat(), "last": last.isoformat()}
            self.fields["due_on"].help_text = _("Within the trial: %(first)s to %(last)s.") % days
            _bound_day(self.fields["due_on"], first, last)


class MilestoneChoice(forms.ModelChoiceField):
    """A choice of milestones, each with its day."""

    def label_from_instance(self, one: Milestone) -> str:
        return f"{one.title} {one.due_on.isoformat()}"


class ReachForm(EmptyForm):
    """Which step was reached, and what proves it."""

    milestone = MilestoneChoice(label=_("Milestone"), queryset=Milestone.objects.none(), empty_label=None)
    note = forms.CharField(label=_("What was done"), max_length=500, required=False)
    evidence = EvidenceField(
        label=_("Evidence"), required=False, help_text=_("PDF, pictures, DOCX or XLSX, 20 MB each.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.trial is not None:
            open_ones = self.trial.milestones.standing().filter(reached_at=None)
            self.fields["milestone"].queryset = open_ones  # type: ignore[attr-defined]


class SupportForm(AskingForm):
    """Hours of help; more than the terms promise are named before they are noted."""

    given_on = forms.DateField(label=_("Day"), widget=day_input(), initial=lambda: clock.today())
    hours = forms.DecimalField(label=_("Hours"), decimal_places=1)
    text = forms.CharField(label=_("What for"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.trial is None or self.trial.starts_on is None or self.trial.ends_on is None:
            return
        first, last = self.trial.starts_on, min(self.trial.ends_on, clock.today())
        days = {"first": first.isoformat(), "last": last.isoformat()}
        self.fields["given_on"].help_text = _("Within the trial: %(first)s to %(last)s.") % days
        _bound_day(self.fields["given_on"], first, last)

    def clean_hours(self) -> Any:
        """Return hours of one day."""
        hours = self.cleaned_data["hours"]
        if not 0 < hours <= 24:
            raise forms.ValidationError(str(noting.HoursImpossible()))
        return hours

    def clean(self) -> dict[str, Any]:
        """Ask before more is noted than was agreed."""
        cleaned = super().clean() or {}
        if self.trial is not None and not self.errors:
            used, agreed = noting.used_hours(self.trial) + cleaned["hours"], self.trial.terms.support_hours
            if used > agreed:
                words = _("With these, %(used)s hours are used; the terms promise %(agreed)s. Note them all the same?")
                self.ask(used, words % {"used": f"{used:f}", "agreed": agreed})
        cleaned.pop("agreed", None)
        return cleaned


class TakeBackForm(EmptyForm):
    """Which note of the own side was wrong, and why."""

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=lines(2), help_text=_("The other side reads it.")
    )


class SupportChoice(forms.ModelChoiceField):
    """A choice of hours of support, each with its day."""

    def label_from_instance(self, one: Support) -> str:
        said = {"day": one.given_on.isoformat(), "hours": f"{one.hours:f}", "text": one.text}
        return _("%(day)s, %(hours)s hours, %(text)s") % said


class TakeBackSupportForm(TakeBackForm):
    """Which hours were noted wrongly."""

    support = SupportChoice(label=_("Hours noted"), queryset=Support.objects.none(), empty_label=None)
    field_order = ("support", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.trial is not None:
            self.fields["support"].queryset = self.trial.support.standing()  # type: ignore[attr-defined]


class TakeOutForm(TakeBackForm):
    """Which milestone is taken out."""

    milestone = MilestoneChoice(label=_("Milestone"), queryset=Milestone.objects.none(), empty_label=None)
    field_order = ("milestone", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.trial is not None:
            open_ones = self.trial.milestones.standing().filter(reached_at=None)
            self.fields["milestone"].queryset = open_ones  # type: ignore[attr-defined]


class OutputChoice(forms.ModelChoiceField):
    """A choice of reports, each with its time and sums."""

    def label_from_instance(self, one: OutputReport) -> str:
        language = get_language() or "zh-hans"
        said = {"output": format_exact(one.output, language), "due": format_exact(one.due, language), "time": str(one)}
        return _("%(time)s: output %(output)s, share %(due)s") % said


class TakeBackOutputForm(TakeBackForm):
    """Which report was wrong."""

    report = OutputChoice(label=_("Report"), queryset=OutputReport.objects.none(), empty_label=None)
    field_order = ("report", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.trial is not None:
            self.fields["report"].queryset = royalties.to_take_back(self.trial)  # type: ignore[attr-defined]
