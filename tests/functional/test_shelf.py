"""The editions on their shelf: what a seal says is read when it is asked for."""

from referentiel.editions.queries import shelf_of
from referentiel.editions.shelf import SEAL
from referentiel.editions.shelf import _manifest as kept_manifests
from referentiel.library.library import Library
from tests.cast import Someone


def test_a_seal_that_cannot_be_read_for_an_instant_is_read_again_afterwards(
    library: Library, passer_by: Someone
) -> None:
    shelf = shelf_of(library)
    edition = shelf.edition("2026.0")
    kept_manifests.cache_clear()
    seal = shelf.path / "2026.0" / SEAL
    aside = seal.rename(seal.with_name("ailleurs"))
    assert len(edition.manifest) == 0
    passer_by.get("/editions/2026.0/criteres/E4", status=404)
    aside.rename(seal)
    assert "criteres/E4.html" in edition.manifest
    passer_by.get("/editions/2026.0/criteres/E4")
