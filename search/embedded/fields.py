"""The schema of a kind as a tantivy schema, and a document as a tantivy document."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import tantivy

from search import visibility
from search.engine import Put
from search.schema import Kind, codes_of, order_of, suggestions, token_streams
from search.terms import STREAMS

KEY = "_key"
VERSION = "_version"
LIVE = "_live"  # 1 for a document, 0 for a tombstone
GONE_AT = "_gone_at"  # epoch seconds of a tombstone
ORDER = "_order"  # breaks ties the same way on every page and after every merge
SUGGEST = "_suggest"
SOURCE = "_source"


@cache
def tantivy_schema(kind: Kind) -> tantivy.Schema:
    """The fields of one kind's index."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(KEY, stored=True, tokenizer_name="raw", index_option="basic")
    for name in (VERSION, LIVE, GONE_AT, ORDER):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_bytes_field(SOURCE, stored=True)
    builder.add_text_field(SUGGEST, tokenizer_name="raw", index_option="basic")
    for text in kind.texts:
        for stream in STREAMS:
            option = "position" if stream == "uni" else "freq"
            builder.add_text_field(sub_field(text.name, stream), tokenizer_name="whitespace", index_option=option)
    for name in (*kind.keywords, visibility.FIELD):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in kind.numbers:
        builder.add_integer_field(name, indexed=True, fast=True)
    return builder.build()


def sub_field(text: str, stream: str) -> str:
    """The name of the field that holds one stream of one text."""
    return f"{text}__{stream}"


def document(kind: Kind, op: Put) -> tantivy.Document:
    """A checked document as tantivy holds it."""
    made = _head(op.id, op.version, live=1)
    made.add_bytes(SOURCE, json.dumps({**op.doc, "id": op.id}, ensure_ascii=False).encode())
    for name, found in token_streams(kind, op.doc).items():
        for stream, tokens in zip(found._fields, found, strict=True):
            if tokens:
                made.add_text(sub_field(name, stream), " ".join(tokens))
    for name in (*kind.keywords, visibility.FIELD):
        for code in codes_of(op.doc, name):
            made.add_text(name, code)
    for name in kind.numbers:
        if op.doc.get(name) is not None:
            made.add_integer(name, op.doc[name])
    for beginning in suggestions(kind, op.doc):
        made.add_text(SUGGEST, beginning)
    return made


def tombstone(identifier: str, version: int, gone_at: int) -> tantivy.Document:
    """What remains of a dropped document for a day, so that an older Put cannot bring it back."""
    made = _head(identifier, version, live=0)
    made.add_integer(GONE_AT, gone_at)
    return made


def source(stored: tantivy.Document) -> Mapping[str, Any]:
    """The document as it was put."""
    return json.loads(bytes(stored.get_first(SOURCE) or b"{}"))


def identifier_of(stored: tantivy.Document) -> str:
    """The public number or code of a stored document."""
    return str(stored.get_first(KEY))


def total(found: tantivy.SearchResult) -> int:
    """The number of all documents that fit (missing in tantivy's type stubs)."""
    return found.count


def _head(identifier: str, version: int, *, live: int) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text(KEY, identifier)
    made.add_integer(VERSION, version)
    made.add_integer(LIVE, live)
    made.add_integer(ORDER, order_of(identifier))
    return made
