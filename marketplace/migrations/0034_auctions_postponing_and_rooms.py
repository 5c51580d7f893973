"""Postponed sessions (bidding.sql version 4, sealed.sql version 2), and the data rooms of lots."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.codes

HERE = Path(__file__).parent
BIDDING, SEALED, BIDDING_BEFORE, SEALED_BEFORE = (
    (HERE / name).read_text(encoding="utf-8")
    for name in ("bidding_v4.sql", "sealed_v2.sql", "bidding_v3.sql", "sealed_v1.sql")
)
# the beginning of a lot stays as announced, but for the step that gives a postponed one its new times
FROZEN = """
DROP TRIGGER lot_terms_frozen ON marketplace_lot;
CREATE TRIGGER lot_terms_frozen BEFORE UPDATE ON marketplace_lot FOR EACH ROW
    WHEN (OLD.announced_at IS NOT NULL AND (
        OLD.number, OLD.session_id, OLD.outcome_id, OLD.format, OLD.mode, OLD.object_of_sale, OLD.start_price,
        OLD.increment_ladder, OLD.reserve_commitment, OLD.deposit, {begins}, OLD.extension_window,
        OLD.most_extensions, OLD.sells_to_single_bidder, OLD.call_pause, OLD.announced_at
    ) IS DISTINCT FROM (
        NEW.number, NEW.session_id, NEW.outcome_id, NEW.format, NEW.mode, NEW.object_of_sale, NEW.start_price,
        NEW.increment_ladder, NEW.reserve_commitment, NEW.deposit, NEW.starts_at, NEW.extension_window,
        NEW.most_extensions, NEW.sells_to_single_bidder, NEW.call_pause, NEW.announced_at
    )) EXECUTE FUNCTION refuse_new_terms();
"""
BUT_FOR_NEW_TIMES = FROZEN.format(
    begins="CASE WHEN OLD.state = 'postponed' AND NEW.state = 'announced' THEN NEW.starts_at ELSE OLD.starts_at END"
)
WITHOUT = FROZEN.format(begins="OLD.starts_at")
KEPT = """
CREATE TRIGGER roomacceptance_append_only BEFORE UPDATE OR DELETE ON marketplace_roomacceptance
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
NOT_KEPT = "DROP TRIGGER roomacceptance_append_only ON marketplace_roomacceptance;"


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0033_auctions_rehearsals'),
    ]

    operations = [
        migrations.CreateModel(
            name='RoomAcceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=20, verbose_name='version')),
                ('accepted_at', models.DateTimeField(verbose_name='accepted at')),
            ],
            options={
                'verbose_name': 'acceptance of a data room’s terms',
                'verbose_name_plural': 'acceptances of data rooms’ terms',
                'ordering': ['lot', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RoomDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('added_at', models.DateTimeField(verbose_name='added')),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('withdrawn_reason', models.CharField(blank=True, max_length=300, verbose_name='why it was withdrawn')),
            ],
            options={
                'verbose_name': 'document of a data room',
                'verbose_name_plural': 'documents of data rooms',
                'ordering': ['lot', 'id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='lot',
            name='lot_reserve_opened_after_the_result',
        ),
        migrations.RemoveConstraint(
            model_name='lot',
            name='lot_sealed_unpriced_before_the_close',
        ),
        migrations.RemoveConstraint(
            model_name='lot',
            name='lot_outcome_in_one_sale',
        ),
        migrations.AddField(
            model_name='auctionsession',
            name='reannounced_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='announced again at'),
        ),
        migrations.AlterField(
            model_name='lot',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('review', 'in review'), ('approved', 'approved'), ('announced', 'announced'), ('postponed', 'postponed'), ('open', 'open for bids'), ('suspended', 'suspended'), ('sold', 'sold'), ('unsold', 'unsold'), ('withdrawn', 'withdrawn'), ('confirmed', 'sale confirmed'), ('publicity', 'result in publicity'), ('contracted', 'contract signed'), ('settled', 'settled'), ('defaulted', 'buyer defaulted'), ('rescinded', 'sale rescinded')], default='draft', editable=False, max_length=20, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='lotevent',
            name='kind',
            field=models.CharField(choices=[('opened', 'opened'), ('bid', 'bid'), ('priority_match', 'bid by priority right'), ('extended', 'extended'), ('suspended', 'suspended'), ('resumed', 'resumed'), ('called', 'called'), ('voided', 'voided'), ('sealed', 'bid sealed'), ('sealed_replaced', 'sealed bid replaced'), ('sealed_withdrawn', 'sealed bid withdrawn'), ('revealed', 'sealed bid opened'), ('closed', 'closed'), ('result', 'result'), ('withdrawn', 'withdrawn'), ('postponed', 'postponed'), ('rescheduled', 'set to new times')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.UniqueConstraint(condition=models.Q(('is_practice', False), ('state__in', ['draft', 'review', 'approved', 'announced', 'postponed', 'open', 'suspended'])), fields=('outcome',), name='lot_outcome_in_one_sale'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(('reserve_opened', None), models.Q(('state__in', ['draft', 'review', 'approved', 'announced', 'postponed', 'open', 'suspended']), _negated=True), _connector='OR'), name='lot_reserve_opened_after_the_result'),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('format', 'sealed'), _negated=True), ('price', None), models.Q(('state__in', ['draft', 'review', 'approved', 'announced', 'postponed', 'open', 'suspended']), _negated=True), _connector='OR'), name='lot_sealed_unpriced_before_the_close'),
        ),
        migrations.AddField(
            model_name='roomacceptance',
            name='accepted_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roomacceptance',
            name='lot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='room_acceptances', to='marketplace.lot'),
        ),
        migrations.AddField(
            model_name='roomacceptance',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='room_acceptances', to='marketplace.organisation'),
        ),
        migrations.AddField(
            model_name='roomdocument',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roomdocument',
            name='file',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='room_document', to='marketplace.file'),
        ),
        migrations.AddField(
            model_name='roomdocument',
            name='lot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='room_documents', to='marketplace.lot'),
        ),
        migrations.AddField(
            model_name='roomdocument',
            name='withdrawn_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='roomacceptance',
            constraint=models.UniqueConstraint(fields=('lot', 'organisation', 'version'), name='roomacceptance_once_per_version'),
        ),
        migrations.AddConstraint(
            model_name='roomdocument',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None), ('withdrawn_reason', '')), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False), models.Q(('withdrawn_reason', ''), _negated=True)), _connector='OR'), name='roomdocument_withdrawn_with_reason'),
        ),
        migrations.RunSQL(BIDDING, BIDDING_BEFORE),
        migrations.RunSQL(SEALED, SEALED_BEFORE),
        migrations.RunSQL(BUT_FOR_NEW_TIMES, WITHOUT),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
