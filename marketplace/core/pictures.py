"""Uploaded pictures: decoded wholly before they are taken, and kept without what the camera wrote into them."""

import struct
import zlib
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile, File
from django.utils.translation import gettext_lazy as _
from PIL import ExifTags, Image, ImageOps

from marketplace.core.refusals import Refused

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
MOST_PIXELS = 80_000_000  # an A3 page scanned at 600 dpi has 70 million; decoded, each takes up to 4 bytes
UPRIGHT = 1  # the value of EXIF's orientation that turns nothing
NEEDED = ("icc_profile", "transparency")  # without them the colours are others
BROKEN = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError, struct.error, zlib.error,
)  # fmt: skip  # whatever the decoders of Pillow raise about bytes that are no picture


class UnreadablePicture(Refused):
    message = _("The picture cannot be read: it is damaged, or its end is missing. Save or scan it again.")
    field = "file"


class TooManyPixels(Refused):
    message = _("The picture is too big to be opened: at most %(most)s million pixels. Make it smaller first.")
    field = "file"


def refuse_unreadable(upload: File, media_type: str) -> None:
    """Decode a picture to its last pixel. Raises UnreadablePicture, TooManyPixels; other files are left alone."""
    if media_type in FORMATS:
        _decoded(upload, media_type)


def without_metadata(upload: File, media_type: str) -> File:
    """Return a picture as a file that tells only what it shows: no place, time, device, words or preview.

    It is turned upright first, as its metadata says; its colour profile stays, of an animation the first picture.
    Other files come back as they are.
    """
    if media_type not in FORMATS:
        return upload
    picture = _decoded(upload, media_type)
    is_upright = picture.getexif().get(ExifTags.Base.Orientation, UPRIGHT) == UPRIGHT
    kept: dict[Any, Any] = {name: picture.info[name] for name in NEEDED if name in picture.info}
    shown = picture if is_upright else ImageOps.exif_transpose(picture)
    shown.info = kept  # Pillow writes comments and XMP from there by itself
    written = BytesIO()
    shown.save(written, FORMATS[media_type], icc_profile=kept.get("icc_profile"), **_quality(shown, media_type))
    return ContentFile(written.getvalue(), name=upload.name)


def _decoded(upload: File, media_type: str) -> Image.Image:
    upload.seek(0)
    try:
        picture = Image.open(BytesIO(upload.read()), formats=(FORMATS[media_type],))
        if picture.width * picture.height > MOST_PIXELS:
            raise TooManyPixels(most=MOST_PIXELS // 1_000_000)
        picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels(most=MOST_PIXELS // 1_000_000) from error
    except BROKEN as error:
        raise UnreadablePicture() from error
    finally:
        upload.seek(0)
    return picture


def _quality(picture: Image.Image, media_type: str) -> dict[str, int | str]:
    """Return how finely it is written: a JPEG as it came, unless it was turned or is one of several in its file."""
    if media_type == "image/png":
        return {}
    return {"quality": "keep" if picture.format == "JPEG" else 95}
