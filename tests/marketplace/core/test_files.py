"""Files: told by content, kept privately, sent only to those who may see the subject's part."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from marketplace.core.files import CutOff, EmptyFile, NotWhatItsNameSays, TooLarge, UnwantedType, files_of, keep, sniff
from marketplace.core.journal import Entry
from marketplace.organisations.models import Organisation
from tests.factories.people import organisation, person, sign_in

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
