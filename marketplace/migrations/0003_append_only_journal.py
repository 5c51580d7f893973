"""The journal is append-only: the database itself refuses to change or delete an entry (TRUNCATE excepted)."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON marketplace_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER entry_append_only ON marketplace_entry;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0002_organisations_and_core")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
