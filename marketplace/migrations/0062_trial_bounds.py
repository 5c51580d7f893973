"""Terms of a trial name regions and a number, so that a request outside them is refused; earlier ones stay in words."""

import django.contrib.postgres.fields
from django.db import migrations, models

from marketplace.core.migrating import AtOnce


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0061_bids_ask_less"),
    ]

    operations = [
        AtOnce([
        migrations.AddField(
            model_name="poolterms",
            name="regions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=6),
                blank=True,
                default=list,
                size=None,
                verbose_name="where it may be used",
            ),
        ),
        migrations.AddField(
            model_name="poolterms",
            name="scale_limit",
            field=models.PositiveIntegerField(null=True, verbose_name="scale at most"),
        ),
        migrations.AddField(
            model_name="poolterms",
            name="scale_unit",
            field=models.CharField(blank=True, max_length=30, verbose_name="what is counted"),
        ),
        migrations.AddField(
            model_name="trial",
            name="quantity",
            field=models.PositiveIntegerField(null=True, verbose_name="how many"),
        ),
        migrations.AddField(
            model_name="trial",
            name="region",
            field=models.CharField(blank=True, max_length=6, verbose_name="region code"),
        ),
        migrations.AlterField(
            model_name="poolterms",
            name="allowed_scale",
            field=models.CharField(blank=True, max_length=300, verbose_name="scale allowed"),
        ),
        migrations.AlterField(
            model_name="poolterms",
            name="territory",
            field=models.CharField(blank=True, max_length=200, verbose_name="territory"),
        ),
        migrations.AlterField(
            model_name="trial",
            name="scale",
            field=models.CharField(blank=True, max_length=300, verbose_name="at what scale"),
        ),
        migrations.AddConstraint(
            model_name="poolterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("regions", []),
                        ("scale_limit", None),
                        ("scale_unit", ""),
                        models.Q(("territory", ""), _negated=True),
                        models.Q(("allowed_scale", ""), _negated=True),
                    ),
                    models.Q(
                        ("scale_limit__gt", 0),
                        ("scale_limit__isnull", False),
                        models.Q(("scale_unit", ""), _negated=True),
                        models.Q(("regions", []), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="poolterms_bounded",
            ),
        ),
        migrations.AddConstraint(
            model_name="trial",
            constraint=models.CheckConstraint(
                name="trial_counted_whole",
                condition=models.Q(region="", quantity=None)
                | (~models.Q(region="") & models.Q(quantity__isnull=False, quantity__gt=0)),
            ),
        ),
        ]),
    ]
