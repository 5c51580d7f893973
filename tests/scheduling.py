"""Which worker gets which file: as many workers as there are cores, and one more for what runs in a browser."""

import os

import pytest
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

IN_A_BROWSER = "tests/journeys/"


class BrowsersShared(LoadFileScheduling):
    """Give each file to a worker whole, and browsers' files alone to a worker for which there is no core.

    What computes only becomes slower by a tenth when three workers take turns on two cores; beside browsers, which
    make a worker wait, a third one wins as much. Files that run in a browser come last (`tests/conftest.py`).
    """

    def mark_test_complete(self, node: WorkerController, item_index: int, duration: float = 0) -> None:
        """See whether there is something by now for those who wait."""
        super().mark_test_complete(node, item_index, duration)
        for one in self.nodes:
            if self._has_no_core(one):
                self._reschedule(one)

    def _assign_work_unit(self, node: WorkerController) -> None:
        if not self._has_no_core(node) or next(iter(self.workqueue)).startswith(IN_A_BROWSER):
            super()._assign_work_unit(node)

    def _has_no_core(self, node: WorkerController) -> bool:
        return int(node.gateway.id.removeprefix("gw")) >= (os.cpu_count() or 1)


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> BrowsersShared | None:
    """Have our own distribution where files go to workers whole."""
    return BrowsersShared(config, log) if config.getoption("dist") == "loadfile" else None
