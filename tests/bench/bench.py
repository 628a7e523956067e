#!/usr/bin/env python3
"""./dev bench: see docs/performance.md. Exit codes: 0 done; 1 a measurement failed; 3 worse than the baseline beyond the noise."""

import argparse
import json
import os
import pathlib
import platform
import re
import signal
import sys
import tempfile

import baseline
import others
import peers
import throughput
from lab import ROOT, Broker, Failed, Tools

SECTIONS = ("throughput", "scaling", "latency", "replay", "detector", "restore")


def say(text=""):
    print(text, flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures imdswatch against a bare librdkafka consumer, in one run.")
    parser.add_argument("--json", type=pathlib.Path, help="write all figures there")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--peers", action="store_true", help="a Kafka Streams application and a Python service beside it, in the throughput section")
    parser.add_argument("--quick", action="store_true", help="two rounds on lz4 with fewer events, and nothing else")
    parser.add_argument("--codecs", type=lambda text: text.split(","), default=["lz4", "zstd", "none", "lz4" + throughput.ANY_ORDER])
    parser.add_argument("--events", type=int, default=3_000_000)
    parser.add_argument("--hosts", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(SECTIONS), help="sections: " + ", ".join(SECTIONS))
    parser.add_argument("--fleets", type=lambda text: [int(n) for n in text.split(",")], default=[10_000, 100_000, 1_000_000],
                        help="hosts for the detector alone")
    parser.add_argument("--latency-rate", type=float, help="events a second; by default half of what throughput reached on the first codec, else 100,000")
    parser.add_argument("--baseline", type=pathlib.Path, default=ROOT / "tests/bench/baseline.json")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/bench")
    out = parser.parse_args()
    if out.quick:
        out.rounds, out.codecs, out.events, out.only = min(out.rounds, 2), out.codecs[:1], min(out.events, 1_000_000), ["throughput"]
    if unknown := set(out.only) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(unknown)}")
    return out


def measure(tools, options, folder, result):
    """Fills `result` by section. Each that needs a broker gets a new one, so that topics take no more disk than one section needs."""
    if "throughput" in options.only:
        with Broker() as broker:
            result["throughput"] = throughput.run(tools, broker, options, folder, say, peers.contenders(broker) if options.peers else None)
    if "scaling" in options.only:
        with Broker() as broker:
            result["scaling"] = others.scaling(tools, broker, options, folder, say)
    if "latency" in options.only:
        rate = options.latency_rate or 100_000
        if "throughput" in result and not options.latency_rate:
            first = result["throughput"][options.codecs[0]]
            rate = first["contenders"][throughput.OURS]["events_per_s"]["median"] / 2
        with Broker() as broker:
            result["latency"] = others.latency(tools, broker, options, folder, rate, say)
    if "replay" in options.only:
        result["replay"] = others.replay(tools, options, folder, say)
    if "detector" in options.only:
        result["detector"] = others.detector(tools, options, say)
    if "restore" in options.only:
        with Broker() as broker:
            result["restore"] = others.restore(tools, broker, options, say)


def memory(result):
    """At full rate, the worst of all codecs; and the model's, by size of fleet."""
    codecs = result.get("throughput", {}).values()
    return {"peak_rss_mib": max((one["contenders"][throughput.OURS]["peak_rss_mib"]["max"] for one in codecs), default=None),
            "model_bytes_per_host": {str(one["hosts"]): one["model_bytes_per_host"] for one in result.get("detector", {}).get("sizes", [])}}


def maker_of_processor():
    """As /proc/cpuinfo says it; else the architecture."""
    found = re.search(r"^vendor_id\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace"), re.MULTILINE)
    return found[1] if found else platform.machine()


def main():
    options = arguments()
    tools = Tools(options.build)
    result = {"machine": {"cores": os.cpu_count(), "processor": maker_of_processor(), "system": platform.platform()}, "events": options.events, "rounds": options.rounds, "seed": options.seed}
    with tempfile.TemporaryDirectory(prefix="imdswatch-bench-") as folder:
        where = pathlib.Path(folder)
        measure(tools, options, where, result)
    result["memory"] = memory(result)
    say()
    if "throughput" in result:
        throughput.show(result["throughput"], say)
    if "detector" in result:
        others.show_detector(result["detector"], say)
    others.show_rest(result, say)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    worse = baseline.compare(result, options.baseline, say)
    return 3 if worse and not options.quick else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # rather than at once: what was started is stopped
    try:
        sys.exit(main())
    except Failed as problem:
        print(f"bench: {problem}", file=sys.stderr)
        sys.exit(1)
