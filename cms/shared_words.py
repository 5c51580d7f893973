"""Words our catalogue shares with a library's: ours come first, so a short one would rename the library's buttons."""

from collections.abc import Iterator
from pathlib import Path

import polib
from django import conf
from django.apps import apps

from cms.catalogues import LOCALE, SOURCES, placeholders

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
        if here and there and here != there and not entry.msgctxt and entry.msgid not in MEANT:
            lines.append(f"renames a word of {library} ({there} → {here}); give it a context: {entry.msgid!r}")
    return sorted(set(lines))


def unsaid(catalogue: polib.POFile) -> list[str]:
    """Return one line for each word given to a library that no library says, or that has other placeholders."""
    said = {entry.msgid for _library, entry in _words_of_libraries(_domain(catalogue))}
    lines = [f"no library says: {entry.msgid!r}" for entry in catalogue if entry.msgid not in said]
    lines += [f"not translated: {entry.msgid!r}" for entry in catalogue if not _text(entry)]
    return lines + [
        f"other placeholders: {entry.msgid!r}"
        for entry in catalogue
        if placeholders(entry.msgid_plural or entry.msgid) != placeholders(_text(entry))
    ]


def given() -> list[polib.POFile]:
    """Return the catalogues of words we give to libraries, for each language those of pages and of scripts."""
    return [polib.pofile(str(path)) for path in sorted((LOCALE / "libraries").glob("*/LC_MESSAGES/*.po"))]


def without_chinese(domain: str) -> list[str]:
    """Return what libraries say in pages ("django") or scripts ("djangojs") and neither they nor we in Chinese."""
    path = LOCALE / "libraries" / "zh_Hans" / "LC_MESSAGES" / f"{domain}.po"
    ours = {entry.msgid for entry in polib.pofile(str(path))}
    return sorted({e.msgid for _library, e in _words_of_libraries(domain) if not _text(e) and e.msgid not in ours})


def _domain(catalogue: polib.POFile) -> str:
    """Return whether its words stand in pages ("django") or in scripts ("djangojs")."""
    return Path(catalogue.fpath or "django").stem


def _text(entry: polib.MOEntry | polib.POEntry) -> str:
    return str(entry.msgstr or entry.msgstr_plural.get(0, ""))


def _words_of_libraries(domain: str = "django") -> Iterator[tuple[str, polib.MOEntry | polib.POEntry]]:
    """Yield what each library says with its Chinese, "" where it has none."""
    folders = {app.name: Path(app.path) for app in apps.get_app_configs() if app.name not in {*SOURCES, *UNSEEN}}
    for library, folder in {"django": Path(conf.__file__).parent, **folders}.items():
        chinese = folder / "locale" / "zh_Hans" / "LC_MESSAGES" / f"{domain}.mo"
        source = folder / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
        known = {entry.msgid: entry for entry in polib.mofile(str(chinese))} if chinese.exists() else {}
        lacking = [entry for entry in polib.pofile(str(source)) if entry.msgid not in known] if source.exists() else []
        for entry in (*known.values(), *lacking):
            yield library, entry
