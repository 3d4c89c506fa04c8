"""The strict reader refuses every spelling that a YAML loader would interpret for us (BI-55, BI-56, BI-57)."""

from __future__ import annotations

import time

import pytest

from glidepath.errors import FactsError
from glidepath.facts.strict_yaml import MAX_BYTES, read_yaml_bytes


def refused(text: str | bytes) -> FactsError:
    raw = text if isinstance(text, bytes) else text.encode()
    started = time.monotonic()
    with pytest.raises(FactsError) as caught:
        read_yaml_bytes(raw, "drug.yaml")
    assert time.monotonic() - started < 1
    assert "drug.yaml" in caught.value.message
    return caught.value


def test_bi_55_the_same_key_twice_names_both_lines():
    error = refused("name: x\nstrength: '1'\nscored: 'yes'\nstrength: '10'\n")
    assert error.code == "YAML_DUPLICATE_KEY"
    assert "line 2" in error.message
    assert "line 4" in error.message


def test_bi_55_a_key_written_with_and_without_quotes_is_the_same_key():
    assert refused("a: {x: '1', 'x': '2'}\n").code == "YAML_DUPLICATE_KEY"


@pytest.mark.parametrize(
    "value",
    [
        "0.5",
        "010",
        "1_000",
        "1:30",
        "no",
        "1e3",
        "yes",
        "on",
        "off",
        "Yes",
        "NO",
        "y",
        "n",
        "~",
        ".5",
        "5.",
        "-1",
        "+1",
        "-0.5",
        "0x1F",
        "0o17",
        "0b1",
        ".inf",
        "-.inf",
        ".nan",
        "1E3",
        "1.5e-3",
        "2026-11-22",
        "2026-11-22T10:00:00Z",
        "True",
        "FALSE",
        "Null",
        "NULL",
        "=",
        "190:20:30.15",
        "00",
        "1_0.5",
        "99999999999999999999",
    ],
)
def test_bi_56_a_value_that_a_loader_would_type_is_refused_with_its_line(value: str):
    error = refused(f"name: x\nstrength: {value}\n")
    assert error.code == "YAML_SCALAR_TYPE"
    assert "line 2" in error.message
    assert refused(f"list: [{value}]\n").code == "YAML_SCALAR_TYPE"


def test_bi_56_an_empty_value_and_a_typed_key_are_refused():
    assert refused("strength:\n").code == "YAML_SCALAR_TYPE"
    assert refused("no: 'x'\n").code == "YAML_SCALAR_TYPE"
    assert refused("12: 'x'\n").code == "YAML_SCALAR_TYPE"
    assert refused("null: 'x'\n").code == "YAML_SCALAR_TYPE"


def test_quoted_numbers_stay_text_and_the_four_plain_kinds_are_read():
    read = read_yaml_bytes(b"a: '0.5'\nb: 12\nc: true\nd: null\ne: 1 mg\nf: \"no\"\ng: [0, two]\n", "x.yaml").value
    assert read == {"a": "0.5", "b": 12, "c": True, "d": None, "e": "1 mg", "f": "no", "g": [0, "two"]}


@pytest.mark.parametrize(
    "text",
    [
        "a: !!python/object/apply:os.system ['true']\n",
        "a: !!str 5\n",
        "a: !local x\n",
        "a: &anchor x\n",
        "a: &anchor x\nb: *anchor\n",
        "b: *missing\n",
        "<<: {a: 'b'}\n",
        "a: {'b': 'c'}\nb:\n  <<: {x: 'y'}\n",
        "a: x\n---\nb: y\n",
        "%YAML 1.1\n---\na: x\n",
        "? [a, b]\n: x\n",
        "a: " + "[" * 40 + "]" * 40 + "\n",
    ],
)
def test_bi_57_features_that_can_run_code_or_expand_are_refused(text: str):
    error = refused(text)
    assert error.code == "YAML_FEATURE"
    assert "line" in error.message


def test_bi_57_an_expansion_bomb_is_refused_at_its_first_anchor_within_a_second():
    layers = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    layers += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 30)]
    assert refused("\n".join(layers) + "\n").code == "YAML_FEATURE"


def test_bi_57_deep_nesting_and_oversize_are_refused_within_a_second():
    assert refused("[" * 100_000).code == "YAML_FEATURE"
    assert refused("{a: " * 100_000).code == "YAML_FEATURE"
    assert refused(b"a: 'x'\n" + b"# filler\n" * (MAX_BYTES // 8)).code == "YAML_FEATURE"


def test_what_is_not_yaml_or_not_text_is_named_and_not_a_crash():
    assert refused("a: [x\n").code == "DATA_SCHEMA"
    assert refused(b"a: \xff\xfe\n").code == "DATA_SCHEMA"
    assert refused(b"").code == "DATA_SCHEMA"
    assert refused(b"a: \x00\n").code == "DATA_SCHEMA"
