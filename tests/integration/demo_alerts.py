#!/usr/bin/env python3
"""demo_alerts.py EXPECTED PID <ALERTS: shows alerts as they come, a document a line, in the table of `imdswatch demo`.

Ends when none has come for a while after as many came as EXPECTED holds, or for long, or when process PID has ended. Then
says how many equal those in EXPECTED by (event.id, imdswatch.version). Exit code 1 if they are not the same.
"""
import collections
import json
import os
import select
import sys
import time

QUIET_S = 5       # after the last expected one, for what must not come
AT_MOST_S = 90    # without any
WIDTH = 100


def identity(alert):
    return alert["event"]["id"], alert["imdswatch"]["version"]


def cell(text, size):
    text = "".join(c if c.isprintable() else "?" for c in text)
    return (text[:size - 1] + "…" if len(text) > size else text).ljust(size)


def why(alert):
    own = alert["imdswatch"]
    if "factors" not in own:
        return alert["message"]
    if own["reason"] == "new_to_fleet":
        return "new to the whole fleet"
    most = max(own["factors"], key=lambda factor: factor["surprise"] if factor["known"] else 0)
    return most["part"] + ": " + most["sentence"].split(": ", 1)[-1]


def row(alert):
    own = alert["imdswatch"]
    hosts = f"{own['group']['hosts_count']} hosts" if "group" in own else alert.get("host", {}).get("name", "")
    name = alert.get("process", {}).get("name") or own.get("signature", {}).get("name", "")
    score = str(int(own["score"] + 0.5)) if "score" in own else ""
    when = alert["event"]["start" if "factors" in own else "created"][:16].replace("T", " ")
    return " ".join((cell(when, 16), cell(hosts, 17), cell(name, 20), cell(score, 5), cell(why(alert), WIDTH - 62))).rstrip()


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def lines(pid, enough):
    """What standard input brings, until it is over or quiet."""
    buffer, last, seen = b"", time.monotonic(), 0
    while alive(pid) and time.monotonic() - last < (QUIET_S if seen >= enough else AT_MOST_S):
        if not select.select([0], [], [], 0.5)[0]:
            continue
        data = os.read(0, 1 << 16)
        if not data:
            return
        buffer, last = buffer + data, time.monotonic()
        *whole, buffer = buffer.split(b"\n")
        seen += len(whole)
        yield from whole


def main(expected_path, pid):
    with open(expected_path, encoding="utf-8") as file:
        expected = {identity(json.loads(line)) for line in file}
    print(cell("TIME (UTC)", 17) + cell("HOST", 18) + cell("PROCESS", 21) + cell("SCORE", 6) + "WHY\n" + "-" * WIDTH, flush=True)
    came = collections.Counter()
    began = time.monotonic()
    took = 0.0
    for line in lines(pid, len(expected)):
        alert = json.loads(line)
        came[identity(alert)] += 1
        took = time.monotonic() - began
        if alert["imdswatch"]["version"] == 1:
            print(row(alert), flush=True)
    equal = sum(1 for one in came if one in expected)
    doubled = sum(count - 1 for count in came.values())
    print(f"\n{came.total()} alerts and updates of alerts within {took:.0f} s. {equal} of the {len(expected)} that replay tells came, by id and "
          f"version;\n{len(expected) - equal} are missing, {doubled} came twice, {len(came) - equal} are others.", flush=True)
    return 0 if expected and came == collections.Counter(expected) else 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
