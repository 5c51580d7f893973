"""The house's settings for a web process that has one address more: the empty POST a bid is measured against."""

from cms.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.auction.urls"
