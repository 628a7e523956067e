#include "huge_pages.hpp"

#include <sys/mman.h>

#include <cstdint>
#include <new>

namespace imdswatch {
namespace {

constexpr std::size_t page_bytes = std::size_t{2} << 20;

constexpr std::size_t whole_pages(std::size_t bytes) { return (bytes + page_bytes - 1) / page_bytes * page_bytes; }

class HugePages : public std::pmr::memory_resource {
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    if (bytes < page_bytes) return std::pmr::new_delete_resource()->allocate(bytes, alignment);
    const std::size_t size = whole_pages(bytes);
    // One page more, of which what lies before and behind whole ones goes back.
    void* const all = mmap(nullptr, size + page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) throw std::bad_alloc();
    char* const begin = static_cast<char*>(all);
    const std::size_t before = (page_bytes - reinterpret_cast<std::uintptr_t>(begin) % page_bytes) % page_bytes;
    if (before > 0) munmap(begin, before);
    munmap(begin + before + size, page_bytes - before);
    static_cast<void>(madvise(begin + before, size, MADV_HUGEPAGE));  // refused where the system has none: then of usual pages
    return begin + before;
  }
  void do_deallocate(void* at, std::size_t bytes, std::size_t alignment) override {
    if (bytes < page_bytes) {
      std::pmr::new_delete_resource()->deallocate(at, bytes, alignment);
    } else {
      munmap(at, whole_pages(bytes));
    }
  }
  [[nodiscard]] bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

}  // namespace

std::pmr::memory_resource* huge_pages() {
  static HugePages pages;
  return &pages;
}

}  // namespace imdswatch
