"""Write the confirmations of sales that were confirmed before confirmations were records."""

from django.db import migrations

from marketplace.core.codes import new_code

CONFIRMED = ["confirmed", "publicity", "contracted", "settled"]


def confirmed_at(apps, lot):
    """Return (when, by whom) the journal says that a lot's sale was confirmed."""
    ContentType, Entry = apps.get_model("contenttypes", "ContentType"), apps.get_model("marketplace", "Entry")
    kind = ContentType.objects.filter(app_label="marketplace", model="lot").first()
    found = Entry.objects.filter(subject_type=kind, subject_id=lot.pk, kind="lot.confirmed").order_by("-id").first()
    return (found.recorded_at, found.actor_id) if found else (lot.last_decided_at or lot.ends_at, None)


def write(apps, schema_editor):
    Lot, Confirmation = apps.get_model("marketplace", "Lot"), apps.get_model("marketplace", "SaleConfirmation")
    lots = Lot.objects.filter(state__in=CONFIRMED, confirmation=None, leader__isnull=False)
    for lot in lots.select_related("session", "outcome__owner", "leader__organisation", "leader__deposit"):
        at, by = confirmed_at(apps, lot)
        deposit = lot.leader.deposit
        Confirmation.objects.create(
            lot=lot,
            code=new_code(),
            number=f"{lot.session.number}-C{lot.position:02d}",
            seller=lot.outcome.owner,
            seller_name=lot.outcome.owner.name,
            buyer=lot.leader.organisation,
            buyer_name=lot.leader.organisation.name,
            alias=lot.leader_alias,
            price=lot.price,
            deposit_applied=deposit.applied if deposit else 0,
            seq=lot.seq,
            head_hash=lot.head_hash,
            confirmed_at=at,
            confirmed_by_id=by,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0026_auctions_papers"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
