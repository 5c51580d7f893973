"""The server the contract suite asks: ELASTICSEARCH_URL's, else one that all workers of this run share."""

import atexit
import os
from functools import cache
from pathlib import Path

import pytest

from cms.bare.locks import alone
from tests.elasticsearch import nodes, parts

FOLDER = Path(__file__).resolve().parents[2] / "var" / "test" / "elasticsearch"


def address() -> str:
    """Return the address of a server; where there can be none, skip and say why, or fail under CI=true."""
    if named := os.environ.get("ELASTICSEARCH_URL"):
        return named
    try:
        return shared().url
    except parts.Unavailable as reason:
        give_up(str(reason))


def give_up(reason: str) -> None:
    """Skip the test that asked; under CI=true a skip would hide that nothing was tested, so it fails."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"No Elasticsearch for the contract suite. {reason}", pytrace=False)
    pytest.skip(reason)


@cache
def shared() -> nodes.Node:
    """Start the run's node, or take hold of the one another worker started; it ends with the last of them."""
    with alone(FOLDER.with_suffix(".starting")):
        node = nodes.joined(FOLDER) or nodes.started(FOLDER, nodes.ALONE)
    atexit.register(node.let_go)
    return node
