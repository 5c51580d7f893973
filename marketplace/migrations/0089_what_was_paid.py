"""“Paid” is answered by the seller's finance."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def confirm_words_of_sellers(apps, schema_editor):
    """What a seller itself said of a payment before is its confirmation; all other words wait for its finance."""
    said = apps.get_model("marketplace", "SaleMilestone").objects.filter(kind="paid", said_for=F("lot__outcome__owner"))
    for one in said:
        one.answer, one.answered_by_id, one.answered_at = "confirmed", one.said_by_id, one.said_at
        one.save(update_fields=["answer", "answered_by", "answered_at"])


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0087_objections_on_paper'),
    ]

    operations = [
        migrations.AddField(
            model_name='salemilestone',
            name='answer',
            field=models.CharField(blank=True, choices=[('confirmed', 'the seller’s finance confirms it'), ('not_received', 'the seller’s finance has not received it')], max_length=20, verbose_name='answer of the seller’s finance'),
        ),
        migrations.AddField(
            model_name='salemilestone',
            name='answer_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='salemilestone',
            name='answered_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='salemilestone',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(confirm_words_of_sellers, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='salemilestone',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answer_reason', ''), ('answered_at', None), ('answered_by', None)), models.Q(('answer', 'confirmed'), ('answered_at__isnull', False), ('answered_by__isnull', False), ('kind', 'paid')), models.Q(('answer', 'not_received'), ('answered_at__isnull', False), ('answered_by__isnull', False), ('kind', 'paid'), models.Q(('answer_reason', ''), _negated=True)), _connector='OR'), name='salemilestone_answered_about_payment'),
        ),
    ]
