"""Uploaded files: kept under a private root without a URL, sniffed, hashed, sent only by a view that asks."""

import hashlib
import os
import zipfile
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import filetype
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, pictures
from marketplace.core.codes import CodeField
from marketplace.core.refusals import Refused

if TYPE_CHECKING:
    from marketplace.organisations.models import User

MEBIBYTE = 1024 * 1024
PDF = "application/pdf"
DOCUMENTS = {
    PDF: "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
SCANS = {kind: DOCUMENTS[kind] for kind in (PDF, "image/png", "image/jpeg")}
OFFICE = "application/vnd.openxmlformats-"
PDF_END_WITHIN = 64 * 1024
PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class UnwantedType(Refused):
    message = _("Files of this kind are not accepted. Accepted: %(accepted)s.")
    field = "file"


class NotWhatItsNameSays(UnwantedType):
    message = _(
        "The name says %(ending)s, the content is something else: the file may have been renamed or damaged. "
        "Accepted: %(accepted)s."
    )


class CutOff(Refused):
    message = _("The file is not whole: its end is missing. Save or scan it again.")
    field = "file"


class TooLarge(Refused):
    message = _("The file has %(size)s MB; the limit is %(limit)s MB.")
    field = "file"


class EmptyFile(Refused):
    message = _("The file is empty.")
    field = "file"


class PrivateStorage(FileSystemStorage):
    """Files under settings.PRIVATE_ROOT (asked at each use: tests move it), which no web server serves."""

    def __init__(self) -> None:
        super().__init__(base_url=None)

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_ROOT)

    @property
    def location(self) -> str:
        return os.path.abspath(self.base_location)


def private_storage() -> PrivateStorage:
    return PrivateStorage()


def _random_path(file: "File", filename: str) -> str:
    return f"{file.code[:2]}/{file.code}"


class File(models.Model):
    """One uploaded file and the record it belongs to; whoever may see the subject's part may read it."""

    code = CodeField()
    name = models.CharField(_("name"), max_length=200)
    purpose = models.CharField(_("purpose"), max_length=40, blank=True)
    content = models.FileField(storage=private_storage, upload_to=_random_path, max_length=100)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(_("size"))
    media_type = models.CharField(_("type"), max_length=100)
    is_confidential = models.BooleanField(_("confidential"), default=False)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, null=True, related_name="+")
    subject_id = models.BigIntegerField(null=True)
    subject = GenericForeignKey("subject_type", "subject_id")
    added_by = models.ForeignKey("marketplace.User", on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(_("added"))
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="file_by_subject")]

    def __str__(self) -> str:
        return self.name

    @property
    def ending(self) -> str:
        """Return what lists say of its kind, such as PDF or JPG."""
        return self.name.rpartition(".")[2].upper()[:5]


def sniff(upload: UploadedFile, *, accepted: dict[str, str] | None = None, limit: int = 20 * MEBIBYTE) -> str:
    """Return the media type told by the content, not by the name.

    `accepted` maps media types to file endings. Raises EmptyFile, TooLarge, UnwantedType (or the NotWhatItsNameSays
    of it), CutOff, UnreadablePicture, TooManyPixels.
    """
    accepted = DOCUMENTS if accepted is None else accepted
    size = upload.size or 0
    if size == 0:
        raise EmptyFile()
    if size > limit:
        raise TooLarge(size=f"{size / MEBIBYTE:.1f}", limit=limit // MEBIBYTE)
    upload.seek(0)
    guess = filetype.guess(upload.read(8192))
    upload.seek(0)
    if guess is None or guess.mime not in accepted:
        raise _unwanted(upload, accepted)
    if not _has_its_end(upload, guess.mime):
        raise CutOff()
    pictures.refuse_unreadable(upload, guess.mime)
    return guess.mime


def _unwanted(upload: UploadedFile, accepted: dict[str, str]) -> UnwantedType:
    endings = {ending.upper() for ending in accepted.values()}
    said = PurePosixPath(upload.name or "").suffix.removeprefix(".").upper().replace("JPEG", "JPG")
    words = ", ".join(sorted(endings))
    return NotWhatItsNameSays(ending=said, accepted=words) if said in endings else UnwantedType(accepted=words)


def _has_its_end(upload: UploadedFile, media_type: str) -> bool:
    """Tell whether what stands at the end of its kind is there: a transfer that broke off leaves half a file.

    A PDF ends with %%EOF (ISO 32000-1, 7.5.5; readers take it some way before the end), a DOCX or XLSX with the list of
    its parts.
    """
    try:
        if media_type == PDF:
            upload.seek(max((upload.size or 0) - PDF_END_WITHIN, 0))
            return b"%%EOF" in upload.read()
        return not media_type.startswith(OFFICE) or zipfile.is_zipfile(upload)
    finally:
        upload.seek(0)


def keep(
    upload: UploadedFile,
    *,
    subject: models.Model | None,
    by: "User",
    purpose: str = "",
    accepted: dict[str, str] | None = None,
    confidential: bool = False,
) -> File:
    """Check an upload by its content and keep it for `subject`; the caller is inside a transaction.

    Of a picture is kept what it shows; hash and size are those of what is kept.
    """
    media_type = sniff(upload, accepted=accepted)
    content = pictures.without_metadata(upload, media_type)
    digest = hashlib.sha256()
    for chunk in content.chunks():
        digest.update(chunk)
    content.seek(0)
    name = PurePosixPath((upload.name or "file").replace("\\", "/")).name[-200:]
    file = File(
        name=name,
        purpose=purpose,
        sha256=digest.hexdigest(),
        size=content.size or 0,
        media_type=media_type,
        is_confidential=confidential,
        subject=subject,
        added_by=by,
        added_at=clock.now(),
    )
    file.content.save(name, content, save=False)
    file.save()
    return file


def keep_letter(pages: Sequence[UploadedFile], *, subject: models.Model, by: "User", purpose: str) -> None:
    """Keep a letter as it was scanned, for `subject`; a page that is refused is named beside the field `letter`."""
    for page in pages:
        try:
            keep(page, subject=subject, by=by, purpose=purpose, accepted=SCANS, confidential=True)
        except Refused as refusal:
            refusal.field = "letter"
            raise


def keep_same(file: File, *, subject: models.Model, by: "User") -> File:
    """Keep what was kept for another record for `subject` too: what was entered wrongly is entered anew."""
    kept = ("name", "purpose", "content", "sha256", "size", "media_type", "is_confidential")
    same = File(subject=subject, added_by=by, added_at=clock.now(), **{name: getattr(file, name) for name in kept})
    same.save()
    return same


def files_of(*subjects: models.Model, purposes: Collection[str] | None = None) -> models.QuerySet[File]:
    """Return the standing files of one record, or of several of one model, oldest first."""
    kind = ContentType.objects.get_for_model(subjects[0])
    keys = [subject.pk for subject in subjects]
    files = File.objects.filter(subject_type=kind, subject_id__in=keys, withdrawn_at=None)
    return files if purposes is None else files.filter(purpose__in=purposes)
