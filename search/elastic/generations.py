"""Generations as indices, and the two aliases that say which is current and which is being filled.

The alias carries the hash of the schema, so that during a deployment old and new code each find their own index.
"""

import time
from collections.abc import Iterable
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from search.elastic.documents import GONE_AT, LIVE, SETTINGS, mapping, tombstone
from search.engine import Drop, WriterBusy
from search.schema import Kind

KEEP_SECONDS = 24 * 3600
ABANDONED_SECONDS = 3600


class Generations:
    """The generations of one kind."""

    def __init__(self, client: Elasticsearch, prefix: str, kind: Kind) -> None:
        self.kind = kind
        self.family = f"{prefix}-{kind.name}-"
        self.alias = f"{self.family}{kind.generation_hash()}"
        self.fresh_alias = f"{self.alias}-fresh"
        self._client = client

    def current(self) -> str:
        """The name of the current index; "" before there is one."""
        return self._behind(self.alias)

    def targets(self) -> list[str]:
        """The indices a live operation goes to: the current one (made if need be) and the one being filled."""
        found = [self.current() or self._first(), self._behind(self.fresh_alias)]
        return [name for name in found if name]

    def is_outdated(self) -> bool:
        """Whether there are indices, but none for the schema the code has now."""
        return not self.current() and bool(self._indices())

    def begin(self) -> str:
        """Make a fresh index and announce it to all who write."""
        if left := self._behind(self.fresh_alias):
            if _age(left) < ABANDONED_SECONDS:
                raise WriterBusy(f"The index of {self.kind.name} is being rebuilt already.")
            self.drop(left)
        name = f"{self.alias}-{time.time_ns()}"
        self._create(name)
        self._client.indices.put_alias(index=name, name=self.fresh_alias)
        return name

    def swap(self, fresh: str) -> None:
        """Make the fresh index the current one, in one call."""
        self._client.indices.refresh(index=fresh)
        actions: list[dict[str, Any]] = [
            {"add": {"index": fresh, "alias": self.alias}},
            {"remove": {"index": fresh, "alias": self.fresh_alias}},
        ]
        before = self.current()
        if before:
            actions.append({"remove": {"index": before, "alias": self.alias}})
        self._client.indices.update_aliases(actions=actions)
        for name in self._indices():
            if name not in (fresh, before) and _age(name) > KEEP_SECONDS:
                self.drop(name)

    def drop(self, name: str) -> None:
        """Delete an index."""
        self._client.indices.delete(index=name, ignore_unavailable=True)

    def drop_all(self) -> None:
        """Delete every index of this kind."""
        for name in self._indices():
            self.drop(name)

    def tombstones(self) -> Iterable[dict[str, Any]]:
        """Bulk actions that carry yesterday's and today's tombstones from the current index to another."""
        name = self.current()
        if not name:
            return
        self._client.indices.refresh(index=name)
        recent = {"range": {GONE_AT: {"gte": int(time.time()) - KEEP_SECONDS}}}
        query = {"bool": {"filter": [{"term": {LIVE: False}}, recent]}}
        found = self._client.search(index=name, query=query, size=10_000, version=True)
        for hit in found["hits"]["hits"]:
            drop = Drop(self.kind.name, hit["_id"], hit["_version"])
            yield {
                "_id": drop.id,
                "version": drop.version,
                "_source": tombstone(drop, hit["_source"][GONE_AT]),
            }

    def _first(self) -> str:
        name = f"{self.alias}-0"
        self._create(name)
        self._client.indices.put_alias(index=name, name=self.alias)
        return name

    def _create(self, name: str) -> None:
        try:
            self._client.indices.create(index=name, mappings=mapping(self.kind), settings=SETTINGS)
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def _behind(self, alias: str) -> str:
        try:
            return next(iter(self._client.indices.get_alias(name=alias).body), "")
        except NotFoundError:
            return ""

    def _indices(self) -> list[str]:
        return list(self._client.indices.get(index=f"{self.family}*", allow_no_indices=True).body)


def _age(name: str) -> float:
    """The seconds since an index was made, by its name."""
    return time.time() - int(name.rsplit("-", 1)[1]) / 1e9
