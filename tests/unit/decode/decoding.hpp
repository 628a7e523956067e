#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "imdswatch/decode/decoder.hpp"
#include "support/sample_events.hpp"

namespace imdswatch {

/// A decoder, and what it makes of a message with one event.
class Decoding : public ::testing::Test {
 protected:
  const Decoded& only(std::string_view message) {
    const auto all = decoder_.decode(message);
    EXPECT_EQ(all.size(), 1u);
    return all.front();
  }
  const Event& event(std::string_view message) {
    const auto* out = std::get_if<Event>(&only(message));
    if (out != nullptr) return *out;
    ADD_FAILURE() << message;
    static const Event none{};
    return none;
  }
  template <class Told>
  const Told& told(std::string_view message) {
    const auto* out = std::get_if<Told>(&event(message).what);
    if (out != nullptr) return *out;
    ADD_FAILURE() << message;
    static const Told none{};
    return none;
  }
  const ConnectionEvent& connection(std::string_view message) { return told<ConnectionEvent>(message); }
  const ProcessStartEvent& start(std::string_view message) { return told<ProcessStartEvent>(message); }
  std::string_view ignored_as(std::string_view message) {
    const auto* ignored = std::get_if<Ignored>(&only(message));
    return ignored != nullptr ? to_string(ignored->reason) : "not ignored";
  }
  std::string_view rejected_as(std::string_view message) {
    const auto* rejected = std::get_if<Rejected>(&only(message));
    return rejected != nullptr ? to_string(rejected->reason) : "not rejected";
  }

 private:
  Decoder decoder_;
};

inline const IpAddress& metadata_address() {
  static const IpAddress out = parse_ip_address("169.254.169.254").value();
  return out;
}

}  // namespace imdswatch
