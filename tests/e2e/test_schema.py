"""The published schema takes the published example, and refuses what the gateway refuses."""

import copy
import json

import jsonschema
import pytest
import yaml

from support.gateway import REPOSITORY, run

SCHEMA = REPOSITORY / "docs" / "config.schema.json"
EXAMPLE = REPOSITORY / "config.example.yaml"


@pytest.fixture(scope="module")
def validator():
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.fixture
def example():
    return copy.deepcopy(yaml.safe_load(EXAMPLE.read_text()))


def test_example_is_right(validator, example):
    assert list(validator.iter_errors(example)) == []


def test_gateway_takes_the_example():
    result = run("check", "-config", EXAMPLE)
    assert result.returncode == 0, result.stdout + result.stderr


WRONG = {
    "timeout is a bare number": ("server", {"read_timeout": 30}),
    "retries are a word": ("routing", {"failover": {"max_retries": "three"}}),
    "unknown strategy": ("routing", {"models": {"m": {"providers": ["openai"],
                                                      "strategy": "random"}}}),
    "unknown credential mode": ("providers", {"openai": {"credential_mode": "magic"}}),
    "negative weight": ("providers", {"openai": {"keys": [{"key": "k", "weight": -1}]}}),
    "providers are a list": ("providers", ["openai"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_configuration_is_refused_by_both(validator, tmp_path, name):
    section, value = WRONG[name]
    wrong = {section: value}
    assert list(validator.iter_errors(wrong)), "the schema takes it"
    path = tmp_path / "wrong.yaml"
    path.write_text(yaml.safe_dump(wrong))
    assert run("check", "-config", path).returncode == 1
