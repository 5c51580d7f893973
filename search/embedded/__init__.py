"""The embedded engine: tantivy indexes in a directory, one per kind of document."""

from search.embedded.engine import EmbeddedEngine

__all__ = ["EmbeddedEngine"]
