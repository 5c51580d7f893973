"""Why a file cannot be read as a sheet."""

from django.utils.translation import gettext_lazy as _

from marketplace.core.refusals import Refused

OLE = bytes.fromhex(
    "D0CF11E0A1B11AE1"
)  # a compound file: what workbooks were before XLSX, and what encrypts them since
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 2.3.4: the stream of an encrypted workbook
STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))  # [MS-XLS] 2.1.2, and of versions before


class Unreadable(Refused):
    message = _("This is neither an XLSX nor a CSV file. Save the sheet as XLSX and upload it again.")
    field = "file"


class OldWorkbook(Unreadable):
    message = _("This is a workbook of the old kind (.xls). Open it, save it as XLSX and upload that.")


class Protected(Unreadable):
    message = _("This file is protected by a password. Save it without one and upload it again.")


class Damaged(Unreadable):
    message = _(
        "This file is damaged or incomplete. Open it to see whether it is whole, save it as XLSX and try again."
    )


class UnknownEncoding(Refused):
    message = _("The text of this file is neither UTF-8 nor GB 18030. Save it as XLSX and upload it again.")
    field = "file"


class SheetTooLarge(Refused):
    message = _("The sheet is too large: at most %(rows)s rows and %(megabytes)s MB. Split it in parts.")
    field = "file"


class NoTable(Refused):
    message = _("There is no table in this file, or not on its first sheet: a line of headings with rows below it.")
    field = "file"


class NothingInside(Refused):
    message = _("There is no row below the headings.")
    field = "file"


def why_no_sheet(content: bytes) -> Unreadable:
    """Return what is known of a file that is neither a workbook nor text."""
    if content.startswith(OLE):
        if ENCRYPTED in content:
            return Protected()
        if any(name in content for name in STREAMS):
            return OldWorkbook()
    return Unreadable()
