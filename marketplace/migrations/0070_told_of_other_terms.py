
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0069_deposits_corrected'),
    ]

    operations = [
        migrations.AddField(
            model_name='priorityholder',
            name='outdated_on',
            field=models.DateField(editable=False, null=True, verbose_name='terms changed on'),
        ),
    ]
