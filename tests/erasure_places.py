"""Every place that can hold text, what erasing does with it, and how a planted name is looked for in bytes."""

import hashlib
import re
import subprocess
from collections.abc import Iterator

from sqlalchemy import JSON, Enum, String, Table

from referentiel.config import Settings
from referentiel.database import Base

GOES = "goes with the account"
ON_REQUEST = "goes when the person asks for their words too"
PUBLIC = "a public act, or a copy of the library: it stays, and holds no name by rule"
INSTITUTION = "about an institution or a place, not a person"
PASSING = "nobody's, and gone within minutes"
CODE = "a code, a hash, a number or a closed list: no words"

PLACES = {
    "audit_lines": {"event": CODE, "subject": CODE, "details": CODE, "previous": CODE, "hash": CODE},
    "audit_stretches": {"previous": CODE, "first_hash": CODE, "last_hash": CODE},
    "basins": {"key": CODE, "name": INSTITUTION, "parent": CODE},
    "cards": {"college": CODE, "square": CODE},
    "comment_appeals": {"words": GOES, "note": GOES},
    "comments": {
        "sending": CODE,
        "key": CODE,
        "path": CODE,
        "section": CODE,
        "blob": CODE,
        "quotation": ON_REQUEST,
        "before": ON_REQUEST,
        "after": ON_REQUEST,
        "text": ON_REQUEST,
        "replacement": ON_REQUEST,
        "first_section": CODE,
        "first_quotation": ON_REQUEST,
        "note": ON_REQUEST,
    },
    "decision_colleges": {"justification": PUBLIC},
    "decision_files": {"path": CODE, "before_blob": CODE, "text": ON_REQUEST, "blob": CODE},
    "decisions": {
        "reason": PUBLIC,
        "plain_reason": PUBLIC,
        "digest": CODE,
        "author_words": ON_REQUEST,
        "operation_id": CODE,
        "commit_id": CODE,
        "form_id": CODE,
    },
    "drafts": {"path": CODE, "base_commit": CODE, "content": GOES, "form_id": CODE},
    "edition_carried_over": {"reason": PUBLIC, "plain_reason": PUBLIC, "college": CODE},
    "edition_plans": {
        "number": CODE,
        "commit": CODE,
        "note": PUBLIC,
        "revision_note": PUBLIC,
        "prepared_by_college": CODE,
        "confirmed_by_college": CODE,
        "audit_head": CODE,
        "failure": CODE,
    },
    "follows": {"topic": CODE},
    "identities": {"issuer": CODE, "subject": GOES},
    "invitations": {"digest": CODE, "college": CODE, "roles": CODE, "email": GOES, "browser": CODE},
    "notices": {"event": CODE, "kind": CODE, "payload": GOES},
    "openid_tries": {
        "state": CODE,
        "nonce": CODE,
        "verifier": CODE,
        "browser": CODE,
        "next_url": PASSING,
    },
    "operations": {
        "id": CODE,
        "kind": CODE,
        "subject": CODE,
        "state": CODE,
        "base": CODE,
        "files": ON_REQUEST,
        "message": ON_REQUEST,
        "author_name": CODE,
        "author_email": CODE,
        "college": CODE,
        "commit": CODE,
        "parent": CODE,
        "paths": CODE,
        "reason": CODE,
        "cause": CODE,
    },
    "outbox_items": {"kind": CODE, "payload": GOES, "last_error": CODE},
    "paragraph_origins": {"path": CODE, "part": CODE, "paragraph": CODE},
    "people": {"college": CODE, "email": GOES, "name": GOES, "pseudonym": GOES, "mail": CODE},
    "people_roles": {"role": CODE},
    "projected": {"head": CODE},
    "proposals": {"title": ON_REQUEST, "path": CODE, "code": CODE, "adopted_path": CODE, "form_id": CODE},
    "recovery_codes": {"digest": CODE},
    "revision_files": {"path": CODE, "before_blob": CODE, "text": ON_REQUEST, "blob": CODE},
    "revisions": {"base_commit": CODE, "reason": ON_REQUEST, "plain_change": ON_REQUEST},
    "sessions": {"digest": CODE, "way": CODE, "browser": CODE, "id_token": GOES},
    "sign_in_links": {"digest": CODE, "kind": CODE, "browser": CODE, "next_url": GOES},
    "signatures": {"digest": CODE},
    "step_lines": {"reason": ON_REQUEST, "plain_reason": ON_REQUEST},
    "structure_wishes": {"name": GOES, "reason": GOES},
    "structures": {"name": INSTITUTION, "kind": CODE, "territory": CODE, "siret": CODE},
    "tablets": {"digest": CODE},
    "versions": {
        "path": CODE,
        "commit": CODE,
        "blob": CODE,
        "before_blob": CODE,
        "status": CODE,
        "subject": PUBLIC,
        "change_class": CODE,
        "operation": CODE,
        "college": CODE,
    },
    "workshops": {
        "title": ON_REQUEST,
        "criteria": CODE,
        "place": ON_REQUEST,
        "opened_by_college": CODE,
        "second_college": CODE,
        "code": CODE,
    },
}

NAME, ADDRESS = "Zéphyrineq", "zephyrineq000x@tests.invalid"
PLANTED = re.compile(rb"z(?:\xc3\xa9|\\u00e9|\xe9|e|%C3%A9)phyrineq(\d{3})x", re.IGNORECASE)
"""The name in UTF-8, escaped as JSON does, in Latin-1, without its accent, in an address; then the number of a place"""


def planted_in(content: bytes) -> set[int]:
    return {int(number) for number in PLANTED.findall(content)}


def columns() -> Iterator[tuple[Table, str]]:
    """Every column that can hold text and is not a closed list."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String | JSON) and not isinstance(column.type, Enum):
                yield table, column.name


def dump(settings: Settings) -> bytes:
    """All that the database holds. On SQLite: the file, its log and its index, byte by byte."""
    if settings.database_url:
        command = ["pg_dump", "--inserts", f"--dbname={settings.database_url}"]
        return subprocess.run(command, check=True, capture_output=True).stdout
    return b"\0".join(file.read_bytes() for file in sorted(settings.instance.glob("referentiel.sqlite*")))


def git_objects(settings: Settings) -> bytes:
    """Every object of the library, reachable or not: blobs, trees, commits, tags."""
    command = ["git", "-C", str(settings.library_path), "cat-file", "--batch-all-objects", "--batch"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def left(settings: Settings) -> dict[str, set[int]]:
    """Where the name still stands, and which of its places that was."""
    files = {
        str(file.relative_to(settings.instance)): file.read_bytes()
        for file in settings.instance.rglob("*")
        if file.is_file() and "backups" not in file.parts
    }
    files |= {"the database": dump(settings), "the library": git_objects(settings)}
    found = {name: planted_in(content) for name, content in files.items()}
    return {name: numbers for name, numbers in found.items() if numbers}


def sealed(settings: Settings) -> dict[str, str]:
    """Every sealed file and its hash."""
    return {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(settings.editions_path.rglob("*"))
        if file.is_file()
    }
