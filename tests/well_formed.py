"""Whether a page closes what it opens: a browser mends what it does not, and shows the footer inside a table."""

import re
from collections import Counter

PARTS = (
    "article|aside|details|dialog|div|dl|fieldset|figure|footer|form|header|main|nav|ol|section|table|tbody|thead|tr|ul"
)
TAG = re.compile(rf"<(/?)({PARTS})(?=[\s>])")
NOT_TAGS = re.compile(r"<!--.*?-->|<script\b.*?</script>|<style\b.*?</style>|<textarea\b.*?</textarea>", re.DOTALL)


def unclosed(page: str) -> dict[str, int]:
    """Return {element: how many more are opened than closed}; fewer where more are closed."""
    found: Counter[str] = Counter()
    for closes, name in TAG.findall(NOT_TAGS.sub("", page)):
        found[name] += -1 if closes else 1
    return {name: left for name, left in found.items() if left}
