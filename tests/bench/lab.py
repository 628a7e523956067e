"""What a benchmark runs on: the tools that were built, a broker of its own, topics, and a process whose CPU time is watched."""

import json
import mmap
import multiprocessing
import os
import pathlib
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
BROKER = ROOT / "tests/integration/broker.sh"
TICKS = os.sysconf("SC_CLK_TCK")
PARTITIONS = 8


class Failed(Exception):
    """A run that gave no figure; the reason is for a person."""


def output_of(command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}\n{done.stderr.strip()}")
    return done.stdout


class Tools:
    """The programs of one build folder."""

    def __init__(self, build):
        self.build = pathlib.Path(build).resolve()
        self.imdswatch = self.build / "imdswatch"

    def run(self, name, *arguments):
        """Runs bench_NAME; its last line is JSON."""
        text = output_of([self.build / "tests" / f"bench_{name}", *arguments])
        return json.loads(text.strip().splitlines()[-1])


def write_and_drop_memory(mib):
    with mmap.mmap(-1, mib << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.madvise(mmap.MADV_HUGEPAGE)
        memory[::mmap.PAGESIZE] = b"\1" * (len(memory) // mmap.PAGESIZE)


def back_memory(mib=512):
    """What the next program takes was written to before. A virtual machine's first write to a page since it started may cost its processor
    more than twenty times what a later one does: that is the host's doing, not the program's."""
    child = multiprocessing.Process(target=write_and_drop_memory, args=(mib,))  # a parent's peak would be its children's peak
    child.start()
    child.join()
    if child.exitcode != 0:
        raise Failed(f"there is no room for {mib} MiB of memory: see `free -m`")


class Broker:
    """A real Apache Kafka on loopback, gone with the `with` block and with this process, however that ends."""

    def __init__(self, heap="1g"):
        # Sieve threads that start together shall be given their parts together, as with the broker's own default.
        self.environment = dict(os.environ, BROKER_HEAP=heap, BROKER_PROPERTIES="group.initial.rebalance.delay.ms=1500 log.retention.check.interval.ms=2000")
        self.folder = tempfile.mkdtemp(prefix="imdswatch-bench-")

    def __enter__(self):
        self.bootstrap = self.script("start", self.folder, "--with", os.getpid()).strip()
        return self

    def __exit__(self, *_):
        subprocess.run([str(BROKER), "wipe", self.folder], check=False, stdout=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def script(self, *arguments):
        return output_of([BROKER, *arguments], env=self.environment)

    def create(self, topic, partitions=PARTITIONS, **settings):
        self.script("topic", self.folder, topic, partitions, *[f"{k.replace('_', '.')}={v}" for k, v in settings.items()])

    def folder_of(self, topic, partition):
        """Where the one node keeps a partition's log."""
        return f"{self.folder}/node1/log/{topic}-{partition}"


def process_cpu(pid):
    """(user, system) seconds of a process so far."""
    with open(f"/proc/{pid}/stat", "rb") as file:
        fields = file.read().rsplit(b") ", 1)[1].split()
    return int(fields[11]) / TICKS, int(fields[12]) / TICKS


def peak_rss_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0


class CpuWatch(threading.Thread):
    """Reads a process's CPU time a hundred times a second, so that what lies before a moment can be left out afterwards."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.samples, self.stopping = pid, [], threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.join()

    def run(self):
        while not self.stopping.wait(0.01):
            try:
                self.samples.append((time.time(), *process_cpu(self.pid)))
            except (OSError, IndexError):
                return

    def at(self, moment):
        """(user, system) at a moment of the wall clock: the last sample before it."""
        before = [sample for sample in self.samples if sample[0] <= moment]
        return (before[-1] if before else self.samples[0])[1:]


def cpu_shares(pid):
    """Whose the CPU time of a process has been: {part: share}."""
    out = {"librdkafka": 0.0, "sieve": 0.0, "shard": 0.0, "rest": 0.0}
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            name = pathlib.Path(f"/proc/{pid}/task/{task}/comm").read_text().strip()
            time_s = sum(process_cpu(f"{pid}/task/{task}"))
        except OSError:  # it has ended
            continue
        part = "librdkafka" if name.startswith("rdk:") else name.split(" ")[0]
        out[part if part in out else "rest"] += time_s
    return {part: time_s / sum(out.values()) for part, time_s in out.items()}


def scrape(port):
    """name → {labels text: value}; empty while nothing answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=2) as answer:
            text = answer.read().decode()
    except OSError:
        return {}
    out = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            head, value = line.rsplit(" ", 1)
            name, _, labels = head.partition("{")
            out.setdefault(name, {})[labels.rstrip("}")] = float(value)
    return out
