"""Comparison with tests/bench/baseline.json: ratios, not events a second, and they only where the processor is of the same maker: what is ours
and what is the bare consumer's profit differently from one. Growth and the model's memory hold anywhere."""

import json


EXPONENT_NOISE = 0.1  # of an exponent of growth, by three sizes of fleet
MEMORY_NOISE = 0.05  # of a process's peak, of itself


def around(value, noise=0.0):
    """A figure that is taken once in a run."""
    return {"median": value, "min": value - noise, "max": value + noise}


def of_the_machine(result):
    """name → ({median, min, max}, whether more is better)."""
    out = {}
    for codec, entry in result.get("throughput", {}).items():
        out[f"{codec} rate_ratio"] = (entry["rate_ratio"], True)
        out[f"{codec} cpu_ratio"] = (entry["cpu_ratio"], False)
    for name, entry in result.get("scaling", {}).items():
        if "ratio" in entry:
            out[f"scaling, {name}"] = (entry["ratio"], True)
    if "replay" in result:
        out["replay against a scan"] = (result["replay"]["rate_ratio"], True)
    if peak := result.get("memory", {}).get("peak_rss_mib"):  # more where more is fetched ahead
        out["peak memory, MiB"] = (around(peak, MEMORY_NOISE * peak), False)
    return out


def of_the_program(result):
    """The same, whatever the machine."""
    out = {}
    for one in result.get("detector", {}).get("sizes", []):
        out[f"model bytes a host, {one['hosts']:,} hosts"] = (around(one["model_bytes_per_host"]), False)
    for name, value in result.get("detector", {}).get("exponents", {}).items():
        out[f"growth of the detector's {name.replace('_', ' ')}, exponent"] = (around(value, EXPONENT_NOISE), False)
    return out


def is_worse(now, before, more_is_better):
    """Beyond the noise: the whole spread of now lies on the worse side of the whole spread of before, and the medians are 5 % apart."""
    if more_is_better:
        return now["max"] < before["min"] and now["median"] < 0.95 * before["median"]
    return now["min"] > before["max"] and now["median"] > 1.05 * before["median"]


def compare(result, path, say):
    """Says what got worse; returns how much of it there is. What only one side has is not compared."""
    if not path.exists():
        say(f"No baseline at {path}.")
        return 0
    baseline = json.loads(path.read_text(encoding="utf-8"))
    now, before = of_the_program(result), of_the_program(baseline)
    makers = [one.get("machine", {}).get("processor") for one in (result, baseline)]
    if makers[0] == makers[1]:
        now, before = now | of_the_machine(result), before | of_the_machine(baseline)
    else:
        say(f"The baseline is of a processor by {makers[1]}, this is by {makers[0]}: only growth and the model's memory are compared. For a baseline of this machine: --json FILE, then --baseline FILE.")
    worse = [(name, before[name][0], now[name][0]) for name in now if name in before and is_worse(now[name][0], before[name][0], now[name][1])]
    for name, was, is_now in worse:
        say(f"WORSE: {name} was {was['median']:.3g} ({was['min']:.3g}–{was['max']:.3g}), is {is_now['median']:.3g} ({is_now['min']:.3g}–{is_now['max']:.3g})")
    shared = sum(1 for name in now if name in before)
    say(f"Against the baseline: {shared} compared, {len(worse)} worse beyond the noise.")
    return len(worse)
