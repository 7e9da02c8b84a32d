"""The description of the API and what it answers are the same thing: read by the tools that others use.

An ordinary run asks some tens of things of each address; ``REFERENTIEL_TEST_API=whole`` (``make walk``) asks hundreds.
"""

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from referentiel.blueprints.api import TABLE
from referentiel.web.clock import set_clock
from tests.cast import Someone, now
from tests.functional.test_api import API, asked, every_answer, life  # noqa: F401 (a fixture)

WHOLE = os.environ.get("REFERENTIEL_TEST_API") == "whole"
EXAMPLES = 200 if WHOLE else 8
CHECKS = (
    not_a_server_error,
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)


@pytest.fixture
def hurried(app: Flask) -> Flask:
    """Whoever asks here has all the time in the world: each look at the clock is a second later."""
    seconds = iter(range(10**9))
    begin = now()
    set_clock(app, lambda: begin + timedelta(seconds=next(seconds)))
    return app


def description(someone: Someone) -> Any:
    return asked(someone, "/openapi.json").get_json()


def test_the_description_is_valid_and_names_each_address_once(passer_by: Someone, app: Flask) -> None:
    told = description(passer_by)
    OpenAPIV31SpecValidator(told).validate()
    served = {
        re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule.removeprefix(API))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(f"{API}/")
    }
    assert set(told["paths"]) == served - {"/openapi.json"} == {resource.path for resource in TABLE}
    assert told["info"]["license"]["identifier"] == "etalab-2.0"
    names = [one["get"]["operationId"] for one in told["paths"].values()]
    assert len(names) == len(set(names))


def test_everything_that_is_described_says_in_french_what_it_is(passer_by: Someone) -> None:
    told = description(passer_by)
    for schema in told["components"]["schemas"].values():
        assert schema["description"]
        assert all(member.get("description") for member in schema["properties"].values())
    for path in told["paths"].values():
        assert all(one["description"] and one["schema"] for one in path["get"]["parameters"])


def test_each_answer_of_a_full_house_is_what_the_description_says(life: object, passer_by: Someone) -> None:  # noqa: F811
    told = description(passer_by)
    patterns = {
        re.compile(re.sub(r"\{\w+\}", "[^/?]+", path) + r"(\?.*)?"): operation["get"]["responses"]["200"]
        for path, operation in told["paths"].items()
    }
    for text, answer in every_answer(passer_by):
        here = answer["liens"]["ici"].partition(API)[2]
        (found,) = [one for pattern, one in patterns.items() if pattern.fullmatch(here)]
        schema = {**found["content"]["application/json"]["schema"], "components": told["components"]}
        jsonschema.Draft202012Validator(schema).validate(answer)
        assert text.endswith("\n")


def operations(app: Flask) -> Iterator[Any]:
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", app)
    for found in schema.get_all_operations():
        yield found.ok()


def test_nothing_that_a_machine_invents_breaks_an_address(hurried: Flask, life: object) -> None:  # noqa: F811
    for operation in operations(hurried):
        for mode in schemathesis.GenerationMode:
            if mode.is_negative and not operation.definition.raw["parameters"]:
                continue  # What asks for nothing cannot be asked wrongly.

            @seed(20260105)
            @settings(
                max_examples=EXAMPLES,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                case.call_and_validate(checks=CHECKS)

            ask()
