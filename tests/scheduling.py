"""Which worker gets which file: as many workers as there are cores, and one more for what mostly waits."""

import os

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

IN_A_BROWSER = "tests/journeys/"
# what waits for processes it starts and kills
BESIDE_PROCESSES = (
    "tests/bench/auction/",
    "tests/cms/test_settings.py",
    "tests/elasticsearch/",
    "tests/faults/",
    "tests/search/test_elastic_nodes.py",
    "tests/test_bare_machine.py",
    "tests/test_installing.py",
)


class BySlack(LoadFileScheduling):
    """Give each file to a worker whole; to one for which there is no core only what leaves the cores to others.

    What computes became slower by a tenth when three workers took turns on two cores; beside browsers and processes,
    for which a worker waits, a third one wins as much. Files that run in a browser come last (`tests/conftest.py`).
    """

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        """See whether there is something by now for those who wait."""
        super().mark_test_complete(node, item_index, duration)
        for one in self.nodes:
            if not has_a_core(one.gateway.id):
                self._reschedule(one)

    def _assign_work_unit(self, node: WorkerController) -> None:
        waiting = [scope for scope in self.workqueue if scope.startswith(BESIDE_PROCESSES)]
        computing = [scope for scope in self.workqueue if not scope.startswith((*BESIDE_PROCESSES, IN_A_BROWSER))]
        mine = [*computing, *waiting] if has_a_core(node.gateway.id) else waiting
        if not mine and computing:
            return
        if mine:
            self.workqueue.move_to_end(mine[0], last=False)
        super()._assign_work_unit(node)


def has_a_core(worker: str) -> bool:
    """Tell whether there is a core for this worker (`gw0` is the first)."""
    return int(worker.removeprefix("gw")) < (os.cpu_count() or 1)


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> BySlack | None:
    """Have our own distribution where files go to workers whole."""
    return BySlack(config, log) if config.getoption("dist") == "loadfile" else None
