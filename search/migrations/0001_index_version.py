"""The sequence every index operation draws its version from, before it reads the rows it indexes."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL("CREATE SEQUENCE index_version", "DROP SEQUENCE index_version")]
