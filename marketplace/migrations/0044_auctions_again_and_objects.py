"""A withdrawn application is marked and leaves its place to another one; objects of sale are told part by part."""

from django.db import migrations, models
from django.db.models import Q

from marketplace.core.migrating import AtOnce

ENDED = ["kept", "refund_due", "refunded", "forfeited", "lapsed"]

# the parts and the named defects are terms like the others: frozen with the announcement
FROZEN = """
DROP TRIGGER lot_terms_frozen ON marketplace_lot;
CREATE TRIGGER lot_terms_frozen BEFORE UPDATE ON marketplace_lot FOR EACH ROW
    WHEN (OLD.announced_at IS NOT NULL AND (
        OLD.number, OLD.session_id, OLD.outcome_id, OLD.format, OLD.mode, OLD.object_of_sale, {old} OLD.start_price,
        OLD.increment_ladder, OLD.reserve_commitment, OLD.deposit,
        CASE WHEN OLD.state = 'postponed' AND NEW.state = 'announced' THEN NEW.starts_at ELSE OLD.starts_at END,
        OLD.extension_window, OLD.most_extensions, OLD.sells_to_single_bidder, OLD.call_pause, OLD.announced_at
    ) IS DISTINCT FROM (
        NEW.number, NEW.session_id, NEW.outcome_id, NEW.format, NEW.mode, NEW.object_of_sale, {new} NEW.start_price,
        NEW.increment_ladder, NEW.reserve_commitment, NEW.deposit, NEW.starts_at, NEW.extension_window,
        NEW.most_extensions, NEW.sells_to_single_bidder, NEW.call_pause, NEW.announced_at
    )) EXECUTE FUNCTION refuse_new_terms();
"""
WITH_PARTS = FROZEN.format(old="OLD.object_parts, OLD.defects,", new="NEW.object_parts, NEW.defects,")
WITHOUT = FROZEN.format(old="", new="")


def mark_withdrawn(apps, schema_editor):
    """Applications withdrawn before now have the time the journal says."""
    ContentType, Entry = apps.get_model("contenttypes", "ContentType"), apps.get_model("marketplace", "Entry")
    Registration = apps.get_model("marketplace", "BidderRegistration")
    kind = ContentType.objects.filter(app_label="marketplace", model="bidderregistration").first()
    for entry in Entry.objects.filter(subject_type=kind, kind="registration.withdrawn").order_by("id"):
        Registration.objects.filter(pk=entry.subject_id).update(withdrawn_at=entry.recorded_at)


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0043_contract_papers"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        AtOnce([
            migrations.AddField(
                model_name="lot",
                name="object_parts",
                field=models.JSONField(blank=True, default=dict, verbose_name="object of sale part by part"),
            ),
            migrations.AddField(
                model_name="bidderregistration",
                name="withdrawn_at",
                field=models.DateTimeField(editable=False, null=True, verbose_name="withdrawn at"),
            ),
        ]),
        migrations.RunSQL(WITH_PARTS, WITHOUT),
        migrations.RunPython(mark_withdrawn, migrations.RunPython.noop),
        AtOnce([
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
        ]),
    ]
