"""Sealed bids: their table, their events, and their functions (frozen copies of sealed.sql and bidding.sql)."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

HERE = Path(__file__).parent
SEALED = (HERE / "sealed_v1.sql").read_text(encoding="utf-8")
BIDDING = (HERE / "bidding_v2.sql").read_text(encoding="utf-8")
BIDDING_BEFORE = (HERE / "bidding_v1.sql").read_text(encoding="utf-8")
FUNCTIONS = """
DROP FUNCTION place_sealed_bid(bigint, bigint, text, text, bytea);
DROP FUNCTION decide_sealed_bid(bigint, bigint, text, text, bytea, timestamptz, timestamptz);
"""
NEVER_CHANGED = """
CREATE TRIGGER sealedbid_append_only BEFORE UPDATE OR DELETE ON marketplace_sealedbid
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER lot_sealed_key_kept BEFORE UPDATE ON marketplace_lot FOR EACH ROW
    WHEN (OLD.sealed_key IS NOT NULL AND OLD.sealed_key IS DISTINCT FROM NEW.sealed_key)
    EXECUTE FUNCTION refuse_new_terms();
"""
CHANGEABLE = """
DROP TRIGGER lot_sealed_key_kept ON marketplace_lot;
DROP TRIGGER sealedbid_append_only ON marketplace_sealedbid;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0023_organisations_access_tokens'),
    ]

    operations = [
        migrations.CreateModel(
            name='SealedBid',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=64)),
                ('commitment', models.CharField(blank=True, max_length=64)),
                ('box', models.BinaryField(null=True)),
                ('seq', models.IntegerField()),
                ('answer', models.JSONField()),
                ('given_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'sealed bid',
                'verbose_name_plural': 'sealed bids',
                'ordering': ['lot', 'seq'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='lotevent',
            name='lot_event_bid_iff_amount',
        ),
        migrations.AddField(
            model_name='lot',
            name='sealed_key',
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name='lotevent',
            name='kind',
            field=models.CharField(choices=[('opened', 'opened'), ('bid', 'bid'), ('priority_match', 'bid by priority right'), ('extended', 'extended'), ('suspended', 'suspended'), ('resumed', 'resumed'), ('voided', 'voided'), ('sealed', 'bid sealed'), ('sealed_replaced', 'sealed bid replaced'), ('sealed_withdrawn', 'sealed bid withdrawn'), ('revealed', 'sealed bid opened'), ('closed', 'closed'), ('result', 'result'), ('withdrawn', 'withdrawn')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('announced_at__isnull', False), ('format', 'sealed'), ('sealed_key__isnull', False)), models.Q(models.Q(models.Q(('format', 'sealed'), _negated=True), ('announced_at', None), _connector='OR'), ('sealed_key', None)), _connector='OR'), name='lot_sealed_key_iff_announced_sealed'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('format', 'sealed'), _negated=True), ('price', None), models.Q(('state__in', ['draft', 'review', 'approved', 'announced', 'open', 'suspended']), _negated=True), _connector='OR'), name='lot_sealed_unpriced_before_the_close'),
        ),
        migrations.AddConstraint(
            model_name='lotevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('kind__in', ['bid', 'priority_match', 'revealed']), models.Q(('alias', ''), _negated=True)), models.Q(('amount', None), ('kind__in', ['sealed', 'sealed_replaced', 'sealed_withdrawn']), models.Q(('alias', ''), _negated=True)), models.Q(models.Q(('kind__in', ['bid', 'priority_match', 'revealed', 'sealed', 'sealed_replaced', 'sealed_withdrawn']), _negated=True), ('alias', ''), ('amount', None)), _connector='OR'), name='lot_event_bid_iff_amount'),
        ),
        migrations.AddField(
            model_name='sealedbid',
            name='lot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sealed_bids', to='marketplace.lot'),
        ),
        migrations.AddField(
            model_name='sealedbid',
            name='registration',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sealed_bids', to='marketplace.bidderregistration'),
        ),
        migrations.AddConstraint(
            model_name='sealedbid',
            constraint=models.UniqueConstraint(fields=('lot', 'registration', 'key'), name='sealed_bid_key_once'),
        ),
        migrations.AddConstraint(
            model_name='sealedbid',
            constraint=models.UniqueConstraint(fields=('lot', 'seq'), name='sealed_bid_seq_once'),
        ),
        migrations.AddConstraint(
            model_name='sealedbid',
            constraint=models.UniqueConstraint(condition=models.Q(('commitment', ''), _negated=True), fields=('lot', 'commitment'), name='sealed_bid_commitment_once'),
        ),
        migrations.AddConstraint(
            model_name='sealedbid',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('box', None), ('commitment', '')), models.Q(models.Q(('commitment', ''), _negated=True), ('box__isnull', False)), _connector='OR'), name='sealed_bid_boxed_iff_committed'),
        ),
        migrations.RunSQL(SEALED, FUNCTIONS),
        migrations.RunSQL(BIDDING, BIDDING_BEFORE),
        migrations.RunSQL(NEVER_CHANGED, CHANGEABLE),
    ]
