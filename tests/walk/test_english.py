"""Who reads English finds no Chinese in what the house says: only in what people wrote, and where it is marked."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import translation

from marketplace.core.classifications import Classified
from tests.factories.world import addresses_of
from tests.walk.addresses import ours
from tests.walk.who_may import WHO_MAY

READERS = (
    "visitor", "institute manager", "enterprise manager", "bidder", "broker", "officer", "registrar", "organiser",
    "finance", "liaison",
)  # fmt: skip
HANZI = re.compile(r"[\u3400-\u9fff，。；：（）、]+")
# Names of the trade that stay Chinese in English sentences (design.md §7)
NAMES = ("瓯来拍", "揭榜挂帅")
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
SPOKEN = frozenset(["aria-label", "aria-description", "alt", "placeholder", "title"])


class Reading(HTMLParser):
    """Collects what a page says outside elements marked as Chinese: texts, and what inputs and pictures say."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []  # (tag, is Chinese or not shown)
        self.said: list[str] = []

    @property
    def is_passed_over(self) -> bool:
        return bool(self.open) and self.open[-1][1]

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        language = given.get("lang")
        own = self.is_passed_over if language is None else language.startswith("zh")
        is_initial = given.get("class") == "face"  # of somebody's name
        passed_over = own or is_initial or tag in ("script", "style", "textarea")
        if not own:
            self.said += [value for name, value in attrs if name in SPOKEN or name.endswith("-words")]
            if given.get("name") == "description":
                self.said.append(given.get("content", ""))
        if tag not in VOID:
            self.open.append((tag, passed_over))

    def handle_endtag(self, tag: str) -> None:
        while self.open and tag not in VOID:
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self.is_passed_over:
            self.said.append(data)


def said_in(html: str) -> str:
    reading = Reading()
    reading.feed(html)
    return " ".join(" ".join(text for text in reading.said if text).split())


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


@pytest.fixture(scope="module")
def written(world):
    """What people wrote, the longest first."""
    rooms = [*apps.get_app_config("marketplace").get_models(), apps.get_model("wagtailcore", "Revision")]
    found = {" ".join(text.split()) for model in rooms for text in _written(model)}
    return sorted((text for text in found if len(text) > 1 and HANZI.search(text)), key=len, reverse=True)


def leftovers(html: str, written: list[str]) -> set[str]:
    said = said_in(html)
    for text in (*written, *NAMES):
        said = said.replace(text, " ")
    return set(HANZI.findall(said))


@pytest.fixture
def english(world):
    given = addresses_of(world)
    with translation.override("en"):
        return {name: reverse(name, kwargs=given.get(name)) for name in ours() if name != "components"}


@pytest.mark.parametrize("role", READERS)
def test_an_english_page_says_nothing_in_chinese(world, visit, english, written, role):
    walker, wrong = visit(role), {}
    for name, address in english.items():
        if role not in WHO_MAY[name]:
            continue
        answer = walker.get(address, headers={"Accept-Language": "en"})
        if answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html"):
            for words in leftovers(answer.content.decode(), written):
                wrong.setdefault(words, []).append(address)

    assert {words: (len(where), where[0]) for words, where in wrong.items()} == {}


def test_the_reading_finds_chinese_where_it_is_not_marked():
    page = """<html lang="en"><p lang="zh-Hans">瓯来拍<b>专场</b></p><p title="提示">Bid <span>出价</span></p>
        <img alt="图"><script>"脚本"</script><input placeholder="例如">
        <p lang="zh-Hans">中<em lang="en">译</em></p></html>"""

    assert leftovers(page, ["例如"]) == {"提示", "出价", "图", "译"}
