"""A progress bar on a terminal; silence elsewhere."""

import sys
import time
from typing import TextIO

WIDTH = 32
INTERVAL = 0.1  # seconds between drawings: smooth to the eye, nothing to the work


class ProgressBar:
    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.drawn = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        moment = time.monotonic()
        if not self.stream.isatty() or (done < total and moment - self.drawn < INTERVAL):
            return
        self.drawn = moment
        share = done / total if total else 1.0
        bar = ("█" * round(share * WIDTH)).ljust(WIDTH, "·")
        self.stream.write(f"\r{what:<8} {bar} {share:4.0%} ")
        if done >= total:
            self.stream.write("\n")
        self.stream.flush()
