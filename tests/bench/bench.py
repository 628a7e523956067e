#!/usr/bin/env python3
"""./dev bench: see docs/performance.md. Exit codes: 0 done; 1 a measurement failed; 3 worse than the baseline beyond the noise."""

import argparse
import json
import os
import pathlib
import platform
import sys
import tempfile

import throughput
from lab import ROOT, Broker, Failed, Tools

SECTIONS = ("throughput",)


def say(text=""):
    print(text, flush=True)


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures imdswatch against a bare librdkafka consumer, in one run.")
    parser.add_argument("--json", type=pathlib.Path, help="write all figures there")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="two rounds on lz4 with fewer events, and nothing else")
    parser.add_argument("--codecs", type=lambda text: text.split(","), default=["lz4", "zstd", "none"])
    parser.add_argument("--events", type=int, default=1_500_000)
    parser.add_argument("--hosts", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(SECTIONS), help="sections: " + ", ".join(SECTIONS))
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/bench")
    out = parser.parse_args()
    if out.quick:
        out.rounds, out.codecs, out.events, out.only = min(out.rounds, 2), out.codecs[:1], min(out.events, 1_000_000), ["throughput"]
    if unknown := set(out.only) - set(SECTIONS):
        parser.error(f"no such section: {', '.join(unknown)}")
    return out


def main():
    options = arguments()
    tools = Tools(options.build)
    result = {"machine": {"cores": os.cpu_count(), "system": platform.platform()}, "events": options.events, "rounds": options.rounds, "seed": options.seed}
    with tempfile.TemporaryDirectory(prefix="imdswatch-bench-") as folder:
        where = pathlib.Path(folder)
        if "throughput" in options.only:
            with Broker() as broker:
                result["throughput"] = throughput.run(tools, broker, options, where, say)
    say()
    if "throughput" in result:
        throughput.show(result["throughput"], say)
    if options.json:
        options.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as problem:
        print(f"bench: {problem}", file=sys.stderr)
        sys.exit(1)
