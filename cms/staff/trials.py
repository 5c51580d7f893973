"""Listings of trials, and the rules of trials that officers keep."""

from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from cms.staff.columns import amount, state, words, yes_no
from cms.staff.viewsets import Kept, LookOnly, kept_by
from marketplace.trials.models import Trial
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.pooling import keep_trial_policy


class TrialListing(LookOnly):
    model = Trial
    icon = "doc-full-inverse"
    related = ("outcome__owner", "enterprise", "terms")
    list_display = ["outcome", words("enterprise", _("Enterprise")), state("registered")]
    list_display += [words("terms", _("Pricing mode"), lambda trial: trial.terms.get_pricing_display())]
    list_display += ["starts_on", "ends_on", amount("price", _("Price"))]
    list_filter = ["state", "starts_on", "ends_on"]
    list_export = ["code", "outcome", "enterprise", "state", "requested_at", "starts_on", "ends_on"]
    list_export += ["terms.get_pricing_display", "price"]
    export_headings = {"terms.get_pricing_display": _("Pricing mode")}
    search_fields = ["code", "outcome__title", "enterprise__name"]
    inspect_view_fields = ["code", "outcome", "enterprise", "state", "requested_at", "starts_on", "ends_on"]
    inspect_view_fields += ["decide_by", "price", "converted_at", "stop_reason"]


class TrialRules(Kept):
    """What the district lays down for trials from a day on."""

    model = TrialPolicy
    icon = "clipboard-list"
    add_view_class, edit_view_class = kept_by(lambda policy, by: keep_trial_policy(policy=policy, by=by))
    list_display = ["holds_from", "max_extensions", "longest_days", yes_no(TrialPolicy, "district_checks"), "note"]
    list_filter = ["holds_from"]
    form_fields = ["holds_from", "max_extensions", "longest_days", "sign_within_days", "remind_days"]
    form_fields += ["publicity_working_days", "district_checks", "note"]
    list_export = form_fields
    search_fields = ["day_text", "note"]
    inspect_view_fields = form_fields

    def get_queryset(self, request: Any) -> QuerySet[TrialPolicy]:
        return TrialPolicy.objects.annotate(day_text=Cast("holds_from", CharField()))
