#!/usr/bin/env python3
"""smoke_test.py BUILD: every tool of the benchmark over a tiny topic on a real broker. Holds what is found, never how fast."""

import json
import pathlib
import subprocess
import sys
import tempfile

import daemon
import lab
import throughput

EVENTS = 40_000


class Options:
    events, hosts, seed, rounds = EVENTS, 40, 3, 1


def same_events_for_a_seed(tools, folder):
    made = []
    for name in ("a", "b"):
        made.append(tools.run("topic", "--file", folder / name, "--events", 3_000, "--hosts", 40, "--calls", 0.02))
    assert made[0] == made[1] and (folder / "a").read_bytes() == (folder / "b").read_bytes(), "the same seed gives other events"
    sizes = []
    for line in (folder / "a").read_text(encoding="utf-8").splitlines():
        json.loads(line)
        sizes.append(len(line))
    assert 1_000 < sum(sizes) / len(sizes) < 2_500, sum(sizes) / len(sizes)
    return made[0]


def replay_finds_every_call(tools, folder, made):
    """All written forms of the address are among them."""
    text = (folder / "a").read_text(encoding="utf-8")
    for form in ("::ffff:169.254.169.254", "0:0:0:0:0:ffff:a9fe:a9fe", "169\\u002e254", "\\u0031\\u0036\\u0039.254", "::FFFF:A9FE:A9FE", "a9fe:a9fe:6e00"):
        assert form in text, f"no call written as {form}"
    subprocess.run([str(tools.imdswatch), "replay", "--alerts", str(folder / "alerts"), "--summary", str(folder / "summary"), str(folder / "a")], check=True)
    counted = [line.split()[-1].replace(",", "") for line in (folder / "summary").read_text(encoding="utf-8").splitlines() if line.startswith("  calls to the metadata service")]
    assert int(counted[0]) == made["calls"] > 10, (counted, made)
    scanned = tools.run("scan", folder / "a")
    assert scanned["lines"] == made["events"] and 0 < scanned["hits"] < made["calls"], (scanned, "a plain search does not find all forms")


def consumers_find_the_same(tools, folder):
    with lab.Broker(heap="384m") as broker:
        topic, made = throughput.make(tools, broker, "zstd", Options)
        bare = throughput.bare(tools, broker, topic)
        assert bare["events"] == made["events"] == EVENTS and bare["bytes"] == made["bytes"], (bare, made)
        ours = daemon.measure(tools, broker, topic, "smoke", made, folder)  # fails by itself if it misses anything
        shares = ours["cpu_shares"]
        assert shares["librdkafka"] > 0 and shares["sieve"] > 0 and abs(sum(shares.values()) - 1) < 0.01, shares
        recorded_batches_are_written_as_they_are(tools, broker)
        restored = tools.run("restore", "--hosts", 200, "--bootstrap", broker.bootstrap)  # fails by itself if a state differs
        assert restored["rows"] > 200 * 12 and restored["heap_bytes_per_host"] < 2_000 and restored["broker_restore_ms"] > 0, restored
        compared = throughput.compare({"bare": [bare], "imdswatch": [ours]})
        assert compared["imdswatch"]["cpu_ratio"]["median"] > 0 and compared["imdswatch"]["rate_ratio"]["median"] > 0


def recorded_batches_are_written_as_they_are(tools, broker):
    """In all partitions what was recorded in one."""
    recorded, topic = "smoke-recorded", "smoke-written"
    broker.create(recorded, partitions=1)
    broker.create(topic)
    made = tools.run("topic", "--bootstrap", broker.bootstrap, "--topic", recorded, "--partitions", 1, "--recording", "--events", 3_000)
    fed = tools.run("latency", "--bootstrap", broker.bootstrap, "--recorded", broker.folder_of(recorded, 0), "--topic", topic, "--rate", 100_000)
    assert 0 < fed["events_per_s"] < 110_000 and fed["probes"] == [], fed
    read = throughput.bare(tools, broker, topic)
    assert read["events"] == lab.PARTITIONS * made["events"] and read["bytes"] == lab.PARTITIONS * made["bytes"], (read, made)


def main():
    tools = lab.Tools(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        replay_finds_every_call(tools, folder, same_events_for_a_seed(tools, folder))
        detector = tools.run("detector", "--hosts", 200)
        assert detector["signatures"] == 200 * 12 and detector["run_judged"] == 400 and detector["run_rows"] > 0, detector
        consumers_find_the_same(tools, folder)


if __name__ == "__main__":
    main()
