#!/usr/bin/env python3
"""The comparison can fail, and does not fail for noise."""

import json
import pathlib
import tempfile

import baseline
from others import exponent


def result(rate, cpu):
    spread = lambda low, high: {"median": (low + high) / 2, "min": low, "max": high}
    return {"machine": {"processor": "GenuineIntel"}, "throughput": {"lz4": {"rate_ratio": spread(*rate), "cpu_ratio": spread(*cpu)}}}


def worse(now, before):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "baseline.json"
        path.write_text(json.dumps(before), encoding="utf-8")
        return baseline.compare(now, path, lambda _: None)


before = result((0.90, 0.94), (1.4, 1.5))
assert worse(before, before) == 0
assert worse(result((0.70, 0.80), (1.4, 1.5)), before) == 1, "a rate below all of the baseline's is worse"
assert worse(result((0.80, 0.91), (1.4, 1.5)), before) == 0, "spreads that overlap are noise"
assert worse(result((0.96, 0.99), (1.0, 1.1)), before) == 0, "better is not worse"
assert worse(result((0.90, 0.94), (1.8, 1.9)), before) == 1, "more CPU is worse"
elsewhere = lambda result: result | {"machine": {"processor": "AuthenticAMD"}}
assert worse(elsewhere(result((0.90, 0.94), (1.8, 1.9))), before) == 0, "another maker's processor has other ratios"
grown = lambda exponent, peak: {"machine": {"processor": "GenuineIntel"}, "detector": {"sizes": [], "exponents": {"run": exponent}}, "memory": {"peak_rss_mib": peak}}
assert worse(grown(1.15, 185), grown(1.0, 180)) == 0, "an exponent and a peak differ from run to run"
assert worse(grown(1.9, 185), grown(1.0, 180)) == 1, "what grew with its input and now grows with its square is worse"
assert worse(grown(1.0, 240), grown(1.0, 180)) == 1, "more memory is worse"
assert worse(elsewhere(grown(1.9, 240)), grown(1.0, 180)) == 1, "though not another growth"
assert worse({}, before) == 0, "what was not measured is not compared"
assert abs(exponent([(10, 5), (100, 50), (1000, 500)]) - 1) < 1e-9
assert abs(exponent([(10, 1), (100, 100), (1000, 10000)]) - 2) < 1e-9
