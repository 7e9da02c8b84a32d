"""Which characters enter the text: ordinary writing in any script, nothing invisible that could deceive.

What people paste without knowing (zero-width spaces, soft hyphens, a word processor's bullets) is put right; what could
reverse, break or hide is refused by its French name.
"""

import re
import unicodedata

from referentiel.errors import N_, Invalid

FIELD_LIMIT = 20_000
BRACKET_LIMIT = 300

_NAMES = {
    0x0000: N_("un caractère nul"),
    0x0009: N_("une tabulation"),
    0x000D: N_("un retour chariot"),
    0x001B: N_("un caractère d’échappement"),
    0x007F: N_("un caractère d’effacement"),
    0x202A: N_("un caractère caché qui change le sens d’écriture"),
    0x202B: N_("un caractère caché qui change le sens d’écriture"),
    0x202C: N_("un caractère caché qui change le sens d’écriture"),
    0x202D: N_("un caractère caché qui force le sens d’écriture"),
    0x202E: N_("un caractère caché qui inverse le sens d’écriture"),
    0x2066: N_("un caractère caché qui change le sens d’écriture"),
    0x2067: N_("un caractère caché qui change le sens d’écriture"),
    0x2068: N_("un caractère caché qui change le sens d’écriture"),
    0x2069: N_("un caractère caché qui change le sens d’écriture"),
}
_BY_CATEGORY = {
    "Cc": N_("un caractère de contrôle"),
    "Cs": N_("une moitié de caractère"),
    "Cn": N_("un caractère qui n’existe pas"),
    "Co": N_("un caractère d’une police particulière"),
    "Cf": N_("un caractère de mise en forme caché"),
    "Zl": N_("un séparateur de ligne caché"),
    "Zp": N_("un séparateur de paragraphe caché"),
}

# Almost every character of almost every field: one pass of the regular expression settles it.
_ORDINARY = re.compile(
    r"[\n -~\u00a0-\u00ac\u00ae-\u0233\u0391-\u03a1\u03a3-\u03ff\u0400-\u0481\u2010-\u2027\u202f-\u203e€→]*"
)
_MARKS_OF_DIRECTION = frozenset("\u200e\u200f\u061c")
_JOINERS = frozenset("\u200c\u200d")
_OUT_OF_PLACE = _JOINERS | _MARKS_OF_DIRECTION
_TAGS = range(0xE0020, 0xE0080)
# Invisible, harmless, and pasted by everybody from web pages and word processors: dropped without a word.
_DROPPED = frozenset("\u00ad\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u180e\u034f\u115f\u1160\u3164\uffa0\u2800")
_UNSEEN = frozenset({"Zs", "Mn", "Me", "Cf"})
_NEWLINES = re.compile(r"[\r\v\u0085\u2028\u2029]")
_BULLETS = str.maketrans({"\t": " ", "\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•", "\uf0fc": "•"})


def clean(text: str, *, field: str, limit: int = FIELD_LIMIT, lines: bool = True) -> str:
    """A field as it may be stored: NFC, Unix newlines, nothing hidden, no spaces around; ``""`` when nothing was typed.

    ``limit`` counts characters; ``lines`` says whether the field may have several. Raises Invalid, with ``field``, for
    what could deceive or harm: control and bidi characters, half characters, a text that only looks blank, too long a
    text, or so many brackets that rendering them would be slow. Costs about 10 µs for a paragraph.
    """
    if len(text) > 4 * limit:
        _refuse_length(len(text), limit, field)
    text = text.replace("\r\n", "\n")
    if not _ORDINARY.fullmatch(text):
        typed = bool(text.strip())
        text = _without_the_hidden(_NEWLINES.sub("\n", text).translate(_BULLETS), field)
        if typed and all(c == "\n" or unicodedata.category(c) in _UNSEEN for c in text):
            raise Invalid(N_("Ce texte paraît vide : il ne contient que des caractères invisibles."), field=field)
    text = text.strip()
    if len(text) > limit:
        _refuse_length(len(text), limit, field)
    if not lines and "\n" in text:
        raise Invalid(N_("Écrivez ce texte sur une seule ligne."), field=field)
    brackets = text.count("[")
    if brackets > BRACKET_LIMIT:
        raise Invalid(
            N_("Ce texte contient %(count)s crochets « [ » : gardez-en %(limit)s au plus."),
            field=field,
            count=brackets,
            limit=BRACKET_LIMIT,
        )
    return text


