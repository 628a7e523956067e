#!/usr/bin/env python3
"""What a team might write instead: confluent-kafka and orjson. service.py BOOTSTRAP TOPIC ALERTS PARTITIONS EVENTS

A substring search first; what may be a call or a process start is parsed. Starts are kept by host and process id, to give a call its
command line; a program that a host has not called with before is an alert. Only the address's usual spelling is found. Ends after
EVENTS messages; prints the same line of figures as the bare consumer.
"""

import collections
import json
import resource
import sys
import time

import orjson
from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

ADDRESS = b"169.254.169.254"
STARTS = (b'"endpoint.events.process"', b'"code":"1"', b'"code":"4688"', b'"EventID":1,', b'"eventID":"1"', b'"ProcessCreated"')
KEPT_STARTS = 200_000


def first(*values):
    return next((value for value in values if value), "")


def read(event):
    """(host, program, process id, command line, destination) of an event of any of the layouts; empty where it does not say."""
    properties = event.get("properties") or {}
    data = (event.get("winlog") or {}).get("event_data") or (event.get("win") or {}).get("eventdata") or event
    process, host, system = event.get("process") or {}, event.get("host"), (event.get("win") or {}).get("system") or {}
    name = host.get("name") if isinstance(host, dict) else ""
    created = properties.get("ActionType") == "ProcessCreated"
    return (
        first((event.get("winlog") or {}).get("computer_name"), event.get("Hostname"), system.get("computer"), properties.get("DeviceName"), name).split(".")[0].lower(),
        first(process.get("executable"), data.get("Image"), data.get("image"), data.get("Application"), data.get("NewProcessName"),
              properties.get("FolderPath") if created else properties.get("InitiatingProcessFolderPath")),
        str(first(process.get("entity_id"), data.get("ProcessGuid"), data.get("processGuid"), data.get("NewProcessId"), data.get("ProcessID"),
                  properties.get("ProcessId") if created else properties.get("InitiatingProcessId"))),
        first(process.get("command_line"), data.get("CommandLine"), data.get("commandLine"), properties.get("ProcessCommandLine")),
        first((event.get("destination") or {}).get("ip"), data.get("DestinationIp"), data.get("destinationIp"), data.get("DestAddress"), properties.get("RemoteIP")),
    )


class Service:
    def __init__(self, bootstrap, alerts):
        self.producer = Producer({"bootstrap.servers": bootstrap, "enable.idempotence": True})
        self.alerts, self.starts, self.seen, self.told = alerts, collections.OrderedDict(), set(), 0

    def handle(self, value):
        may_be_call = ADDRESS in value
        if not may_be_call and not any(mark in value for mark in STARTS):
            return
        host, program, process, command, destination = read(orjson.loads(value))
        if destination == ADDRESS.decode():
            self.call(host, program, process)
        elif command:
            self.starts[host, process] = command
            if len(self.starts) > KEPT_STARTS:
                self.starts.popitem(last=False)

    def call(self, host, program, process):
        if (host, program) in self.seen:
            return
        self.seen.add((host, program))
        self.told += 1
        self.producer.produce(self.alerts, key=host, value=orjson.dumps({"host": host, "process": program, "command_line": self.starts.get((host, process), "")}))
        self.producer.poll(0)


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime, usage.ru_stime


def main():
    bootstrap, topic, alerts, partitions, events = sys.argv[1:]
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "peer-python", "enable.auto.commit": False, "auto.offset.reset": "earliest", "fetch.queue.backoff.ms": 10})
    consumer.assign([TopicPartition(topic, i, OFFSET_BEGINNING) for i in range(int(partitions))])
    service, read_messages, size = Service(bootstrap, alerts), 0, 0
    began = before = None
    while read_messages < int(events):
        batch = consumer.consume(1000, 0.05)
        if batch and began is None:
            began, before = time.monotonic(), cpu()
        for message in batch:
            if message.error():
                sys.exit(str(message.error()))
            value = message.value()
            size += len(value)
            service.handle(value)
        read_messages += len(batch)
    seconds = time.monotonic() - began
    service.producer.flush()
    user, system = (b - a for a, b in zip(before, cpu()))
    print(json.dumps({"events": read_messages, "bytes": size, "seconds": seconds, "events_per_s": read_messages / seconds, "cpu_user_s": user, "cpu_system_s": system,
                      "cpu_us_per_event": (user + system) / read_messages * 1e6, "peak_rss_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "alerts": service.told}))


main()
