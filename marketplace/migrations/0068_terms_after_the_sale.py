import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0067_change_taken_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="auctionsession",
            name="signing_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="working days to sign the contract",
            ),
        ),
        migrations.AddField(
            model_name="auctionsession",
            name="payment_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="days to pay the price",
            ),
        ),
        migrations.AddField(
            model_name="reviewdecision",
            name="answer",
            field=models.TextField(blank=True, max_length=2000, verbose_name="answer of the seller"),
        ),
    ]
