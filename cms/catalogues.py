"""Translation catalogues without GNU gettext: what the source says, what the catalogue lacks, and the compiled form."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.reloader import translation_file_changed

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "cms" / "locale"
CHINESE = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.po"
SOURCES = ("cms", "marketplace", "search", "tasks")
KEYWORDS: dict = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
HEADER = {
    "Project-Id-Version": "marketplace",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[-0-9.]*[sdf]|\{(\w*)\}")

Key = tuple[str, str]  # msgid, msgctxt or ""


def compile_all(locale: Path = LOCALE) -> int:
    """Write each .mo that is missing or older than its .po; return how many were written."""
    written = 0
    for source in sorted(locale.glob("**/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            partial = target.with_suffix(".partial")
            polib.pofile(str(source)).save_as_mofile(str(partial))
            partial.replace(target)
            translation_file_changed(None, target)  # what this process has read before is out of date
            written += 1
    return written


def said_in_source() -> dict[Key, str]:
    """Return {(msgid, context): plural form or ""} of every translatable string in the packages."""
    said: dict[Key, str] = {}
    for package in SOURCES:
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and path.is_file():
                for key, plural in _strings_of(path):
                    said[key] = plural or said.get(key, "")
    return said


def _strings_of(path: Path) -> Iterator[tuple[Key, str]]:
    from babel.messages.extract import extract
    from django.utils.translation.template import templatize

    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # in brackets, so that the blanked-out page is one expression without indentation
        text = f"({templatize(text, origin=str(path))})"
    for _line, found, _comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
        msgid, plural = (found[0], found[1]) if isinstance(found, tuple) else (found, "")
        if msgid:
            yield (msgid, context or ""), plural


def read(path: Path = CHINESE) -> polib.POFile:
    """Return the catalogue, or an empty one."""
    catalogue = polib.pofile(str(path)) if path.exists() else polib.POFile()
    catalogue.metadata = HEADER
    return catalogue


def bring_up_to_date(catalogue: polib.POFile, said: dict[Key, str]) -> None:
    """Give the catalogue exactly the entries the source has, keeping every translation."""
    kept = {(entry.msgid, entry.msgctxt or ""): entry for entry in catalogue if not entry.obsolete}
    catalogue.clear()
    for (msgid, context), plural in sorted(said.items()):
        entry = polib.POEntry(msgid=msgid, msgctxt=context or None)
        former = kept.get((msgid, context))
        former_text = (former.msgstr or former.msgstr_plural.get(0, "")) if former else ""
        if plural:
            entry.msgid_plural, entry.msgstr_plural = plural, {0: former_text}
        else:
            entry.msgstr = former_text
        if PLACEHOLDER.search(msgid) and "%(" in msgid:
            entry.flags.append("python-format")
        catalogue.append(entry)


def add(catalogue: polib.POFile, translations: dict[str, str], *, replaces: bool = False) -> list[str]:
    """Enter {english: chinese} where there is no Chinese yet, or everywhere; return a line for each that was not.

    One English text may have several entries, each of its own context: those that have their Chinese keep it.
    """
    lines = []
    for english, chinese in translations.items():
        entries = [entry for entry in catalogue if entry.msgid == english]
        for entry in entries:
            said = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
            if said and said != chinese and not replaces:
                lines.append(f"kept, as it has its Chinese: {english!r} {entry.msgctxt or ''} {said}")
            elif entry.msgid_plural:
                entry.msgstr_plural = {0: chinese}
            else:
                entry.msgstr = chinese
        if not entries:
            lines.append(f"the source does not have: {english!r}")
    return lines


def complaints(catalogue: polib.POFile, said: dict[Key, str]) -> list[str]:
    """Return one line for each string that is missing, unsure, not used any more, or has other placeholders."""
    there = {(entry.msgid, entry.msgctxt or ""): entry for entry in catalogue if not entry.obsolete}
    lines = [f"not in the catalogue: {msgid!r}" for msgid, context in said if (msgid, context) not in there]
    lines += [f"not used any more: {msgid!r}" for msgid, context in there if (msgid, context) not in said]
    lines += [f"obsolete: {entry.msgid!r}" for entry in catalogue.obsolete_entries()]
    for key in sorted(there.keys() & said.keys()):
        lines += _complaints_about(there[key])
    return lines


def _complaints_about(entry: polib.POEntry) -> list[str]:
    text = entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr
    if not text:
        return [f"not translated: {entry.msgid!r}"]
    if entry.fuzzy:
        return [f"fuzzy: {entry.msgid!r}"]
    wanted, given = placeholders(entry.msgid_plural or entry.msgid), placeholders(text)
    if wanted != given:
        return [f"placeholders {sorted(given)} instead of {sorted(wanted)}: {entry.msgid!r}"]
    if "%(" in entry.msgid and not all(_can_be_filled(spoken, wanted) for spoken in (entry.msgid, text)):
        return [f"a lone % beside placeholders (write %%): {entry.msgid!r}"]
    return []


def _can_be_filled(text: str, names: set[str]) -> bool:
    try:
        return bool(text % dict.fromkeys(names, 1))
    except (TypeError, ValueError):
        return False


def placeholders(text: str) -> set[str]:
    return {one or two for one, two in PLACEHOLDER.findall(text)}
