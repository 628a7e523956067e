#include "imdswatch/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace imdswatch {

void check_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "imdswatch: broken invariant `%s` at %s:%d. This is a defect of the program; please report it.\n",
               expression, file, line);
  std::abort();
}

}  // namespace imdswatch
