"""Forms of 瓯来拍: planning a session, suspending, appealing, bidding, what became of a sale."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.grounds import DefaultGround, SuspensionGround
from marketplace.auctions.models import AuctionSession, SaleMilestone
from marketplace.auctions.planning import LicenceMissing, NoAuction, missing_licences, superfluous_licences, wrong_times
from marketplace.auctions.reasons import LONGEST_REASON
from marketplace.auctions.viewing import require_viewing
from marketplace.core import clock
from marketplace.core.forms import MoneyField, put_beside, told_by_content
from marketplace.core.refusals import Refused
from marketplace.organisations.models import Organisation


def moment_field(label: Any, **kwargs: Any) -> forms.DateTimeField:
    """Return a field for a date and a time of day (Asia/Shanghai)."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 60}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, **kwargs)


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class SessionForm(forms.ModelForm):
    """What an organiser decides when a session is planned."""

    registration_closes_at = moment_field(_("registration and deposits until"))
    starts_at = moment_field(_("bidding from"), help_text=_("The announcement stands at least 7 days before it."))
    deposit_percent = forms.IntegerField(
        label=_("deposit in per cent of the start price"),
        initial=10,
        min_value=5,
        max_value=20,
        help_text=_("From 5 to 20."),
    )
    signing_days = forms.IntegerField(
        label=_("working days to sign the contract"),
        required=False,
        min_value=1,
        max_value=365,
        help_text=_("From the end of the publicity of the result. Empty: none is announced."),
    )
    payment_days = forms.IntegerField(
        label=_("days to pay the price"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=_("From the signature. Empty: as the contract says."),
    )
    viewing_from = day_field(_("viewing from"), required=False)
    viewing_until = day_field(
        _("viewing until"),
        required=False,
        help_text=_("Before the bidding; of an auction two days at least (Auction Law)."),
    )

    class Meta:
        model = AuctionSession
        fields: tuple[str, ...] = (
            "title",
            "title_en",
            "introduction",
            "organiser",
            "legal_form",
            "auction_company",
            "company_licence",
            "auctioneer_name",
            "auctioneer_licence",
            "venue",
            "viewing_from",
            "viewing_until",
            "viewing_place",
            "bidder_conditions",
            "registration_closes_at",
            "starts_at",
            "deposit_percent",
            "deposit_scope",
            "sells_to_single_bidder",
            "signing_days",
            "payment_days",
        )
        widgets = {
            "introduction": forms.Textarea(attrs={"rows": 4}),
            "bidder_conditions": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verified = Organisation.objects.verified()
        organisers = verified.filter(kind__in=["government", "auction_company"])
        self.fields["organiser"].queryset = organisers  # type: ignore[attr-defined]
        companies = verified.filter(kind="auction_company")
        self.fields["auction_company"].queryset = companies  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        for field in missing_licences(facts.get("legal_form", ""), facts):
            self.add_error(field, LicenceMissing(field).message)
        for field in superfluous_licences(facts.get("legal_form", ""), facts):
            self.add_error(field, NoAuction(field).message)
        for refusal in wrong_times(facts.get("starts_at"), facts.get("registration_closes_at"), now=clock.now()):
            put_beside(self, refusal)
        if not {"viewing_from", "viewing_until"} & set(self.errors):
            self._clean_viewing(facts)
        return facts

    def _clean_viewing(self, facts: dict[str, Any]) -> None:
        first, last = facts.get("viewing_from"), facts.get("viewing_until")
        form, starts_at = facts.get("legal_form", ""), facts.get("starts_at")
        try:
            require_viewing(form, first, last, starts_at=starts_at, today=clock.today())
        except Refused as refusal:
            self.add_error(refusal.field, str(refusal))

    def _post_clean(self) -> None:
        """Leave the rules that span fields to the action, which says them in words."""


class RewritingForm(SessionForm):
    """The plan of a session again, filled in; its times are moved by a form of their own."""

    registration_closes_at = None  # type: ignore[assignment]
    starts_at = None  # type: ignore[assignment]

    class Meta(SessionForm.Meta):
        fields = tuple(name for name in SessionForm.Meta.fields if name not in ("registration_closes_at", "starts_at"))

    def _clean_viewing(self, facts: dict[str, Any]) -> None:
        super()._clean_viewing(facts | {"starts_at": self.instance.starts_at})


class TimesForm(forms.Form):
    """When a session that is not announced yet takes place."""

    registration_closes_at = moment_field(_("registration and deposits until"))
    starts_at = moment_field(_("bidding from"))


class ReasonForm(forms.Form):
    """A reason, where a decision needs one."""

    reason = forms.CharField(label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class DefaultForm(ReasonForm):
    """On which ground the buyer is declared in default, and how it came to that."""

    ground = forms.ChoiceField(label=_("ground"), choices=[("", "—"), *DefaultGround.choices])
    field_order = ["ground", "reason"]


class SuspensionForm(forms.Form):
    """Why the bidding stops."""

    ground = forms.ChoiceField(label=_("ground"), choices=SuspensionGround.choices)
    reason = forms.CharField(
        label=_("explanation for the bidders"),
        max_length=300,
        required=False,
        help_text=_("Needed for “other ground”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].is_asked_of_some = True  # type: ignore[attr-defined]
        self.fields["reason"].widget.attrs["data-required-when"] = f"ground={SuspensionGround.OTHER.value}"


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class DocumentsField(forms.FileField):
    """One or more documents, each looked at; cleans to a list of uploads."""

    widget = SeveralFiles

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"validators": [told_by_content]} | kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the uploads. Raises ValidationError that says of each file what is wrong with it."""
        cleaned: list[Any] = []
        wrong: list[str] = []
        for upload in data if isinstance(data, list | tuple) else [data]:
            try:
                if upload or self.required:
                    cleaned.append(super().clean(upload, initial))
            except forms.ValidationError as error:
                name = getattr(upload, "name", "")
                wrong += [said if name in said else f"{name}{gettext(': ')}{said}" for said in error.messages]
        if wrong:
            raise forms.ValidationError(wrong)
        return cleaned


class AppealForm(forms.Form):
    """Why a buyer did not default."""

    text = forms.CharField(
        label=_("why the default is not one"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    evidence = DocumentsField(label=_("evidence"), required=False)


class AppealDecisionForm(forms.Form):
    """The reasoned decision on an appeal."""

    is_granted = forms.TypedChoiceField(
        label=_("decision"),
        choices=[("no", _("the default stands")), ("yes", _("grant it: lift the bar, pay the deposit back"))],
        coerce=lambda value: value == "yes",
    )
    answer = forms.CharField(label=_("reasons"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class BidForm(forms.Form):
    """One bid, from a button or typed."""

    amount = MoneyField(label=_("your own amount"), unit="万元", least=1)
    key = forms.CharField(max_length=64)
    sure = forms.BooleanField(required=False)


class MilestoneForm(forms.Form):
    """What became of a sale, and when."""

    kind = forms.ChoiceField(label=_("what happened"), choices=SaleMilestone.Kind.choices)
    happened_on = day_field(_("day"))


class MissingForm(forms.Form):
    """Why the seller's finance says that a price did not come in."""

    reason = forms.CharField(
        label=_("why it counts as not received"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Buyer and organisers read it. Such as: no payment of this buyer on our account up to today."),
    )
