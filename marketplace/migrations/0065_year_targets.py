"""Targets of a year, figure by figure."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("marketplace", "0064_bids_find_their_registration")]

    operations = [
        migrations.CreateModel(
            name="YearTarget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("indicator", models.SlugField(verbose_name="figure")),
                ("value", models.BigIntegerField(null=True, verbose_name="target")),
            ],
            options={
                "verbose_name": "target of a year",
                "verbose_name_plural": "targets of years",
                "ordering": ["-year", "indicator"],
                "constraints": [
                    models.UniqueConstraint(fields=("year", "indicator"), name="one_target_of_a_figure_and_year"),
                    models.CheckConstraint(
                        condition=models.Q(("value", None), ("value__gt", 0), _connector="OR"),
                        name="target_above_nothing",
                    ),
                ],
            },
        ),
    ]
