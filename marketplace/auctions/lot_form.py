"""The form that adds a lot to a session."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules
from marketplace.auctions.burdens import TrialNotNamed, require_trials_named
from marketplace.auctions.forms import moment_field
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.object_forms import ObjectPartsForm
from marketplace.auctions.preparing import outcomes_to_add, unfit_terms
from marketplace.auctions.rewriting import LOT_FACTS
from marketplace.core.choices import TransferMode
from marketplace.core.forms import MoneyField, put_beside
from marketplace.core.rules import why_not
from marketplace.outcomes.models import ResearchOutcome


class OutcomeField(forms.ModelChoiceField):
    """One outcome, told apart by its number and its owner."""

    def label_from_instance(self, outcome: ResearchOutcome) -> str:
        return f"{outcome.number} {outcome.title} · {outcome.owner}"


class LotForm(ObjectPartsForm):
    """What is sold, from which price, and when."""

    outcome = OutcomeField(
        label=_("outcome"),
        queryset=ResearchOutcome.objects.none(),
        help_text=_("Published and available outcomes. The outcome is reserved as soon as it is in a session."),
        error_messages={"invalid_choice": _("This outcome is not available any more. Choose another one.")},
    )
    mode = forms.ChoiceField(label=_("what is sold"), choices=TransferMode.choices)
    object_of_sale = forms.CharField(
        label=_("object of sale"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("In one sentence; its parts follow below."),
    )
    defects = forms.CharField(
        label=_("known defects and burdens"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    format = forms.ChoiceField(
        label=_("format"),
        choices=Lot.Format.choices,
        initial=Lot.Format.ENGLISH,
        help_text=_(
            "On the floor the auctioneer enters numbers held up in the room, calls and lets the hammer fall. Sealed "
            "bids stay closed until the end and are opened together; of equal ones the earlier final submission wins, "
            "and there is no extension."
        ),
    )
    start_price = MoneyField(label=_("start price"), unit="万元", least=100)
    starts_at = moment_field(_("bidding from"))
    ends_at = moment_field(_("bidding until"))

    def __init__(self, *args: Any, session: AuctionSession, user: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"starts_at": session.starts_at} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.session, self.user = session, user
        outcomes: Any = self.fields["outcome"]
        # read is more than offered, so that what is not offered is refused in the rule's own words
        outcomes.queryset = ResearchOutcome.objects.visible_to(user).select_related("owner")
        offered = outcomes_to_add().select_related("owner").order_by("number")
        outcomes.widget.choices = [("", "---"), *((each.pk, outcomes.label_from_instance(each)) for each in offered)]

    def clean_outcome(self) -> ResearchOutcome:
        outcome: ResearchOutcome = self.cleaned_data["outcome"]
        obstacle = why_not(rules.add_lot, self.user, self.session, outcome)
        if obstacle is not None:
            raise forms.ValidationError(obstacle)
        return outcome

    def clean(self) -> dict[str, Any]:
        """Tell in one round what the action would refuse one by one: times and price against the session."""
        cleaned = super().clean()
        terms = {name: cleaned.get(name) for name in ("start_price", "starts_at", "ends_at")}
        terms["outcome"] = self.outcome_of(cleaned)
        for refusal in unfit_terms(self.session, **terms):
            put_beside(self, refusal)
        if terms["outcome"] is not None and "defects" in cleaned:
            try:
                require_trials_named(terms["outcome"], cleaned["defects"])
            except TrialNotNamed as refusal:
                put_beside(self, refusal)
        return cleaned

    def outcome_of(self, cleaned: dict[str, Any]) -> ResearchOutcome | None:
        """Return what is sold, as far as it is known."""
        return cleaned.get("outcome")


class LotRewritingForm(LotForm):
    """The same of a lot that is not announced, filled in; for another outcome there is another lot."""

    def __init__(self, *args: Any, lot: Lot, user: Any, **kwargs: Any) -> None:
        kwargs["initial"] = lot.object_parts | {
            name: getattr(lot, name) for name in LOT_FACTS if name != "object_parts"
        }
        super().__init__(*args, session=lot.session, user=user, **kwargs)
        self.lot = lot
        del self.fields["outcome"]

    def outcome_of(self, cleaned: dict[str, Any]) -> ResearchOutcome | None:
        return self.lot.outcome
