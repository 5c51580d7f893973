"""Which documents editors may upload, told by their content: what offices write, and not what only bears its name."""

import zipfile
from pathlib import PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from marketplace.core import files

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] 2.2: what Office wrote until 2003, and WPS writes still
WORDS, SHEETS, SLIDES = ("WordDocument",), ("Workbook", "Book"), ("PowerPoint Document",)
# ending: names of streams, of which one is there
STREAMS = {"doc": WORDS, "wps": WORDS, "xls": SHEETS, "et": SHEETS, "ppt": SLIDES, "dps": SLIDES}
# ending: the part that is there (OFD: GB/T 33190-2016, 7.1); an archive may hold anything
PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml", "ofd": "OFD.xml"}
TEXTS = ("csv", "txt")
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
ENDINGS = ("pdf", *STREAMS, *PARTS, "zip", *TEXTS)  # also WAGTAILDOCS_EXTENSIONS


def refuse_unwanted(upload: UploadedFile) -> None:
    """Raise a refusal of marketplace.core.files where the content is not what the ending says."""
    ending = PurePosixPath(upload.name or "").suffix.removeprefix(".").lower()
    if ending not in ENDINGS:
        raise files.UnwantedType(accepted=accepted())
    if not upload.size:
        raise files.EmptyFile()
    if ending == "pdf":
        files.sniff(upload, accepted={files.PDF: "pdf"}, limit=settings.WAGTAILDOCS_MAX_UPLOAD_SIZE)
    elif not _is(upload, ending):
        raise files.NotWhatItsNameSays(ending=ending.upper(), accepted=accepted())


def accepted() -> str:
    """Return the endings as sentences name them."""
    return ", ".join(ending.upper() for ending in ENDINGS)


def _is(upload: UploadedFile, ending: str) -> bool:
    try:
        if ending in STREAMS:
            return _has_stream(upload, STREAMS[ending])
        if ending in TEXTS:
            return _is_text(upload)
        return _has_part(upload, PARTS.get(ending))
    finally:
        upload.seek(0)


def _has_stream(upload: UploadedFile, names: tuple[str, ...]) -> bool:
    """Tell whether a compound file has one of the streams; its directory writes names in UTF-16."""
    upload.seek(0)
    content = upload.read()
    ended = (f"{name}\0".encode("utf-16-le") for name in names)
    return content.startswith(OLE2) and any(name in content for name in ended)


def _has_part(upload: UploadedFile, part: str | None) -> bool:
    try:
        with zipfile.ZipFile(upload) as archive:
            return part is None or part in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False


def _is_text(upload: UploadedFile) -> bool:
    upload.seek(0)
    content = upload.read()
    for encoding in ENCODINGS:
        try:
            return "\0" not in content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return False
