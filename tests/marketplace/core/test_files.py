"""Files: told by content, kept privately, sent only to those who may see the subject's part."""

import struct
import zlib
from hashlib import sha256
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook
from PIL import ExifTags, Image, PngImagePlugin

from marketplace.core.files import (
    PICTURES,
    CutOff,
    EmptyFile,
    File,
    NotWhatItsNameSays,
    TooLarge,
    UnwantedType,
    files_of,
    keep,
    sniff,
)
from marketplace.core.journal import Entry
from marketplace.core.pictures import MOST_PIXELS, TooManyPixels, UnreadablePicture
from marketplace.organisations.models import Organisation
from tests.factories.people import organisation, person, sign_in
from tests.factories.pictures import picture_bytes

PDF = b"%PDF-1.7\n" + b"0" * 100 + b"\n%%EOF\n"
pytestmark = pytest.mark.django_db


def upload(content=PDF, name="证书.pdf"):
    return SimpleUploadedFile(name, content)


def test_the_content_tells_the_type_not_the_name():
    assert sniff(upload(name="picture.png")) == "application/pdf"
    with pytest.raises(UnwantedType):
        sniff(upload(b"MZ" + b"0" * 100, "harmless.pdf"))
    with pytest.raises(EmptyFile):
        sniff(upload(b""))
    with pytest.raises(TooLarge):
        sniff(upload(), limit=50)


def test_a_renamed_file_and_one_cut_off_are_told_what_is_wrong_with_them():
    with pytest.raises(NotWhatItsNameSays, match="PDF"):
        sniff(upload(b"MZ" + b"0" * 100, "合同.PDF"))
    with pytest.raises(NotWhatItsNameSays, match="JPG"):
        sniff(upload(b"MZ" + b"0" * 100, "合同.jpeg"))
    with pytest.raises(UnwantedType) as refusal:
        sniff(upload(b"MZ" + b"0" * 100, "合同.exe"))
    assert not isinstance(refusal.value, NotWhatItsNameSays)

    written = BytesIO()
    Workbook().save(written)
    sheet = written.getvalue()
    assert sniff(upload(PDF + b"0" * 9000)) == "application/pdf"
    assert sniff(upload(sheet)).endswith("spreadsheetml.sheet")
    for whole in (PDF, sheet):
        with pytest.raises(CutOff):
            sniff(upload(whole[:-30]))


def test_a_kept_file_has_a_random_name_and_its_hash():
    house, owner = organisation(), person()

    file = keep(upload(name="../../etc/证书.pdf"), subject=house, by=owner, purpose="licence")

    assert (file.name, file.size, file.media_type) == ("证书.pdf", len(PDF), "application/pdf")
    assert file.content.name == f"{file.code[:2]}/{file.code}"
    assert len(file.sha256) == 64
    assert list(files_of(house)) == [file]
    assert not files_of(house, purposes=["other"]).exists()


def test_a_file_is_sent_to_those_its_subject_names(client, monkeypatch):
    house, owner, stranger = organisation(), person(), person()
    file = keep(upload(), subject=house, by=owner, confidential=True)
    monkeypatch.setattr(Organisation, "file_visible_to", lambda self, user, file: user.pk == owner.pk, raising=False)
    address = reverse("file-download", args=[file.code])

    assert client.get(address).status_code == 404
    sign_in(client, stranger)
    assert client.get(address).status_code == 404
    assert not Entry.objects.filter(kind="file.read").exists()

    sign_in(client, owner)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    entry = Entry.objects.get(kind="file.read")
    assert (entry.actor, entry.data["file"]) == (owner, file.code)
    assert "证书" not in str(entry.data)


def test_a_withdrawn_file_is_gone(client):
    owner = person()
    file = keep(upload(), subject=None, by=owner)
    sign_in(client, owner)
    address = reverse("file-download", args=[file.code])
    assert client.get(address).status_code == 200

    file.withdrawn_at = file.added_at
    file.save()

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_of_a_picture_is_kept_what_it_shows_and_no_more(form):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # lies on its side
    exif[ExifTags.Base.Make] = "WhereaboutsCam"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (27.0, 58.0, 12.0), 3: "E", 4: (120.0, 36.0, 3.0)})
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "WhereaboutsCam")
    told = {"exif": exif, "icc_profile": b"profile of colours"} | {"JPEG": {"comment": b"WhereaboutsCam"}, "PNG": {
        "pnginfo": words}, "WEBP": {"xmp": b"WhereaboutsCam"}}[form]  # fmt: skip
    taken = picture_bytes(form, size=(40, 20), **told)
    assert b"WhereaboutsCam" in taken

    file = keep(upload(taken, "现场"), subject=None, by=person(), accepted=PICTURES)

    kept = file.content.open("rb").read()
    assert (file.size, file.sha256) == (len(kept), sha256(kept).hexdigest())
    assert b"WhereaboutsCam" not in kept
    with Image.open(BytesIO(kept)) as shown:
        assert (shown.format, shown.size, dict(shown.getexif())) == (form, (20, 40), {})
        assert shown.info["icc_profile"] == b"profile of colours"
        assert shown.getexif().get_ifd(ExifTags.IFD.GPSInfo) == {}


def test_an_upright_photograph_of_several_pictures_loses_metadata_and_previews():
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "WhereaboutsCam"
    several = picture_bytes("MPO", size=(40, 20), exif=exif, save_all=True, append_images=[Image.new("RGB", (8, 8))])
    for taken in (several, picture_bytes("JPEG", size=(40, 20), exif=exif)):
        kept = keep(upload(taken, "a.jpg"), subject=None, by=person(), accepted=PICTURES).content.open("rb").read()
        assert b"WhereaboutsCam" not in kept
        with Image.open(BytesIO(kept)) as shown:
            assert (shown.format, shown.size) == ("JPEG", (40, 20))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_cut_off_is_refused_and_kept_nowhere(form):
    whole = picture_bytes(form, size=(300, 200))
    for broken in (whole[: len(whole) // 2], whole[:60]):
        with pytest.raises(UnreadablePicture):
            keep(upload(broken, "a"), subject=None, by=person(), accepted=PICTURES)
    assert not File.objects.exists()


def test_a_picture_of_absurd_size_is_refused_before_it_is_decoded():
    for side in (9_500, 30_000):
        with pytest.raises(TooManyPixels, match=str(MOST_PIXELS // 1_000_000)):
            sniff(upload(claiming(side), "a.png"))


def claiming(side):
    """Return a small PNG whose head claims `side` by `side` pixels."""
    head = _chunk(b"IHDR", struct.pack(">II", side, side) + b"\x01\0\0\0\0")
    return b"\x89PNG\r\n\x1a\n" + head + _chunk(b"IDAT", zlib.compress(b"\0" * 90)) + _chunk(b"IEND", b"")


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
