"""Conditions that compare a column say that it is not NULL: PostgreSQL lets a row pass whose condition is unknown."""

from decimal import Decimal

from django.db import migrations, models

from marketplace.core.migrating import AtOnce


def name_offenders(apps, schema_editor):
    """Stop with the rows that passed only because their condition was unknown, before anything is changed."""
    _, at_once = Migration.operations
    for operation in at_once.operations:
        if not isinstance(operation, migrations.AddConstraint):
            continue
        model, check = apps.get_model("marketplace", operation.model_name), operation.constraint
        holds = models.Case(models.When(check.condition, then=models.Value(True)), default=models.Value(False))
        broken = list(model._base_manager.annotate(holds=holds).filter(holds=False).values_list("pk", flat=True)[:20])
        if broken:
            raise ValueError(
                f"Rows {broken} of {model._meta.db_table} break {check.name}: put them right, then migrate."
            )


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0062_trial_bounds"),
    ]

    operations = [
        migrations.RunPython(name_offenders, migrations.RunPython.noop),
        AtOnce([
        migrations.RemoveConstraint(
            model_name="deal",
            name="deal_price_iff_fixed",
        ),
        migrations.RemoveConstraint(
            model_name="distributionplan",
            name="plan_effective_iff_dated",
        ),
        migrations.RemoveConstraint(
            model_name="distributionplan",
            name="plan_broker_cost_with_its_rate",
        ),
        migrations.RemoveConstraint(
            model_name="distributionplan",
            name="plan_years_of_profit_only",
        ),
        migrations.RemoveConstraint(
            model_name="lineitem",
            name="lineitem_corrected_by_somebody_with_reasons",
        ),
        migrations.RemoveConstraint(
            model_name="lotevent",
            name="lot_event_bid_iff_amount",
        ),
        migrations.RemoveConstraint(
            model_name="poolterms",
            name="poolterms_priced",
        ),
        migrations.RemoveConstraint(
            model_name="poolterms",
            name="poolterms_cap_above_base",
        ),
        migrations.RemoveConstraint(
            model_name="registrationrule",
            name="registrationrule_says_what_its_kind_needs",
        ),
        migrations.RemoveConstraint(
            model_name="sharingrule",
            name="sharingrule_years_of_a_floor_on_profit",
        ),
        migrations.RemoveConstraint(
            model_name="technologycontract",
            name="contract_expects_no_less_than_0",
        ),
        migrations.RemoveConstraint(
            model_name="trial",
            name="trial_running_signed_and_dated",
        ),
        migrations.RemoveConstraint(
            model_name="trial",
            name="trial_price_iff_fixed",
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("price", None), ("price_fixed_at", None)),
                    models.Q(("price__gt", 0), ("price__isnull", False), ("price_fixed_at__isnull", False)),
                    _connector="OR",
                ),
                name="deal_price_iff_fixed",
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("effective_on__isnull", False), ("state", "effective"), ("superseded_on", None)),
                    models.Q(
                        ("effective_on__isnull", False),
                        ("state", "superseded"),
                        ("superseded_on__isnull", False),
                        ("superseded_on__gte", models.F("effective_on")),
                    ),
                    models.Q(
                        models.Q(("state__in", ["effective", "superseded"]), _negated=True),
                        ("effective_on", None),
                        ("superseded_on", None),
                    ),
                    _connector="OR",
                ),
                name="plan_effective_iff_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("basis", "profit"),
                        ("profit_from__isnull", False),
                        ("profit_years__isnull", False),
                        ("profit_from__gt", 0),
                        ("profit_years__gt", 0),
                    ),
                    models.Q(
                        models.Q(("basis", "profit"), _negated=True), ("profit_from", None), ("profit_years", None)
                    ),
                    _connector="OR",
                ),
                name="plan_years_of_profit_only",
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionplan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("broker_as", "cost"),
                        ("broker_rate__gt", 0),
                        ("broker_rate__isnull", False),
                        ("broker_rate__lt", 100),
                        models.Q(("broker_name", ""), _negated=True),
                    ),
                    models.Q(models.Q(("broker_as", "cost"), _negated=True), ("broker_rate", None)),
                    _connector="OR",
                ),
                name="plan_broker_cost_with_its_rate",
            ),
        ),
        migrations.AddConstraint(
            model_name="lineitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("corrected_at", None),
                        ("corrected_by", None),
                        ("corrected_technical", None),
                        ("correction", ""),
                    ),
                    models.Q(
                        ("corrected_at__isnull", False),
                        ("corrected_by__isnull", False),
                        ("corrected_technical__gte", 0),
                        ("corrected_technical__isnull", False),
                        ("corrected_technical__lte", models.F("amount")),
                        models.Q(("correction", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="lineitem_corrected_by_somebody_with_reasons",
            ),
        ),
        migrations.AddConstraint(
            model_name="lotevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount__gt", 0),
                        ("amount__isnull", False),
                        ("kind__in", ["bid", "priority_match", "revealed"]),
                        models.Q(("alias", ""), _negated=True),
                    ),
                    models.Q(
                        ("amount", None),
                        ("kind__in", ["sealed", "sealed_replaced", "sealed_withdrawn"]),
                        models.Q(("alias", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "kind__in",
                                ["bid", "priority_match", "revealed", "sealed", "sealed_replaced", "sealed_withdrawn"],
                            ),
                            _negated=True,
                        ),
                        ("alias", ""),
                        ("amount", None),
                    ),
                    _connector="OR",
                ),
                name="lot_event_bid_iff_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="poolterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("output_rate", None), ("price", None), ("price_cap", None), ("pricing", "agreed")),
                    models.Q(
                        ("output_rate", None),
                        ("price__gt", 0),
                        ("price__isnull", False),
                        ("price_cap", None),
                        ("pricing", "fixed"),
                    ),
                    models.Q(
                        ("output_rate__isnull", False),
                        ("price__isnull", False),
                        ("price_cap__isnull", False),
                        ("pricing", "formula"),
                        ("output_rate__gt", 0),
                        ("output_rate__lte", Decimal("100")),
                        ("price__gt", 0),
                        ("price_cap__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="poolterms_priced",
            ),
        ),
        migrations.AddConstraint(
            model_name="poolterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("price_cap", None), ("price", None), ("price_cap__gte", models.F("price")), _connector="OR"
                ),
                name="poolterms_cap_above_base",
            ),
        ),
        migrations.AddConstraint(
            model_name="registrationrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount_wan__gt", 0),
                        ("amount_wan__isnull", False),
                        ("days", None),
                        ("kind", "large"),
                        ("pattern", ""),
                    ),
                    models.Q(
                        ("amount_wan", None),
                        ("days__gt", 0),
                        ("days__isnull", False),
                        ("kind__in", ["usual", "long"]),
                        ("pattern", ""),
                    ),
                    models.Q(
                        ("amount_wan", None),
                        ("days", None),
                        ("kind", "number"),
                        models.Q(("pattern", ""), _negated=True),
                    ),
                    models.Q(("amount_wan", None), ("days", None), ("kind", "tax"), ("pattern", "")),
                    _connector="OR",
                ),
                name="registrationrule_says_what_its_kind_needs",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("concerns", "profit"),
                        ("kind", "floor"),
                        ("years__gt", 0),
                        ("years__isnull", False),
                        ("years_most__gte", models.F("years")),
                        ("years_most__isnull", False),
                    ),
                    models.Q(
                        models.Q(("concerns", "profit"), ("kind", "floor"), _negated=True),
                        ("years", None),
                        ("years_most", None),
                    ),
                    _connector="OR",
                ),
                name="sharingrule_years_of_a_floor_on_profit",
            ),
        ),
        migrations.AddConstraint(
            model_name="technologycontract",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("expected_investment", None), ("expected_investment__gte", 0), _connector="OR"),
                    models.Q(("expected_output", None), ("expected_output__gte", 0), _connector="OR"),
                ),
                name="contract_expects_no_less_than_0",
            ),
        ),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_on", None), ("starts_on", None)),
                    models.Q(
                        ("ends_on__gt", models.F("starts_on")),
                        ("ends_on__isnull", False),
                        ("enterprise_signed_at__isnull", False),
                        ("owner_signed_at__isnull", False),
                        ("starts_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="trial_running_signed_and_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("price", None), ("price_fixed_at", None)),
                    models.Q(("price__gt", 0), ("price__isnull", False), ("price_fixed_at__isnull", False)),
                    _connector="OR",
                ),
                name="trial_price_iff_fixed",
            ),
        ),
        ]),
    ]
