"""Forms of a draft: they keep what is typed, complete or not; what a review needs is said by completeness.py."""

import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.choices import IPKind, ReadinessEvidence, TransferMode
from marketplace.core.classifications import Industry, TechnicalField, grouped
from marketplace.core.forms import Drafted, MoneyField, PickMany
from marketplace.outcomes.co_ownership import CoOwnerAnswer
from marketplace.outcomes.completeness import SHORTEST_SUMMARY, price_sentence
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.wording import Purpose
from marketplace.reviews.drafts import mark_for_new_page

STAGES = (
    _("principle"), _("concept"), _("proof"), _("component"), _("environment"),
    _("prototype"), _("trial"), _("final design"), _("series"),
)  # fmt: skip
LEVELS = [
    (level, format_lazy("TRL {} {}{}{}", level, stage, _(": "), evidence.label))
    for level, (stage, evidence) in enumerate(zip(STAGES, ReadinessEvidence, strict=True), start=1)
]


class TitleForm(forms.Form):
    """The first step of a draft: everything else can wait."""

    title = forms.CharField(
        label=pgettext_lazy("record", "Title"),
        max_length=120,
        help_text=_("What it is, in words a company would search for. No names of institutes or projects."),
    )


class OutcomeForm(Drafted, forms.Form):
    """The text of an outcome, without its tables."""

    NEEDED = ("summary", "field", "trl", "trl_evidence", "modes")

    title = forms.CharField(label=pgettext_lazy("record", "Title"), max_length=120)
    summary = forms.CharField(
        label=_("Public summary"),
        max_length=3000,
        required=False,
        widget=forms.Textarea({"rows": 7}),
    )
    field = forms.TypedChoiceField(
        label=_("Technical field"), required=False, coerce=int, empty_value=None, choices=[("", "---")]
    )
    industries = forms.TypedMultipleChoiceField(
        label=_("Industries that could use it"),
        required=False,
        coerce=int,
        widget=PickMany,
        help_text=_("Several are possible."),
    )
    trl = forms.TypedChoiceField(
        label=_("Technology readiness"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=LEVELS,
        widget=forms.RadioSelect,
        help_text=_(
            "The highest level that was reached. From TRL 7 on reviewers look for a report by a third party or a user "
            "among the files."
        ),
    )
    trl_evidence = forms.ChoiceField(
        label=_("What proves it"), required=False, choices=[("", "---"), *ReadinessEvidence.choices]
    )
    modes = forms.MultipleChoiceField(
        label=_("Ways to take it over"),
        required=False,
        choices=TransferMode.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    price_low = MoneyField(
        label=_("Price from"),
        required=False,
        least=1,
        help_text=_("A limit of the price, or “negotiable” below: one of them is asked for when you send it."),
    )
    price_high = MoneyField(label=_("Price to"), required=False, least=1)
    is_negotiable = forms.BooleanField(label=_("Negotiable"), required=False)
    confidential = forms.CharField(
        label=_("Confidential part"),
        max_length=10000,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_(
            "Shown only to your organisation, to the district and to those who accepted a confidentiality agreement. "
            "Every reading by others is recorded."
        ),
    )
    title_en = forms.CharField(label=_("English title"), max_length=200, required=False)
    summary_en = forms.CharField(
        label=_("English summary"), max_length=4000, required=False, widget=forms.Textarea({"rows": 4})
    )
    based_on = forms.CharField(required=False, widget=forms.HiddenInput)

    PLAIN = (
        "title",
        "summary",
        "trl",
        "trl_evidence",
        "modes",
        "price_low",
        "price_high",
        "is_negotiable",
        "confidential",
        "title_en",
        "summary_en",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        says = gettext("What problem it solves, how, with which figures, and for whom. At least %(least)s characters.")
        self.fields["summary"].help_text = says % {"least": SHORTEST_SUMMARY}  # now, in the reader's language
        self.fields["field"].choices = [("", "---"), *grouped(TechnicalField)]  # type: ignore[attr-defined]
        self.fields["industries"].choices = grouped(Industry)  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, version: ResearchOutcome) -> dict[str, Any]:
        """Return what the form shows of one version."""
        return {name: getattr(version, name) for name in cls.PLAIN} | {
            "field": version.field_id,
            "industries": [each.pk for each in version.industries.all()],
            "based_on": mark_for_new_page(version.latest_revision),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        swapped = price_sentence(cleaned.get("price_low"), cleaned.get("price_high"))
        if swapped:
            self.add_error("price_high", swapped)
        return cleaned


class RightForm(Drafted, forms.Form):
    """One right the outcome rests on. A wrong number is kept in the draft and told when it is checked."""

    NEEDED = ("kind", "number")

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "---"), *IPKind.choices], required=False)
    number = forms.CharField(
        label=pgettext_lazy("right", "Number"),
        max_length=40,
        required=False,
        widget=forms.TextInput({"spellcheck": "false", "placeholder": "ZL201410424697.5"}),
    )
    title = forms.CharField(label=_("Name of the right"), max_length=120, required=False)


class ShareField(forms.DecimalField):
    """A percentage as people write it: "60", "60 %", "６０％"."""

    widget = forms.TextInput  # an input for numbers swallows what it cannot read, full-width digits among it

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs["inputmode"] = "decimal"

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).strip().removesuffix("%").strip()
        return super().to_python(value)


class HolderForm(Drafted, forms.Form):
    """One holder of rights and their share."""

    NEEDED = ("name", "share")

    name = forms.CharField(label=pgettext_lazy("right", "Holder"), max_length=120, required=False)
    share = ShareField(
        label=_("Share in per cent"), max_digits=5, decimal_places=2, min_value=0, max_value=100, required=False
    )
    has_consented = forms.BooleanField(label=_("Written consent is on file"), required=False)


class AnswerForm(forms.Form):
    """What a co-owner answers; each of the two forms of the page sends its own answer."""

    answer = forms.ChoiceField(choices=CoOwnerAnswer.Answer.choices, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why do you object?"),
        max_length=CoOwnerAnswer.LONGEST_REASON,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The owner and the reviewers read it word for word."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].is_asked_of_some = True  # type: ignore[attr-defined]  # of those who object


class InventorForm(Drafted, forms.Form):
    """One person who made it."""

    NEEDED = ("name",)

    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=60, required=False)


def _rows_of(form: type[forms.Form]) -> type[forms.BaseFormSet]:
    return forms.formset_factory(form, extra=1, can_delete=True, max_num=60, validate_max=True)


RightFormSet = _rows_of(RightForm)
HolderFormSet = _rows_of(HolderForm)
InventorFormSet = _rows_of(InventorForm)


class FileForm(forms.Form):
    """One file to add. It stands on one page with the text of the draft, so its fields have ids of their own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"auto_id": "added_%s"} | kwargs))

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Pictures: PNG, JPG, WEBP; kept without what the camera wrote into them, such as the place. "
            "Others: PDF, DOCX, XLSX, PNG, JPG. At most 20 MB."
        ),
    )
    purpose = forms.ChoiceField(label=_("What it is"), choices=Purpose.choices, initial=Purpose.DOCUMENT)
    confidential = forms.BooleanField(
        label=_("Confidential"),
        required=False,
        help_text=_(
            "Only for those who may read the confidential part. "
            "A confidential picture is not shown on the page; it stands among the files."
        ),
    )
