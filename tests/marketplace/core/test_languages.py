"""What was written in two languages: which one a reader reads, and which stands below it."""

import pytest
from django.utils import translation

from marketplace.core.classifications import TechnicalField
from marketplace.core.languages import also_worded, paragraph, worded
from marketplace.core.refusals import Refused, Several


@pytest.mark.parametrize(
    ("language", "chinese", "english", "first", "below"),
    [
        ("zh-hans", "新材料", "New materials", "新材料", "New materials"),
        ("en", "新材料", "New materials", "New materials", "新材料"),
        ("zh-hans", "新材料", "", "新材料", ""),
        ("en", "新材料", "", "新材料", ""),
        ("en", "LED", "LED", "LED", ""),
    ],
)
def test_a_text_is_read_in_the_readers_language_where_it_is_there(language, chinese, english, first, below):
    field = TechnicalField(name=chinese, name_en=english)

    with translation.override(language):
        assert (worded(field, "name"), also_worded(field, "name")) == (first, below)


class SealLacks(Refused):
    message = "缺公章。"


class DayLacks(Refused):
    message = "缺日期。"


@pytest.mark.parametrize(("language", "joined"), [("zh-hans", "缺公章。缺日期。"), ("en", "缺公章。 缺日期。")])
def test_chinese_sentences_stand_without_a_space_between_them(language, joined):
    with translation.override(language):
        assert paragraph(["缺公章。", "缺日期。"]) == joined
        assert str(Several([SealLacks(), DayLacks()])) == joined
