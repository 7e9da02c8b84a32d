"""What the mails say. Pure: each letter is a value; addresses in it come from the configured public address alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from referentiel.dates import long_date
from referentiel.permissions import College, Role

FILES = "*.eml*"
"""The names of the letters of a folder, drafts that a killed process left of one too"""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail in plain text. ``subject`` is one line; ``unsubscribe`` the address that ends letters of this kind."""

    to: str
    subject: str
    body: str
    unsubscribe: str = ""


def signed(*paragraphs: str) -> str:
    """Paragraphs, then the signature."""
    return "\n\n".join((*paragraphs, "-- \nRéférentiel partagé")) + "\n"


def sign_in_letter(to: str, address: str) -> Letter:
    return Letter(
        to,
        "Votre lien pour vous connecter",
        signed(
            "Bonjour,",
            "Pour vous connecter au référentiel partagé, ouvrez ce lien. Il marche une fois, pendant dix minutes :",
            address,
            "Ouvrez-le sur l’appareil où vous l’avez demandé. Sur un autre appareil, il montre six chiffres, "
            "à écrire dans la première fenêtre.",
            "Vous n’avez rien demandé ? Ne faites rien : personne ne s’est connecté.",
        ),
    )


def invitation_letter(to: str, address: str, college: College, roles: list[Role]) -> Letter:
    asked = ", ".join(role.label.lower() for role in roles)
    return Letter(
        to,
        "Invitation au référentiel partagé",
        signed(
            "Bonjour,",
            f"Vous êtes invité·e à écrire le référentiel partagé, dans le collège « {college.label} »"
            + (f" (rôle : {asked})." if asked else "."),
            "Pour accepter, ouvrez ce lien. Il marche une fois, pendant sept jours :",
            address,
            "Vous ne savez pas de quoi il s’agit ? Ne faites rien : aucun compte ne sera ouvert.",
        ),
    )


def idle_letter(to: str, address: str, last_day: date) -> Letter:
    """Told weeks before, for an account where nobody has come for a long time."""
    return Letter(
        to,
        "Votre compte sera fermé",
        signed(
            "Bonjour,",
            "Personne n’est venu depuis longtemps avec votre compte du référentiel partagé. "
            f"Sans visite de votre part, il sera fermé après le {long_date(last_day)} : votre adresse sera effacée.",
            "Vous voulez le garder ? Connectez-vous une fois, cela suffit :",
            address,
            "Vous n’en avez plus besoin ? Ne faites rien. Ce que vous avez publié reste, sans votre nom.",
        ),
    )


def suspension_letter(to: str, since: date, address: str) -> Letter:
    """Told at once, and again to whoever asks for a link meanwhile."""
    return Letter(
        to,
        "Votre compte est suspendu",
        signed(
            "Bonjour,",
            f"Votre compte du référentiel partagé est suspendu depuis le {long_date(since)}. Vous ne pouvez plus vous "
            "connecter. Ce que vous avez publié reste.",
            "Vous voulez comprendre, ou demander qu’il soit rouvert ? Répondez à la personne qui vous a invité·e, "
            f"ou écrivez à l’adresse donnée ici : {address}",
        ),
    )


def reinstatement_letter(to: str, address: str) -> Letter:
    return Letter(
        to,
        "Votre compte est rouvert",
        signed("Bonjour,", "Votre compte du référentiel partagé est rouvert. Vous pouvez vous connecter :", address),
    )


def merging_letter(to: str, address: str) -> Letter:
    return Letter(
        to,
        "Vos deux comptes sont réunis",
        signed(
            "Bonjour,",
            "Une personne chargée de l’administration a réuni un autre compte avec le vôtre. Ce qui était dans l’autre "
            "compte est maintenant dans celui-ci. L’autre est fermé, et son adresse est effacée. Pour voir votre compte"
            " :",
            f"{address}/mon-compte",
            "Vous n’aviez pas d’autre compte ? Dites-le à la personne qui vous a invité·e, ou écrivez à l’adresse "
            f"donnée ici : {address}/mentions-legales",
        ),
    )


def ending(address: str) -> str:
    """The last paragraph of a letter that nobody asked for at that moment."""
    return f"Pour ne plus recevoir ces messages : {address}"


