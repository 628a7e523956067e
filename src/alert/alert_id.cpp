#include <openssl/evp.h>

#include <array>
#include <cstdio>

#include "imdswatch/alert/alert.hpp"
#include "imdswatch/base/check.hpp"

namespace imdswatch {
namespace {

/// The namespace of our UUIDs; never changes, or every alert would get another id.
constexpr std::array<std::uint8_t, 16> id_namespace = {0x0e, 0x6b, 0x1d, 0x52, 0x9c, 0x3f, 0x4a, 0x77,
                                                       0x8d, 0x21, 0x5b, 0xe4, 0x60, 0x9a, 0xc7, 0x13};

/// Parts with their lengths, so that no two lists of parts look alike.
class Name {
 public:
  Name& text(std::string_view value) {
    bytes_ += std::to_string(value.size()) + ':';
    bytes_ += value;
    return *this;
  }
  Name& number(std::int64_t value) { return text(std::to_string(value)); }
  Name& signature(const Signature& s) {
    text(s.name);
    maybe(s.folder ? std::optional<std::string_view>(*s.folder) : std::nullopt);
    maybe(s.user ? std::optional<std::string_view>(to_string(*s.user)) : std::nullopt);
    return maybe(s.signer ? std::optional<std::string_view>(*s.signer) : std::nullopt);
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  Name& maybe(const std::optional<std::string_view>& value) {
    if (value) return text(*value);
    bytes_ += '-';
    return *this;
  }
  std::string bytes_;
};

/// RFC 9562, section 5.5.
std::string uuid_v5(std::string_view name) {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  std::string input(id_namespace.begin(), id_namespace.end());
  input += name;
  IMDS_CHECK(EVP_Digest(input.data(), input.size(), hash.data(), &size, EVP_sha1(), nullptr) == 1 && size == 20);
  hash[6] = static_cast<std::uint8_t>((hash[6] & 0x0f) | 0x50);
  hash[8] = static_cast<std::uint8_t>((hash[8] & 0x3f) | 0x80);
  std::string out;
  for (std::size_t i = 0; i < 16; ++i) {
    char hex[3];
    std::snprintf(hex, sizeof hex, "%02x", static_cast<unsigned>(hash[i]));
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += hex;
  }
  return out;
}

}  // namespace

std::string alert_id(const AlertOrder& order, const AlertPolicy& policy, Shard shard) {
  Name name;
  name.text(policy.rule_uuid);
  switch (order.kind) {
    case AlertOrder::Kind::single:
      name.text("single").text(order.identity.host.value()).signature(order.identity.signature).number(order.identity.bucket.value());
      break;
    case AlertOrder::Kind::group:
      name.text("group").number(shard.value()).signature(order.identity.signature).number(order.identity.bucket.value());
      break;
    case AlertOrder::Kind::overflow:
      name.text("overflow").number(shard.value()).number(order.identity.bucket.value());
      break;
    case AlertOrder::Kind::learning_report:
      name.text("learning").number(shard.value());
      break;
  }
  return uuid_v5(name.bytes());
}

}  // namespace imdswatch
