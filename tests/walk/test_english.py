"""Who reads English finds no Chinese in what the house says: only in what people wrote, and there it is marked."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import translation

from marketplace.contracts.drafts.comparing import compared
from marketplace.core.classifications import Classified
from tests.factories.world import addresses_of
from tests.walk.addresses import ours
from tests.walk.test_pages import READ_ENGLISH, SEE_REFUSALS, wrong_with

HANZI = re.compile(r"[\u3400-\u9fff，。；：（）、]+")
# Names of the trade that stay Chinese in English sentences (design.md §7), and of the other language
NAMES = ("瓯来拍", "揭榜挂帅", "中文")
# Hold text only, so nothing in them can be marked; a title also holds words of ours. Initials are hidden from readers.
NOT_MARKED = frozenset(["title", "option", "textarea"])
# What `marked` puts around a name among words of ours; while a page is read, two characters nobody writes stand for it
AMONG_WORDS = re.compile(r'<span lang="zh-Hans">([^<]*)</span>')
OPENS, CLOSES = "\ue000", "\ue001"
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
SPOKEN = frozenset(["aria-label", "aria-description", "alt", "placeholder", "title"])


class Reading(HTMLParser):
    """Collects what a page says: texts, and what inputs and pictures say; and the texts not marked as Chinese."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool, bool]] = []  # (tag, is shown, is Chinese)
        self.said: list[str] = []
        self.sentences: list[str] = []  # what is said, with the names among words of ours where they stand
        self.marked: list[str] = []
        self.unmarked: list[str] = []

    @property
    def words(self) -> str:
        return " ".join(" ".join(text for text in self.sentences if text).split())

    @property
    def bare(self) -> set[str]:
        """Return the texts with Hanzi, other than names of the trade, that stand under no element marked as Chinese."""
        names = re.compile("|".join(NAMES))
        return {" ".join(text.split()) for text in self.unmarked if HANZI.search(names.sub("", text))}

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        is_initial = given.get("class") == "face"  # of somebody's name
        _tag, is_shown, is_chinese = self.open[-1] if self.open else ("", True, False)
        if "lang" in given:
            is_chinese = given["lang"].startswith("zh")
        spoken = [value for name, value in attrs if name in SPOKEN or name.endswith("-words")]
        if given.get("name") == "description":
            spoken.append(given.get("content", ""))
        self.said += spoken
        self.sentences += spoken
        if tag not in VOID:
            is_shown = is_shown and not is_initial and tag not in ("script", "style", "textarea")
            self.open.append((tag, is_shown, is_chinese))

    def handle_endtag(self, tag: str) -> None:
        while self.open and tag not in VOID:
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        tag, is_shown, is_chinese = self.open[-1] if self.open else ("", True, False)
        if not is_shown:
            return
        self.sentences.append(data.replace(OPENS, "").replace(CLOSES, ""))
        for piece in data.split(OPENS):
            name, _mark, words = piece.rpartition(CLOSES)
            self._hear(name, "span", is_chinese=True)
            self._hear(words, tag, is_chinese=is_chinese)

    def _hear(self, text: str, tag: str, *, is_chinese: bool) -> None:
        if text:
            self.said.append(text)
            if tag not in NOT_MARKED:
                (self.marked if is_chinese else self.unmarked).append(text)

    def updatepos(self, i: int, j: int) -> int:
        """Count no lines: nobody asks where a tag stood."""
        return j


def read(html: str) -> Reading:
    reading = Reading()
    reading.feed(AMONG_WORDS.sub(rf"{OPENS}\1{CLOSES}", html))
    return reading


PARTS = re.compile(r"(?<=</head>)|(?=<main\b)|(?<=</main>)")


def parts_of(html: str) -> list[str]:
    """Return a page in pieces that are read by themselves: many a person is shown the same main part."""
    return PARTS.split(html)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
        yield from value.splitlines()
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _written(model: type[models.Model]) -> Iterator[str]:
    """Yield what the rows of a model hold; of a classification only what has no English name."""
    rows = model._base_manager.all()
    if issubclass(model, Classified):
        rows = rows.filter(name_en="")
    kinds = (models.CharField, models.TextField, models.JSONField)
    fields = [each.attname for each in model._meta.concrete_fields if isinstance(each, kinds) and not each.choices]
    for row in rows.values_list(*fields) if fields else []:
        for value in row:
            yield from _texts(value)


def _drafted(deal: Any) -> Iterator[str]:
    """Yield what the two drafts of a deal's contract say, as their comparison cuts it: it is no row, but in files."""
    later, earlier = deal.contracts.get().drafts.order_by("-version")[:2]
    for clause in compared(earlier, later):
        yield clause.heading
        for piece in clause.pieces:
            yield from (" ".join(line.split()) for line in (piece.text, *piece.text.splitlines()))


