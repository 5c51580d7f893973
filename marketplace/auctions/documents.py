"""The kinds of documents an application consists of (竞买申请材料), kept as the purpose of each file.

The deposit's proof is not one of them: finance staff record what the bank shows, with its number.
"""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.files import files_of

if TYPE_CHECKING:
    from marketplace.auctions.models import BidderRegistration


class Document(models.TextChoices):
    """What a file of an application is; files of before are `registration`."""

    LICENCE = "business_licence", _("business licence")
    IDENTITY = "identity", _("identity of the legal representative and of the agent")
    INDUSTRY = "industry_licence", _("licence of the industry, where the object of sale needs one")
    OTHER = "registration", _("other document")


ASKED_ALWAYS = [Document.LICENCE, Document.IDENTITY]


def lacking(registration: "BidderRegistration") -> list[Document]:
    """Return the documents always asked for that were not handed in; a rehearsal asks for none."""
    if registration.lot.session.is_practice:
        return []
    there = {file.purpose for file in files_of(registration)}
    return [kind for kind in ASKED_ALWAYS if kind.value not in there]
