"""Data rooms of the demonstration: their documents, and the organisations that read them on the days of viewing."""

from collections.abc import Iterable
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from cms.demo.houses import World
from marketplace.auctions.actions import accept_room_terms, add_room_document, enter_room, open_room_document
from marketplace.auctions.data_room import TERMS
from marketplace.auctions.models import Lot
from marketplace.core import clock

DOCUMENTS = ("专利证书及年费缴纳凭证", "第三方检测报告", "现有许可合同清单")
PAGE = (  # an empty page
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def fill_room(lot: Lot, world: World) -> None:
    """Let the seller put its documents into the data room of a lot that is not in bidding."""
    lot = Lot.objects.select_related("session", "outcome__owner").get(pk=lot.pk)
    by = world.agent_of(lot.outcome.owner)
    for title in DOCUMENTS:
        add_room_document(lot, by=by, title=title, file=SimpleUploadedFile(f"{title}.pdf", PAGE, "application/pdf"))


def read_room(lot: Lot, keys: Iterable[str], world: World, at: datetime) -> None:
    """Let houses accept the words of a room and read its first documents, one more each, at `at`."""
    lot = Lot.objects.select_related("session", "outcome__owner").get(pk=lot.pk)
    with clock.moved_to(at):
        for read, key in enumerate(keys, start=1):
            by, house = world.agent(key), world.houses[key]
            accept_room_terms(lot, by=by, organisation=house, version=TERMS)
            for document in enter_room(lot, by=by, organisation=house)[:read]:
                open_room_document(document, by=by, organisation=house)
