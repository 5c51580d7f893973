from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0021_matching_invitations'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reviewdecision',
            name='kind',
            field=models.CharField(choices=[('returned', 'returned for supplement'), ('registered', 'registered'), ('refused', 'not registered'), ('corrected', 'registration number corrected')], max_length=12, verbose_name='decision'),
        ),
    ]