ANSWERS = {
    "reply": (
        "Quelqu’un a répondu à votre contribution",
        "Une réponse à votre contribution est publiée. Pour la lire :",
    ),
    "applied": (
        "Votre suggestion est reprise",
        "L’auteur d’une proposition a repris les mots que vous suggériez. Votre numéro y est crédité. La page dit "
        "dans quelle proposition :",
    ),
    "taken_up": (
        "Votre souhait devient une proposition",
        "Quelqu’un a écrit une proposition à partir de votre souhait. Votre numéro y est crédité. La page dit laquelle"
        " :",
    ),
    "published": ("Votre contribution est publiée", "Votre contribution a été relue. Elle est publiée :"),
    "removed": (
        "Votre contribution n’est pas publiée",
        "Votre contribution a été relue. Elle n’est pas publiée. La page dit pourquoi, et comment demander une "
        "deuxième lecture :",
    ),
    "appeal": ("Votre recours a sa réponse", "Une autre personne a relu votre contribution. La page dit sa réponse :"),
}
"""What moderation and replies say to who wrote: subject, sentence. Nobody's words are in a mail."""


def answer_letter(to: str, address: str, kind: str, stop: str) -> Letter:
    subject, sentence = ANSWERS[kind]
    return Letter(to, subject, signed("Bonjour,", sentence, address, ending(stop)), stop)


def structure_letter(to: str, address: str, stop: str) -> Letter:
    """A change of structure is refused: the reason is on the page, not in the mail."""
    return Letter(
        to,
        "Votre changement de structure est refusé",
        signed(
            "Bonjour,",
            "Vous avez demandé à changer de structure. Une personne chargée de l’administration a refusé. "
            "Votre compte dit pourquoi :",
            address,
            ending(stop),
        ),
        stop,
    )


def digest_letter(to: str, on: date, lines: Sequence[tuple[str, str]], stop: str) -> Letter:
    """The letter of the day: one sentence and one address for each thing."""
    return Letter(
        to,
        f"Référentiel partagé : les nouvelles du {long_date(on)}",
        signed(
            "Bonjour,",
            "Depuis le dernier message :",
            *(f"- {said}\n  {address}" for said, address in lines),
            ending(stop),
        ),
        stop,
    )


LATE = "late"
"""What time alone makes worth saying to the authors"""
STEPS = {
    "submit": "elle est arrivée. Une personne chargée de l’édition va la lire.",
    "admit": "elle est recevable. La discussion est ouverte.",
    "ask_completion": "une personne demande de la compléter.",
    "declare_inadmissible": "elle est déclarée irrecevable. La page dit pourquoi, et comment faire un recours.",
    "appeal": "votre recours est arrivé. Une autre personne va la lire.",
    "propose_decision": "une décision est proposée. Elle attend la deuxième signature.",
    "send_back": "elle revient en discussion. La page dit pourquoi.",
    "sign": "la décision est prise. La page dit laquelle, et pourquoi.",
    "resume": "la discussion reprend, comme la décision l’avait prévu.",
    "carry_over": "elle sera décidée pour l’édition suivante. La page dit pourquoi.",
    "merge_into": "elle rejoint une autre proposition. La page dit laquelle.",
    LATE: "la réponse promise n’est pas encore donnée. Nous sommes en retard.",
    "joined": "une autre proposition la rejoint. Les deux auteurs sont prévenus.",
}
"""What each step says to the authors; a step of their own that is not here needs no mail."""

FOR_THE_DAY = {
    "submit": "elle est déposée.",
    "resubmit": "elle est complétée.",
    "admit": "la discussion est ouverte.",
    "ask_completion": "elle est rendue à son auteur, pour être complétée.",
    "declare_inadmissible": "elle est déclarée irrecevable.",
    "appeal": "un second regard est demandé.",
    "revise": "une nouvelle rédaction est publiée.",
    "propose_decision": "une décision est proposée. Elle attend la deuxième signature.",
    "send_back": "elle revient en discussion.",
    "sign": "la décision est prise.",
    "resume": "la discussion reprend.",
    "merge_into": "elle rejoint une autre proposition.",
    "withdraw": "son auteur l’a retirée.",
}
"""What each step says in the letter of the day, to who follows"""


def step_letter(to: str, address: str, number: int, title: str, step: str, stop: str) -> Letter:
    return Letter(
        to,
        f"Votre proposition {number} : du nouveau",
        signed(
            "Bonjour,",
            f"Votre proposition {number}, « {title} » : {STEPS[step]}",
            f"Pour tout lire : {address}",
            ending(stop),
        ),
        stop,
    )


def credited_letter(to: str, address: str, number: int, title: str, step: str, stop: str) -> Letter:
    """To whoever is credited, and did not write the proposal."""
    return Letter(
        to,
        f"La proposition {number} reprend vos mots : du nouveau",
        signed(
            "Bonjour,",
            f"La proposition {number}, « {title} », reprend des mots à vous : {STEPS[step]}",
            f"Pour tout lire : {address}",
            ending(stop),
        ),
        stop,
    )
