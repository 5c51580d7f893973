"""Names as they are compared: however wide, with whatever spaces and in whichever case they were typed."""

import unicodedata

from django.db.models import CharField, Func


def plain_name(name: str) -> str:
    """Return a name in half width and lower case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", name or "").lower().split())


class PlainName(Func):
    """The same of a column, in the database."""

    template = "regexp_replace(lower(normalize(%(expressions)s, NFKC)), '[[:space:]]', '', 'g')"
    output_field = CharField()
