"""The types of the files that we serve."""

import pytest

from referentiel.web.kinds import kind_of


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ui.css", "text/css"),
        ("js/menu.js", "text/javascript"),
        ("marque.svg", "image/svg+xml"),
        ("sommaire.json", "application/json"),
        ("referentiel.zip", "application/zip"),
        ("ENVOI.PDF", "application/pdf"),
        ("referentiel.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("referentiel.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("referentiel.odt", "application/vnd.oasis.opendocument.text"),
        ("referentiel.epub", "application/epub+zip"),
        ("sceau", "application/octet-stream"),
        ("archive.inconnue", "application/octet-stream"),
    ],
)
def test_a_file_has_the_type_of_its_name(name: str, kind: str) -> None:
    assert kind_of(name) == kind
