"""A version withdrawn bears its reason; what was objected to a publicity that was stopped, and not answered, fell."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def let_fall(apps: Any, _editor: Any) -> None:
    """Let the objections fall that waited for ever for an answer nobody may give."""
    objections = apps.get_model("marketplace", "Objection").objects
    objections.filter(state="made", publicity__state="stopped").update(state="lapsed")


def let_wait(apps: Any, _editor: Any) -> None:
    apps.get_model("marketplace", "Objection").objects.filter(state="lapsed").update(state="made")


class Migration(migrations.Migration):

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('marketplace', '0076_assessments_kept'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='objection',
            name='objection_answered_iff_decided',
        ),
        migrations.AddField(
            model_name='distributionplan',
            name='withdrawal_reason',
            field=models.CharField(blank=True, editable=False, max_length=500, verbose_name='why withdrawn'),
        ),
        migrations.AddField(
            model_name='distributionplan',
            name='withdrawn_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='distributionplan',
            name='withdrawn_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='publicity',
            name='stopped_because',
            field=models.CharField(blank=True, max_length=500, verbose_name='why stopped'),
        ),
        migrations.AddField(
            model_name="distributionplan",
            name="broker",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="marketplace.techbroker",
                verbose_name="broker of the register",
            ),
        ),
        migrations.AddConstraint(
            model_name="distributionplan",
            constraint=models.CheckConstraint(
                condition=models.Q(("broker", None), models.Q(("broker_as", "nobody"), _negated=True), _connector="OR"),
                name="plan_broker_of_register_is_paid",
            ),
        ),
        migrations.AlterField(
            model_name='objection',
            name='state',
            field=models.CharField(choices=[('made', 'to be answered'), ('dismissed', 'dismissed'), ('upheld', 'upheld'), ('lapsed', 'fell with what it was about')], default='made', editable=False, max_length=20, verbose_name='state'),
        ),
        migrations.AddConstraint(
            model_name='distributionplan',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'withdrawn'), models.Q(('withdrawal_reason', ''), ('withdrawn_at', None), ('withdrawn_by', None)), _connector='OR'), name='plan_withdrawal_of_withdrawn'),
        ),
        migrations.AddConstraint(
            model_name='objection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None), ('state__in', ['made', 'lapsed'])), models.Q(models.Q(('state__in', ['made', 'lapsed']), _negated=True), models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='objection_answered_iff_decided'),
        ),
        migrations.AddConstraint(
            model_name='publicity',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'stopped'), ('stopped_because', ''), _connector='OR'), name='publicity_why_stopped_of_stopped'),
        ),
        migrations.RunPython(let_fall, let_wait),
    ]
