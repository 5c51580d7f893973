"""Those against whom an objection goes reply to it once."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0095_engagement_of_brokers")]

    operations = [
        migrations.CreateModel(
            name="ObjectionReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(max_length=10)),
                ("text", models.TextField(max_length=4000, verbose_name="reply")),
                ("made_at", models.DateTimeField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="marketplace.objection"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marketplace.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "reply to an objection",
                "verbose_name_plural": "replies to objections",
                "ordering": ["made_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("objection", "side"), name="objectionreply_once_per_side")
                ],
            },
        ),
    ]
