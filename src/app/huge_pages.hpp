#pragma once

#include <memory_resource>

namespace imdswatch {

/// Memory of large tables, in pages of 2 MiB where the system has them to give (transparent_hugepage `madvise` or `always`), else in usual
/// ones: a table is touched at random, and first of all once, and each usual page costs a fault and a place among the processor's
/// translations. What is smaller than such a page comes from the heap; what is larger is rounded up to whole ones, holds zeros, and goes
/// back to the system when it is freed. Throws std::bad_alloc.
std::pmr::memory_resource* huge_pages();

}  // namespace imdswatch
