"""What a reader can find in a PDF of ours: its text by the font's own map, and the fonts it carries.

Enough for what typst writes with one font; poppler is not on every machine. Text comes without white space, because
a line is drawn piece by piece.
"""

import re
import zlib

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
# by lines of their own: the numbers of two letters side by side may read BT or ET as well
DRAWN = re.compile(rb"\nBT .*?\nET\n", re.DOTALL)
PIECE = re.compile(rb"\\([0-7]{1,3}|.)|([()])|<([0-9A-Fa-f]+)>|(.)", re.DOTALL)
NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _streams(pdf: bytes) -> list[bytes]:
    found = []
    for packed in STREAM.findall(pdf):
        try:
            # a packed stream may end with what looks like a line break: its check sum is not asked for
            found.append(zlib.decompressobj().decompress(packed))
        except zlib.error:
            continue
    return found


def _glyphs(drawn: bytes) -> bytes:
    """Return the bytes of all strings in a piece of drawing; balanced parentheses inside a string stand unescaped."""
    found, depth = b"", 0
    for escaped, bracket, hexadecimal, other in PIECE.findall(drawn):
        if bracket:
            inside = depth > (1 if bracket == b")" else 0)
            depth += 1 if bracket == b"(" else -1
            found += bracket if inside else b""
        elif depth and escaped:
            found += bytes([int(escaped, 8)]) if escaped.isdigit() else NAMED.get(escaped, escaped)
        elif hexadecimal:
            found += b"<" + hexadecimal + b">" if depth else bytes.fromhex(hexadecimal.decode())
        elif depth:
            found += other
    return found


def _characters(maps: bytes) -> dict[int, str]:
    """Return {glyph: text} of a ToUnicode map."""
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", maps)
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def text_of(pdf: bytes) -> str:
    """Return everything a reader can search for, without white space; of a PDF whose letters are of one font."""
    (text,) = texts_of(pdf)
    assert "\ufffd" not in text, "one font draws everything"
    return text


def texts_of(pdf: bytes) -> list[str]:
    """Return all text read by the map of each font in turn: what another font drew comes out as another text."""
    streams = _streams(pdf)
    drawn = [_glyphs(each) for stream in streams for each in DRAWN.findall(stream)]
    glyphs = [each[at] << 8 | each[at + 1] for each in drawn for at in range(0, len(each) - 1, 2)]
    maps = [_characters(stream) for stream in streams if b"beginbfchar" in stream]
    return ["".join("".join(characters.get(glyph, "\ufffd") for glyph in glyphs).split()) for characters in maps]


def embedded_fonts(pdf: bytes) -> set[str]:
    """Return the names of the fonts whose outlines the file carries."""
    names = {name.decode() for name in re.findall(rb"/FontName/(?:[A-Z]{6}\+)?([\w-]+)", pdf)}
    return names if b"/FontFile3" in pdf else set()
