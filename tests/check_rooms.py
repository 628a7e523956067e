#!/usr/bin/env python3
"""Holds the house rules over the includes: who may enter whom, the purity of the corridor, one keyholder for each library.

    check_rooms.py ROOT        prints each breach as file:line: what; exit code 1 if there is one

The rooms, their order and their libraries are read from the imdswatch_room() calls in ROOT/CMakeLists.txt.
"""
import pathlib
import re
import sys

# Word in LIBS -> the headers that it is the key to.
HEADERS = {
    "xxhash": r"xxhash|xxh3\.h",
    "simdjson": r"simdjson",
    "eigen": r"Eigen/|unsupported/Eigen/",
    "nlohmann_json": r"nlohmann/",
    "crypto": r"openssl/",
    "yaml_cpp": r"yaml-cpp/",
    "rdkafka": r"librdkafka/|rdkafka",
    "spdlog": r"spdlog/|fmt/",
    "prometheus": r"prometheus/",
    "httplib": r"httplib\.h",
    "cli11": r"CLI/",
    "systemd": r"systemd/",
    "zlib": r"zlib\.h",
    "zstd": r"zstd",
    "threads": r"(thread|mutex|shared_mutex|condition_variable|future|stop_token|semaphore|latch|barrier|pthread\.h)$",
}
KEYED = {word: re.compile(pattern) for word, pattern in HEADERS.items()}

# What no corridor room includes or says: files, sockets, threads, locks, logging, wall clocks, unseeded randomness.
IMPURE_HEADERS = re.compile(
    r"(thread|mutex|shared_mutex|condition_variable|future|atomic|stop_token|semaphore|latch|barrier|pthread\.h|signal\.h|csignal"
    r"|fstream|iostream|filesystem|syncstream|random|ctime|time\.h|sys/time\.h|unistd\.h|fcntl\.h|sys/(socket|stat|mman)\.h|poll\.h)$")
IMPURE_WORDS = re.compile(
    r"\b(?:system_clock|steady_clock|high_resolution_clock|utc_clock)::now\b|\bstd::random_device\b|\bspdlog::"
    r"|\b(?:gettimeofday|clock_gettime|getenv|fopen|srand)\s*\(|\bstd::(?:rand|time|printf|puts|cout|cerr)\b")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
ROOM = re.compile(r"^\s*imdswatch_room\(([^)]*)\)", re.MULTILINE)
SUFFIXES = {".cpp", ".hpp", ".h", ".hh", ".cc", ".ipp"}


class Room:
    def __init__(self, words, corridor_so_far):
        self.name = words[0]
        self.corridor = "CORRIDOR" in words
        lists = {"ROOMS": [], "LIBS": []}
        current = None
        for word in words[1:]:
            if word in lists:
                current = lists[word]
            elif word != "CORRIDOR":
                current.append(word)
        self.libs = set(lists["LIBS"])
        self.enters = set(corridor_so_far) | set(lists["ROOMS"]) | {self.name}


def read_rooms(root):
    rooms = {}
    corridor = []
    for call in ROOM.findall((root / "CMakeLists.txt").read_text(encoding="utf-8")):
        room = Room(call.split(), corridor)
        rooms[room.name] = room
        if room.corridor:
            corridor.append(room.name)
    return rooms


def code_lines(text):
    """Lines with comments and, outside of includes, string literals blanked; line numbers stay."""
    text = re.sub(r'R"(\w*)\(.*?\)\1"', lambda m: '""' + "\n" * m.group().count("\n"), text, flags=re.DOTALL)
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.DOTALL)
    for number, line in enumerate(text.split("\n"), 1):
        if not INCLUDE.match(line):
            line = re.sub(r'"(?:\\.|[^"\\])*"', '""', line)
        yield number, re.sub(r"//.*", "", line)


def room_of_include(root, file, quoted, name, rooms):
    """The room that an include leads into, or None if it leads out of the house."""
    parts = pathlib.PurePosixPath(name).parts
    if parts[0] == "imdswatch" and len(parts) > 2:
        return parts[1]
    if not quoted:
        return None
    for base in (file.parent, root / "src", root / "include" / "imdswatch"):
        target = pathlib.Path(base, name).resolve()
        for house in (root / "src", root / "include" / "imdswatch"):
            if target.is_file() and target.is_relative_to(house.resolve()):
                inside = target.relative_to(house.resolve()).parts
                return inside[0] if len(inside) > 1 and inside[0] in rooms else None
    return None


def check_file(root, file, room, rooms):
    for number, line in code_lines(file.read_text(encoding="utf-8")):
        include = INCLUDE.match(line)
        if not include:
            word = room.corridor and IMPURE_WORDS.search(line)
            if word:
                yield number, f"corridor room {room.name} says {word.group().strip()}"
            continue
        name = include.group(2)
        entered = room_of_include(root, file, include.group(1) == '"', name, rooms)
        if entered is not None:
            if entered not in rooms:
                yield number, f"{name} is in no room"
            elif entered not in room.enters:
                yield number, f"{room.name} may not enter {entered} ({name})"
            continue
        if include.group(1) == '"':
            continue
        if room.corridor and IMPURE_HEADERS.match(name):
            yield number, f"corridor room {room.name} includes <{name}>"
            continue
        for word, headers in KEYED.items():
            if headers.match(name) and word not in room.libs:
                yield number, f"{room.name} does not hold the key to {word} (<{name}>)"


def breaches(root):
    rooms = read_rooms(root)
    if not rooms:
        yield "CMakeLists.txt:1: no imdswatch_room() found"
    files = 0
    for house in (root / "include" / "imdswatch", root / "src"):
        for file in sorted(house.rglob("*")):
            if file.suffix not in SUFFIXES:
                continue
            files += 1
            inside = file.relative_to(house).parts
            shown = file.relative_to(root)
            if len(inside) == 1 and inside[0] == "main.cpp":
                continue
            if len(inside) == 1 or inside[0] not in rooms:
                yield f"{shown}:1: lies in no room"
                continue
            for number, what in check_file(root, file, rooms[inside[0]], rooms):
                yield f"{shown}:{number}: {what}"
    if not files:
        yield "src:1: no source found"


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    found = list(breaches(pathlib.Path(sys.argv[1]).resolve()))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
