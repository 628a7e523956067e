"""The other sections: memory and speed of the detector, replay, scaling, latency."""

import json
import math
import os
import resource
import statistics
import subprocess
import time

import daemon
import throughput
from lab import PARTITIONS, Failed

ONE_CORE = "0"


# The detector alone ---------------------------------------------------------------------------------------------------------------

def exponent(points):
    """The slope of log y over log x, by least squares: 1 grows with its input."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    mx, my = statistics.mean(xs), statistics.mean(ys)
    return sum((x - mx) * (y - my) for x, y in zip(xs, ys)) / sum((x - mx) ** 2 for x in xs)


def detector(tools, options, say):
    sizes = []
    for hosts in options.fleets:
        one = tools.run("detector", "--hosts", hosts)
        say(f"detector, {hosts:,} hosts: {one['calls_per_s']:,.0f} calls/s, a run {one['run_ms']:.0f} ms, its rows {one['run_rows_ms']:.0f} ms, "
            f"model {one['model_bytes_per_host']:.0f} bytes a host")
        sizes.append(one)
    out = {"sizes": sizes}
    if len(sizes) > 1:
        out["exponents"] = {
            "run": exponent([(s["hosts"], s["run_ms"]) for s in sizes]),
            "run_rows": exponent([(s["hosts"], s["run_rows_ms"]) for s in sizes]),
            "calls": exponent([(s["hosts"], s["hosts"] / s["calls_per_s"]) for s in sizes]),
            "model_memory": exponent([(s["hosts"], s["hosts"] * s["model_bytes_per_host"]) for s in sizes]),
        }
    return out


def show_detector(result, say):
    say("| hosts | calls/s | a run, ms (judged) | its rows, ms | model, bytes a host |")
    say("| --- | --- | --- | --- | --- |")
    for one in result["sizes"]:
        say(f"| {one['hosts']:,} | {one['calls_per_s']:,.0f} | {one['run_ms']:.0f} ({one['run_judged']:,}) | {one['run_rows_ms']:.0f} | {one['model_bytes_per_host']:.0f} |")
    if "exponents" in result:
        say("Exponents of growth: " + ", ".join(f"{name} {value:.2f}" for name, value in result["exponents"].items()))


# Restore ------------------------------------------------------------------------------------------------------------------------

def restore(tools, broker, options, say):
    """Sizes above 100,000 hosts are left out: writing their rows takes longer than all else."""
    sizes = []
    for hosts in [n for n in options.fleets if n <= 100_000]:
        one = tools.run("restore", "--hosts", hosts, "--bootstrap", broker.bootstrap)
        say(f"restore, {hosts:,} hosts: {one['rows']:,} rows in {one['restore_ms'] / 1000:.2f} s out of memory, {one['broker_restore_ms'] / 1000:.2f} s out of the broker; "
            f"{one['heap_bytes_per_host']:.0f} bytes a host, {one['state_bytes_per_host']:.0f} in the topic")
        sizes.append(one)
    return {"sizes": sizes}


# Replay ---------------------------------------------------------------------------------------------------------------------------

def children_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def on_one_core(command):
    began, cpu = time.monotonic(), children_cpu()
    done = subprocess.run(["taskset", "-c", ONE_CORE, *map(str, command)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"{command[0]}: {done.stderr.strip()}")
    return time.monotonic() - began, children_cpu() - cpu


MOST_REPLAYED = 1_500_000  # 3.3 GB: a small machine's page cache holds it


def replay(tools, options, folder, say):
    """In turn: a plain read and scan of the file, and `replay` of it, each pinned to one core; the file is cached. Start-up counts."""
    file, config = folder / "no-calls.ndjson", folder / "replay.yaml"
    config.write_text("learning:\n  for: 0s\n", encoding="utf-8")
    made = tools.run("topic", "--file", file, "--events", min(options.events, MOST_REPLAYED), "--calls", 0, "--seed", options.seed)
    size = file.stat().st_size
    scan = [tools.build / "tests/bench_scan", file]
    ours = [tools.imdswatch, "replay", "--config", config, "--alerts", folder / "alerts.ndjson", "--summary", folder / "summary.txt", file]
    on_one_core(scan)  # into the page cache
    runs = {"scan": [], "replay": []}
    for _ in range(options.rounds):
        for name, command in (("scan", scan), ("replay", ours)):
            wall, cpu = on_one_core(command)
            runs[name].append({"gb_per_s": size / wall / 1e9, "cpu_s_per_gb": cpu / size * 1e9})
    file.unlink()
    out = {"bytes": size, "events": made["events"], "rate_ratio": throughput.spread([r["gb_per_s"] / s["gb_per_s"] for r, s in zip(runs["replay"], runs["scan"])])}
    for name, figures in runs.items():
        out[name] = {key: throughput.spread([one[key] for one in figures]) for key in figures[0]}
    say(f"replay: {out['replay']['gb_per_s']['median']:.2f} GB/s on one core; reading and scanning alone {out['scan']['gb_per_s']['median']:.2f} GB/s")
    return out


# Scaling --------------------------------------------------------------------------------------------------------------------------

def one_process(tools, broker, topic, made, threads, run, folder):
    return daemon.measure(tools, broker, topic, run, made, folder, f"sieve:\n  threads: {threads}\n")


def two_processes(tools, broker, topic, made, run, folder):
    """Both in the same groups, one sieve thread each; read until the two have it all."""
    extra = "sieve:\n  threads: 1\n"
    with daemon.Daemon(tools, broker, topic, run, folder, extra) as a, daemon.Daemon(tools, broker, topic, run, folder, extra, name=f"{run}-b") as b:
        until = time.time() + daemon.SILENCE_S
        while True:
            seen = [a.metrics(), b.metrics()]
            read = [daemon.total(m, "imdswatch_messages_total") for m in seen]
            if sum(read) >= made["events"]:
                break
            if time.time() > until:
                raise Failed(f"two processes have stopped at {read} messages")
            time.sleep(daemon.POLL_S)
        stamps = [(min(m["imdswatch_first_message_timestamp_seconds"].values()), max(m["imdswatch_last_message_timestamp_seconds"].values()))
                  for m in seen if "imdswatch_first_message_timestamp_seconds" in m]
        first, last = min(s[0] for s in stamps), max(s[1] for s in stamps)
        return {"events_per_s": made["events"] / (last - first), "shares": read}


def scaling(tools, broker, options, folder, say):
    topic, made = throughput.make(tools, broker, "lz4", options, name="bench-scaling")
    throughput.bare(tools, broker, topic)
    kinds = {
        "one thread": lambda run: one_process(tools, broker, topic, made, 1, run, folder),
        "two threads": lambda run: one_process(tools, broker, topic, made, 2, run, folder),
        "two processes": lambda run: two_processes(tools, broker, topic, made, run, folder),
    }
    runs = {name: [] for name in kinds}
    for number, name in throughput.in_turn(kinds, options.rounds):
        runs[name].append(kinds[name](f"scaling-{name.replace(' ', '-')}-{number}"))
        say(f"scaling, {name}: {runs[name][-1]['events_per_s']:,.0f} events/s")
    out = {name: {"events_per_s": throughput.spread([one["events_per_s"] for one in figures])} for name, figures in runs.items()}
    for name in ("two threads", "two processes"):
        out[name]["ratio"] = throughput.spread([a["events_per_s"] / b["events_per_s"] for a, b in zip(runs[name], runs["one thread"])])
    return out


# Latency --------------------------------------------------------------------------------------------------------------------------

DISORDER_S, PROGRESS_S, BUCKET_S = 10, 3, 900
BEFORE_BUCKET_S, AFTER_RUN_S, WARM_UP_S = 15, 60, 25


def percentiles(values):
    if not values:
        return {"count": 0}
    values = sorted(values)
    at = lambda q: values[min(len(values) - 1, int(q * len(values)))]
    return {"count": len(values), "p50": at(0.5), "p99": at(0.99), "max": values[-1]}


def latency(tools, broker, options, folder, rate, say):
    """The stream's event time is the wall clock's, shifted so that a bucket begins 15 s after its start. It is recorded before: making and
    compressing events takes longer than all that is done with them."""
    topic, warm_up, recorded, run = "bench-latency", "bench-latency-warm-up", "bench-latency-recorded", "latency"
    bucket = int(time.time()) // BUCKET_S * BUCKET_S
    seconds = BEFORE_BUCKET_S + DISORDER_S + PROGRESS_S + AFTER_RUN_S
    broker.create(recorded, partitions=1)
    for name, kept in ((topic, 512 << 20), (warm_up, 64 << 20)):  # of what is written, the daemon may be behind by so much in each partition
        broker.create(name, message_timestamp_type="LogAppendTime", segment_bytes=64 << 20, retention_bytes=kept, file_delete_delay_ms=1000)
    tools.run("topic", "--bootstrap", broker.bootstrap, "--topic", recorded, "--partitions", 1, "--recording", "--events", round(rate * seconds / PARTITIONS),
              "--hosts", options.hosts, "--seed", options.seed, "--begin", (bucket - BEFORE_BUCKET_S) * 1_000_000, "--span", seconds)
    written = ["--bootstrap", broker.bootstrap, "--recorded", broker.folder_of(recorded, 0), "--partitions", PARTITIONS]
    warmed = tools.run("latency", *written, "--topic", warm_up, "--rate", 100 * rate, "--seconds", WARM_UP_S)
    os.sync()
    extra = f"schedule:\n  mode: continuous\nmax_alerts_per_run: 10000\nsieve:\n  allowed_disorder: {DISORDER_S}s\n  progress_every: {PROGRESS_S}s\n"
    with daemon.Daemon(tools, broker, topic, run, folder, extra) as ours:
        ours.wait_for(lambda m: daemon.total(m, "imdswatch_ready") == 1)
        ahead = bucket - BEFORE_BUCKET_S - time.time()
        command = [tools.build / "tests/bench_latency", *written, "--topic", topic, "--alerts", f"{run}.alerts", "--rate", rate, "--seconds", seconds,
                   f"--event-time-ahead={ahead}"]
        feed = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)
        run_done = None
        try:
            while feed.poll() is None:
                seen = ours.metrics()
                if run_done is None and daemon.total(seen, "imdswatch_last_run_timestamp_seconds") >= bucket:
                    run_done = time.time()
                time.sleep(0.1)
        finally:
            feed.kill()  # if anything went wrong
        result = feed.stdout.read()
        if feed.returncode != 0 or run_done is None:
            raise Failed(f"latency: {'no run was done' if feed.returncode == 0 else 'the feed failed'}\n{ours.last_words()}")
    fed = json.loads(result.strip().splitlines()[-1])
    probes = [p for p in fed["probes"] if p[0] >= bucket]
    untold = sum(1 for p in probes if p[2] == 0)
    if untold:
        raise Failed(f"latency: {untold} of {len(probes)} calls were not told")
    out = {"events_per_s": fed["events_per_s"], "asked_events_per_s": rate, "allowed_disorder_s": DISORDER_S, "progress_every_s": PROGRESS_S,
           "broker_alone_events_per_s": warmed["events_per_s"],
           "after_the_run": percentiles([p[2] - p[1] for p in probes if p[1] >= run_done]),
           "before_the_run": percentiles([p[2] - p[1] for p in probes if p[1] < run_done])}
    say(f"latency at {fed['events_per_s']:,.0f} events/s ({rate:,.0f} asked for; the broker with nobody else takes in {warmed['events_per_s']:,.0f}): "
        f"after the bucket's run {out['after_the_run']}, before {out['before_the_run']}")
    return out


def show_rest(result, say):
    if "replay" in result:
        one = result["replay"]
        say(f"Replay without calls, one core: {one['replay']['gb_per_s']['median']:.2f} GB/s; reading and scanning alone {one['scan']['gb_per_s']['median']:.2f} GB/s; "
            f"ratio {one['rate_ratio']['median']:.2f}")
    if "scaling" in result:
        one = result["scaling"]
        say("Scaling: " + "; ".join(f"{name} {one[name]['events_per_s']['median']:,.0f} events/s" + (f" ({one[name]['ratio']['median']:.2f})" if "ratio" in one[name] else "")
                                    for name in one))
    if "latency" in result:
        one = result["latency"]
        for name, words in (("after_the_run", "after the run at their bucket's start"), ("before_the_run", "before it")):
            if one[name]["count"]:
                say(f"Latency at {one['events_per_s']:,.0f} events/s, {one[name]['count']} calls {words}: p50 {one[name]['p50']:.2f} s, p99 {one[name]['p99']:.2f} s")
