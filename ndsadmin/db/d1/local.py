"""The gateway on this machine: the same Worker, on workerd, with real D1 databases. For development and tests."""

import fcntl
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

FOLDER = Path(__file__).parent / "gateway"
INSTALLED = FOLDER / "node_modules" / ".installed"  # written behind the last package: a folder alone may be half of one
STOPS = 10  # seconds that it may take to end


class GatewayFailed(Exception):
    """The local gateway could not be started."""


class LocalGateway:
    """Runs while the block does; ``names`` are its databases.

    with LocalGateway(["DB", "TEST"]) as gateway:
        gateway.url("DB")  # d1://127.0.0.1:45873/DB
    """

    def __init__(self, names: Sequence[str], *, port: int = 0, folder: Path | None = None, secret: str = "") -> None:
        """``port`` 0 takes any; without ``folder`` the databases are in memory."""
        self.names, self.port, self.folder = names, port, folder
        self.secret = secret or secrets.token_urlsafe(24)
        self._process: subprocess.Popen[str] | None = None

    def url(self, name: str) -> str:
        return f"d1://127.0.0.1:{self.port}/{name}"

    @property
    def variables(self) -> dict[str, str]:
        """What a process has to be told to use the first database."""
        return {"DATABASE_URL": self.url(self.names[0]), "D1_TOKEN": self.secret}

    def __enter__(self) -> "LocalGateway":
        node = shutil.which("node")
        if node is None:
            raise GatewayFailed("Node is not installed: expected version 20 or later.")
        install()
        command = [node, str(FOLDER / "local.mjs"), str(self.port), str(self.folder or "-"), *self.names]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603  # our own script
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{self.secret}\n")
        self._process.stdin.flush()
        words = self._process.stdout.readline().split()
        if words[:1] != ["ready"]:
            self.stop()
            raise GatewayFailed(f"It did not start on port {self.port}; its messages say why.")
        self.port = int(words[1])
        return self

    def stop(self) -> None:
        """End it: it ends with its standard input."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(STOPS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def install() -> None:
    """Fetch miniflare, once: of several processes one does, the others wait for it.

    Raises:
        GatewayFailed: npm is missing, or reports an error.
    """
    if INSTALLED.exists():
        return
    npm = shutil.which("npm")
    if npm is None:
        raise GatewayFailed("npm is not installed; it fetches miniflare, which runs D1 on this machine.")
    with (FOLDER / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if INSTALLED.exists():
            return
        done = subprocess.run(  # noqa: S603
            [npm, "ci", "--silent", "--no-audit", "--no-fund"], cwd=FOLDER, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise GatewayFailed(f"npm: {done.stderr.strip()[-500:]}")
        INSTALLED.touch()
