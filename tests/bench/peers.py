"""What a team would write instead, doing the same job less well: contenders of the throughput section (`--peers`). See peers/."""

import json
import subprocess
import sys

from lab import PARTITIONS, ROOT, Failed, output_of

HERE = ROOT / "tests/bench/peers"
CACHE = ROOT / "build/bench/peers"


def python_packages():
    """confluent-kafka and orjson in a folder of their own; installed once."""
    folder = CACHE / "python"
    if not (folder / "confluent_kafka").exists():
        output_of([sys.executable, "-m", "pip", "install", "-q", "--target", folder, "confluent-kafka==2.14.0", "orjson"])
    return folder


def streams_classes():
    """The class path of the Kafka Streams application; built once."""
    jars, target = CACHE / "jars", CACHE / "classes"
    if not (CACHE / "built").exists():
        target.mkdir(parents=True, exist_ok=True)
        output_of(["mvn", "-q", "-B", "-f", HERE / "streams/pom.xml", "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies",
                   "-DincludeScope=runtime", f"-DoutputDirectory={jars}"])
        output_of(["javac", "-nowarn", "-d", target, "-cp", f"{jars}/*", HERE / "streams/src/main/java/peer/Peer.java"])
        (CACHE / "built").touch()
    return f"{target}:{jars}/*"


def last_json(command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False, timeout=600, **options)
    if done.returncode != 0:
        raise Failed(f"a peer failed:\n{done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def contenders(broker):
    packages, classes = python_packages(), streams_classes()

    def checked(figures, made):
        if figures["events"] != made["events"] or not figures["alerts"]:
            raise Failed(f"a peer did not do its job: {figures}")
        return figures

    def python(topic, made, run, folder):
        broker.create(f"python-{run}.alerts", 1)
        return checked(last_json([sys.executable, HERE / "service.py", broker.bootstrap, topic, f"python-{run}.alerts", PARTITIONS, made["events"]],
                                 env={"PYTHONPATH": str(packages), "PATH": "/usr/bin:/bin"}), made)

    def streams(search_first):
        def measure(topic, made, run, folder):
            name = f"streams-{run}-{search_first}"
            broker.create(f"{name}.alerts", 1)
            return checked(last_json(["java", "-Xmx1g", f"-Djava.io.tmpdir={folder}", "-cp", classes, "peer.Peer", broker.bootstrap, topic, f"{name}.alerts",
                                      made["events"], name, str(search_first).lower()]), made)
        return measure

    return {"python, search first": python, "kafka streams, search first": streams(True), "kafka streams": streams(False)}
