"""Everything from 0001 to 0005 in one step, for a database that is new; see the marketplace's 0002_squashed_0092."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.codes
from marketplace.core.migrating import AtOnce


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("search", "0001_index_version"),
        ("search", "0002_stop_phrases"),
        ("search", "0003_synonyms_log_runs"),
        ("search", "0004_signatures_and_weights"),
        ("search", "0005_saved_searches"),
    ]

    dependencies = [
        ("marketplace", "0022_contracts_corrections"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE index_version", "DROP SEQUENCE index_version"),
        AtOnce([
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('found_at', models.DateTimeField(null=True)),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.entry')),
                ('saved', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='search.savedsearch')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('entry', None)), fields=['saved', 'found_at'], name='finding_untold')],
                'constraints': [models.UniqueConstraint(fields=('saved', 'key'), name='finding_once')],
            },
        ),
        migrations.CreateModel(
            name='IndexRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('started_at', models.DateTimeField(null=True, verbose_name='started')),
                ('seen_at', models.DateTimeField(verbose_name='last sign of life')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='rows done')),
                ('total', models.PositiveIntegerField(default=0, verbose_name='rows in all')),
                ('error', models.TextField(blank=True, verbose_name='error')),
                ('failures', models.JSONField(default=list, verbose_name='documents that failed')),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
            ],
            options={
                'verbose_name': 'rebuild of an index',
                'verbose_name_plural': 'rebuilds of indexes',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('kind',), name='index_run_one_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='MatchWeights',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.CharField(max_length=40, unique=True, verbose_name='version')),
                ('features_version', models.CharField(max_length=30, verbose_name='version of the features')),
                ('weights', models.JSONField(verbose_name='weights')),
                ('figures', models.JSONField(verbose_name='figures')),
                ('written_at', models.DateTimeField(editable=False, verbose_name='put in force')),
                ('reverted_at', models.DateTimeField(editable=False, null=True, verbose_name='taken back at')),
                ('reverted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
                ('written_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='put in force by')),
            ],
            options={
                'verbose_name': 'weights of matches',
                'verbose_name_plural': 'weights of matches',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reverted_at', None), ('reverted_by', None)), models.Q(('reverted_at__isnull', False), ('reverted_by__isnull', False)), _connector='OR'), name='match_weights_taken_back_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('kind', models.CharField(max_length=20)),
                ('text', models.CharField(blank=True, max_length=400)),
                ('chosen', models.JSONField(default=dict)),
                ('fingerprint', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('rhythm', models.CharField(choices=[('at_once', 'at once'), ('daily', 'daily, in the morning'), ('weekly', 'weekly, on Monday morning'), ('none', 'no alerts')], max_length=10, verbose_name='alerts')),
                ('rhythm_before', models.CharField(blank=True, choices=[('at_once', 'at once'), ('daily', 'daily, in the morning'), ('weekly', 'weekly, on Monday morning'), ('none', 'no alerts')], max_length=10)),
                ('created_at', models.DateTimeField()),
                ('alerts_since', models.DateTimeField()),
                ('told_at', models.DateTimeField(null=True)),
                ('seen_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(null=True)),
                ('revision', models.PositiveIntegerField(default=1)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='saved_searches', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'saved search',
                'verbose_name_plural': 'saved searches',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('removed_at', None)), fields=['kind'], name='saved_search_by_kind')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_at', None)), fields=('person', 'fingerprint'), name='saved_search_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField(verbose_name='hour')),
                ('kind', models.CharField(blank=True, max_length=20, verbose_name='kind')),
                ('text', models.CharField(max_length=100, verbose_name='question')),
                ('results', models.PositiveIntegerField(verbose_name='results')),
                ('is_empty', models.BooleanField(verbose_name='nothing found')),
                ('took_ms', models.PositiveIntegerField(verbose_name='took (ms)')),
            ],
            options={
                'verbose_name': 'question asked',
                'verbose_name_plural': 'questions asked',
                'ordering': ['-hour', '-id'],
                'indexes': [models.Index(fields=['hour', 'text'], name='search_log_by_hour'), models.Index(condition=models.Q(('is_empty', True)), fields=['hour'], name='search_log_empty')],
            },
        ),
        migrations.CreateModel(
            name='StopPhrase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phrase', models.CharField(max_length=60, unique=True, verbose_name='phrase')),
                ('texts', models.PositiveIntegerField(verbose_name='texts that use it')),
                ('fields', models.PositiveSmallIntegerField(verbose_name='technical fields that use it')),
                ('learnt_at', models.DateTimeField(verbose_name='learnt')),
            ],
            options={
                'verbose_name': 'stop phrase',
                'verbose_name_plural': 'stop phrases',
                'ordering': ['-texts', 'phrase'],
            },
        ),
        migrations.CreateModel(
            name='Synonym',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phrase', models.CharField(max_length=60, verbose_name='phrase')),
                ('key', models.CharField(blank=True, editable=False, max_length=120, unique=True)),
                ('alternatives', models.TextField(help_text='One per line, or separated by commas; at most eight.', max_length=600, verbose_name='alternatives')),
                ('is_one_way', models.BooleanField(default=False, help_text='The phrase also asks for the alternatives, but they do not ask for it: an abbreviation.', verbose_name='one way')),
                ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
            ],
            options={
                'verbose_name': 'synonym',
                'verbose_name_plural': 'synonyms',
                'ordering': ['phrase'],
            },
        ),
        migrations.CreateModel(
            name='TextSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_public', models.BooleanField(verbose_name='of the public version')),
                ('minima', models.BinaryField()),
                ('bands', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('version_at', models.DateTimeField(null=True)),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='marketplace.researchoutcome', verbose_name='outcome')),
            ],
            options={
                'verbose_name': 'text signature',
                'verbose_name_plural': 'text signatures',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['bands'], name='signature_by_band')],
                'constraints': [models.UniqueConstraint(fields=('outcome', 'is_public'), name='signature_once_per_version')],
            },
        ),
        ]),
    ]
