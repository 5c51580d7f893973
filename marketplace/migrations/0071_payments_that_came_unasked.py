
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0070_told_of_other_terms'),
    ]

    operations = [
        migrations.AddField(
            model_name='deposit',
            name='came_unasked',
            field=models.BooleanField(
                default=False, editable=False, verbose_name='came though nobody asked for it any more'
            ),
        ),
    ]
