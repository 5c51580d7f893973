"""The whole demonstration in its order. Every record is made by the action that makes it in earnest."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from io import StringIO
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils.translation import override

from cms.demo.auctions import hold_finished, make_open_sessions
from cms.demo.beside import beside
from cms.demo.brokers import make_brokers
from cms.demo.contact import make_contact
from cms.demo.contracts import make_contracts
from cms.demo.deals import make_deal_of_match, make_deals
from cms.demo.ends import make_ends
from cms.demo.houses import World, make_world
from cms.demo.leads import make_leads
from cms.demo.needs import make_matches, make_needs, solve_one
from cms.demo.outcomes import make_outcomes
from cms.demo.register import make_register
from cms.demo.searches import make_searches
from cms.demo.sharing import make_sharing
from cms.demo.signins import SIGN_INS, NotDemo, as_shown
from cms.demo.targets import make_targets
from cms.demo.trial_pool import make_pool
from cms.demo.trials import make_trials
from cms.demo.yields import make_yields
from cms.portal.site import ensure_site
from marketplace.organisations.models import Organisation
from search.keeping import add_first_synonyms
from tasks.delivery import INDEX, MATCHING, at_once, note_done

Steps = tuple[tuple[str, Callable[[World], None]], ...]


class Stage(NamedTuple):
    """Steps one after the other, others made beside them by another process, and the consequences that wait."""

    steps: Steps
    beside: Steps = ()
    waits: tuple[str, ...] = (INDEX,)  # made whole at the end: of the embedded index only one process is the writer


def _index_all(world: World) -> None:
    call_command("rebuild_index", stdout=StringIO())
    note_done(INDEX)


STAGES = (
    Stage(
        (("42 outcomes", make_outcomes), ("the pool of trials", make_pool)),
        beside=(("30 needs", make_needs), ("12 brokers", make_brokers)),
        waits=(INDEX, MATCHING),  # neither row knows all of the other; the next step makes up for it
    ),
    Stage((("matches", make_matches),)),
    Stage(
        (
            ("deals", make_deals),
            ("contracts", make_contracts),
            ("a need that is solved", solve_one),
            ("trials", make_trials),
            ("papers of the register", make_register),
            ("benefit sharing", make_sharing),
            ("shares and profits of years", make_yields),
            ("contracts that ended early", make_ends),
            ("leads and rewards", make_leads),
        ),
        beside=(("a finished session of 瓯来拍", hold_finished),),
    ),
    Stage(
        (
            ("a deal of a match", make_deal_of_match),
            ("an announced session and practice", make_open_sessions),
            ("search index", _index_all),
            ("saved searches", make_searches),  # in the index
            ("targets of the year", make_targets),
            ("how the house is reached", make_contact),
        )
    ),
)


class DataExist(RuntimeError):
    """There are organisations already, so this is no empty platform."""


def load(*, tell: Callable[[str], Any]) -> None:
    """Fill an empty platform. Raises NotDemo unless DEMO is on, DataExist where there are organisations."""
    if not settings.DEMO:
        raise NotDemo("The demonstration is refused unless DEMO is on.")
    if Organisation.objects.exists():
        raise DataExist("There are data already. The demonstration is loaded into an empty database only.")
    with override(settings.LANGUAGE_CODE), not_waiting_for_the_disk():
        with at_once(but=(INDEX,)):
            began = time.monotonic()
            ensure_site()
            call_command("setup_platform", stdout=StringIO())
            add_first_synonyms()
            world = make_world()
            tell(f"  people and organisations ({time.monotonic() - began:.0f} s)")
        for stage in STAGES:
            part = partial(_make, stage.beside, world, tell)
            meanwhile = beside(part, world, settle=_not_wait) if stage.beside else nullcontext()
            with at_once(but=stage.waits), meanwhile:
                _make(stage.steps, world, tell)
    write_sign_ins()


def _make(steps: Steps, world: World, tell: Callable[[str], Any]) -> None:
    for name, step in steps:
        began = time.monotonic()
        step(world)
        tell(f"  {name} ({time.monotonic() - began:.0f} s)")


def _not_wait() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")


@contextmanager
def not_waiting_for_the_disk() -> Iterator[None]:
    """Let commits return before they are on disk: half a demonstration is thrown away in any case."""
    _not_wait()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def write_sign_ins() -> None:
    """Write the list of sign-ins that `make run` prints."""
    lines = ["  Sign-ins of the demonstration (the sign-in page shows the second factor's code of staff):", ""]
    with override(settings.LANGUAGE_CODE):
        for one in SIGN_INS:
            shown = as_shown(one)
            lines.append(f"  {shown['username']:<12}{shown['password']:<18}{shown['role']} · {shown['waiting']}")
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    (settings.DATA_DIR / "sign-ins.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
