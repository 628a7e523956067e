"""End to end against the bare consumer: in turn, on the same topic, in one run. Only their ratios mean anything elsewhere."""

import os
import statistics

import daemon
from lab import back_memory

BARE, OURS = "bare", "imdswatch"
ANY_ORDER = "-any-order"  # behind a codec's name: a topic in which Beats' events have their keys in another order each time


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values), "values": values}


def make(tools, broker, codec, options, name=None):
    topic = name or f"bench-{codec}"
    order = ["--any-order"] if codec.endswith(ANY_ORDER) else []
    broker.create(topic, message_timestamp_type="CreateTime")
    made = tools.run("topic", "--bootstrap", broker.bootstrap, "--topic", topic, "--codec", codec.removesuffix(ANY_ORDER), "--events", options.events,
                     "--hosts", options.hosts, "--seed", options.seed, *order)
    os.sync()  # what the broker has yet to write down would take its time from the first rounds
    return topic, made


def bare(tools, broker, topic):
    return tools.run("bare", "--bootstrap", broker.bootstrap, "--topic", topic)


def in_turn(names, count):
    """(round, name), each name once a round, in an order that changes from round to round; memory is backed before each."""
    names = list(names)
    for number in range(count):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            back_memory()
            yield number, name


def rounds(tools, broker, codec, options, folder, say, contenders):
    """{name: [figures of each round]}. What the bare consumer reads before is thrown away: the broker's code is compiled and the topic is in
    the page cache then."""
    topic, made = make(tools, broker, codec, options)
    say(f"{codec}: {made['events']:,} events, {made['bytes'] / made['events']:.0f} bytes each, {made['calls']} calls")
    bare(tools, broker, topic)
    out = {name: [] for name in contenders}
    for number, name in in_turn(contenders, options.rounds):
        figures = contenders[name](topic, made, f"{codec}-{number}", folder)
        out[name].append(figures)
        say(f"  round {number + 1} {name:<27} {figures['events_per_s']:>9,.0f} events/s  {figures['cpu_us_per_event']:.2f} µs CPU per event")
    return made, out


def compare(runs, base=BARE):
    """Ratios of pairs within a round, for each contender but the base."""
    out = {}
    for name, figures in runs.items():
        entry = {key: spread([one[key] for one in figures]) for key in ("events_per_s", "cpu_us_per_event", "peak_rss_mib")}
        if name != base:
            pairs = list(zip(figures, runs[base]))
            entry["rate_ratio"] = spread([a["events_per_s"] / b["events_per_s"] for a, b in pairs])
            entry["cpu_ratio"] = spread([a["cpu_us_per_event"] / b["cpu_us_per_event"] for a, b in pairs])
        out[name] = entry
    return out


def run(tools, broker, options, folder, say, others=None):
    """{codec: {bytes, contenders, rate_ratio, cpu_ratio}}. `others`: further contenders, such as the peers."""
    contenders = {
        BARE: lambda topic, made, run_name, where: bare(tools, broker, topic),
        OURS: lambda topic, made, run_name, where: daemon.measure(tools, broker, topic, f"imdswatch-{run_name}", made, where),
        **(others or {}),
    }
    out = {}
    for codec in options.codecs:
        made, runs = rounds(tools, broker, codec, options, folder, say, contenders)
        compared = compare(runs)
        shares = [one["cpu_shares"] for one in runs[OURS]]
        compared[OURS]["cpu_shares"] = {part: spread([one[part] for one in shares]) for part in shares[0]}
        out[codec] = {"made": made, "contenders": compared, "rate_ratio": compared[OURS]["rate_ratio"], "cpu_ratio": compared[OURS]["cpu_ratio"],
                      "last_round": runs[OURS][-1]}
    return out


def show(result, say):
    say("| codec | what | events/s | CPU µs an event | peak MiB | rate_ratio (min–max) | cpu_ratio (min–max) |")
    say("| --- | --- | --- | --- | --- | --- | --- |")
    for codec, entry in result.items():
        for name, one in entry["contenders"].items():
            ratios = ["1", "1"]
            if "rate_ratio" in one:
                ratios = [f"{one[k]['median']:.2f} ({one[k]['min']:.2f}–{one[k]['max']:.2f})" for k in ("rate_ratio", "cpu_ratio")]
            say(f"| {codec} | {name} | {one['events_per_s']['median']:,.0f} | {one['cpu_us_per_event']['median']:.2f} | {one['peak_rss_mib']['max']:.0f} | "
                + " | ".join(ratios) + " |")
    for codec, entry in result.items():
        shares = entry["contenders"][OURS]["cpu_shares"]
        say(f"{codec}, whose imdswatch's CPU time is: " + ", ".join(f"{part} {share['median']:.0%}" for part, share in shares.items()))
