#include "texts.hpp"

#include <cstdio>
#include <ctime>

namespace imdswatch::bench {
namespace {

struct Clock {
  std::tm parts{};
  std::int64_t second = -1;
};

/// The parts of a second are the same for thousands of events in a row.
const std::tm& utc(std::int64_t second, Clock& last) {
  if (last.second != second) {
    const std::time_t at = second;
    gmtime_r(&at, &last.parts);
    last.second = second;
  }
  return last.parts;
}

}  // namespace

void write_time(std::string& out, std::int64_t us, char between, int digits, const char* end) {
  thread_local Clock last;
  const std::tm& at = utc(us / 1'000'000, last);
  char buffer[48];
  int length = std::snprintf(buffer, sizeof buffer, "%04d-%02d-%02d%c%02d:%02d:%02d", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, between,
                             at.tm_hour, at.tm_min, at.tm_sec);
  out.assign(buffer, static_cast<std::size_t>(length));
  const auto fraction = static_cast<int>(us % 1'000'000);
  if (digits == 3) length = std::snprintf(buffer, sizeof buffer, ".%03d", fraction / 1000);
  else if (digits == 7) length = std::snprintf(buffer, sizeof buffer, ".%06d3", fraction);
  else length = 0;
  out.append(buffer, static_cast<std::size_t>(length));
  out += end;
}

std::string hex(fleet::Random& random, std::size_t length) {
  std::string out;
  while (out.size() < length) {
    char buffer[20];
    out.append(buffer, static_cast<std::size_t>(std::snprintf(buffer, sizeof buffer, "%016llx", static_cast<unsigned long long>(random.next()))));
  }
  out.resize(length);
  return out;
}

std::string with_dashes(const std::string& digits) {
  return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-" + digits.substr(12, 4) + "-" + digits.substr(16, 4) + "-" + digits.substr(20, 12);
}

std::string hex_of(std::uint64_t value) {
  char buffer[20];
  return {buffer, static_cast<std::size_t>(std::snprintf(buffer, sizeof buffer, "%llx", static_cast<unsigned long long>(value)))};
}

std::string guid_of(const std::string& host_id, std::uint64_t serial) {
  char buffer[48];
  std::snprintf(buffer, sizeof buffer, "{%.8s-%.4s-6601-%04llx-%012llx}", host_id.c_str(), host_id.c_str() + 9,
                static_cast<unsigned long long>(serial >> 16 & 0xffff), static_cast<unsigned long long>(serial & 0xffff'ffff'ffff));
  return buffer;
}

std::string entity_of(const std::string& host_id, std::uint64_t serial) {
  char buffer[80];
  std::snprintf(buffer, sizeof buffer, "%.8sLTRhNmMtNDU%.4s%016llxMTMzNTQ5MTE=", host_id.c_str(), host_id.c_str() + 9,
                static_cast<unsigned long long>(serial));
  return buffer;
}

}  // namespace imdswatch::bench