def unwelcome(line: str) -> str:
    """Names the first character of a line that stored text may not hold, in French; empty when there is none."""
    if _ORDINARY.fullmatch(line):
        return ""
    rightwards = _is_read_from_the_right(line)
    for place, character in enumerate(line):
        if character in _DROPPED or not _allowed(line, place, rightwards):
            return f"{_name(character)} (U+{ord(character):04X})"
    return ""


def visible(text: str) -> str:
    """The text with what cannot be seen written out: ``Accès [U+202E]gnp.exe``. For differences and moderation."""
    if _ORDINARY.fullmatch(text):
        return text
    rightwards = _is_read_from_the_right(text)
    return "".join(
        f"[U+{ord(c):04X}]" if c in _DROPPED or not (c == "\t" or _allowed(text, place, rightwards)) else c
        for place, c in enumerate(text)
    )


def _without_the_hidden(text: str, field: str) -> str:
    text = unicodedata.normalize("NFC", text)
    rightwards = _is_read_from_the_right(text)
    kept = []
    for place, character in enumerate(text):
        if character in _DROPPED:
            continue
        if not _allowed(text, place, rightwards):
            if character in _OUT_OF_PLACE:
                continue
            raise Invalid(
                N_(
                    "Ligne %(line)s : le texte contient %(name)s (%(code)s). Retirez-le, ou tapez le passage à nouveau."
                ),
                field=field,
                line=text.count("\n", 0, place) + 1,
                name=_name(character),
                code=f"U+{ord(character):04X}",
            )
        kept.append(character)
    # Dropping a joiner may bring together a letter and its accent.
    return unicodedata.normalize("NFC", "".join(kept))


def _is_read_from_the_right(text: str) -> bool:
    return any(unicodedata.bidirectional(c) in ("R", "AL") and c not in _MARKS_OF_DIRECTION for c in text)


def _allowed(text: str, place: int, rightwards: bool) -> bool:
    """Whether a character may stand where it stands; joiners and direction marks only where a script needs them."""
    character = text[place]
    if character == "\n":
        return True
    category = unicodedata.category(character)
    if category[0] != "C":
        return category not in ("Zl", "Zp")
    if character in _JOINERS:
        return _joins(text, place)
    if character in _MARKS_OF_DIRECTION:
        return rightwards
    code = ord(character)
    if category == "Cf":
        in_a_flag = code in _TAGS and place > 0 and ("\U0001f3f4" in text[max(0, place - 7) : place])
        return in_a_flag or 0x0600 <= code <= 0x0605 or code in (0x06DD, 0x070F, 0x08E2)
    # Telephones know emoji that this Python does not know yet.
    return category == "Cn" and 0x1F300 <= code <= 0x1FAFF


def _joins(text: str, place: int) -> bool:
    """A joiner belongs between letters of a joining script, or inside an emoji."""
    before = text[place - 1] if place else ""
    after = text[place + 1] if place + 1 < len(text) else ""
    return bool(before and after) and all(ord(c) > 0x5FF and not c.isspace() for c in (before, after))


def _name(character: str) -> str:
    return _NAMES.get(ord(character)) or _BY_CATEGORY.get(unicodedata.category(character), N_("un caractère invisible"))


def _refuse_length(length: int, limit: int, field: str) -> None:
    raise Invalid(
        N_("Ce texte a %(length)s caractères, et la limite est %(limit)s : raccourcissez-le, ou faites-en deux."),
        field=field,
        length=length,
        limit=limit,
    )
