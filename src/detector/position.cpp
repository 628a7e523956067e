#include "position.hpp"

#include "imdswatch/base/bytes.hpp"

namespace imdswatch {
namespace {

constexpr std::uint8_t newest_version = 1;

}  // namespace

StateRow encode_position(Offset next) {
  ByteWriter payload;
  payload.zigzag(next.value());
  std::string key(1, static_cast<char>(Table::position));
  std::string value = seal(key, newest_version, payload.bytes());
  return {std::move(key), std::move(value)};
}

Result<std::optional<Offset>> decode_position(const StateRow& row) {
  if (!row.value) return std::optional<Offset>{};
  auto opened = open(row.key, *row.value, newest_version);
  if (!opened) return std::move(opened).error();
  ByteReader payload(opened->payload);
  const Offset next{payload.zigzag()};
  if (!payload.done()) return Error{Errc::record_malformed, std::string{"the state's position row does not decode: "} + state_remedy};
  return std::optional<Offset>{next};
}

}  // namespace imdswatch
