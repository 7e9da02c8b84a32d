"""Each edition in one file of Git, beside its sealed files: verified, cloned, made again."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from referentiel.commands.work import bundle_editions, one_pass
from referentiel.editions.copies.bundling import BUNDLE, bundle_missing
from referentiel.editions.queries import shelf_of
from referentiel.editions.sealing import verification
from referentiel.editions.sealing.sealing import recover
from referentiel.library.library import Library
from tests.cast import BASE, Someone
from tests.edition_lives import adopted, published
from tests.git_hands import git, references

NOW = datetime.now(UTC)


def taken(passer_by: Someone, number: str, folder: Path) -> Path:
    """Downloaded by somebody, by its address."""
    answer = passer_by.client.get(f"/editions/{number}/{BUNDLE}", base_url=BASE)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f"attachment; filename=referentiel-{number}.bundle"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers
    file = folder / f"referentiel-{number}.bundle"
    file.write_bytes(answer.get_data())
    again = {"If-None-Match": answer.headers["ETag"]}
    assert passer_by.client.get(f"/editions/{number}/{BUNDLE}", base_url=BASE, headers=again).status_code == 304
    return file


def test_an_edition_is_cloned_from_its_file_without_the_site(
    app: Flask,
    library: Library,
    passer_by: Someone,
    bruno: Someone,
    chloe: Someone,
    denis: Someone,
    bruno_colleague: Someone,
    tmp_path: Path,
) -> None:
    adopted(library, bruno.person, chloe.person, denis.person, days=50)
    published(library, denis.person, bruno_colleague.person)
    sealed = library.edition("2026.1").commit
    library.repositories.run("update-ref", "refs/referentiel/backup", library.head())
    passer_by.get(f"/editions/2026.1/{BUNDLE}", status=404)
    assert one_pass(app, at=NOW, jobs=(bundle_editions,))
    file = taken(passer_by, "2026.1", tmp_path)
    git("init", "--quiet", "--bare", str(tmp_path / "vide"))
    git("bundle", "verify", str(file), inside=tmp_path / "vide")
    git("clone", "--quiet", str(file), str(tmp_path / "clone"))
    git("fsck", "--full", "--strict", inside=tmp_path / "clone")
    assert git("rev-parse", "HEAD", inside=tmp_path / "clone") == sealed
    assert references(tmp_path / "clone") == {
        "refs/heads/main": sealed,
        "refs/remotes/origin/HEAD": sealed,
        "refs/remotes/origin/main": sealed,
        **{f"refs/tags/editions/{one.number}": one.tag_id for one in library.editions()},
    }
    # What the page tells to compare: the text of the clone, and the sealed file of the site.
    text = (tmp_path / "clone" / "criteres" / "E4.md").read_bytes()
    assert passer_by.client.get("/editions/2026.1/scelle/criteres/E4.md", base_url=BASE).get_data() == text
    assert library.edition("2026.1").manifest["criteres/E4.md"] == hashlib.sha256(text).hexdigest()


def test_an_edition_holds_those_before_it_and_nothing_after(
    library: Library, bruno: Someone, chloe: Someone, denis: Someone, bruno_colleague: Someone, tmp_path: Path
) -> None:
    adopted(library, bruno.person, chloe.person, denis.person, days=50)
    published(library, denis.person, bruno_colleague.person)
    assert bundle_missing(library) == ["2026.0", "2026.1"]
    first = shelf_of(library).path / "2026.0" / BUNDLE
    git("clone", "--quiet", str(first), str(tmp_path / "clone"))
    assert git("tag", inside=tmp_path / "clone") == "editions/2026.0"
    assert git("rev-list", "--count", "--all", inside=tmp_path / "clone") == "1"


def test_it_is_made_once_made_again_when_lost_and_out_of_every_promise(
    library: Library, passer_by: Someone, tmp_path: Path
) -> None:
    assert bundle_missing(library) == ["2026.0"]
    assert bundle_missing(library) == []
    assert [path.name for path in (shelf_of(library).path / "2026.0").iterdir() if "partial" in path.name] == []
    assert list(verification.check(library)) == []
    assert recover(library, shelf_of(library).path) == []
    taken(passer_by, "2026.0", tmp_path).unlink()
    (shelf_of(library).path / "2026.0" / BUNDLE).unlink()
    assert list(verification.check(library)) == []
    assert bundle_missing(library) == ["2026.0"]
    git("clone", "--quiet", str(taken(passer_by, "2026.0", tmp_path)), str(tmp_path / "clone"))


def test_the_page_of_git_gives_each_file_once_it_is_there(library: Library, passer_by: Someone) -> None:
    link = f'href="/editions/2026.0/{BUNDLE}"'
    assert link not in passer_by.get("/git/").get_data(as_text=True)
    bundle_missing(library)
    assert link in passer_by.get("/git/").get_data(as_text=True)


def test_no_other_number_has_a_file(passer_by: Someone) -> None:
    for number in ("2026.9", "2026", "..", "%2e%2e", "2026.0%2f..%2f2026.0", "preparation"):
        assert passer_by.client.get(f"/editions/{number}/{BUNDLE}", base_url=BASE).status_code == 404
