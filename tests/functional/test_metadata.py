"""What pages say of themselves in the words of schema.org: which text, which edition, under which licence."""

import json
import re
from typing import Any

import pytest

from referentiel.library.library import Library
from referentiel.proposals.states import Outcome
from tests.cast import BASE, Someone
from tests.edition_lives import second_edition
from tests.proposal_lives import decided, in_discussion

BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def told(someone: Someone, path: str) -> Any:
    """The only block of data of a page; the cast's browser has checked that it is one."""
    (found,) = BLOCK.findall(someone.get(path).get_data(as_text=True))
    return json.loads(found)


def test_a_criterion_says_of_which_edition_it_is_and_where_it_stays_for_ever(passer_by: Someone) -> None:
    for path in ("/criteres/E4", "/editions/2026.0/criteres/E4"):
        data = told(passer_by, path)
        assert data["@type"] == "CreativeWork"
        assert data["@id"] == f"{BASE}/editions/2026.0/criteres/E4"
        assert (data["identifier"], data["version"], data["inLanguage"]) == ("E4", "2026.0", "fr")
        assert data["name"].startswith("Passer d’une étape")
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", data["datePublished"])
        assert "licence-ouverte" in data["license"]
        assert data["isPartOf"]["@id"] == f"{BASE}/editions/2026.0/"
        passer_by.get(data["url"].removeprefix(BASE))


def test_an_edition_says_its_files_and_their_digests(passer_by: Someone) -> None:
    for path in ("/referentiel/", "/editions/2026.0/"):
        data = told(passer_by, path)
        assert data["version"] == "2026.0"
        assert data["isPartOf"]["@id"] == f"{BASE}/referentiel/"
        for file in data["encoding"]:
            answer = passer_by.get(file["contentUrl"].removeprefix(BASE))
            assert answer.headers["ETag"] == f'"{file["sha256"]}"'
            assert answer.mimetype == file["encodingFormat"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/chapitres/E", "CreativeWork"),
        ("/pages/methode", "CreativeWork"),
        ("/outils/pass-iae", "CreativeWork"),
        ("/referentiel/presentation", "CreativeWork"),
        ("/glossaire/", "DefinedTermSet"),
        ("/api/", "Dataset"),
    ],
)
def test_each_kind_of_page_says_what_it_is(path: str, kind: str, passer_by: Someone) -> None:
    data = told(passer_by, path)
    assert data["@type"] == kind
    assert data["version"] == "2026.0"
    passer_by.get(data["url"].removeprefix(BASE))


def test_a_text_is_never_called_a_law(passer_by: Someone) -> None:
    for path in ("/criteres/E4", "/referentiel/", "/api/", "/editions/2026.0/"):
        assert "Legislation" not in passer_by.get(path).get_data(as_text=True)


def test_the_draft_says_nothing_of_itself(passer_by: Someone) -> None:
    for path in ("/travail/", "/travail/criteres/E4", "/travail/glossaire/"):
        assert not BLOCK.search(passer_by.get(path).get_data(as_text=True))


def test_words_that_look_like_marks_stay_data(
    library: Library, amina: Someone, bruno: Someone, chloe: Someone, denis: Someone, passer_by: Someone
) -> None:
    second_edition(library, amina.person, chloe.person, denis.person, note="</script><script>alert(1)</script> & <!--")
    assert told(passer_by, "/editions/2026.1/")["abstract"] == "</script><script>alert(1)</script> & <!--"
    found = in_discussion(library, bruno.person, chloe.person, days=50, path="criteres/A1.md")
    decided(
        library, found, chloe.person, denis.person, Outcome.REFUSED, plain_reason="Non : </script> « ’ » \u2028 fin."
    )
    assert told(passer_by, "/decisions/2")["abstract"].startswith("Non : </script>")
