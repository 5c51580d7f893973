"""Rules about brokers and certificate schemes in the admin: dated, with their source, kept by officers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cms.staff.columns import words, yes_no
from cms.staff.viewsets import Kept, kept_by
from marketplace.brokers.dated import BrokerRule
from marketplace.brokers.keeping import keep_broker_rule, keep_broker_scheme
from marketplace.brokers.schemes import BrokerScheme
from marketplace.rewards.evaluation.actions import keep_evaluation_rule
from marketplace.rewards.evaluation.dated import EvaluationRule
from marketplace.rewards.evaluation.figures import FIGURES


def _label(model: Any, name: str) -> Any:
    return model._meta.get_field(name).verbose_name


class BrokerRuleListing(Kept):
    model = BrokerRule
    icon = "list-ul"
    add_view_class, edit_view_class = kept_by(lambda rule, by: keep_broker_rule(rule=rule, by=by))
    list_display = [
        "holds_from",
        words("kind", _label(BrokerRule, "kind"), "get_kind_display", sort_key="kind"),
        words("value", _("What it says")),
        words("source", _label(BrokerRule, "source"), "called"),
        yes_no(BrokerRule, "is_checked"),
    ]
    list_filter = ["kind", "is_checked", "holds_from"]
    list_export = ["kind", "holds_from", "days", "basis", "percent", "cap_project", "cap_year", "source"]
    search_fields = ["note", "note_en", "source", "source_en"]
    form_fields = ["kind", "holds_from", "days", "basis", "percent", "cap_project", "cap_year"]
    form_fields += ["note", "note_en", "source", "source_en", "is_checked"]
    inspect_view_fields = form_fields


class EvaluationRuleListing(Kept):
    model = EvaluationRule
    icon = "list-ul"
    add_view_class, edit_view_class = kept_by(lambda rule, by: keep_evaluation_rule(rule=rule, by=by))
    list_display = [
        "holds_from",
        "excellent_at",
        "qualified_at",
        words("source", _label(EvaluationRule, "source"), "called"),
        yes_no(EvaluationRule, "is_checked"),
    ]
    list_filter = ["is_checked", "holds_from"]
    form_fields = ["holds_from", *(f"{part}_{name}" for name in FIGURES for part in ("weight", "full"))]
    form_fields += ["excellent_at", "qualified_at", "comment_days", "source", "source_en", "is_checked"]
    list_export = form_fields
    search_fields = ["source", "source_en"]
    inspect_view_fields = form_fields


class BrokerSchemeListing(Kept):
    model = BrokerScheme
    icon = "list-ul"
    add_view_class, edit_view_class = kept_by(lambda scheme, by: keep_broker_scheme(scheme=scheme, by=by))
    list_display = [
        "name",
        words("level", _label(BrokerScheme, "level"), "get_level_display", sort_key="level"),
        "issuer",
        "holds_from",
        "months_valid",
        "hours_per_year",
        yes_no(BrokerScheme, "is_open"),
        yes_no(BrokerScheme, "is_checked"),
    ]
    list_filter = ["level", "is_open", "is_checked"]
    list_export = ["name", "name_en", "level", "issuer", "holds_from", "months_valid", "hours_per_year", "source"]
    search_fields = ["name", "name_en", "issuer", "source"]
    form_fields = ["name", "name_en", "level", "issuer", "holds_from", "months_valid", "hours_per_year"]
    form_fields += ["source", "source_en", "is_checked", "is_open"]
    inspect_view_fields = form_fields
