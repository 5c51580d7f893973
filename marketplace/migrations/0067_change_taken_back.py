from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0066_notice_in_words"),
    ]

    operations = [
        migrations.AlterField(
            model_name="contractchange",
            name="state",
            field=models.CharField(
                choices=[
                    ("requested", "requested"),
                    ("granted", "granted"),
                    ("refused", "refused"),
                    ("withdrawn", "taken back by the seller"),
                ],
                default="requested",
                max_length=12,
                verbose_name="state",
            ),
        ),
    ]
