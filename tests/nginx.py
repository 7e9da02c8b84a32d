"""A real nginx over a folder: its own configuration, a port of loopback, nothing of the machine's."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.patience import PATIENCE

PROGRAM = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
needed = pytest.mark.skipif(PROGRAM is None, reason="nginx is not installed: tools/get_programs.py gets it")

_WHOLE = """
daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        {inside}
    }}
}}
"""


@contextmanager
def nginx(folder: Path, inside: str) -> Iterator[str]:
    """nginx with these lines in its ``server`` block; gives its address. It ends with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    # It inherits a socket that listens already: whoever connects before it is ready waits in the queue.
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        written.write_text(_WHOLE.format(user=user, folder=folder, port=port, inside=inside), encoding="utf-8")
        command = [str(PROGRAM), "-p", str(folder), "-c", str(written)]
        number = listening.fileno()
        given = {**os.environ, "NGINX": f"{number};"}
        subprocess.run([*command, "-t"], check=True, env=given, pass_fds=(number,), stderr=subprocess.DEVNULL)
        process = subprocess.Popen(command, env=given, pass_fds=(number,), stderr=subprocess.DEVNULL)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)
