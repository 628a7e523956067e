#include <cstdio>
#include <cstring>

#include "imdswatch/version.hpp"

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "version") == 0) {
    std::printf("imdswatch %s %s\n", imdswatch::project_version.data(), imdswatch::project_commit.data());
    return 0;
  }
  std::fputs("usage: imdswatch version\n", stderr);
  return 2;
}
