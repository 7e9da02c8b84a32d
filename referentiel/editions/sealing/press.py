"""How this installation prints its editions: what the settings decide and the text does not."""

from dataclasses import dataclass

from referentiel.config import Settings


@dataclass(frozen=True, slots=True)
class Press:
    """``site`` is the public address that sealed bytes bear, ``formats`` the forms to make, in their order."""

    site: str
    formats: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings) -> "Press":
        return cls(site=settings.base_url, formats=settings.formats_made)
