"""The schema of a kind as an elasticsearch.dsl Document, and our documents as bodies for it."""

from functools import cache
from typing import Any

from elasticsearch.dsl import Boolean, Document, Keyword, Long, MetaField, Object, Text

from search import visibility
from search.engine import Drop, Put
from search.schema import Kind, codes_of, order_of, suggestions, token_streams
from search.terms import STREAMS

LIVE = "is_live"
GONE_AT = "gone_at"  # epoch seconds of a tombstone
ORDER = "tie_order"
SUGGEST = "suggestions"
SOURCE = "original"

SETTINGS = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",  # one server: whole without a copy; more: each index twice
    "gc_deletes": "1d",
    "max_result_window": 10_001,
}


@cache
def document_class(kind: Kind) -> type[Document]:
    """The mapping of one kind; strict, so that a forgotten field is an error and not a guess."""

    class Meta:
        dynamic = MetaField("strict")

    fields: dict[str, Any] = {
        "Meta": Meta,
        "id": Keyword(),
        LIVE: Boolean(),
        GONE_AT: Long(),
        ORDER: Long(),
        SUGGEST: Keyword(),
        SOURCE: Object(enabled=False),
    }
    for text in kind.texts:
        fields[text.name] = Object(properties={name: _tokens(name) for name in STREAMS})
    fields |= {name: Keyword() for name in (*kind.keywords, visibility.FIELD)}
    fields |= {name: Long() for name in kind.numbers}
    return type(f"{kind.name.title()}Document", (Document,), fields)


def mapping(kind: Kind) -> dict[str, Any]:
    """The mapping as Elasticsearch takes it."""
    return document_class(kind)._doc_type.mapping.to_dict()


def sub_field(text: str, stream: str) -> str:
    """The name of the sub-field that holds one stream of one text."""
    return f"{text}.{stream}"


def body(kind: Kind, op: Put) -> dict[str, Any]:
    """A checked document as Elasticsearch holds it: the tokens are ours, joined by spaces."""
    made: dict[str, Any] = {
        "id": op.id,
        LIVE: True,
        ORDER: order_of(op.id),
        SUGGEST: suggestions(kind, op.doc),
        SOURCE: {**op.doc, "id": op.id},
    }
    for name, found in token_streams(kind, op.doc).items():
        made[name] = {stream: " ".join(tokens) for stream, tokens in found._asdict().items()}
    made |= {name: codes_of(op.doc, name) for name in (*kind.keywords, visibility.FIELD)}
    made |= {name: op.doc[name] for name in kind.numbers if op.doc.get(name) is not None}
    return made


def tombstone(op: Drop, gone_at: int) -> dict[str, Any]:
    """What remains of a dropped document, so that an older Put cannot bring it back."""
    return {"id": op.id, LIVE: False, GONE_AT: gone_at, ORDER: order_of(op.id)}


def _tokens(stream: str) -> Text:
    return Text(analyzer="whitespace", index_options="positions" if stream == "uni" else "freqs")
