"""`imdswatch run` over a topic that is full already: how fast, at what cost, to the alerts."""

import socket
import subprocess
import time

from lab import CpuWatch, Failed, cpu_shares, peak_rss_mib, process_cpu, scrape

POLL_S = 0.25
SILENCE_S = 90


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_config(path, broker, topic, run, port, extra=""):
    """The defaults, but for names of this run's own and no learning period, so that there are alerts."""
    path.write_text(f"""kafka:
  properties:
    bootstrap.servers: {broker.bootstrap}
  raw_topics: [{topic}]
  prefix: {run}
  call_log: {{topic: {run}.calls}}
  state: {{topic: {run}.state}}
  alerts: {{topic: {run}.alerts}}
  dead_letters: {{topic: {run}.dead-letters}}
learning:
  for: 0s
http:
  port: {port}
{extra}""", encoding="utf-8")


class Daemon:
    """One process of its own group and topics; ended with the `with` block."""

    def __init__(self, tools, broker, topic, run, folder, extra="", name=None):
        self.port = free_port()
        self.config, self.log = folder / f"{name or run}.yaml", folder / f"{name or run}.log"
        write_config(self.config, broker, topic, run, self.port, extra)
        self.tools = tools

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([str(self.tools.imdswatch), "run", "--config", str(self.config)], stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def last_words(self):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])

    def metrics(self):
        if self.process.poll() is not None:
            raise Failed(f"imdswatch ended with {self.process.returncode}:\n{self.last_words()}")
        return scrape(self.port)

    def wait_for(self, done, most_s=SILENCE_S):
        """Until `done(metrics)`; fails if messages come no further for so long. Returns the metrics."""
        read, since = -1, time.time()
        while True:
            seen = self.metrics()
            if seen and done(seen):
                return seen
            if total(seen, "imdswatch_messages_total") > read:
                read, since = total(seen, "imdswatch_messages_total"), time.time()
            if time.time() - since > most_s:
                raise Failed(f"imdswatch has stopped at {read} messages:\n{self.last_words()}")
            time.sleep(POLL_S)


def total(metrics, name):
    return sum(metrics.get(name, {}).values())


def all_done(metrics, events):
    """All messages read, all calls acknowledged in the call log, and that stepped to its end."""
    return (total(metrics, "imdswatch_messages_total") >= events and total(metrics, "imdswatch_call_log_unacknowledged") == 0
            and "imdswatch_call_log_lag_records" in metrics and total(metrics, "imdswatch_call_log_lag_records") == 0)


def check(metrics, made):
    """A run that missed something is no run."""
    problems = []
    for name, wanted in (("imdswatch_messages_total", made["events"]), ("imdswatch_calls_total", made["calls"])):
        if total(metrics, name) != wanted:
            problems.append(f"{name} is {total(metrics, name):.0f}, not {wanted}")
    starts = sum(v for k, v in metrics.get("imdswatch_records_total", {}).items() if 'reason="process_start"' in k)
    if starts != made["process_starts"]:
        problems.append(f"process starts kept are {starts:.0f}, not {made['process_starts']}")
    if made["calls"] and total(metrics, "imdswatch_alerts_total") == 0:
        problems.append("there is no alert")
    if problems:
        raise Failed("imdswatch did not do its job: " + "; ".join(problems))


def measure(tools, broker, topic, run, made, folder, extra=""):
    """Rate: all events over the time from the first message handed to a sieve to the last. CPU time: of the whole process from that
    first message until all that follows is done too: calls acknowledged, stepped by the detector, alerts and offsets committed."""
    with Daemon(tools, broker, topic, run, folder, extra) as daemon, CpuWatch(daemon.process.pid) as watch:
        seen = daemon.wait_for(lambda m: all_done(m, made["events"]))
        first = min(seen["imdswatch_first_message_timestamp_seconds"].values())
        last = max(seen["imdswatch_last_message_timestamp_seconds"].values())
        commits = total(seen, "imdswatch_commits_total")
        time.sleep(max(0.0, last + 1.5 - time.time()))  # commit_every and a little: the last alerts, state and offsets
        seen = daemon.metrics()
        until = max(last + 1.5, min(time.time(), last + 3))
        check(seen, made)
        before, after = watch.at(first), watch.at(until)
        cpu = [b - a for a, b in zip(before, after)]
        joined = {o: sum(v for k, v in seen.get("imdswatch_process_starts_joined_total", {}).items() if f'outcome="{o}"' in k) for o in ("hit", "miss", "late")}
        return {
            "events": made["events"], "seconds": last - first, "events_per_s": made["events"] / (last - first),
            "cpu_user_s": cpu[0], "cpu_system_s": cpu[1], "cpu_us_per_event": sum(cpu) / made["events"] * 1e6,
            "peak_rss_mib": peak_rss_mib(daemon.process.pid), "alerts": total(seen, "imdswatch_alerts_total"), "joined": joined,
            "commits": commits, "start_cpu_s": sum(before), "cpu_shares": cpu_shares(daemon.process.pid),
        }