@pytest.fixture(scope="module")
def seen():
    """The parts of pages in which nothing was wrong, for one role after another."""
    return set()


@pytest.fixture(scope="module")
def written(world):
    """What people wrote, the longest first."""
    ours = (model for room in ("marketplace", "search") for model in apps.get_app_config(room).get_models())
    rooms = [*ours, *(apps.get_model("wagtailcore", name) for name in ("Revision", "APIToken"))]
    found = {" ".join(text.split()) for model in rooms for text in _written(model)} | set(_drafted(world.sold))
    return sorted((text for text in found if len(text) > 1 and HANZI.search(text)), key=len, reverse=True)


def leftovers(reading: Reading, written: list[str]) -> set[str]:
    """Return the Chinese nobody wrote: marked or not, it is a word of ours that lacks its English."""
    said = reading.words
    for text in (*written, *NAMES):
        if text in said:
            said = said.replace(text, " ")
            if not HANZI.search(said):
                break
    return set(HANZI.findall(said))


@pytest.fixture
def english(world):
    given = addresses_of(world)
    with translation.override("en"):
        found = {name: reverse(name, kwargs=given.get(name)) for name in ours()}
    # checks and the like have one address in every language
    return {name: address if address.startswith("/en/") else f"{address}?lang=en" for name, address in found.items()}


@pytest.mark.parametrize("role", READ_ENGLISH)
def test_an_english_page_marks_its_chinese_and_says_none_of_its_own(
    world, visit, english, written, seen, role, request
):
    if role not in SEE_REFUSALS:
        request.getfixturevalue("short_refusals")
    walker, own, unmarked, wrong = visit(role), {}, {}, {}
    for name, address in english.items():
        answer = walker.get(address, headers={"Accept-Language": "en"})
        if found := wrong_with(name, answer, role):
            wrong[name] = found
        is_page = answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")
        for part in parts_of(answer.content.decode()) if is_page and name != "components" else ():
            if part in seen:
                continue
            reading = read(part)
            faults = leftovers(reading, written)
            for words in faults:
                own.setdefault(words, []).append(address)
            for words in reading.bare:
                unmarked.setdefault(words, []).append(address)
            if not faults and not reading.bare:
                seen.add(part)

    assert wrong == {}
    assert {words: (len(where), where[0]) for words, where in own.items()} == {}
    assert {words: (len(where), where[0]) for words, where in unmarked.items()} == {}


@pytest.mark.parametrize("role", ["visitor", "institute manager", "enterprise manager"])
def test_what_people_wrote_is_marked_on_the_public_pages(world, visit, english, role):
    walker = visit(role)
    wrote = {
        "/en/": world.offered.title,
        english["outcome-list"]: world.outcome.title,
        english["outcome-detail"]: world.outcome.summary,
        english["need-list"]: world.need.title,
        english["need-detail"]: world.need.problem,
        english["lot-list"]: world.lot.outcome.title,
        english["lot-detail"]: world.lot.outcome.title,
        english["broker-list"]: world.broker.name,
        english["broker-detail"]: world.broker.name,
    }
    readings = {}
    for address in wrote:
        readings[address] = Reading()
        readings[address].feed(walker.get(address).content.decode())

    assert {address for address, text in wrote.items() if text not in readings[address].marked} == set()
    assert {address: reading.bare for address, reading in readings.items() if reading.bare} == {}


def test_the_reading_finds_chinese_of_ours_and_where_it_is_not_marked():
    page = """<html lang="en"><title>锁 · Market</title><p lang="zh-Hans">瓯来拍<b>专场</b></p>
        <p title="提示">Bid <span>出价</span> 瓯来拍</p><img alt="图"><script>"脚本"</script><input placeholder="例如">
        <p lang="zh-Hans">中<em lang="en">译</em></p>
        <p>For <span lang="zh-Hans">瓯海</span>AB<span lang="zh-Hans">锁业</span></p>
        <span class="face">李</span><option>选项</option></html>"""

    words = {"专场", "提示", "出价", "图", "中", "译", "选项"}
    assert leftovers(read(page), ["瓯海AB锁业", "例如", "锁"]) == words
    assert read(page).bare == {"出价", "译"}


def test_a_page_is_read_in_parts():
    head, main, foot = "<html><head><title>锁</title></head>", '<main id="main"><p>Bid</p></main>', "<p>出价</p></html>"

    assert parts_of(f"{head}<p>Top</p>{main}{foot}") == [head, "<p>Top</p>", main, foot]
    assert read(foot).bare == {"出价"}
