#!/usr/bin/env python3
"""check_rooms.py finds each kind of breach in a planted tree, and nothing in a good one."""
import pathlib
import tempfile
import unittest

from check_rooms import breaches

ROOMS = """
imdswatch_room(base CORRIDOR LIBS xxhash)
imdswatch_room(decode CORRIDOR LIBS simdjson)
imdswatch_room(sieve CORRIDOR)
imdswatch_room(config LIBS yaml_cpp)
imdswatch_room(kafka ROOMS config LIBS rdkafka threads)
"""
GOOD = {
    "include/imdswatch/base/ids.hpp": "#include <string>\n",
    "include/imdswatch/decode/event.hpp": '#include "imdswatch/base/ids.hpp"\n',
    "src/decode/json.cpp": '#include "imdswatch/decode/event.hpp"\n#include <simdjson.h>\n#include "json.hpp"\n',
    "src/decode/json.hpp": "// std::cout and <thread> in a comment\nconst char* s = \"std::cout\";\n",
    "src/kafka/client.cpp": '#include <mutex>\n#include <librdkafka/rdkafka.h>\n#include "imdswatch/decode/event.hpp"\n#include "imdswatch/config/x.hpp"\n',
    "src/main.cpp": '#include "imdswatch/kafka/x.hpp"\n',
}


def found(files):
    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        for path, text in {"CMakeLists.txt": ROOMS, **GOOD, **files}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        return list(breaches(root.resolve()))


class CheckRooms(unittest.TestCase):
    def one(self, path, text, expected):
        self.assertEqual(found({path: text}), [f"{path}:{expected}"])

    def test_a_good_house_has_no_breach(self):
        self.assertEqual(found({}), [])

    def test_a_room_does_not_look_ahead(self):
        self.one("src/decode/a.cpp", '\n#include "imdswatch/sieve/x.hpp"\n', "2: decode may not enter sieve (imdswatch/sieve/x.hpp)")

    def test_the_corridor_does_not_enter_an_edge(self):
        self.one("include/imdswatch/sieve/a.hpp", '#include "imdswatch/config/c.hpp"\n', "1: sieve may not enter config (imdswatch/config/c.hpp)")

    def test_an_edge_enters_only_the_edges_it_names(self):
        self.one("src/config/a.cpp", '#include "imdswatch/kafka/k.hpp"\n', "1: config may not enter kafka (imdswatch/kafka/k.hpp)")

    def test_a_private_header_of_a_later_room_counts_too(self):
        files = {"src/sieve/core.hpp": "", "src/decode/a.cpp": '#include "../sieve/core.hpp"\n'}
        self.assertEqual(found(files), ["src/decode/a.cpp:1: decode may not enter sieve (../sieve/core.hpp)"])

    def test_a_library_has_one_keyholder(self):
        self.one("src/kafka/a.cpp", "#include <simdjson.h>\n", "1: kafka does not hold the key to simdjson (<simdjson.h>)")
        self.one("src/decode/a.cpp", "#include <librdkafka/rdkafka.h>\n",
                 "1: decode does not hold the key to rdkafka (<librdkafka/rdkafka.h>)")
        self.one("src/config/a.cpp", "#include <thread>\n", "1: config does not hold the key to threads (<thread>)")

    def test_the_corridor_includes_no_threads_files_or_chance(self):
        for header in ("thread", "mutex", "atomic", "fstream", "iostream", "random", "unistd.h"):
            self.one("src/sieve/a.cpp", f"#include <{header}>\n", f"1: corridor room sieve includes <{header}>")

    def test_the_corridor_asks_no_clock(self):
        self.one("src/sieve/a.cpp", "auto t = std::chrono::system_clock::now();\n", "1: corridor room sieve says system_clock::now")
        self.one("src/sieve/a.cpp", "/* two\nlines */ auto t = steady_clock::now();\n", "2: corridor room sieve says steady_clock::now")

    def test_every_source_lies_in_a_room(self):
        self.one("src/utils/a.hpp", "", "1: lies in no room")
        self.one("src/a.cpp", "", "1: lies in no room")

    def test_a_tree_without_rooms_or_sources_is_no_success(self):
        self.assertNotEqual(found({"CMakeLists.txt": ""}), [])
        with tempfile.TemporaryDirectory() as name:
            (pathlib.Path(name) / "CMakeLists.txt").write_text(ROOMS, encoding="utf-8")
            self.assertNotEqual(list(breaches(pathlib.Path(name).resolve())), [])


if __name__ == "__main__":
    unittest.main()
