"""Lists a second: gunicorn with two workers, wrk with eight connections, on the same two cores."""

import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench.clock import Result, result
from tests.bench.installation import signed_in
from tests.processes import ROOT, environment

SECONDS = 8


def measure(rows: str, folder: Path) -> Iterator[Result]:
    wrk = shutil.which("wrk")
    if wrk is None:
        print("wrk is not installed: lists a second are not measured", file=sys.stderr)
        return
    client: Any = signed_in()
    cookie = f"nds_session={client.cookies['nds_session'].value}"
    env = environment(folder / f"{rows}.sqlite3", NDS_DEBUG="false", NDS_SECRET_KEY="b" * 60, NDS_DATA_DIR=str(folder))
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        command = [sys.executable, "-m", "gunicorn", "ndsadmin.wsgi", "--workers", "2", "--log-level", "error"]
        with subprocess.Popen(
            [*command, "--bind", f"fd://{door.fileno()}"], cwd=ROOT, env=env, pass_fds=[door.fileno()]
        ) as server:
            try:
                for _ in range(20):  # until both workers are up and warm
                    urllib.request.urlopen(f"{address}/login/", timeout=30).close()
                for name, path in (
                    ("audit list", "/data/security/auditlog/"),
                    ("posts", "/data/publishing/publishedpost/"),
                    ("audit trail", "/audit/"),
                ):
                    yield from run(wrk, address + path, cookie, f"{rows} audit rows: {name}")
            finally:
                server.terminate()


def run(wrk: str, address: str, cookie: str, what: str) -> Iterator[Result]:
    command = [
        wrk,
        "-t1",
        "-c8",
        f"-d{SECONDS}s",
        "--latency",
        "-H",
        f"Cookie: {cookie}",
        "-H",
        "Accept-Encoding: gzip",
    ]
    told = subprocess.run([*command, address], capture_output=True, text=True, check=True, timeout=60).stdout
    assert "Non-2xx" not in told, told
    yield result(
        f"{what}, lists a second", float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1]), "/s", ">= 60; own 250"
    )
    yield result(f"{what}, p99", told_ms(re.search(r"99%\s+([\d.]+)(ms|s|us)", told)), "ms")


def told_ms(found: "re.Match[str]") -> float:
    return round(float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000}[found[2]], 1)
