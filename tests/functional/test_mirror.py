"""The public repository: cloned, followed and verified with the real git, whatever is switched meanwhile."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import pytest
from flask import Flask
from git.exc import GitCommandError
from sqlalchemy import select

from referentiel.commands.work import check_mirror, mirror_library, one_pass
from referentiel.config import Settings
from referentiel.criteria.document import Document
from referentiel.criteria.merging import touched
from referentiel.database import session
from referentiel.journal.authors import Author
from referentiel.journal.changes import FileChange, Order
from referentiel.journal.messages import compose
from referentiel.journal.models import OutboxItem
from referentiel.library import mirror
from referentiel.library.library import Library
from tests.cast import BASE, Someone
from tests.edition_lives import adopted, published
from tests.functional.test_frames import lose_the_database
from tests.git_hands import git, references, tried
from tests.served import served

AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
_numbers = count(1)
HOSTILE = (
    "config",
    "packed-refs",
    "former-packs.json",
    "hooks/post-update",
    "logs/HEAD",
    "refs/heads/main",
    "objects/pack",
    "objects/pack/",
    "objects/info/alternates",
    "objects/info/http-alternates",
    "../../secret",
    "../../../secret",
    "..%2f..%2fsecret",
    "%2e%2e/%2e%2e/secret",
    "%2e%2e%2f%2e%2e%2fsecret",
    "objects/pack/../../config",
    "objects/pack/%2e%2e/%2e%2e/config",
    "objects/pack/pack-../../config.pack",
    "info/refs/",
    "info//refs",
    "info/refs%00",
    "info/refs%0a",
    "HEAD%0d%0a",
    "info\\refs",
    "git-upload-pack",
    "é",
)


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.instance / mirror.FOLDER


@pytest.fixture
def address(app: Flask, settings: Settings) -> Iterator[str]:
    """Where to clone from: the server of production."""
    with served(app, settings) as (host, port):
        yield f"http://{host}:{port}/git/referentiel.git"


@pytest.fixture
def adopt(library: Library) -> Callable[[], str]:
    """One more commit on ``main``, by the library alone; gives its id."""

    def one() -> str:
        number, read = next(_numbers), library.read("criteres/E4.md")
        base = Document.read(read.text)
        document = base.with_section("Énoncé", f"Tout passage est préparé, dit la version {number}.")
        change = FileChange(read.path, read.blob, document.text, touched(base, document))
        message, author = compose(f"Version {number}"), Author("Collège SIAE", "proposal-1@referentiel.invalid")
        return library.apply(Order(str(uuid4()), library.head(), (change,), message, author, AT)).commit

    return one


def asked(passer_by: Someone, path: str) -> int:
    return passer_by.client.get(f"/git/referentiel.git/{path}", base_url=BASE).status_code


def test_a_clone_has_the_draft_and_the_editions_and_nothing_else(
    library: Library, folder: Path, address: str, tmp_path: Path
) -> None:
    head = library.head()
    for name in ("refs/referentiel/backup", "refs/heads/autre", "refs/tags/privee", "refs/notes/commits"):
        library.repositories.run("update-ref", name, head)
    mirror.refresh(library, folder, at=AT)
    git("clone", "--quiet", "--mirror", address, str(tmp_path / "tout"))
    tag = library.edition("2026.0")
    assert references(tmp_path / "tout") == {"refs/heads/main": head, "refs/tags/editions/2026.0": tag.tag_id}
    git("clone", "--quiet", address, str(tmp_path / "clone"))
    git("fsck", "--full", "--strict", inside=tmp_path / "clone")
    assert git("status", "--short", "--branch", inside=tmp_path / "clone") == "## main...origin/main"
    assert (tmp_path / "clone" / "criteres" / "E4.md").read_text() == library.read("criteres/E4.md").text
    assert git("cat-file", "tag", "editions/2026.0", inside=tmp_path / "clone").endswith(tag.message.strip())


def test_what_was_written_and_not_adopted_is_not_given(
    library: Library, folder: Path, adopt: Callable[[], str], passer_by: Someone
) -> None:
    secret = library.repositories.run("hash-object", "-w", "--stdin", given=b"Personne ne doit lire ceci.\n").decode()
    mirror.refresh(library, folder, at=AT)
    adopt()
    mirror.refresh(library, folder, at=AT)
    assert tried("cat-file", "-e", secret.strip(), inside=folder / mirror.NAME).returncode != 0
    assert asked(passer_by, f"objects/{secret[:2]}/{secret.strip()[2:]}") == 404


def test_a_decision_reaches_those_who_pull_by_the_worker_and_its_outbox(
    app: Flask,
    library: Library,
    folder: Path,
    address: str,
    tmp_path: Path,
    bruno: Someone,
    chloe: Someone,
    denis: Someone,
    bruno_colleague: Someone,
) -> None:
    now, jobs = datetime.now(UTC), (mirror_library,)
    assert one_pass(app, at=now, jobs=jobs)
    git("clone", "--quiet", address, str(tmp_path / "clone"))
    before = library.head()
    adopted(library, bruno.person, chloe.person, denis.person, days=12)
    session.rollback()
    assert mirror.listed(folder / mirror.NAME)["refs/heads/main"] == before, "no request of the web makes the mirror"
    assert one_pass(app, at=now, jobs=jobs)
    git("pull", "--quiet", inside=tmp_path / "clone")
    assert git("rev-parse", "HEAD", inside=tmp_path / "clone") == library.head() != before
    published(library, denis.person, bruno_colleague.person)
    assert one_pass(app, at=now, jobs=jobs)
    git("pull", "--quiet", "--tags", inside=tmp_path / "clone")
    assert git("tag", "--list", inside=tmp_path / "clone").split() == ["editions/2026.0", "editions/2026.1"]
    git("fsck", "--full", "--strict", inside=tmp_path / "clone")
    assert not session.scalars(
        select(OutboxItem).where(OutboxItem.kind == mirror.MOVED, OutboxItem.done_at.is_(None))
    ).all()


def test_a_mirror_that_cannot_be_made_leaves_the_former_one_and_is_tried_again(
    app: Flask, library: Library, folder: Path, adopt: Callable[[], str]
) -> None:
    now = datetime.now(UTC)
    one_pass(app, at=now, jobs=(mirror_library,))
    before = mirror.listed(folder / mirror.NAME)
    head = adopt()
    (library.path / "objects" / head[:2] / head[2:]).rename(folder / "perdu")
    with pytest.raises(GitCommandError):
        mirror.refresh(library, folder, at=now)
    assert mirror.listed(folder / mirror.NAME) == before
    git("fsck", "--full", "--strict", inside=folder / mirror.NAME)
    (folder / "perdu").rename(library.path / "objects" / head[:2] / head[2:])
    assert one_pass(app, at=now, jobs=(check_mirror,))
    assert mirror.listed(folder / mirror.NAME)["refs/heads/main"] == head
    assert [one.name for one in (folder / mirror.VERSIONS).iterdir()] == [(folder / mirror.NAME).resolve().name]


def test_a_mirror_that_is_lost_or_behind_is_made_again_without_being_asked(
    app: Flask, library: Library, folder: Path, adopt: Callable[[], str]
) -> None:
    for _ in range(2):
        head = adopt()
        assert one_pass(app, at=datetime.now(UTC), jobs=(check_mirror,))
        assert mirror.listed(folder / mirror.NAME)["refs/heads/main"] == head
    shutil.rmtree(folder)
    assert one_pass(app, at=datetime.now(UTC), jobs=(check_mirror,))
    assert mirror.listed(folder / mirror.NAME)["refs/heads/main"] == head


def test_who_comes_back_takes_small_packs_and_their_number_stays_small(
    library: Library, folder: Path, adopt: Callable[[], str]
) -> None:
    mirror.refresh(library, folder, at=AT)
    (first,) = (folder / mirror.NAME / "objects" / "pack").glob("*.pack")
    for minute in range(12):
        adopt()
        assert mirror.refresh(library, folder, at=AT + minute * MINUTE)
        assert not mirror.refresh(library, folder, at=AT + minute * MINUTE), "nothing moved: nothing is made"
    listed = (folder / mirror.NAME / "objects" / "info" / "packs").read_text().split("P ")[1:]
    assert first.name in "".join(listed), "the long history is not packed again for each decision"
    assert len(listed) <= 5


def test_what_a_clone_began_to_read_is_served_an_hour_more(
    library: Library, folder: Path, adopt: Callable[[], str], passer_by: Someone
) -> None:
    mirror.refresh(library, folder, at=AT)
    began: set[str] = set()
    for _ in range(4):
        adopt()
        mirror.refresh(library, folder, at=AT)
        listed = (folder / mirror.NAME / "objects" / "info" / "packs").read_text().split()[1::2]
        began |= {f"objects/pack/{name}" for name in listed}
    gone = {path for path in began if Path(path).name not in listed}
    assert gone, "some packs were put together"
    assert {asked(passer_by, path) for path in began} == {200}
    assert {asked(passer_by, path.replace(".pack", ".idx")) for path in began} == {200}
    mirror.refresh(library, folder, at=AT + 59 * MINUTE)
    assert {asked(passer_by, path) for path in gone} == {200}
    mirror.refresh(library, folder, at=AT + 60 * MINUTE)
    assert {asked(passer_by, path) for path in gone} == {404}
    adopt()
    mirror.refresh(library, folder, at=AT + 61 * MINUTE)
    assert {asked(passer_by, path) for path in gone} == {404}
    git("fsck", "--full", "--strict", inside=folder / mirror.NAME)


def test_clones_begun_before_or_during_switches_end_well(
    library: Library, folder: Path, address: str, tmp_path: Path, adopt: Callable[[], str]
) -> None:
    heads, over = {library.head()}, Event()
    mirror.refresh(library, folder, at=AT)

    def switch() -> None:
        for second in range(40):
            heads.add(adopt())
            mirror.refresh(library, folder, at=AT + timedelta(seconds=second))
        library.close()
        over.set()

    switching = Thread(target=switch)
    switching.start()
    during = 0
    try:
        while not over.is_set() or not during:
            place = tmp_path / f"clone-{during}"
            git("clone", "--quiet", address, str(place))
            assert git("rev-parse", "HEAD", inside=place) in heads
            git("fsck", "--full", "--strict", inside=place)
            during += 1
    finally:
        switching.join(timeout=60)
    assert over.is_set()
    git("pull", "--quiet", inside=tmp_path / "clone-0")
    assert git("rev-parse", "HEAD", inside=tmp_path / "clone-0") == library.head()


def test_what_left_the_library_leaves_the_mirror(
    library: Library, folder: Path, adopt: Callable[[], str], passer_by: Someone
) -> None:
    before = library.head()
    mirror.refresh(library, folder, at=AT)
    taken_out = adopt()
    mirror.refresh(library, folder, at=AT)
    packs = {f"objects/pack/{file.name}" for file in (folder / mirror.NAME / "objects" / "pack").glob("*.pack")}
    library.repositories.run("update-ref", "refs/heads/main", before)
    assert mirror.refresh(library, folder, at=AT)
    assert tried("cat-file", "-e", taken_out, inside=folder / mirror.NAME).returncode != 0
    now = {file.name for file in (folder / mirror.NAME / "objects" / "pack").glob("*.pack")}
    assert {asked(passer_by, path) for path in packs if Path(path).name not in now} == {404}


def test_no_other_file_is_ever_given(library: Library, folder: Path, passer_by: Someone) -> None:
    mirror.refresh(library, folder, at=AT)
    for path in HOSTILE:
        assert asked(passer_by, path) in {301, 308, 404}, path
        answer = passer_by.client.get(f"/git/referentiel.git/{path}", base_url=BASE, follow_redirects=True)
        assert answer.status_code == 404, path


def test_lists_are_asked_again_and_packs_are_kept_for_ever(library: Library, folder: Path, passer_by: Someone) -> None:
    mirror.refresh(library, folder, at=AT)
    (pack,) = (folder / mirror.NAME / "objects" / "pack").glob("*.pack")
    for path in ("HEAD", "info/refs", "info/refs?service=git-upload-pack", "objects/info/packs"):
        answer = passer_by.client.get(f"/git/referentiel.git/{path}", base_url=BASE)
        assert (answer.status_code, answer.mimetype) == (200, "text/plain")
        assert answer.headers["Cache-Control"] == "no-cache"
        same = {"If-None-Match": answer.headers["ETag"]}
        assert passer_by.client.get(f"/git/referentiel.git/{path}", base_url=BASE, headers=same).status_code == 304
    for suffix, kind in (
        (".pack", "application/x-git-packed-objects"),
        (".idx", "application/x-git-packed-objects-toc"),
    ):
        place = f"/git/referentiel.git/objects/pack/{pack.stem}{suffix}"
        answer = passer_by.client.get(place, base_url=BASE)
        assert answer.mimetype == kind
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.get_data() == pack.with_suffix(suffix).read_bytes()
        assert "Set-Cookie" not in answer.headers
        part = passer_by.client.get(place, base_url=BASE, headers={"Range": "bytes=4-7"})
        assert (part.status_code, part.get_data()) == (206, answer.get_data()[4:8])
        same = {"If-None-Match": answer.headers["ETag"]}
        assert passer_by.client.get(place, base_url=BASE, headers=same).status_code == 304


def test_before_the_first_mirror_there_is_nothing_to_clone(passer_by: Someone, address: str, tmp_path: Path) -> None:
    assert asked(passer_by, "info/refs") == 404
    assert tried("clone", address, str(tmp_path / "clone")).returncode != 0


def test_neither_a_shallow_clone_nor_a_push_is_served(
    library: Library, folder: Path, address: str, tmp_path: Path
) -> None:
    mirror.refresh(library, folder, at=AT)
    shallow = tried("clone", "--depth", "1", address, str(tmp_path / "court"))
    assert shallow.returncode != 0
    assert "shallow" in shallow.stderr
    git("clone", "--quiet", address, str(tmp_path / "clone"))
    git(
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@x.invalid",
        "commit",
        "-qm",
        "x",
        "--allow-empty",
        inside=tmp_path / "clone",
    )
    assert tried("push", inside=tmp_path / "clone").returncode != 0
    assert mirror.listed(folder / mirror.NAME)["refs/heads/main"] == library.head()


def test_the_text_is_cloned_when_the_database_is_gone(
    app: Flask, library: Library, folder: Path, address: str, tmp_path: Path, passer_by: Someone
) -> None:
    mirror.refresh(library, folder, at=AT)
    lose_the_database(app)
    git("clone", "--quiet", address, str(tmp_path / "clone"))
    assert git("rev-parse", "HEAD", inside=tmp_path / "clone") == library.head()
    passer_by.get("/git/")


def test_the_page_says_how_to_copy_to_verify_and_what_is_not_served(passer_by: Someone, library: Library) -> None:
    page = passer_by.get("/git/").get_data(as_text=True)
    assert f"git clone {BASE}/git/referentiel.git" in page
    assert "git fsck --full --strict" in page
    assert "--depth" in page
    assert library.edition("2026.0").commit in page
    assert 'href="/editions/2026.0/verifier"' in page
    for opened in ("/git/referentiel.git", "/git/referentiel.git/"):
        assert passer_by.get(opened, status=303).headers["Location"] == "/git/"
