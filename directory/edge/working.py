"""Working: what takes longer than an answer may, beside the pages, with how far it is."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from filelock import FileLock

from directory.errors import Conflict
from directory.services.bulk import keeping, running, sources
from directory.services.fetching.policy import Policy
from directory.settings import Settings

Progress = Callable[[int, int], None]
Work = Callable[[Progress], object]


@dataclass
class Workshop:
    """Works on transfers, one thread each, and knows how far each is."""

    settings: Settings
    engine: Any
    tell: Callable[[str], object] = print
    _far: dict[int, tuple[int, int]] = field(default_factory=dict)
    _threads: list[threading.Thread] = field(default_factory=list)

    def take(self, number: int) -> FileLock:
        """Take a transfer as one's own, before anybody can see that it is to be worked on.

        Raises:
            Conflict: somebody works on it already.
        """
        lock = keeping.hold(self.settings, number)
        if lock is None:
            raise Conflict("import")
        return lock

    def check(self, number: int, lock: FileLock) -> None:
        """Try a file."""
        self._start(number, lock, lambda told: running.check(
            self.engine, self.settings, number, progress=told
        ))  # fmt: skip

    def bring(self, number: int, lock: FileLock) -> None:
        """Bring a file in."""
        self._start(number, lock, lambda told: running.bring(
            self.engine, self.settings, number, progress=told
        ))  # fmt: skip

    def fetch(self, number: int, lock: FileLock, *, many: bool = False) -> None:
        """Fetch a source."""
        policy = Policy.of(self.settings)
        self._start(number, lock, lambda told: sources.run(
            self.engine, self.settings, number, policy=policy, many=many, progress=told
        ))  # fmt: skip

    def far(self, number: int) -> tuple[int, int] | None:
        """How many listings of how many are done, if this process works on it."""
        return self._far.get(number)

    def wait(self) -> None:
        """Until everything begun is done."""
        while self._threads:
            self._threads.pop().join()

    def _start(self, number: int, lock: FileLock, work: Work) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=self._do, args=(number, lock, work), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _do(self, number: int, lock: FileLock, work: Work) -> None:
        def told(done: int, total: int) -> None:
            self._far[number] = (done, total)

        try:
            work(told)
        except Exception as error:  # noqa: BLE001 - it is written down for whoever began it
            self.tell(f"Import {number}: {type(error).__name__}")
        finally:
            self._far.pop(number, None)
            keeping.let_go(self.settings, number, lock)
