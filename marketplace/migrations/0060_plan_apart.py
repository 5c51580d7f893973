"""Plans that are not a statement of their own, not sent or of a later version, have an index: the many are counted without."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0059_code_of_the_district")]

    operations = [
        migrations.AddIndex(
            model_name="distributionplan",
            index=models.Index(fields=["id"], condition=Q(submitted_at=None) | Q(version__gt=1), name="plan_apart"),
        ),
    ]
