"""What was written in two languages: which one a reader reads, and which stands below it."""

import pytest
from django.utils import translation

from marketplace.core.classifications import TechnicalField
from marketplace.core.languages import also_worded, worded


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
