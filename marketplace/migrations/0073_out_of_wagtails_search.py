"""Outcomes and needs are in our own index only; what Wagtail's search kept of them was never asked for."""

from typing import Any

from django.db import migrations


def forget(apps: Any, editor: Any) -> None:
    kinds = apps.get_model("contenttypes", "ContentType").objects
    ours = kinds.filter(app_label="marketplace", model__in=("researchoutcome", "technologyneed"))
    apps.get_model("wagtailsearch", "IndexEntry").objects.filter(content_type__in=list(ours)).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0072_refunds_dated"),
        ("wagtailsearch", "0010_add_text_fields"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(forget, migrations.RunPython.noop)]
