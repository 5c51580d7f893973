"""A withdrawn application is marked as such: it stays as a record and leaves its place to another one."""

from django.db import migrations, models
from django.db.models import Q

ENDED = ["kept", "refund_due", "refunded", "forfeited", "lapsed"]


def mark_withdrawn(apps, schema_editor):
    """Applications withdrawn before now have the time the journal says."""
    ContentType, Entry = apps.get_model("contenttypes", "ContentType"), apps.get_model("marketplace", "Entry")
    Registration = apps.get_model("marketplace", "BidderRegistration")
    kind = ContentType.objects.filter(app_label="marketplace", model="bidderregistration").first()
    for entry in Entry.objects.filter(subject_type=kind, kind="registration.withdrawn").order_by("id"):
        Registration.objects.filter(pk=entry.subject_id).update(withdrawn_at=entry.recorded_at)


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0041_deal_rooms"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.AddField(
            model_name="bidderregistration",
            name="withdrawn_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="withdrawn at"),
        ),
        migrations.RunPython(mark_withdrawn, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="bidderregistration", name="registration_once_per_lot"),
        migrations.AddConstraint(
            model_name="bidderregistration",
            constraint=models.UniqueConstraint(
                condition=~Q(state="rejected") & Q(withdrawn_at=None),
                fields=("lot", "organisation"),
                name="registration_once_per_lot",
            ),
        ),
        migrations.AddConstraint(
            model_name="bidderregistration",
            constraint=models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(state__in=ENDED), name="registration_withdrawn_has_ended"
            ),
        ),
    ]
