"""The portal's pages for tests that read them: made once for each worker's database, then put in place as rows.

`ensure_site` makes them by Wagtail's own ways, a quarter of a second each time; 80 tests want them.
"""

from django.core.cache import cache
from django.db import connection, transaction
from wagtail.models import Collection, Page

from cms.portal.pages import HomePage
from cms.portal.site import ensure_site as make_site
from cms.portal.site import forget_moderators

# What making a site writes, and the collections, whose root stands in a migrated database and not in an emptied one
WRITTEN = """
SELECT relname FROM pg_stat_xact_user_tables
WHERE schemaname = 'public' AND (n_tup_ins + n_tup_upd + n_tup_del > 0 OR relname = 'wagtailcore_collection')
  AND relname NOT LIKE 'django%' AND relname NOT IN ('wagtailcore_workflow', 'wagtailcore_task')
"""

# Rows refer to each other in every direction, so nothing is asked while they are put in their places. Versions of
# records that a test made before stay: the table holds those of outcomes and needs too.
PLACE = """
DO $$
DECLARE
    name text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'made'
    LOOP
        IF name = 'wagtailcore_revision' THEN
            DELETE FROM wagtailcore_revision WHERE id IN (SELECT id FROM made.wagtailcore_revision);
        ELSE
            EXECUTE 'DELETE FROM ' || name;
        END IF;
        EXECUTE 'INSERT INTO ' || name || ' SELECT * FROM made.' || name;
    END LOOP;
    SET LOCAL session_replication_role = DEFAULT;
END $$
"""


def keep_made_site() -> None:
    """Make the site in a transaction, remember what it wrote, and take it back; numbers stay taken."""
    kept = {}
    with transaction.atomic(), connection.cursor() as cursor:
        make_site()
        cursor.execute(WRITTEN)
        for (name,) in cursor.fetchall():
            with cursor.copy(f"COPY {name} TO STDOUT") as rows:
                kept[name] = b"".join(bytes(row) for row in rows)
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA made")
        for name, rows in kept.items():
            cursor.execute(f"CREATE TABLE made.{name} (LIKE public.{name})")
            with cursor.copy(f"COPY made.{name} FROM STDIN") as place:
                place.write(rows)
    cache.clear()


def ensure_site() -> HomePage:
    """Put the site in place where nobody made a page yet; else do what the house does. Return the Chinese home page.

    Whatever stood before in the tables it writes is gone: those of Wagtail's pages, sites, languages and collections.
    """
    if Page.objects.filter(depth__gt=2).exists() or Collection.objects.filter(depth__gt=1).exists():
        return make_site()
    with connection.cursor() as cursor:
        cursor.execute(PLACE)
    forget_moderators()
    cache.clear()
    return HomePage.objects.get(locale__language_code="zh-hans")
