"""Reading a confidential file: the one thing that core itself writes down."""

from typing import TYPE_CHECKING, Any

from django.db import transaction

from marketplace.core import journal
from marketplace.core.files import File
from marketplace.core.journal import Entry, Kind

if TYPE_CHECKING:
    from marketplace.organisations.models import Organisation, User


@transaction.atomic
def read_file(file: File, *, by: "User", organisation: "Organisation | None") -> Entry:
    """Record that `by` was given a confidential file. Who may have it is asked of its subject before.

    A subject whose class knows `read_as` says where somebody reads in a part of their own, as its broker: then they do
    not read for the house they happen to act for.
    """
    subject: Any = file.subject
    part = subject.read_as(by, organisation) if hasattr(subject, "read_as") else {}
    behalf = None if part else organisation
    told = {"file": file.code, "sha256": file.sha256, **part}
    return journal.record(Kind.FILE_READ, file, by=by, on_behalf_of=behalf, **told)
