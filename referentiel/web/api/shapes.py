"""What the API says, each thing once: a shape turns a value into JSON, and describes that JSON as a schema. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

Json = Mapping[str, Any]


class Said(Protocol):
    """One kind of value: its JSON Schema, what it becomes in JSON, the shapes that it is made of."""

    @property
    def schema(self) -> Json: ...

    @property
    def parts(self) -> Iterable["Shape"]: ...

    def of(self, value: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class Type:
    """A value that is no object. ``made`` turns it into what JSON holds."""

    schema: Json
    made: Callable[[Any], Any] = lambda value: value
    parts: tuple["Shape", ...] = ()

    def of(self, value: Any) -> Any:
        return self.made(value)


@dataclass(frozen=True, slots=True)
class Field:
    """One member of an object: its name, what it is, what it means in French, where it is found."""

    name: str
    type: Said
    means: str
    get: Callable[[Any], Any]


def through(fields: Iterable[Field], way: Callable[[Any], Any]) -> tuple[Field, ...]:
    """The same members, of something that ``way`` leads to."""
    return tuple(Field(one.name, one.type, one.means, _after(one.get, way)) for one in fields)


def _after(get: Callable[[Any], Any], way: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: get(way(value))


@dataclass(frozen=True)
class Shape:
    """An object. ``before`` gives the members that a file of the text brings by itself, whatever their names."""

    name: str
    means: str
    fields: tuple[Field, ...]
    before: Callable[[Any], Json] | None = None
    known: Mapping[str, str] = field(default_factory=dict)
    """Names that ``before`` may give, and what they mean"""

    def of(self, value: Any) -> dict[str, Any]:
        own = {member.name: member.type.of(member.get(value)) for member in self.fields}
        return {**self.before(value), **own} if self.before else own

    @property
    def schema(self) -> Json:
        return {"$ref": f"#/components/schemas/{self.name}"}

    @property
    def parts(self) -> tuple["Shape", ...]:
        return (self,)

    @property
    def definition(self) -> Json:
        """The JSON Schema of the object itself."""
        brought = {name: {**LINE.schema, "description": means} for name, means in self.known.items()}
        own = {member.name: _described(member) for member in self.fields}
        return {
            "type": "object",
            "description": self.means,
            "properties": brought | own,
            "required": [member.name for member in self.fields],
            "additionalProperties": dict(LINE.schema) if self.before else False,
        }


def all_shapes(roots: Iterable[Shape]) -> dict[str, Shape]:
    """Every shape that these are made of, by name, themselves included."""
    found: dict[str, Shape] = {}
    waiting = list(roots)
    while waiting:
        shape = waiting.pop()
        if found.setdefault(shape.name, shape) is not shape:
            raise ValueError(f"two shapes are called {shape.name}")
        waiting += [part for member in shape.fields for part in member.type.parts if part.name not in found]
    return dict(sorted(found.items()))


def many(of: Said) -> Type:
    return Type({"type": "array", "items": of.schema}, lambda values: [of.of(value) for value in values], (*of.parts,))


def maybe(of: Said) -> Type:
    """The same, or null."""
    kind = of.schema.get("type")
    plain = isinstance(kind, str) and "enum" not in of.schema
    schema = {**of.schema, "type": [kind, "null"]} if plain else {"anyOf": [of.schema, {"type": "null"}]}
    return Type(schema, lambda value: None if value is None else of.of(value), (*of.parts,))


def choice(labels: Mapping[str, str]) -> Type:
    """One of a closed list; the description says in French what each value means."""
    told = ", ".join(f"`{value}` {label}" for value, label in labels.items())
    return Type({"type": "string", "enum": list(labels), "description": told}, str)


def _described(member: Field) -> Json:
    """A reference and a description may stand together since JSON Schema 2020-12."""
    inner = member.type.schema.get("description")
    return {**member.type.schema, "description": f"{member.means} {inner}." if inner else member.means}


TEXT = Type({"type": "string"})
WHOLE = Type({"type": "integer"})
YES_NO = Type({"type": "boolean"})
ADDRESS = Type({"type": "string", "format": "uri"})
COMMIT = Type({"type": "string", "pattern": "^[0-9a-f]{40}$"})
DIGEST = Type({"type": "string", "pattern": "^[0-9a-f]{64}$"})


def _day(value: date) -> str:
    return value.isoformat()


DAY = Type({"type": "string", "format": "date"}, _day)
LINE = Type({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
"""What a line of front matter holds: a value, or a list of values"""
