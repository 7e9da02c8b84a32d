"""Anyone checks an edition with git, sha256sum and ssh-keygen alone: the page says how; what it says is run here."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from referentiel.cli import referentiel
from referentiel.commands.work import check_mirror, one_pass, sign_editions
from referentiel.config import Settings
from referentiel.database import db, session
from referentiel.editions import queries
from referentiel.editions.sealing import signing
from referentiel.editions.sealing.signing import Unusable, sign_missing
from referentiel.library.library import Library
from tests.cast import BASE, Someone, environment
from tests.functional.test_reading import words
from tests.git_hands import git
from tests.served import served

COMMAND = re.compile(r'<p class="cite"><code>(.*?)</code></p>')
NUMBER = "2026.0"
VERIFY = ("-Y", "verify", "-f", "signataires", "-I", "referentiel", "-n", "referentiel-edition", "-s", "sceau.sig")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The key of an installation, made as an operator makes it, with their name in its comment."""
    made = tmp_path / "cle"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "jeanne@poste", "-f", str(made)], check=True)
    return made


@pytest.fixture
def signed(library: Library, key: Path) -> Path:
    assert sign_missing(queries.shelf_of(library), key) == [NUMBER]
    return key


@pytest.fixture
def address(app: Flask, settings: Settings) -> Iterator[str]:
    """The site as it is served, with its public repository."""
    assert one_pass(app, at=datetime.now(UTC), jobs=[check_mirror])
    with served(app, settings) as (host, port):
        yield f"http://{host}:{port}"


def commands(passer_by: Someone) -> list[str]:
    page = passer_by.get(f"/editions/{NUMBER}/verifier").get_data(as_text=True)
    return [unescape(found) for found in COMMAND.findall(page)]


