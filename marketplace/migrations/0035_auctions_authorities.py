"""Powers of attorney, the version of a bidder's declaration, and what became of a sale after its contract."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.codes

FIRST = "2023-1"  # the words every application before this one declared, by the person who applied


def keep_who_declared(apps, schema_editor):
    registrations = apps.get_model("marketplace", "BidderRegistration").objects
    registrations.update(declared_by=models.F("agent"), declaration_version=FIRST)


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0034_auctions_postponing_and_rooms"),
    ]

    operations = [
        migrations.AddField(
            model_name='bidderregistration',
            name='declaration_version',
            field=models.CharField(default=FIRST, max_length=20, verbose_name='version of the declaration'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='bidderregistration',
            name='declared_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='declared by'),
        ),
        migrations.RunPython(keep_who_declared, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='bidderregistration',
            name='declared_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='declared by'),
        ),
        migrations.CreateModel(
            name='AgentAuthority',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('valid_from', models.DateField(verbose_name='in force from')),
                ('valid_until', models.DateField(verbose_name='in force until')),
                ('state', models.CharField(choices=[('handed_in', 'being checked'), ('accepted', 'in order'), ('refused', 'not in order')], default='handed_in', editable=False, max_length=20, verbose_name='state')),
                ('handed_in_at', models.DateTimeField(verbose_name='handed in')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='checked at')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='agent')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('handed_in_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='authorities', to='marketplace.bidderregistration')),
            ],
            options={
                'verbose_name': 'power of attorney',
                'verbose_name_plural': 'powers of attorney',
                'ordering': ['registration', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until__gte', models.F('valid_from'))), name='agentauthority_from_until'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'handed_in')), models.Q(models.Q(('state', 'handed_in'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='agentauthority_decided_iff_checked'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='agentauthority_refused_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='SaleMilestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('paid', 'paid'), ('in_production', 'put into production')], max_length=20, verbose_name='step')),
                ('happened_on', models.DateField(verbose_name='day')),
                ('said_at', models.DateTimeField(verbose_name='said at')),
                ('lot', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='marketplace.lot')),
                ('said_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='said by')),
                ('said_for', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.organisation', verbose_name='for')),
            ],
            options={
                'verbose_name': 'step after a sale',
                'verbose_name_plural': 'steps after sales',
                'ordering': ['lot', 'kind'],
                'constraints': [models.UniqueConstraint(fields=('lot', 'kind'), name='salemilestone_once')],
            },
        ),
    ]
