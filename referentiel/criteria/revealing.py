"""What in a text would tell who somebody is: a telephone number, an e-mail address, a social security number, a bank
account, a name after "M." or "Mme". Pure.

Nothing is refused on this ground: people are asked, and may send all the same. So what is ordinary in our texts (an
article of law, a date, a SIRET, « M. le préfet ») must not be taken for it, and what has a key is believed by its key.
"""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from referentiel.errors import N_

Span = tuple[int, int]


class Kind(StrEnum):
    """What was found; the value never changes, for pages carry it."""

    IBAN = "iban"
    NIR = "nir"
    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"

    @property
    def question(self) -> str:
        """What the person is asked; ``%(words)s`` are their own."""
        return QUESTIONS[self]


QUESTIONS = {
    Kind.IBAN: N_(
        "Votre texte semble contenir un numéro de compte bancaire : « %(words)s ». Enlevez-le, ou envoyez quand même."
    ),
    Kind.NIR: N_(
        "Votre texte semble contenir un numéro de sécurité sociale : « %(words)s ». Enlevez-le, ou envoyez quand même."
    ),
    Kind.EMAIL: N_(
        "Votre texte semble contenir une adresse e-mail : « %(words)s ». Enlevez-la, ou envoyez quand même."
    ),
    Kind.PHONE: N_(
        "Votre texte semble contenir un numéro de téléphone : « %(words)s ». Enlevez-le, ou envoyez quand même."
    ),
    Kind.NAME: N_(
        "Votre texte semble contenir le nom d’une personne : « %(words)s ». Enlevez-le, ou envoyez quand même."
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found, in the words of the text."""

    kind: Kind
    words: str

    @property
    def mark(self) -> str:
        """What says in a form that the person was asked about this, and sends it all the same: 16 hex digits."""
        bare = re.sub(r"[\s.\-]", "", self.words).casefold()
        return hashlib.sha256(f"{self.kind}\0{bare}".encode()).hexdigest()[:16]


def findings(text: str) -> tuple[Finding, ...]:
    """What the text holds, each thing once, in the order of the text. Time is linear in its length."""
    taken = bytearray(len(text))
    found: dict[int, Finding] = {}
    for kind, look in LOOKS:
        for start, end in look(text):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found[start] = Finding(kind, text[start:end])
    once: dict[str, Finding] = {}
    for start in sorted(found):
        once.setdefault(found[start].mark, found[start])
    return tuple(once.values())


# A number of ten digits that begins with 0, in pairs or in one piece: an enumeration of pairs is not one.
_IN_PAIRS = re.compile(r"(?<![\w,.])0[1-9](?P<gap>[\s.\-]?)\d\d(?:(?P=gap)\d\d){3}(?!\d)")
_MOBILE = re.compile(r"(?<![\w,.])0[67](?:[\s.\-]{0,3}\d){8}(?!\d)")
_ABROAD = re.compile(
    r"(?<!\w)(?:\+|00)[\s.]?(?:33|262|508|590|594|596|681|687|689)[\s.\-]?(?:\(0\)[\s.\-]?)?\d(?:[\s.\-]?\d){5,9}(?!\d)"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def phones(text: str) -> Iterator[Span]:
    """French numbers, and those of overseas with their prefix."""
    for found in _IN_PAIRS.finditer(text):
        gap = re.escape(found["gap"])
        listed = gap and (
            re.search(rf"\d\d{gap}$", text[max(0, found.start() - 3) : found.start()])
            or re.match(rf"{gap}\d\d(?!\d)", text[found.end() : found.end() + 4])
        )
        if not listed:
            yield found.span()
    for pattern in (_MOBILE, _ABROAD):
        for found in pattern.finditer(text):
            if pattern is _ABROAD or not _YEAR.search(found[0]):
                yield found.span()


_EMAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]{1,64}(?:@|\s?\((?:at|arobase)\)\s?)[\w\-]{1,63}(?:\.[\w\-]{1,63}){0,4}\.[^\W\d_]{2,24}(?!\w)"
)


def emails(text: str) -> Iterator[Span]:
    for found in _EMAIL.finditer(text):
        yield found.span()


_NIR = re.compile(
    r"(?<!\w)(?P<sex>[12378])[\s.\-]?(?P<year>\d\d)[\s.\-]?(?P<month>0[1-9]|1[0-2]|[2-4]\d|[5-9]\d)[\s.\-]?"
    r"(?P<place>\d\d|2[ABab])[\s.\-]?(?P<rest>\d{3}[\s.\-]?\d{3})[\s.\-]?(?P<key>\d\d)(?!\w)"
)
_CORSICA = {"2a": "19", "2b": "18"}


def social_security_numbers(text: str) -> Iterator[Span]:
    """Thirteen digits and their key: 97 less the remainder of the number by 97 (2A counts as 19, 2B as 18)."""
    for found in _NIR.finditer(text):
        place = found["place"].lower()
        rest = re.sub(r"\D", "", found["rest"])
        number = int(found["sex"] + found["year"] + found["month"] + _CORSICA.get(place, place) + rest)
        if 97 - number % 97 == int(found["key"]):
            yield found.span()


IBAN_LENGTHS = {
    **dict.fromkeys(("FR", "MC", "IT", "SM", "GR"), 27),
    **dict.fromkeys(("ES", "SE", "RO", "CZ", "SK", "AD", "TN", "SA"), 24),
    **dict.fromkeys(("DE", "GB", "IE", "BG", "ME", "RS", "GE", "BA"), 22),
    **dict.fromkeys(("CH", "LI", "LV", "HR", "CR"), 21),
    **dict.fromkeys(("AT", "EE", "LT", "LU"), 20),
    **dict.fromkeys(("DK", "FI", "NL", "FO", "GL"), 18),
    **dict.fromkeys(("PL", "HU", "CY", "AL", "LB"), 28),
    **dict.fromkeys(("PT", "IS", "TR"), 25),
    **{"BE": 16, "NO": 15, "SI": 19, "MT": 31, "MK": 19, "MD": 24, "UA": 29, "DZ": 26, "MA": 28},
}
"""How many characters an IBAN of each country holds, by the register of SWIFT (ISO 13616)"""
_IBAN = re.compile(r"(?<!\w)([A-Za-z]{2})\d\d(?:[\s\-]?[A-Za-z0-9]){11,30}")


def bank_accounts(text: str) -> Iterator[Span]:
    """IBAN of a known country, of its length, whose check digits agree (the rest of ISO 7064 by 97 is 1)."""
    for found in _IBAN.finditer(text):
        length = IBAN_LENGTHS.get(found[1].upper(), 0)
        places = [place for place in range(*found.span()) if text[place].isalnum()][:length]
        if not length or len(places) < length:
            continue
        end = places[-1] + 1
        letters = "".join(text[place] for place in places).upper()
        number = "".join(str(int(letter, 36)) for letter in letters[4:] + letters[:4])
        if int(number) % 97 == 1 and not text[end : end + 1].isalnum():
            yield found.start(), end


_TITLE = re.compile(
    r"(?<![\w.])(?:M{1,2}\.|Mr\.?|[Mm]mes?\.?|[Mm]lles?\.?|MME|MLLE|[Mm]onsieur|[Mm]adame|[Mm]ademoiselle|MONSIEUR|MADAME)"
    r"[ \u00a0\u202f]{1,2}"
    r"(?:d[eu]s?[ \u00a0](?:la[ \u00a0]|l['’])?|d['’]"
    r"|(?:(?:De|Du|Des|Le|La|Les|El|Al|Ben|Van|Von|Da|Dos|DE|DU|DES|LE|LA)[ \u00a0]){1,2}|[DL]['’])?"
    r"(?P<name>[^\W\d_][\w'’\-]{0,60})"
)
_ORDINARY = frozenset(
    """
    monsieur madame mademoiselle messieurs mesdames mesdemoiselles
    maire adjoint adjointe prefet prefete sous-prefet sous-prefete president presidente vice-president vice-presidente
    directeur directrice ministre responsable depute deputee senateur senatrice conseiller conseillere recteur rectrice
    juge docteur commissaire inspecteur inspectrice referent referente formateur formatrice encadrant encadrante tuteur
    tutrice chef cheffe delegue deleguee secretaire chargee charge coordinateur coordinatrice accompagnateur
    accompagnatrice animateur animatrice prescripteur prescriptrice procureur procureure defenseur defenseure
    gestionnaire employeur employeuse chantier etat region departement
    untel unetelle un-tel machin truc chose tout tel telle qui que quoi x y z n
    le la les l un une des de du nous vous il elle ils elles on je tu ce cet cette ces mon ma mes ton ta tes son sa ses
    notre nos votre vos leur leurs dans pour par sur avec sans et ou mais donc or ni car si quand comme a en au aux
    chaque toute tous toutes quel quelle aucun aucune cela ceci c d j m n s t qu
    """.split()  # noqa: SIM905
)
"""Words that follow a title, or a full stop after it, and name nobody; without accents"""


_FOLLOWS = frozenset(
    """
    est etait sera serait a avait aura aurait va allait peut pouvait doit devait dit disait fait faisait veut voulait
    sait savait vient venait parle parlait repond repondait demande demandait travaille travaillait arrive arrivait
    accompagne accompagnait explique expliquait aide aidait ecoute ecoutait m’a n’a
    tres plus moins trop bien mal aussi encore deja toujours jamais souvent parfois ici la-bas alors puis ensuite enfin
    avant apres pendant depuis chez vers entre contre sous selon ainsi meme y n’y me te se lui ne pas
    comment pourquoi merci bonjour bonsoir voila voici veuillez peu beaucoup habite semble pense croit reste
    age agee seul seule presente present inconnu inconnue autre autres
    """.split()  # noqa: SIM905
)
"""Words that follow a title written without a name, in small letters: « ce monsieur est venu »"""

_BEFORE = re.compile(
    r"(?:^|[^\w])(?:un|une|le|la|les|l|ce|cet|cette|ma|mon|du|au|vieux|vieille|jeune|bon|bonne|petit|gentil|chaque)"
    r"[ \u00a0\u202f]$",
    re.IGNORECASE,
)
"""What makes of a title a common noun: « un monsieur », « cette madame »"""


def names(text: str) -> Iterator[Span]:
    """A title then a name: « Mme Durand », « M. de La Tour », « monsieur dupont ».

    Not « M. le préfet », « Mme X », « Madame. Elle », « un monsieur âgé ».
    """
    for found in _TITLE.finditer(text):
        name = found["name"]
        plain = _plain(name)
        if len(name) < 2 or plain in _ORDINARY or _plain(re.split("['’]", name)[0]) in _ORDINARY:
            continue
        if not name[0].isupper() and not _small_name(text, found):
            continue
        yield found.start(), found.start("name") + len(name.rstrip("'’-"))


def _small_name(text: str, found: re.Match[str]) -> bool:
    """Whether a word in small letters after a title is a name: nothing that goes on with the sentence."""
    plain = _plain(found["name"])
    # "M." is also a letter that ends a sentence, and an article with a capital begins one.
    particle = text[found.start() : found.start("name")].split()[1:]
    if (
        found[0].startswith(("M.", "MM."))
        or any(word[0].isupper() for word in particle)
        or len(plain) < 3
        or plain in _FOLLOWS
    ):
        return False
    return not _BEFORE.search(text[max(0, found.start() - 12) : found.start()])


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))


LOOKS: tuple[tuple[Kind, Callable[[str], Iterator[Span]]], ...] = (
    (Kind.IBAN, bank_accounts),
    (Kind.NIR, social_security_numbers),
    (Kind.EMAIL, emails),
    (Kind.PHONE, phones),
    (Kind.NAME, names),
)
"""In this order: what has a key is believed before what has a shape"""
