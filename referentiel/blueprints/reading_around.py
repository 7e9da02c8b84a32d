"""What stands under a criterion in force: what people say of it, what is asked, what happened to it."""

from dataclasses import dataclass

from referentiel.comments import queries as comments
from referentiel.comments.moderation import Faces
from referentiel.comments.voices import Voice
from referentiel.criteria.paths import Kind, path_of
from referentiel.library import queries as versions
from referentiel.proposals import queries as proposals
from referentiel.web import origins
from referentiel.web.clock import now
from referentiel.web.stores import library, settings

VOICES_SHOWN = 2
HISTORY_SHOWN = 3


@dataclass(frozen=True)
class Around:
    """What stands under the text in force."""

    faces: Faces | None
    smallest: int
    voices: tuple[Voice, ...]
    voices_count: int
    proposals: tuple[proposals.Row, ...]
    history: list[dict[str, object]]
    answer: str
    all_voices: str


def around(code: str) -> Around:
    """Four queries, whatever the number of rows."""
    smallest = settings().small_group
    said = [voice for voice in comments.on_item(code) if voice.text]
    path = path_of(Kind.CRITERION, code)
    return Around(
        faces=comments.faces(code, at=now(), smallest=smallest),
        smallest=smallest,
        voices=tuple(said[:VOICES_SHOWN]),
        voices_count=len(said),
        proposals=proposals.on_item(path, at=now()),
        history=origins.short_history(library(), versions.history(path, limit=HISTORY_SHOWN)),
        answer=f"/criteres/{code}/avis",
        all_voices=f"/criteres/{code}/contributions",
    )
