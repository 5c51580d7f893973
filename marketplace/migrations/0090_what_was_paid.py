"""“Paid” is answered by the seller's finance; a deposit that counts towards a price is received under the contract.

Data comes last: a table whose rows were just written is not altered in the same transaction.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Sum
from django.utils import timezone

import marketplace.core.codes

NOT_SIGNED = ["draft", "not_registered", "cancelled", "revoked"]


def confirm_words_of_sellers(apps, schema_editor):
    """What a seller itself said of a payment before is its confirmation; all other words wait for its finance."""
    said = apps.get_model("marketplace", "SaleMilestone").objects.filter(kind="paid", said_for=F("lot__outcome__owner"))
    for one in said:
        one.answer, one.answered_by_id, one.answered_at = "confirmed", one.said_by_id, one.said_at
        one.save(update_fields=["answer", "answered_by", "answered_at"])


def count_deposits(apps, schema_editor):
    """Count the deposits of sales whose contract is signed, where the books have room for them: see payments/set_off.py.

    Where more came in already, finance entered the deposit by hand as a payment.
    """
    contracts = apps.get_model("marketplace", "TechnologyContract").objects
    deposits = apps.get_model("marketplace", "Deposit").objects.filter(state="applied", applied_to__isnull=False)
    receipts = apps.get_model("marketplace", "Receipt").objects
    for deposit in deposits.filter(applied_to__state__in=["contracted", "settled"]).select_related("applied_to"):
        counted = receipts.filter(kind="deposit", bank_reference=deposit.reference, reverses=None, reversed_at=None)
        signed = contracts.filter(deal__lot_number=deposit.applied_to.number, signed_on__isnull=False, signed_file__isnull=False)
        contract = signed.exclude(state__in=NOT_SIGNED).order_by("pk").last()
        if contract is None or counted.exists():
            continue
        same = receipts.filter(contract=contract, bank_reference=deposit.reference)
        if same.filter(reverses=None, reversed_at=None).exists():
            continue
        came_in = receipts.filter(contract=contract).aggregate(sum=Sum("amount"))["sum"] or 0
        if came_in + deposit.applied > contract.total_amount:
            continue
        receipts.create(
            contract=contract,
            kind="deposit",
            instalment=_with_room(contract, deposit.applied),
            amount=deposit.applied,
            received_on=max(timezone.localdate(deposit.ended_at), contract.signed_on),
            bank_reference=deposit.reference,
            entered_at=timezone.now(),
        )


def _with_room(contract, amount):
    """Return the first instalment with room for a deposit, or None."""
    planned = contract.instalments.filter(dropped_at=None, is_royalty=False).order_by("due_on", "id")
    for one in planned:
        came_in = one.receipts.aggregate(sum=Sum("amount"))["sum"] or 0
        if one.amount >= came_in + amount:
            return one
    return None


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0089_objections_withdrawn'),
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
        migrations.AddConstraint(
            model_name='salemilestone',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answer_reason', ''), ('answered_at', None), ('answered_by', None)), models.Q(('answer', 'confirmed'), ('answered_at__isnull', False), ('answered_by__isnull', False), ('kind', 'paid')), models.Q(('answer', 'not_received'), ('answered_at__isnull', False), ('answered_by__isnull', False), ('kind', 'paid'), models.Q(('answer_reason', ''), _negated=True)), _connector='OR'), name='salemilestone_answered_about_payment'),
        ),
        migrations.AddField(
            model_name='receipt',
            name='kind',
            field=models.CharField(choices=[('transfer', 'transfer'), ('deposit', 'deposit set off against the price')], default='transfer', editable=False, max_length=10, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='receipt',
            name='entered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'deposit'), ('reversed_at', None), ('reverses', None)), fields=('bank_reference',), name='receipt_deposit_counted_once'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'deposit'), ('entered_by__isnull', False), _connector='OR'), name='receipt_of_a_transfer_entered'),
        ),
        migrations.CreateModel(
            name='ReceiptRemark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('text', models.CharField(max_length=500, verbose_name='what is not right')),
                ('made_at', models.DateTimeField()),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='answer')),
                ('answered_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'remark on a payment',
                'verbose_name_plural': 'remarks on payments',
                'ordering': ['made_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='instalment',
            name='drop_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='instalment',
            name='dropped_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='instalment',
            constraint=models.CheckConstraint(condition=models.Q(('dropped_at__isnull', False), models.Q(('drop_reason', ''), ('dropped_by', None)), _connector='OR'), name='instalment_reason_of_what_is_struck'),
        ),
        migrations.AddField(
            model_name='receiptremark',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='receiptremark',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='receiptremark',
            name='receipt',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='marketplace.receipt'),
        ),
        migrations.AddConstraint(
            model_name='receiptremark',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('receipt',), name='receiptremark_one_open'),
        ),
        migrations.AddConstraint(
            model_name='receiptremark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='receiptremark_answered_whole'),
        ),
        migrations.RunPython(confirm_words_of_sellers, migrations.RunPython.noop),
        migrations.RunPython(count_deposits, migrations.RunPython.noop),
    ]
