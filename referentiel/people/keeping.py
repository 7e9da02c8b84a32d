"""How long each thing is kept, and why: one table, for the jobs that delete, the page that says so, and the papers."""

from dataclasses import dataclass
from datetime import timedelta

from referentiel.config import Settings
from referentiel.errors import N_

BACKUPS = timedelta(days=35)
"""A copy of the whole instance is deleted after this; no setting makes it longer, for erased people are in it."""


@dataclass(frozen=True)
class Keeping:
    """The durations of the settings; the defaults are theirs."""

    answered: timedelta = timedelta(days=365)
    unanswered: timedelta = timedelta(days=1095)
    wrong_tries: timedelta = timedelta(days=1)
    invitations: timedelta = timedelta(days=30)
    workshops: timedelta = timedelta(days=365)
    mails: timedelta = timedelta(days=30)
    notices: timedelta = timedelta(days=90)
    security_log: timedelta = timedelta(days=365)
    idle: timedelta = timedelta(days=730)
    idle_notice: timedelta = timedelta(days=42)
    appeal: timedelta = timedelta(days=30)

    @classmethod
    def of(cls, settings: Settings) -> "Keeping":
        return cls(
            answered=timedelta(days=settings.keep_answered_days),
            unanswered=timedelta(days=settings.keep_unanswered_days),
            wrong_tries=timedelta(days=settings.keep_wrong_tries_days),
            invitations=timedelta(days=settings.keep_invitations_days),
            workshops=timedelta(days=settings.keep_workshops_days),
            mails=timedelta(days=settings.keep_mails_days),
            notices=timedelta(days=settings.keep_notices_days),
            security_log=timedelta(days=settings.keep_security_log_days),
            idle=timedelta(days=settings.keep_idle_days),
            idle_notice=timedelta(days=settings.idle_notice_days),
            appeal=timedelta(days=settings.appeal_days),
        )


LAW = Keeping()


@dataclass(frozen=True)
class Kept:
    """One line of what is kept: what, why, and how long. ``setting`` is what ``%(days)s`` of ``how_long`` stands for;
    without one, it is kept for ever."""

    what: str
    why: str
    how_long: str
    setting: str | None = None
    also: str | None = None
    """The setting of ``%(more)s``"""


TABLE: tuple[Kept, ...] = (
    Kept(
        N_("Votre connexion"),
        N_("Vous reconnaître d’une page à l’autre."),
        N_("%(days)s au plus. Elle part dès que vous vous déconnectez."),
        "session_days",
    ),
    Kept(
        N_("Le lien entre un compte ouvert avec une carte et ses contributions"),
        N_("Vous permettre de retrouver la réponse avec vos mots de retour."),
        N_("%(days)s après la réponse, %(more)s au plus. Puis le lien est coupé et les mots de retour sont effacés."),
        "keep_answered_days",
        "keep_unanswered_days",
    ),
    Kept(
        N_("Les essais manqués d’un code ou de mots de retour"),
        N_("Ralentir qui essaie de deviner. Le site garde un nombre d’essais, pas qui essaie."),
        N_("%(days)s."),
        "keep_wrong_tries_days",
    ),
    Kept(
        N_("Une invitation que personne n’a acceptée"),
        N_("Dire à qui l’ouvre trop tard pourquoi elle ne marche plus."),
        N_("%(days)s après sa fin."),
        "keep_invitations_days",
    ),
    Kept(
        N_("Le titre et le lieu d’une séance, et qui l’a tenue"),
        N_("Préparer la séance, imprimer ses cartes, en rendre compte."),
        N_("%(days)s après sa fin. Il reste ses nombres : cartes imprimées, cartes utilisées."),
        "keep_workshops_days",
    ),
    Kept(
        N_("Les mails envoyés aux professionnels"),
        N_("Les envoyer, et recommencer s’ils ne partent pas."),
        N_("%(days)s après l’envoi."),
        "keep_mails_days",
    ),
    Kept(
        N_("La liste de ce qui vous a été annoncé par mail"),
        N_("Ne jamais vous écrire deux fois la même chose."),
        N_("%(days)s."),
        "keep_notices_days",
    ),
    Kept(
        N_("La réponse à un changement de structure refusé"),
        N_("Vous dire pourquoi, dans votre compte."),
        N_("%(days)s après la réponse. Une nouvelle demande la remplace."),
        "keep_notices_days",
    ),
    Kept(
        N_("La liste des pages que vous suivez"),
        N_("Vous écrire quand c’est nouveau."),
        N_("Jusqu’à ce que vous arrêtiez de suivre, ou que votre compte soit effacé."),
    ),
    Kept(
        N_("Le journal de sécurité : invitations, cartes imprimées, comptes ouverts ou suspendus"),
        N_("Comprendre une intrusion. Il ne contient ni nom ni adresse de machine."),
        N_("%(days)s. Il reste une empreinte, qui prouve que rien d’autre n’a été retiré."),
        "keep_security_log_days",
    ),
    Kept(
        N_("Un compte professionnel où personne ne vient"),
        N_("Vous permettre de revenir."),
        N_("%(days)s sans visite. Un mail vous prévient au moins %(more)s avant."),
        "keep_idle_days",
        "idle_notice_days",
    ),
    Kept(
        N_("Les textes publiés : contributions, propositions, avis"),
        N_("Montrer qui a été entendu. Ils sont signés d’un collège, jamais d’un nom."),
        N_("Aussi longtemps que le référentiel, ou jusqu’à ce que leur auteur les efface."),
    ),
    Kept(
        N_("Les décisions, le registre de modération, les comptes rendus et les éditions"),
        N_("Ce sont des actes publics. Ils ne nomment personne."),
        N_("Sans limite. Ils sont recopiés en archive avant que rien de ce qui les fonde ne soit effacé."),
    ),
)
"""What the page on personal data says, in its order"""
