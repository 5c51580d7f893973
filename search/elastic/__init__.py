"""The production engine: Elasticsearch 9, free licence, behind the protocol of search/engine.py."""

from search.elastic.engine import ElasticEngine

__all__ = ["ElasticEngine"]