def run(script: list[str], address: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What the page says, typed by somebody in an empty folder of theirs."""
    folder.mkdir()
    typed = "\n".join(line.replace(BASE, address) for line in script)
    kept = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        ["bash", "-xeuo", "pipefail", "-c", typed], cwd=folder, env=kept, capture_output=True, text=True, timeout=240
    )


# --- the page, and its commands


def test_the_commands_of_the_page_pass_as_they_are_written(
    signed: Path, address: str, passer_by: Someone, library: Library, tmp_path: Path
) -> None:
    script = commands(passer_by)
    assert len(script) == 15
    tools = {re.split(r"[ |]+", part.strip())[0] for line in script for part in line.split(" | ")}
    assert tools == {"curl", "git", "cd", "grep", "sed", "sha256sum", "ssh-keygen", "referentiel"}
    done = run(script, address, tmp_path / "chez-moi")
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert "referentiel.html: OK" in said
    assert library.edition(NUMBER).commit in said
    seal = hashlib.sha256(queries.shelf_of(library).seal(NUMBER).encode()).hexdigest()
    assert said.count(f"{seal}  -") == 2
    assert f"<code>{seal}</code>" in passer_by.get(f"/editions/{NUMBER}/verifier").get_data(as_text=True)
    assert any(line.startswith('Good "referentiel-edition" signature for referentiel with') for line in said)
    assert any("se refait à l’identique" in line for line in said)


def test_the_same_commands_name_the_text_that_somebody_changed_in_their_copy(
    address: str, passer_by: Someone, tmp_path: Path
) -> None:
    script = commands(passer_by)
    (check,) = (line for line in script if "--ignore-missing" in line)
    before = script[script.index(next(line for line in script if "git clone" in line)) : script.index(check)]
    done = run([*before, "printf x >> criteres/E4.md", check], address, tmp_path / "chez-moi")
    assert done.returncode == 1
    assert "criteres/E4.md: FAILED" in done.stdout


def test_a_seal_changed_by_one_word_is_refused_by_its_signature(
    signed: Path, passer_by: Someone, tmp_path: Path
) -> None:
    for name, path in (("signataires", "/editions/signataires"), ("sceau.sig", f"/editions/{NUMBER}/sceau.sig")):
        (tmp_path / name).write_bytes(passer_by.get(path).data)
    seal = passer_by.get(f"/editions/{NUMBER}/manifeste.txt").data
    for content, good in ((seal, True), (seal.replace(b"E4.html", b"E5.html", 1), False)):
        done = subprocess.run(["ssh-keygen", *VERIFY], cwd=tmp_path, input=content, capture_output=True, check=False)
        assert (done.returncode == 0) is good


def test_the_page_and_what_it_sends_to_answer_without_the_database(
    app: Flask, settings: Settings, signed: Path, passer_by: Someone, chloe: Someone
) -> None:
    session.remove()
    db.engine.dispose()
    for name in ("", "-wal", "-shm"):
        (settings.instance / f"referentiel.sqlite{name}").unlink(missing_ok=True)
    for path in (f"/editions/{NUMBER}/verifier", f"/editions/{NUMBER}/sceau.sig", "/editions/signataires"):
        for someone in (passer_by, chloe):
            answer = someone.client.get(path, base_url=BASE)
            assert answer.status_code == 200
            assert "max-age=300" in answer.headers["Cache-Control"]
            assert "Set-Cookie" not in answer.headers
            again = {"If-None-Match": answer.headers["ETag"]}
            assert someone.client.get(path, base_url=BASE, headers=again).status_code == 304


def test_a_number_that_nobody_published_has_no_page(passer_by: Someone) -> None:
    for number in ("2031.0", "..", "-x", "2026.0%0a"):
        for end in ("verifier", "sceau.sig"):
            passer_by.get(f"/editions/{number}/{end}", status=404)


def test_an_edition_without_a_signature_says_so(passer_by: Someone) -> None:
    assert "n’est pas signée par une clé SSH" in words(passer_by.get(f"/editions/{NUMBER}/verifier"))
    passer_by.get(f"/editions/{NUMBER}/sceau.sig", status=404)
    passer_by.get("/editions/signataires", status=404)


# --- the signature


def test_the_signer_is_the_site_and_no_name_is_published(signed: Path, passer_by: Someone) -> None:
    published = passer_by.get("/editions/signataires").data + passer_by.get(f"/editions/{NUMBER}/sceau.sig").data
    assert b"jeanne" not in published
    assert passer_by.get("/editions/signataires").data.startswith(b'referentiel namespaces="referentiel-edition" ssh-')


def test_signing_twice_is_signing_once_and_a_new_key_leaves_the_former_its_editions(
    library: Library, signed: Path, tmp_path: Path
) -> None:
    shelf = queries.shelf_of(library)
    first = signing.signature_of(shelf, NUMBER)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(tmp_path / "neuve")], check=True)
    assert sign_missing(shelf, tmp_path / "neuve") == []
    assert signing.signature_of(shelf, NUMBER) == first
    (shelf.path / NUMBER / "sceau.sig").unlink()
    assert sign_missing(shelf, tmp_path / "neuve") == [NUMBER]
    assert len(signing.signers(shelf).splitlines()) == 2
    assert signing.fault(shelf, NUMBER) is None


def _protected(key: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "mot de passe", "-f", str(key)], check=True)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (Path.unlink, "n’existe pas"),
        (lambda key: key.write_text("rien"), "ne peut pas servir"),
        (lambda key: key.chmod(0o644), "ne peut pas servir"),
        (_protected, "ne peut pas servir"),
    ],
    ids=["lost", "not a key", "readable by all", "protected by a passphrase"],
)
def test_a_key_that_cannot_serve_is_told_and_holds_nobody_up(
    app: Flask,
    settings: Settings,
    library: Library,
    key: Path,
    denis: Someone,
    passer_by: Someone,
    spoil: object,
    told: str,
) -> None:
    assert callable(spoil)
    spoil(key)
    shelf = queries.shelf_of(library)
    with pytest.raises(Unusable, match=told):
        sign_missing(shelf, key)
    assert signing.signature_of(shelf, NUMBER) is None
    passer_by.get(f"/editions/{NUMBER}/")
    _give(app, replace(settings, signing_key=str(key)))
    assert "publiée sans signature" in words(denis.get("/editions/preparation"))
    assert told in words(denis.get("/editions/preparation"))


def test_the_worker_signs_as_soon_as_the_key_serves(
    app: Flask, settings: Settings, library: Library, key: Path, denis: Someone
) -> None:
    shelf = queries.shelf_of(library)
    _give(app, replace(settings, signing_key=str(key)))
    key.chmod(0o644)
    assert not one_pass(app, at=datetime.now(UTC), jobs=[sign_editions])
    key.chmod(0o600)
    assert one_pass(app, at=datetime.now(UTC), jobs=[sign_editions])
    assert signing.fault(shelf, NUMBER) is None
    assert "sans signature" not in words(denis.get("/editions/preparation"))


def _give(app: Flask, settings: Settings) -> None:
    """The same application, opened with other settings."""
    app.extensions["referentiel"] = replace(app.extensions["referentiel"], settings=settings)


# --- the command line


def told(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(referentiel, arguments, env=environment(settings))


def test_verify_looks_at_one_edition_and_says_what_it_looked_at(
    settings: Settings, library: Library, key: Path
) -> None:
    answer = told(settings, "verify", "--edition", NUMBER)
    assert answer.exit_code == 0, answer.output
    assert library.edition(NUMBER).tag_id in answer.output
    assert "signature : aucune" in answer.output
    sign_missing(queries.shelf_of(library), key)
    assert "signature : bonne" in told(settings, "verify", "--edition", NUMBER).output
    assert told(settings, "verify", "--edition", "2031.0").exit_code == 1


def test_verify_names_the_one_file_whose_byte_was_flipped_whatever_file_it_is(
    settings: Settings, library: Library, key: Path
) -> None:
    shelf = queries.shelf_of(library)
    sign_missing(shelf, key)
    for path in ("criteres/E4.md", "referentiel.zip", "sommaire.json", "decisions/none"):
        victim = Path(shelf.path / NUMBER / "scelle" / path)
        if not victim.exists():
            continue
        kept = victim.read_bytes()
        victim.chmod(0o644)
        victim.write_bytes(kept[:20] + bytes([kept[20] ^ 1]) + kept[21:])
        answer = told(settings, "verify", "--edition", NUMBER)
        assert answer.exit_code == 1
        assert answer.output.count("I5") == 1
        assert f"le fichier {path} n’a plus l’empreinte annoncée" in answer.output
        victim.write_bytes(kept)
    assert told(settings, "verify", "--edition", NUMBER).exit_code == 0


@pytest.mark.parametrize("path", ["sceau", "sceau.sig"])
def test_verify_names_a_seal_or_a_signature_that_was_changed(
    settings: Settings, library: Library, key: Path, path: str
) -> None:
    shelf = queries.shelf_of(library)
    sign_missing(shelf, key)
    victim = shelf.path / NUMBER / path
    victim.chmod(0o644)
    victim.write_bytes(victim.read_bytes().replace(b"a", b"b", 1))
    answer = told(settings, "verify", "--edition", NUMBER)
    assert answer.exit_code == 1
    assert "signature sceau.sig ne correspond pas" in answer.output


def test_an_edition_is_made_again_from_a_clone_alone_without_any_instance(
    app: Flask, settings: Settings, address: str, library: Library, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    git("clone", "--quiet", f"{address}/git/referentiel.git", str(clone))
    made = tmp_path / "refaite"
    nowhere = {"REFERENTIEL_INSTANCE": str(tmp_path / "aucune"), "REFERENTIEL_FORMATS": "zip"}
    arguments = ["rebuild", "--edition", NUMBER, "--from", str(clone), "--to", str(made)]
    answer = CliRunner().invoke(referentiel, arguments, env=nowhere)
    assert answer.exit_code == 0, answer.output
    assert "se refait à l’identique" in answer.output
    assert not (tmp_path / "aucune").exists()
    sealed = queries.shelf_of(library).path / NUMBER / "scelle"
    files = {path.relative_to(sealed): path.read_bytes() for path in sealed.rglob("*") if path.is_file()}
    again = {path.relative_to(made / "scelle"): path.read_bytes() for path in (made / "scelle").rglob("*.*")}
    assert again == files
    assert (made / "sceau").read_bytes() == (sealed.parent / "sceau").read_bytes()
    refused = CliRunner().invoke(referentiel, arguments, env=nowhere)
    assert "existe déjà" in str(refused.exception)


def test_a_clone_whose_tag_promises_other_bytes_is_told_which_and_with_what_it_was_sealed(
    app: Flask, library: Library, tmp_path: Path
) -> None:
    edition = queries.edition(library, NUMBER)
    wrong = replace(
        edition,
        builder="referentiel 9.9, code 0000000000000000",
        manifest={
            path: "0" * 64 if path == "referentiel.json" else digest for path, digest in edition.manifest.items()
        },
    )
    shutil.copytree(library.path, tmp_path / "clone.git")
    elsewhere = Library.open(tmp_path / "clone.git")
    git("update-ref", "-d", f"refs/tags/editions/{NUMBER}", inside=tmp_path / "clone.git")
    elsewhere.tag_edition(NUMBER, wrong.commit, wrong.message, at=datetime(2026, 1, 5, tzinfo=UTC))
    elsewhere.close()
    arguments = ["rebuild", "--edition", NUMBER, "--from", str(tmp_path / "clone.git")]
    answer = CliRunner().invoke(referentiel, arguments)
    assert answer.exit_code == 1
    assert "referentiel.json : l’empreinte diffère" in answer.output
    assert "referentiel 9.9" in str(answer.exception)


@pytest.mark.parametrize("content", [None, "objects"])
def test_what_is_no_clone_is_told_in_one_line(tmp_path: Path, content: str | None) -> None:
    if content:
        git("init", "--quiet", "--bare", str(tmp_path / "x"))
    (tmp_path / "x").mkdir(exist_ok=True)
    answer = CliRunner().invoke(referentiel, ["rebuild", "--edition", NUMBER, "--from", str(tmp_path / "x")])
    assert answer.exit_code == 1
    assert ("n’a aucune étiquette" if content else "n’est pas un clone") in str(answer.exception)
