"""Rehearsals of sessions; practice lots do not keep their outcome from a real sale."""

import django.db.models.deletion
from django.db import migrations, models


def mark_practice(apps, schema_editor):
    """Mark the practice lots that are over; one that runs still holds its outcome, and lets it go at its end."""
    Lot = apps.get_model("marketplace", "Lot")
    Lot.objects.filter(session__is_practice=True, state__in=["sold", "unsold", "withdrawn"]).update(is_practice=True)


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0032_auctions_appeals"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="lot",
            name="lot_outcome_in_one_sale",
        ),
        migrations.AddField(
            model_name="auctionsession",
            name="rehearsal_of",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rehearsals",
                to="marketplace.auctionsession",
                verbose_name="rehearsal of",
            ),
        ),
        migrations.AddField(
            model_name="auctionsession",
            name="wiped_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="wiped at"),
        ),
        migrations.AddField(
            model_name="lot",
            name="is_practice",
            field=models.BooleanField(default=False, editable=False, verbose_name="practice"),
        ),
        migrations.AddConstraint(
            model_name="auctionsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rehearsal_of", None), ("wiped_at", None)),
                    models.Q(("is_practice", True), ("rehearsal_of__isnull", False)),
                    _connector="OR",
                ),
                name="session_rehearsal_is_practice",
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("is_practice", False),
                    ("state__in", ["draft", "review", "approved", "announced", "open", "suspended"]),
                ),
                fields=("outcome",),
                name="lot_outcome_in_one_sale",
            ),
        ),
        migrations.RunPython(mark_practice, migrations.RunPython.noop),
    ]
