"""The signature of an edition, by the key of SSH that this installation may have: ``sceau.sig``, beside the seal.

It says that who holds the key vouches for the seal, hence for each file that the seal names. It is made once the tag is
there, by ``ssh-keygen`` alone; an edition never waits for it. The signer bears the name of the site's function, never a
person's, and the comment of the key is left out.
"""

import logging
import os
import subprocess
import tempfile
from pathlib import Path

from referentiel.durable import write_durably
from referentiel.editions.shelf import SEAL, SIGNATURE, Shelf
from referentiel.errors import N_, Refused

NAMESPACE = "referentiel-edition"
PRINCIPAL = "referentiel"
SIGNERS = "signataires"
"""In the folder of the editions: every key that signed one, as ``ssh-keygen`` reads them (*allowed signers*)"""
IMPOSSIBLE = ".signature-impossible"
"""Beside it, while the key cannot serve: why, in French"""
TIMEOUT = 20.0

log = logging.getLogger(__name__)


class Unusable(Refused):
    """The key cannot sign."""


def sign_missing(shelf: Shelf, key: Path) -> list[str]:
    """Sign the published editions that bear no signature yet; gives their numbers.

    Raises Unusable, and keeps the reason for the pages; editions stay published as they are.
    """
    missing = [str(edition.number) for edition in shelf.editions() if not signature_of(shelf, str(edition.number))]
    if not missing:
        return []
    try:
        _add_signer(shelf, _public(key))
        for number in missing:
            _sign(shelf, number, key)
    except Unusable as error:
        write_durably(shelf.path / IMPOSSIBLE, f"{error}\n".encode())
        raise
    (shelf.path / IMPOSSIBLE).unlink(missing_ok=True)
    return missing


def signature_of(shelf: Shelf, number: str) -> bytes | None:
    """The signature of an edition, None when it has none. Raises Unknown for the number of no published edition."""
    shelf.edition(number)
    try:
        return (shelf.path / number / SIGNATURE).read_bytes()
    except FileNotFoundError:
        return None


def signers(shelf: Shelf) -> str:
    """Every key that signed an edition here, one a line; empty before the first."""
    try:
        return (shelf.path / SIGNERS).read_text(encoding="ascii")
    except FileNotFoundError:
        return ""


def impossible(shelf: Shelf) -> str:
    """Why the last signature could not be made, in French; empty when nothing hinders."""
    try:
        return (shelf.path / IMPOSSIBLE).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def fault(shelf: Shelf, number: str) -> str | None:
    """What is wrong with the signature of an edition, in French; None when it is good, or when there is none."""
    place = shelf.path / number
    if not (place / SIGNATURE).is_file():
        return None
    known = ("-f", str(shelf.path / SIGNERS), "-I", PRINCIPAL, "-n", NAMESPACE, "-s", str(place / SIGNATURE))
    try:
        with (place / SEAL).open("rb") as seal:
            done = _run("-Y", "verify", *known, stdin=seal.fileno())
    except Unusable as error:
        return f"la signature n’a pas pu être vérifiée : {error}"
    except FileNotFoundError:
        return None
    return None if done.returncode == 0 else f"la signature {SIGNATURE} ne correspond pas au sceau"


def _public(key: Path) -> str:
    """The public half, without its comment. Raises Unusable."""
    if not key.is_file():
        raise Unusable(N_("La clé de signature « %(key)s » n’existe pas."), key=key)
    done = _run("-y", "-P", "", "-f", str(key))
    if done.returncode:
        raise _refused(key, done)
    return " ".join(done.stdout.decode().split()[:2])


def _sign(shelf: Shelf, number: str, key: Path) -> None:
    """In a folder of its own: a passphrase asked for on standard input would otherwise eat what is signed."""
    with tempfile.TemporaryDirectory(prefix="sceau-") as scratch:
        copy = Path(scratch, SEAL)
        copy.write_bytes((shelf.path / number / SEAL).read_bytes())
        done = _run("-Y", "sign", "-n", NAMESPACE, "-f", str(key), str(copy))
        made = Path(scratch, SIGNATURE)
        if done.returncode or not made.is_file():
            raise _refused(key, done)
        write_durably(shelf.path / number / SIGNATURE, made.read_bytes())


def _add_signer(shelf: Shelf, public: str) -> None:
    """Keys that signed before stay: their editions are checked with them."""
    line = f'{PRINCIPAL} namespaces="{NAMESPACE}" {public}\n'
    known = signers(shelf)
    if line not in known:
        write_durably(shelf.path / SIGNERS, (known + line).encode("ascii"))


def _run(*arguments: str, stdin: int = subprocess.DEVNULL) -> subprocess.CompletedProcess[bytes]:
    """``ssh-keygen``, without agent, terminal, or anybody to ask."""
    asks_nobody = {"SSH_ASKPASS_REQUIRE": "never", "LC_ALL": "C.UTF-8"}
    kept = {name: value for name, value in os.environ.items() if name not in ("SSH_AUTH_SOCK", "DISPLAY")}
    try:
        return subprocess.run(  # noqa: S603
            ["ssh-keygen", *arguments],  # noqa: S607
            stdin=stdin,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
            env=kept | asks_nobody,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        raise Unusable(N_("Le programme ssh-keygen manque : installez le paquet « openssh-client ».")) from error
    except subprocess.TimeoutExpired as error:
        raise Unusable(N_("Le programme ssh-keygen ne répond pas.")) from error


def _refused(key: Path, done: subprocess.CompletedProcess[bytes]) -> Unusable:
    said = [line.strip() for line in done.stderr.decode(errors="replace").splitlines() if line.strip()]
    return Unusable(
        N_(
            "La clé de signature « %(key)s » ne peut pas servir : vérifiez que c’est une clé privée OpenSSH, sans mot "
            "de passe, que seul le site peut lire (%(said)s)."
        ),
        key=key,
        said=said[-1].rstrip(".") if said else f"état {done.returncode}",
    )
