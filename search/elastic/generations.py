"""Generations as indices, and the two aliases that say which is current and which is being filled.

The alias carries the hash of the schema, so that during a deployment old and new code each find their own index.
"""

import time
from collections.abc import Iterable
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch
from elasticsearch.helpers import scan

from search.elastic.documents import GONE_AT, LIVE, SETTINGS, mapping, tombstone
from search.engine import Drop, IndexOutdated, WriterBusy
from search.schema import Kind

KEEP_SECONDS = 24 * 3600
ABANDONED_SECONDS = 3600
PRIORITY = 500  # above the templates for logs and metrics that a server may have


class Generations:
    """The generations of one kind. The client is one that may wait: nothing here is part of a page."""

    def __init__(self, client: Elasticsearch, prefix: str, kind: Kind) -> None:
        self.kind = kind
        self.template = f"{prefix}-{kind.name}"
        self.family = f"{self.template}-"
        self.alias = f"{self.family}{kind.generation_hash()}"
        self.fresh_alias = f"{self.alias}-fresh"
        self._client = client

    def current(self) -> str:
        """The name of the current index; "" before there is one."""
        return _behind(self.alias, self._indices())

    def targets(self) -> list[str]:
        """The indices a live operation goes to: the current one (made if need be) and the one being filled.

        IndexOutdated where code of another schema left its index and nobody rebuilds it for ours.
        """
        indices = self._indices()
        current, fresh = _behind(self.alias, indices), _behind(self.fresh_alias, indices)
        if not current and not self._is_of_another_schema(indices):
            current = self._first()
        if not current and not fresh:
            raise self.outdated()
        return [name for name in (current, fresh) if name]

    def is_outdated(self) -> bool:
        """Whether there are indices, but none for the schema the code has now."""
        indices = self._indices()
        return not _behind(self.alias, indices) and self._is_of_another_schema(indices)

    def outdated(self) -> IndexOutdated:
        """What to raise then."""
        return IndexOutdated(f"The index of {self.kind.name} was built for another schema; rebuild it.")

    def begin(self) -> str:
        """Make a fresh index and announce it to all who write."""
        if left := _behind(self.fresh_alias, self._indices()):
            if self._ages()[left] < ABANDONED_SECONDS:
                raise WriterBusy(f"The index of {self.kind.name} is being rebuilt already.")
            self.drop(left)
        name = f"{self.alias}-{time.time_ns()}"
        self._create(name, self.fresh_alias)
        return name

    def swap(self, fresh: str) -> None:
        """Make the fresh index the current one, in one call that may be sent twice."""
        self._client.indices.refresh(index=fresh)
        indices = self._indices()
        before = _behind(self.alias, indices)
        actions: list[dict[str, Any]] = [
            {"add": {"index": fresh, "alias": self.alias}},
            {"remove": {"index": fresh, "alias": self.fresh_alias, "must_exist": False}},
        ]
        if before and before != fresh:
            actions.append({"remove": {"index": before, "alias": self.alias, "must_exist": False}})
        self._client.indices.update_aliases(actions=actions)
        self._drop_old(before, {name: aliases for name, aliases in indices.items() if name not in (fresh, before)})

    def give_up(self, fresh: str) -> None:
        """Delete a fresh index that failed, unless the call that swapped it in succeeded without an answer."""
        if self.current() != fresh:
            self.drop(fresh)

    def drop(self, name: str) -> None:
        """Delete an index."""
        self._client.indices.delete(index=name, ignore_unavailable=True)

    def drop_all(self) -> None:
        """Delete every index of this kind, and their template."""
        if names := ",".join(self._indices()):
            self.drop(names)
            self._client.options(ignore_status=404).indices.delete_index_template(name=self.template)

    def tombstones(self) -> Iterable[dict[str, Any]]:
        """Bulk actions that carry yesterday's and today's tombstones from the current index to another."""
        name = self.current()
        if not name:
            return
        self._client.indices.refresh(index=name)
        recent = {"range": {GONE_AT: {"gte": int(time.time()) - KEEP_SECONDS}}}
        query = {"bool": {"filter": [{"term": {LIVE: False}}, recent]}}
        for hit in scan(self._client, index=name, query={"query": query, "version": True}):
            drop = Drop(self.kind.name, hit["_id"], hit["_version"])
            yield {
                "_id": drop.id,
                "version": drop.version,
                "_source": tombstone(drop, hit["_source"][GONE_AT]),
            }

    def _drop_old(self, before: str, others: dict[str, set[str]]) -> None:
        """Drop what is a day old; what has an alias only when ours is too: code of another schema may still ask it."""
        ages = self._ages()
        for name, aliases in others.items():
            may_be_asked = bool(aliases) and ages.get(before, 0) < KEEP_SECONDS
            if ages.get(name, 0) > KEEP_SECONDS and not may_be_asked:
                self.drop(name)

    def _is_of_another_schema(self, indices: dict[str, set[str]]) -> bool:
        return any(not name.startswith(f"{self.alias}-") for name in indices)

    def _first(self) -> str:
        name = f"{self.alias}-0"
        self._create(name, self.alias)
        return name

    def _create(self, name: str, alias: str) -> None:
        """Make an index with its alias. From then on no index of this kind is made by a mere write into nothing."""
        self._client.indices.put_index_template(
            name=self.template,
            index_patterns=[f"{self.family}*"],
            template={"settings": SETTINGS},
            priority=PRIORITY,
            allow_auto_create=False,
        )
        try:
            self._client.indices.create(index=name, mappings=mapping(self.kind), aliases={alias: {}})
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise

    def _indices(self) -> dict[str, set[str]]:
        """Every index of this kind, with its aliases."""
        found = self._client.indices.get_alias(index=f"{self.family}*", allow_no_indices=True).body
        return {name: set(one["aliases"]) for name, one in found.items()}

    def _ages(self) -> dict[str, float]:
        """The seconds since each index of this kind was made."""
        found = self._client.indices.get_settings(index=f"{self.family}*", name="index.creation_date").body
        made_at = {name: int(one["settings"]["index"]["creation_date"]) for name, one in found.items()}
        return {name: time.time() - moment / 1000 for name, moment in made_at.items()}


def _behind(alias: str, indices: dict[str, set[str]]) -> str:
    return next((name for name, aliases in indices.items() if alias in aliases), "")
