"""Programs that listen, and the browser that asks them."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.figures import Wrong
from bench.state import State

HOST = "127.0.0.1"
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Program:
    """A program that listens on a port of this machine."""

    pid: int
    port: int


@contextlib.contextmanager
def starting(state: State) -> Iterator[Program]:
    """``referentiel serve`` over an instance, as an operator runs it, from its first instant."""
    program = str(Path(sys.executable).with_name("referentiel"))
    # The frames of sealed pages bear the public address: it stays the same, whatever the port.
    environ = {"REFERENTIEL_INSTANCE": state.instance, "REFERENTIEL_PUBLIC_URL": state.settings.base_url}
    with _running([program, "serve"], environ) as found:
        yield found


@contextlib.contextmanager
def referentiel(state: State) -> Iterator[Program]:
    """The same, once it answers."""
    with starting(state) as found:
        Browser(found.port).get_when_open("/sante")
        yield found


@contextlib.contextmanager
def bare(answers: Path) -> Iterator[Program]:
    """The bare view over answers learnt by heart."""
    with _running([sys.executable, "-m", "bench.bare", str(answers)], {}, by_argument=True) as found:
        Browser(found.port).get_when_open("/none")
        yield found


NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
_NGINX = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log /dev/null;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen {host}:{port};
        {inside}
    }}
}}
"""


@contextlib.contextmanager
def nginx(folder: Path, inside: str) -> Iterator[Program]:
    """A real nginx with these lines in its ``server`` block, over nothing else of this machine."""
    folder.mkdir(parents=True)
    port, user = _free_port(), "user root;" if os.geteuid() == 0 else ""
    written = folder / "nginx.conf"
    written.write_text(_NGINX.format(user=user, folder=folder, host=HOST, port=port, inside=inside), encoding="utf-8")
    command = [str(NGINX), "-p", str(folder), "-c", str(written)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        Browser(port).get_when_open("/")
        yield Program(process.pid, port)
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


@contextlib.contextmanager
def _running(command: Sequence[str], environ: Mapping[str, str], *, by_argument: bool = False) -> Iterator[Program]:
    port = _free_port()
    arguments = [*command, str(port)] if by_argument else list(command)
    # As on an operator's machine, where Python keeps what it has compiled.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REFERENTIEL_", "PYTHON"))}
    process = subprocess.Popen(
        arguments,
        env={**kept, **environ, "REFERENTIEL_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Program(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=PATIENCE)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


@dataclass(slots=True)
class Page:
    """What a browser received, and how long it waited for the last byte."""

    seconds: float
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass(slots=True)
class Browser:
    """One connection kept open, and its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Page:
        return self._ask("GET", path, None)

    def post(self, path: str, form: Mapping[str, Any]) -> Page:
        return self._ask("POST", path, urlencode(form, doseq=True).encode())

    def get_when_open(self, path: str) -> Page:
        """The first answer of a program that is starting."""
        limit = time.monotonic() + PATIENCE
        while True:
            try:
                return self.get(path)
            except OSError:
                self._connection = None
                if time.monotonic() > limit:
                    raise
                time.sleep(0.005)

    def _ask(self, method: str, path: str, body: bytes | None) -> Page:
        connection = self._connection
        if connection is None:
            connection = self._connection = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if not self.cookies:
            del headers["Cookie"]
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"http://{HOST}:{self.port}",
                "Sec-Fetch-Site": "same-origin",
            }
        began = time.perf_counter()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        seconds = time.perf_counter() - began
        self.cookies.update(cookies_of(answer.getheaders()))
        return Page(seconds, answer.status, answer.getheaders(), content)


def cookies_of(headers: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The cookies that an answer sets."""
    set_ones = [value.partition(";")[0] for name, value in headers if name.lower() == "set-cookie"]
    return dict(pair.split("=", 1) for pair in set_ones)


def memory_of(pid: int, line_name: str = "VmRSS") -> float:
    """Memory of a process that stands in RAM, shared pages included, in MB of 1,024 KiB; ``VmHWM`` is the most."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{line_name}:"):
            return int(line.split()[1]) / 1024
    raise Wrong("this system does not tell the memory of a process")
