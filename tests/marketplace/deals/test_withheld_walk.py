"""All pages, notices, mails and files the seller's people reach: no name of the buyer before confidentiality."""

import re
from io import BytesIO

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation
from openpyxl import load_workbook

from marketplace.deals.nda import accept_nda
from marketplace.needs.models import NeedDisclosure
from marketplace.notices.models import Notice
from tests.factories.people import sign_in
from tests.marketplace.deals.unnamed import AGENT, BUYER, SAID, Room
from tests.pdf_text import text_of
from tests.tasks.conftest import commit  # noqa: F401  # what follows from an action is carried out at once

pytestmark = [pytest.mark.django_db, pytest.mark.long]
HREF = re.compile(r'href="(/[^"#]*)')
LEFT_OUT = re.compile(r"^/(static|media|admin|accounts|account|events|news|help|api/docs)|/(logout|lang)|/export")
MOST, FIRST = 260, 30  # how many addresses are read; the first are those a walk begins at


def words_of(response):
    kind = response.headers.get("Content-Type", "")
    if response.streaming:
        content = b"".join(response.streaming_content)
        named = response.headers.get("Content-Disposition", "")
        return named + text_of(content) if kind == "application/pdf" else named
    if "spreadsheet" in kind:
        rows = load_workbook(BytesIO(response.content)).active.values
        return " ".join(str(cell) for row in rows for cell in row)
    return response.content.decode() if "text" in kind or "json" in kind else ""


def walked(user, deal, most=MOST):
    """Return {address: words} of what `user` reaches by links from the work place and the deal, in both languages."""
    client, found = sign_in(Client(), user), {}
    code = deal.code
    queue = ["/desk/", "/deals/", "/deals/?view=list", "/interests/", "/matches/", "/notices/", "/search/?q=智能门锁"]
    queue += [f"/deals/{code}/", f"/deals/{code}/terms/", f"/deals/{code}/readings/", "/deals/export/?format=csv"]
    queue += ["/deals/export/?format=xlsx", f"/deals/{code}/move/?to=terminated", "/desk/broker/"]
    queue += [f"/en{address}" for address in queue]
    while queue and len(found) < most:
        address = queue.pop(0)
        if address in found:
            continue
        response = client.get(address, follow=True)
        assert response.status_code < 500, address
        found[address] = words_of(response)
        links = (link.replace("&amp;", "&") for link in HREF.findall(found[address]))
        queue += [link for link in links if link not in found and not LEFT_OUT.search(link)]
    return found


def telling(found, *names):
    return sorted(address for address, words in found.items() if any(name in words for name in names))


def names_of(party):
    house = party.organisation
    return (house.name, house.name_en, house.uscc, party.manager.name, party.manager.email)


def test_nobody_of_the_seller_reads_who_the_buyer_is_before_both_accepted_confidentiality(commit):  # noqa: F811
    room = Room(commit)
    readers = (room.seller.manager, room.broker.user)
    names = names_of(room.buyer)

    for reader in readers:
        found = walked(reader, room.deal)
        assert f"/deals/{room.deal.code}/" in found
        assert SAID in found[f"/deals/{room.deal.code}/"]  # messages work before confidentiality
        assert "需求方" in found[f"/deals/{room.deal.code}/"]
        assert "The owner of the need" in found[f"/en/deals/{room.deal.code}/"]
        assert telling(found, *names) == []
        marked = [words for address, words in found.items() if address.startswith("/files/")]
        assert len(marked) == 2
        assert all(reader.name in words for words in marked)  # the mark names who reads, nobody of the other side
    told = Notice.objects.filter(user__in=readers)
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert not [notice.title for notice in told if any(name in notice.title for name in names)]
    assert told.count() > 4
    sent = [message for message in mail.outbox if set(message.to) & {reader.email for reader in readers}]
    assert sent
    assert not [message.body for message in sent if any(name in message.subject + message.body for name in names)]


def test_everybody_in_the_deal_reads_the_buyer_once_both_accepted_confidentiality(commit):  # noqa: F811
    room = Room(commit)

    commit(lambda: accept_nda(room.deal, **room.buyer.as_party))
    assert not NeedDisclosure.objects.exists()
    assert telling(walked(room.seller.manager, room.deal), BUYER) == []
    commit(lambda: accept_nda(room.deal, **room.seller.as_party))

    assert NeedDisclosure.objects.get().organisation == room.seller.organisation
    code = room.deal.code
    expected = {f"/deals/{code}/", f"/deals/{code}/terms/", f"/deals/{code}/readings/", "/deals/", "/deals/?view=list"}
    for reader in (room.seller.manager, room.broker.user):
        assert expected | {"/deals/export/?format=csv"} <= set(telling(walked(reader, room.deal, FIRST), BUYER))
    assert AGENT in walked(room.seller.manager, room.deal, FIRST)[f"/deals/{code}/"]
