"""What people wrote carries its language where it is not that of the page."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from cms.templatetags.languages import lang_of, marked
from marketplace.organisations.models import Organisation

BLOCK = re.compile(r"\{% blocktranslate.*?endblocktranslate %\}", re.DOTALL)  # the colon there is part of the message
CHINESE, ENGLISH = ' lang="zh-Hans"', ' lang="en"'


@pytest.mark.parametrize(
    ("text", "on_english", "on_chinese"),
    [
        ("锁体自动装配线", CHINESE, ""),
        ("基于 SiC MOSFET 的车载逆变器", CHINESE, ""),
        ("TRL 7 级样机", CHINESE, ""),
        ("李", CHINESE, ""),
        ("𠮷田", CHINESE, ""),
        ("The lot 锁体 was sold to the second bidder", "", ""),
        ("Lock 锁", "", ""),  # as many Hanzi as words: not mainly Chinese
        ("Automatic assembly of lock bodies", "", ENGLISH),
        ("Wenzhou Eyewear Co., Ltd.", "", ENGLISH),
        ("Locks & valves", "", ENGLISH),
        ("Schlösser für Türen", "", ENGLISH),
        ("SiC", "", ""),
        ("TRL 7", "", ""),
        ("5 mm × 3 mm", "", ""),
        ("report-final.pdf", "", ""),
        ("C3351", "", ""),
        ("2026-06-18", "", ""),
        ("120", "", ""),
        (120, "", ""),
        ("，。", "", ""),
        (" ", "", ""),
        ("", "", ""),
        (None, "", ""),
        (mark_safe("<mark>电池</mark>寿命"), CHINESE, ""),
        (mark_safe("<mark>电</mark> &amp; &lt;"), CHINESE, ""),  # neither tags nor entities are words
        (mark_safe("<mark>Battery</mark> life"), "", ENGLISH),
        ("<b>电</b>", "", ""),  # not markup: a reader sees two letters b
        (Organisation(name="温州大学"), CHINESE, ""),
    ],
)
def test_a_text_in_the_other_language_is_told(text, on_english, on_chinese):
    with translation.override("en"):
        english = lang_of(text)
    with translation.override("zh-hans"):
        chinese = lang_of(text)

    assert (english, chinese) == (on_english, on_chinese)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("safe", [mark_safe, lambda word: word])
def test_a_word_of_ours_follows_the_page(language, safe):
    word = safe(gettext_lazy("Waiting for review"))

    with translation.override(language):
        told, among = lang_of(word), marked(word)
        shown = str(word)

    assert (told, among) == ("", shown)


def test_a_word_of_ours_may_stand_in_for_a_text():
    template = Template('{% load i18n languages %}{{ none|default:_("Enterprise not named yet")|marked }}')

    with translation.override("zh-hans"):
        page = template.render(Context({"none": None}))

    assert page == "企业名称暂不公开"


def test_a_page_without_a_language_is_chinese():
    with translation.override(None):
        told = lang_of("锁体"), lang_of("Automatic assembly")

    assert told == ("", ENGLISH)


def test_the_tag_stands_in_a_start_tag():
    template = Template(
        "{% load languages %}<h1{% lang_of title %}>{{ title }}</h1><p{% lang_of none %}>{{ number }}</p>"
    )

    with translation.override("en"):
        page = template.render(Context({"title": '<电池>"寿命"', "number": 7}))

    assert page == '<h1 lang="zh-Hans">&lt;电池&gt;&quot;寿命&quot;</h1><p>7</p>'


@pytest.mark.parametrize(
    ("text", "on_english", "on_chinese"),
    [
        (
            "Outcome 锁体装配 was published",
            'Outcome <span lang="zh-Hans">锁体装配</span> was published',
            "Outcome 锁体装配 was published",
        ),
        ("温州大学", '<span lang="zh-Hans">温州大学</span>', "温州大学"),
        (
            "Sold: 《锁体》2026（一）",
            'Sold: <span lang="zh-Hans">《锁体》2026（一）</span>',
            "Sold: 《锁体》2026（一）",
        ),
        ("Automatic assembly", "Automatic assembly", '<span lang="en">Automatic assembly</span>'),
        ("A < 电 & “x”", 'A &lt; <span lang="zh-Hans">电</span> &amp; “x”', "A &lt; 电 &amp; “x”"),
        (
            mark_safe('<a title="电">电池</a>'),
            '<a title="电"><span lang="zh-Hans">电池</span></a>',
            '<a title="电">电池</a>',
        ),
        ("", "", ""),
        (None, "", ""),
        (7, "7", "7"),
    ],
)
def test_a_text_among_words_of_ours_is_wrapped(text, on_english, on_chinese):
    with translation.override("en"):
        english = marked(text)
    with translation.override("zh-hans"):
        chinese = marked(text)

    assert (english, chinese) == (on_english, on_chinese)


def test_a_name_in_a_translated_sentence_is_wrapped_once():
    template = Template(
        "{% load i18n languages %}{% blocktranslate with name=name|marked %}for {{ name }}{% endblocktranslate %}"
    )

    with translation.override("en"):
        sentence = template.render(Context({"name": "瓯海<锁业>"}))

    assert sentence == 'for <span lang="zh-Hans">瓯海</span>&lt;<span lang="zh-Hans">锁业</span>&gt;'


TEMPLATES = Path(settings.ROOT) / "cms" / "templates"


def test_no_colon_of_the_other_language_follows_translated_words():
    """A colon after a translated or typed piece is translated itself: Chinese wants a full-width one."""
    wrong = [
        f"{path.relative_to(TEMPLATES)}: {found}"
        for path in TEMPLATES.rglob("*.html")
        for found in re.findall(r"(?:%\}|\}\}): *(?:\{\{|<)", re.sub(BLOCK, "", path.read_text("utf-8")))
    ]

    assert wrong == []
