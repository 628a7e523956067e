#!/usr/bin/env python3
"""validate_alerts_test.py SCHEMA ALERT: a check that cannot fail is none. ALERT is a file with one valid document."""
import json
import pathlib
import subprocess
import sys
import tempfile

checker = pathlib.Path(__file__).with_name("validate_alerts.py")
schema, alert = sys.argv[1:3]


def accepts(text, schema=schema):
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        run = subprocess.run([sys.executable, checker, schema, file.name], capture_output=True, text=True, check=False)
        assert "Traceback" not in run.stderr, run.stderr
        return run.returncode == 0


def line(**change):
    document = json.loads(pathlib.Path(alert).read_text(encoding="utf-8"))
    document.update(change)
    return json.dumps(document) + "\n"


assert accepts(line()), "a valid document is refused"
assert accepts(line() * 2), "a valid document a line is refused"
assert not accepts(line() + line(message=7)), "a broken document among valid ones goes unnoticed"
assert not accepts(line(surprising=1)), "a field that the schema does not know goes unnoticed"
assert not accepts(""), "no document at all goes unnoticed"
with tempfile.NamedTemporaryFile("w", suffix=".json") as lax:
    lax.write("{}")
    lax.flush()
    assert not accepts(line(), lax.name), "a schema that allows anything goes unnoticed"
