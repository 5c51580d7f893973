"""What a notice is called; the table stays as it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0065_year_targets"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="notice",
            options={"ordering": ["-created_at", "-id"], "verbose_name": "notice", "verbose_name_plural": "notices"},
        ),
    ]
