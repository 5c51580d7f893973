"""Words our catalogue shares with a library's: ours come first, so a short one would rename the library's buttons."""

from collections.abc import Iterator
from pathlib import Path

import polib
from django import conf
from django.apps import apps

from cms.catalogues import SOURCES

# Libraries whose words our visitors and staff never read
UNSEEN = {"django.contrib.sessions"}

# The same sense in words we like better, there and here
MEANT = {
    ", ", "All", "Approve", "Approve with comment", "Change", "Comment", "Confidential", "English", "Filter",
    "History", "Name", "Next", "Phone", "Public", "Reject", "Sign in with a passkey", "Summary", "Text",
    "Use a security key", "any", "name", "verified",
}  # fmt: skip


def renamed(catalogue: polib.POFile) -> list[str]:
    """Return one line for each word without a context that a library translates otherwise.

    Django looks our catalogue up first, so such a word changes the library's pages too; give ours a context
    (pgettext, `context`), or enter it in MEANT where the library's pages should say it our way.
    """
    ours = {entry.msgid: _text(entry) for entry in catalogue if not entry.msgctxt and not entry.obsolete}
    lines = []
    for library, entry in _words_of_libraries():
        there, here = _text(entry), ours.get(entry.msgid, "")
        if here and here != there and not entry.msgctxt and entry.msgid not in MEANT:
            lines.append(f"renames a word of {library} ({there} → {here}); give it a context: {entry.msgid!r}")
    return sorted(set(lines))


def _text(entry: polib.MOEntry | polib.POEntry) -> str:
    return str(entry.msgstr or entry.msgstr_plural.get(0, ""))


def _words_of_libraries() -> Iterator[tuple[str, polib.MOEntry]]:
    folders = {app.name: Path(app.path) for app in apps.get_app_configs() if app.name not in {*SOURCES, *UNSEEN}}
    for library, folder in {"django": Path(conf.__file__).parent, **folders}.items():
        path = folder / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
        if path.exists():
            for entry in polib.mofile(str(path)):
                yield library, entry
