"""A Virtuoso of its own on loopback, to measure against: another make of store that people run."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from kg.remote import EVERYTHING, Client

COMMAND = "virtuoso-t"
POSTED = 50_000  # triples in one request
INI = """
[Database]
DatabaseFile=v.db
ErrorLogFile=v.log
LockFile=v.lck
TransactionFile=v.trx
xa_persistent_file=v.pxa
[TempDatabase]
DatabaseFile=v-temp.db
TransactionFile=v-temp.trx
[Parameters]
ServerPort=127.0.0.1:{sql}
NumberOfBuffers=170000
MaxDirtyBuffers=130000
CheckpointInterval=0
[HTTPServer]
ServerPort=127.0.0.1:{http}
ServerRoot=.
[SPARQL]
ResultSetMaxRows=1000000
"""


@contextmanager
def running(place: Path, lines: Iterable[str]) -> Iterator[str]:
    """The address of the SPARQL endpoint of a Virtuoso in this folder that holds these lines of N-Triples."""
    http = _free_port()
    (place / "v.ini").write_text(INI.format(sql=_free_port(), http=http))
    command = [COMMAND, "+foreground", "+configfile", "v.ini"]
    with subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{http}"
            _wait(f"{address}/sparql?query=ASK%7B%7D")
            client = Client(environment={"TONGBAO_USER": "dba", "TONGBAO_PASSWORD": "dba"})
            rest = iter(lines)
            while part := list(islice(rest, POSTED)):
                target = f"{address}/sparql-graph-crud-auth?graph={EVERYTHING.value}"
                client.send("POST", target, "".join(part).encode(), {"Content-Type": "text/turtle"})
            yield f"{address}/sparql"
        finally:
            process.kill()


def _wait(address: str) -> None:
    """Until a server answers, at most a minute."""
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
