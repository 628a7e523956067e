#!/usr/bin/env python3
"""Validates alert documents against docs/formats/alert.schema.json.

    validate_alerts.py SCHEMA FILE...   each file holds one JSON document, or one a line; `-` is standard input

Also spoils each document in a few ways and demands that the schema notices. Exit code 1 if anything is wrong.
Needs python3-jsonschema (4 or newer).
"""
import copy
import json
import sys

from jsonschema import Draft202012Validator


def documents(path):
    text = sys.stdin.read() if path == "-" else open(path, encoding="utf-8").read()
    try:
        return [json.loads(text)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]


def spoiled(document):
    """Copies of the document that must not be valid."""
    for change in (
        lambda d: d.update(surprising=1),
        lambda d: d["imdswatch"].update(kind="other"),
        lambda d: d["imdswatch"].update(version=0),
        lambda d: d["event"].update(id="not-a-uuid"),
        lambda d: d.update({"@timestamp": "yesterday"}),
        lambda d: d.pop("message"),
        lambda d: d["rule"].update(name=""),
    ):
        copied = copy.deepcopy(document)
        change(copied)
        yield copied


def main(schema_path, paths):
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    wrong = seen = 0
    for path in paths:
        for document in documents(path):
            seen += 1
            for error in validator.iter_errors(document):
                wrong += 1
                print(f"{path}: /{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}", file=sys.stderr)
            for i, bad in enumerate(spoiled(document)):
                if validator.is_valid(bad):
                    wrong += 1
                    print(f"{path}: the schema does not notice spoiling number {i}", file=sys.stderr)
    print(f"{seen} documents, {wrong} errors")
    return 1 if wrong or not seen else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
