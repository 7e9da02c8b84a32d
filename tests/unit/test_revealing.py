"""What would tell who somebody is, and all the ordinary French that must not be taken for it."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referentiel.criteria.revealing import IBAN_LENGTHS, Finding, Kind, findings

CONTENT = Path(__file__).parents[2] / "content"

ORDINARY = """
L'article 5132-1 du code du travail ne dit rien de cela.
Voir l’article L. 5132-1, l’article R5132-17 et l'arrêté du 1er septembre 2021.
La réunion est le 01/02/2026, la suivante le 03.04.2026 et la dernière le 05-06-2026.
Du 01.02.2026 03 h au 06.07.2026 08 h.
Le 06 07 2026 12 h 30, en salle 4.
M. le préfet et Mme la directrice étaient d'accord.
M. le Préfet, Mme la Préfète, Monsieur le Maire, MONSIEUR LE PREFET et Madame la Présidente.
Madame, Monsieur, vous avez reçu une lettre.
Madame Monsieur, bonjour.
Mesdames et Messieurs les députés.
Bonjour madame. Elle n'a pas répondu. Bonjour monsieur. Il est parti.
Un monsieur m'a dit non. Une dame a dit oui.
M. X et Mme Y ont travaillé ensemble. Mme B. aussi, avec M. Untel.
Les critères E4, C12, A1 et B3.
Notre SIRET est 732 829 320 00074, notre SIREN 732829320.
SIRET : 01234567800012. SIREN 012 345 678.
Le code ROME K1201, le code APE 8899B, le code postal 38000 et l’INSEE 75056.
Les départements 01 02 03 04 05 06 07 sont concernés.
Les départements 01, 02, 03, 04 et 05 aussi.
Une aide de 1 234 567,89 €, soit 0,123456789 de tout.
De 0.123456789 à 0,987654321.
Il faut 35 heures par semaine, 1 607 heures par an.
Le numéro 3949, le 115, le 15, le 112 et le 3919.
Numéro de PASS IAE : 999992139048.
Un compte FR76 qui ne dit rien.
La version 2026.1.1 remplace la 2026.1.
La note est @personne, et le prix 12 € @ la pièce.
Taille M Rouge, rang M. Les suivants sont notés N.
Mon numéro de dossier est 185057800608400.
1 85 05 78 006 084 00 n’est pas une clé juste.
FR76 3000 6000 0112 3456 7890 188 non plus.
La loi n° 2018-771 du 5 septembre 2018, le décret n° 2021-1128.
On a attendu 06 mois, puis 07 semaines 12 jours.
De 10 h 05 à 12 h 06, et le 07 à 09 h 10.
Bonjour madame la directrice, bonjour monsieur le préfet, merci madame.
La dame et le monsieur sont venus. Un monsieur âgé attendait, une madame très gentille aussi.
Le rang m. suivant, la taille M. ensuite, les rangs MM. puis N.
Bonjour monsieur comment allez-vous, merci madame et bonsoir.
Ce monsieur travaille ici et cette madame habite là.
monsieur est venu, madame a dit non, monsieur ne veut pas.
m. le maire et mme la maire, monsieur le conseiller, madame l'inspectrice.
"""

REVEALING = {
    "Appelez-moi au 06 12 34 56 78 demain.": [(Kind.PHONE, "06 12 34 56 78")],
    "0612345678": [(Kind.PHONE, "0612345678")],
    "(06.12.34.56.78)": [(Kind.PHONE, "06.12.34.56.78")],
    "tél:04-76-00-11-22,": [(Kind.PHONE, "04-76-00-11-22")],
    "06 12 34 56 78 / 07 98 76 54 32": [(Kind.PHONE, "06 12 34 56 78"), (Kind.PHONE, "07 98 76 54 32")],
    "C’est le 06 12 345 678.": [(Kind.PHONE, "06 12 345 678")],
    "au +33 6 12 34 56 78": [(Kind.PHONE, "+33 6 12 34 56 78")],
    "au +33 (0)6 12 34 56 78": [(Kind.PHONE, "+33 (0)6 12 34 56 78")],
    "0033612345678": [(Kind.PHONE, "0033612345678")],
    "+262 692 12 34 56": [(Kind.PHONE, "+262 692 12 34 56")],
    "écrire à amina.b@exemple.fr.": [(Kind.EMAIL, "amina.b@exemple.fr")],
    "amina(at)exemple.fr": [(Kind.EMAIL, "amina(at)exemple.fr")],
    "Mon numéro : 1 85 05 78 006 084 91": [(Kind.NIR, "1 85 05 78 006 084 91")],
    "255081416802538": [(Kind.NIR, "255081416802538")],
    "IBAN FR76 3000 6000 0112 3456 7890 189, merci": [(Kind.IBAN, "FR76 3000 6000 0112 3456 7890 189")],
    "fr7630006000011234567890189": [(Kind.IBAN, "fr7630006000011234567890189")],
    "DE89 3704 0044 0532 0130 00 et voilà": [(Kind.IBAN, "DE89 3704 0044 0532 0130 00")],
    "M. Dupont crie.": [(Kind.NAME, "M. Dupont")],
    "Mme Durand-Leroy et M. Ben Ali": [(Kind.NAME, "Mme Durand-Leroy"), (Kind.NAME, "M. Ben Ali")],
    "monsieur Dupont, madame Le Goff": [(Kind.NAME, "monsieur Dupont"), (Kind.NAME, "madame Le Goff")],
    "MADAME MARTIN": [(Kind.NAME, "MADAME MARTIN")],
    "mon chef monsieur dupont crie": [(Kind.NAME, "monsieur dupont")],
    "mme durand et Monsieur lefèvre-petit": [(Kind.NAME, "mme durand"), (Kind.NAME, "Monsieur lefèvre-petit")],
    "M. de Villiers, M. d’Ormesson, Mme De La Fontaine": [
        (Kind.NAME, "M. de Villiers"),
        (Kind.NAME, "M. d’Ormesson"),
        (Kind.NAME, "Mme De La Fontaine"),
    ],
    "Mlle Éloïse a dit.": [(Kind.NAME, "Mlle Éloïse")],
    "Mr Dupont et MM. Martin et Leroy": [(Kind.NAME, "Mr Dupont"), (Kind.NAME, "MM. Martin")],
}


@pytest.mark.parametrize("sentence", ORDINARY.strip().splitlines())
def test_ordinary_french_is_never_asked_about(sentence: str) -> None:
    assert findings(sentence) == ()


@pytest.mark.parametrize("sentence", REVEALING)
def test_what_tells_who_somebody_is_is_found_in_its_own_words(sentence: str) -> None:
    assert [(one.kind, one.words) for one in findings(sentence)] == REVEALING[sentence]


@pytest.mark.parametrize("file", sorted(CONTENT.rglob("*.md")), ids=lambda file: file.stem)
def test_the_first_text_itself_holds_nothing_of_the_kind(file: Path) -> None:
    assert findings(file.read_text(encoding="utf-8")) == ()


GAPS = st.sampled_from(["", " ", ".", "-", "\u00a0", "\u202f"])


@given(st.integers(1, 9), st.integers(0, 99_999_999), GAPS, st.booleans())
def test_every_french_number_is_found_however_it_is_spaced(first: int, rest: int, gap: str, abroad: bool) -> None:
    pairs = re.findall("..", f"{rest:08d}")
    number = gap.join([f"+33{gap}{first}" if abroad else f"0{first}", *pairs])
    assert [one.kind for one in findings(f"Appelez le {number}, le matin.")] == [Kind.PHONE]


@st.composite
def social_security_numbers(draw: st.DrawFn) -> tuple[str, int]:
    place = draw(st.sampled_from(["38", "75", "2A", "2B", "97", "99"]))
    number = f"{draw(st.sampled_from('12'))}{draw(st.integers(0, 99)):02d}{draw(st.integers(1, 12)):02d}{place}"
    number += f"{draw(st.integers(0, 999_999)):06d}"
    return number, 97 - int(number.replace("2A", "19").replace("2B", "18")) % 97


@given(social_security_numbers(), st.integers(1, 96))
def test_a_social_security_number_is_known_by_its_key(made: tuple[str, int], away: int) -> None:
    number, key = made
    assert [one.kind for one in findings(f"le {number}{key:02d} ici")] == [Kind.NIR]
    wrong = (key + away - 1) % 97 + 1
    assert Kind.NIR not in {one.kind for one in findings(f"le {number}{wrong:02d} ici")}


@given(st.sampled_from(sorted(IBAN_LENGTHS)), st.data(), st.booleans())
def test_a_bank_account_is_known_by_its_check_digits(country: str, data: st.DataObject, spaced: bool) -> None:
    length = IBAN_LENGTHS[country] - 4
    account = data.draw(st.text("0123456789", min_size=length, max_size=length))
    key = 98 - int("".join(str(int(c, 36)) for c in f"{account}{country}00")) % 97
    number = f"{country}{key:02d}{account}"
    shown = " ".join(re.findall(".{1,4}", number)) if spaced else number
    assert [(one.kind, one.words) for one in findings(f"Compte {shown}.")] == [(Kind.IBAN, shown)]
    digit = data.draw(st.integers(4, len(number) - 1))
    other = str((int(number[digit]) + 1) % 10)
    assert Kind.IBAN not in {one.kind for one in findings(f"Compte {number[:digit]}{other}{number[digit + 1 :]}.")}


@given(st.text(st.sampled_from("0123456789 .-+@()’'MmeFRonsiuradEÀéz\u00a0\n"), max_size=300))
def test_any_text_gets_an_answer_made_of_its_own_words(text: str) -> None:
    found = findings(text)
    assert all(one.words in text for one in found)
    assert len({one.mark for one in found}) == len(found)


@given(st.text(max_size=300))
def test_looking_twice_finds_the_same(text: str) -> None:
    assert findings(text) == findings(text)


def test_the_same_number_written_otherwise_is_the_same_thing() -> None:
    assert Finding(Kind.PHONE, "06 12 34 56 78").mark == Finding(Kind.PHONE, "06.12.34.56.78").mark
    assert len(findings("06 12 34 56 78, je répète 0612345678")) == 1


@pytest.mark.parametrize("part", ["0", "06 ", "1 ", "FR76 ", "a.", "a@a.", "Mme ", "M. de la ", "+33 ", "06-", "A"])
def test_a_text_made_to_be_slow_is_read_like_another(part: str) -> None:
    assert len(findings(part * (20_000 // len(part)))) < 20_000
