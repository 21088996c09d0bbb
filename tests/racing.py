"""Several at the same time."""

import threading
from collections.abc import Callable

from django.db import close_old_connections, connection

from tests.conftest import without_scope


def race(*works: Callable[[], object]) -> list[Exception | None]:
    """Do ``works`` at once, each in a thread of its own; what each raised."""
    barrier, raised = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work) -> None:
        barrier.wait()
        try:
            without_scope(work)
        except Exception as error:  # whatever it is: that is what is asked
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    return raised
