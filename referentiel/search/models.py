"""The index's own table: what is shown of a hit. The words are beside it, in the form of each engine.

It stands outside the application's metadata: migrations do not follow it, since it can be made again at any time.
"""

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

entries = Table(
    "search_entry",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("path", String(200), nullable=False),
    Column("blob", String(64), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("key", String(120), nullable=False),
    Column("title", Text, nullable=False),
    Column("former_names", Text, nullable=False),
    Column("current", Boolean, nullable=False, index=True),
    UniqueConstraint("path", "blob"),
)

# Apart, so that ranking hundreds of matches reads short rows alone.
texts = Table(
    "search_text",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
)

state = Table(
    "search_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("stamp", Text, nullable=False),
)
