"""The migrations make exactly the tables of the models, go down and up again, and have one head."""

import sys

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import Migrate, downgrade, upgrade

from referentiel.app import create_app
from referentiel.commands.init import MIGRATIONS
from referentiel.database import Base, db
from tools.scratch import scratch_settings


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    return not (kind == "table" and (name or "").startswith("search_"))


def drift() -> list[object]:
    """What differs between the migrated tables and the models; empty when all is well."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _ours, "compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def main() -> int:
    with scratch_settings() as settings:
        app = create_app(settings)
        Migrate(app, db, directory=str(MIGRATIONS))
        with app.app_context():
            upgrade(directory=str(MIGRATIONS))
            downgrade(directory=str(MIGRATIONS), revision="base")
            upgrade(directory=str(MIGRATIONS))
            found = drift()
            db.engine.dispose()
    for line in found:
        print("écart :", line)
    print("migrations :", "à revoir" if found else "sans écart avec les modèles")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
