"""What a machine can notice in an easy text. It helps who writes; only people concerned can say that a text is easy."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from referentiel.criteria.sentences import sentences

SENTENCE_WORDS = 12
LONG_WORD = 14
LONGEST_LINE = 400
MOST_REMARKS = 50

# Long words that the referential cannot do without, each explained in the glossary or by the line that uses it.
_KNOWN_LONG_WORDS = frozenset({"accompagnement", "accompagnements", "rendez-vous", "accompagnateur", "accompagnatrice"})
_KNOWN_ACRONYMS = frozenset({"CV", "SMS", "PASS", "IAE", "ID", "OK", "TV"})

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_COUNTED = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9]+\b")
_ROMAN = re.compile(r"\b((?=[IVX]{2}|[IVX]er?\b)X{0,3}(?:IX|IV|V?I{0,3}))(?:er?|ème)?\b")
_PASSIVE = re.compile(
    r"\b(?:est|sont|sera|seront|était|étaient|êtes|serez|a été|ont été)\s+(?:\w+\s+)?\w+(?:é|i|u)(?:e|s|es)?\s+par\b",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[()\[\]]")
_ABBREVIATION = re.compile(r"\b(?:etc|cf|ex|p\. ex|max|min|nb|env|tél)\.", re.IGNORECASE)
_NEGATIVE_TWICE = re.compile(r"\bn['’e]\S*\s.*\b(?:sans|ni|aucune?|interdite?s?)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to look at again: the line (1 = first) and a whole French sentence that says what to do."""

    line: int
    message: str


def review(text: str, *, known: Collection[str] = ()) -> tuple[Remark, ...]:
    """Look at an easy text, line by line. ``known`` holds the acronyms that readers have been told.

    No remark does not mean that the text is easy. At most fifty are made. Costs about 20 µs a line.
    """
    remarks: list[Remark] = []
    familiar = _KNOWN_ACRONYMS | set(known)
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LONGEST_LINE:
            remarks.append(Remark(number, "Cette ligne est très longue : mettez une phrase courte par ligne."))
        else:
            remarks.extend(Remark(number, message) for message in _remarks(line, familiar))
        if len(remarks) >= MOST_REMARKS:
            break
    return tuple(remarks[:MOST_REMARKS])


def _remarks(line: str, familiar: Collection[str]) -> list[str]:
    found = []
    parts = sentences(line)
    for sentence in parts:
        size = len(_COUNTED.findall(sentence))
        if size > SENTENCE_WORDS:
            found.append(f"Cette phrase a {size} mots : {SENTENCE_WORDS} au plus, coupez-la en deux.")
    if len(parts) > 1:
        found.append(f"Il y a {len(parts)} phrases sur cette ligne : mettez une phrase par ligne.")
    for word in dict.fromkeys(_WORD.findall(line)):
        if len(word) > LONG_WORD and word.lower() not in _KNOWN_LONG_WORDS:
            found.append(f"« {word} » est un mot long : cherchez un mot plus simple, ou expliquez-le.")
    romans = dict.fromkeys(_ROMAN.findall(line))
    for word in romans:
        found.append(f"« {word} » est un chiffre romain : écrivez-le en chiffres ordinaires.")
    for word in dict.fromkeys(_ACRONYM.findall(line)):
        if word not in romans and word not in familiar:
            found.append(f"« {word} » est un sigle : écrivez les mots en entier.")
    if "%" in line:
        found.append("Un pourcentage se lit mal : dites plutôt « une personne sur deux ».")
    if ";" in line:
        found.append("Remplacez le point-virgule par un point.")
    if _BRACKETS.search(line):
        found.append("Retirez les parenthèses : faites une phrase de plus.")
    if _ABBREVIATION.search(line):
        found.append("Écrivez l’abréviation en entier.")
    if _PASSIVE.search(line):
        found.append("Dites qui fait l’action : « la structure prépare », et non « est préparé par la structure ».")
    if _NEGATIVE_TWICE.search(line):
        found.append("Deux négations dans une phrase se comprennent mal : dites ce qu’il faut faire.")
    return found
