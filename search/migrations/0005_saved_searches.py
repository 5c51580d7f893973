import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.codes
from marketplace.core.migrating import AtOnce

RHYTHMS = [
    ("at_once", "at once"), ("daily", "daily, in the morning"), ("weekly", "weekly, on Monday morning"),
    ("none", "no alerts"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("marketplace", "0022_contracts_corrections"),
        ("search", "0004_signatures_and_weights"),
    ]

    operations = [
        AtOnce([
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", marketplace.core.codes.CodeField()),
                ("kind", models.CharField(max_length=20)),
                ("text", models.CharField(blank=True, max_length=400)),
                ("chosen", models.JSONField(default=dict)),
                ("fingerprint", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("rhythm", models.CharField(choices=RHYTHMS, max_length=10, verbose_name="alerts")),
                ("rhythm_before", models.CharField(blank=True, choices=RHYTHMS, max_length=10)),
                ("created_at", models.DateTimeField()),
                ("alerts_since", models.DateTimeField()),
                ("told_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="saved_searches", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "verbose_name": "saved search",
                "verbose_name_plural": "saved searches",
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(condition=models.Q(("removed_at", None)), fields=["kind"], name="saved_search_by_kind")],
                "constraints": [models.UniqueConstraint(condition=models.Q(("removed_at", None)), fields=("person", "fingerprint"), name="saved_search_once")],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=40)),
                ("found_at", models.DateTimeField(null=True)),
                ("entry", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="marketplace.entry")),
                ("saved", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="findings", to="search.savedsearch")),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(condition=models.Q(("entry", None)), fields=["saved", "found_at"], name="finding_untold")],
                "constraints": [models.UniqueConstraint(fields=("saved", "key"), name="finding_once")],
            },
        ),
        ]),
    ]
