"""A deal that comes of a trial says so by itself, as one of a lot does; conversions no longer make an interest for it.

A distribution plan may say why its inventors are others than the outcome names.
"""

from django.db import migrations, models
from django.db.models import Q


def printed(code):
    return "XY-" + "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def name_trials(apps, schema_editor):
    """Name the trial of every deal that has one now; an earlier deal of a reopened price keeps its interest alone."""
    deals = apps.get_model("marketplace", "Deal").objects
    for trial in apps.get_model("marketplace", "Trial").objects.filter(deal__isnull=False).only("code", "deal_id"):
        deals.filter(pk=trial.deal_id).update(trial_number=printed(trial.code))


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0091_contracts_end_early")]

    operations = [
        migrations.AddField(
            model_name="distributionplan",
            name="inventors_reason",
            field=models.CharField(
                blank=True,
                default="",
                max_length=500,
                verbose_name="why its inventors are others than the outcome names",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="deal",
            name="trial_number",
            field=models.CharField(blank=True, default="", max_length=30, verbose_name="trial"),
            preserve_default=False,
        ),
        migrations.RunPython(name_trials, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="deal", name="deal_has_origin"),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                name="deal_has_origin",
                condition=Q(match__isnull=False)
                | Q(interest__isnull=False)
                | ~Q(lot_number="")
                | ~Q(trial_number=""),
            ),
        ),
    ]
