#include "imdswatch/state/row.hpp"

#include <array>

#include "imdswatch/base/hash.hpp"

namespace imdswatch {
namespace {

constexpr std::size_t checksum_bytes = 8;

std::uint64_t checksum(std::string_view key, std::string_view framed) {
  ByteWriter covered;
  covered.text(key);
  covered.fixed(framed);
  return stable_hash64(covered.bytes());
}

std::array<char, checksum_bytes> little_endian(std::uint64_t value) {
  std::array<char, checksum_bytes> out{};
  for (std::size_t i = 0; i < checksum_bytes; ++i) out[i] = static_cast<char>((value >> (8 * i)) & 0xff);
  return out;
}

std::string_view text(const std::array<char, checksum_bytes>& bytes) { return {bytes.data(), bytes.size()}; }

std::string printable(std::string_view key) {
  std::string out;
  for (const char c : key.substr(0, 80)) out.push_back(c >= ' ' && c < 0x7f ? c : '.');
  return out;
}

}  // namespace

std::string seal(std::string_view key, std::uint8_t version, std::string_view payload) {
  RowWriter row;
  row.key().fixed(key);
  row.value(version).fixed(payload);
  return *row.sealed().value;
}

ByteWriter& RowWriter::key() {
  key_.clear();
  return key_;
}

ByteWriter& RowWriter::value(std::uint8_t version) {
  covered_.clear();
  covered_.text(key_.bytes());
  framed_at_ = covered_.bytes().size();
  covered_.u8(version);
  return covered_;
}

StateRow RowWriter::sealed() const {
  const std::string_view framed = std::string_view(covered_.bytes()).substr(framed_at_);
  StateRow out{key_.bytes(), std::string()};
  out.value->reserve(framed.size() + checksum_bytes);
  out.value->append(framed);
  out.value->append(text(little_endian(stable_hash64(covered_.bytes()))));
  return out;
}

Result<OpenedRow> open(std::string_view key, std::string_view sealed, std::uint8_t newest) {
  if (sealed.size() < 1 + checksum_bytes) {
    return Error{Errc::record_malformed, "state row '" + printable(key) + "' is cut short: " + state_remedy};
  }
  const std::string_view framed = sealed.substr(0, sealed.size() - checksum_bytes);
  if (text(little_endian(checksum(key, framed))) != sealed.substr(framed.size())) {
    return Error{Errc::record_malformed, "state row '" + printable(key) + "' does not match its checksum: something else writes to the "
                                         "state topic, or it was damaged; " + state_remedy};
  }
  const auto version = static_cast<std::uint8_t>(framed[0]);
  if (version > newest) {
    return Error{Errc::format_too_new, "state row '" + printable(key) + "' has format version " + std::to_string(version) +
                                           ", this program reads up to " + std::to_string(newest) + ": run the newer imdswatch again"};
  }
  return OpenedRow{version, framed.substr(1)};
}

Error unknown_table(std::string_view key) {
  return Error{Errc::format_too_new,
               "state row '" + printable(key) + "' belongs to a table that this program does not know: run the newer imdswatch again"};
}

}  // namespace imdswatch
