
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0068_terms_after_the_sale'),
    ]

    operations = [
        migrations.CreateModel(
            name='DepositCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_taken_back', models.BooleanField(default=False, verbose_name='taken back')),
                ('was_received', models.BigIntegerField(verbose_name='received before')),
                ('was_received_at', models.DateTimeField(verbose_name='received at before')),
                ('was_bank_reference', models.CharField(max_length=60, verbose_name="bank's number before")),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('deposit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='marketplace.deposit')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'correction of a deposit',
                'verbose_name_plural': 'corrections of deposits',
                'ordering': ['deposit', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('was_received__gt', 0), models.Q(('was_bank_reference', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='depositcorrection_of_a_payment_with_a_reason')],
            },
        ),
    ]
