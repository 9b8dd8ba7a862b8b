"""Acts carried out at the same time, by threads that all start at one signal."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor


def together(acts: Sequence[Callable[[], object]]) -> None:
    """Runs every act in a thread of its own; what one of them raised comes out here."""
    signal = threading.Barrier(len(acts), timeout=30)

    def run(act: Callable[[], object]) -> None:
        signal.wait()
        act()

    with ThreadPoolExecutor(len(acts)) as threads:
        running = [threads.submit(run, act) for act in acts]
    for each in running:
        each.result()
