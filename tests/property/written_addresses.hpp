#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "imdswatch/decode/decoder.hpp"
#include "support/event_changes.hpp"
#include "support/glances.hpp"
#include "support/json_shapes.hpp"

namespace imdswatch::glance_property {

inline const std::vector<std::string> wanted_addresses{"169.254.169.254", "fd00:ec2::254", "168.63.129.16", "100.100.100.200", "fd00::1"};
inline const std::vector<std::string> written_addresses{
    "169.254.169.254", "::ffff:169.254.169.254", "::FFFF:A9FE:A9FE", "0:0:0:0:0:ffff:a9fe:a9fe", "0000:0000:0000:0000:0000:FFFF:a9fe:A9FE",
    "a9fe:a9fe:0:0:18a2:6e00:e0:ffff", "a9fe:a9fe:3000:3000:3000:3000:3000:3300", "fd00:ec2::254", "FD00:0EC2:0:0:0:0:0:0254", "fd00:ec2::0.0.2.84", "168.63.129.16", "::ffff:a83f:8110",
    "100.100.100.200", "::ffff:6464:64C8", "\\u0031\\u0036\\u0039.254.169.254", "169\\u002e254.169.254", "169.254.169.25\\u0034",
    "::ffff:\\u0061\\u0039fe:a9fe", "169.254.169.254:80", "[::ffff:169.254.169.254]:80", "[::FFFF:A9FE:A9FE]:80", "169.254.169.254\\u003a80",
    "[fd00:ec2::254]:80", "fd00:0:0::0001", "fd00::1%eth0", "fd00::1%\\u0034", " 169.254.169.254 ", "\\t169.254.169.254"};

/// In each place of each golden event where an address stands: after `learned` messages with one that is not wanted, of which the next is recognised, each
/// written form of a wanted one that makes it a call. Tells how many calls there were; fails where one is taken by its looks.
/// `write`: the message of an event.
template <class Write>
std::map<Format, int> find_written_forms(int learned, Write write) {
  std::vector<IpAddress> addresses;
  for (const auto& text : wanted_addresses) addresses.push_back(*parse_ip_address(text));
  Decoder plain;
  std::map<Format, int> calls;
  for (testing::Json event : testing::golden_events()) {
    for (testing::Json* place : testing::scalars_of(event)) {
      const std::string written = place->scalar;
      if (written.size() < 2 || !parse_endpoint(std::string_view(written).substr(1, written.size() - 2))) continue;
      const auto with = [&](std::string_view address) {
        place->scalar = "\"" + std::string(address) + "\"";
        return write(event);
      };
      for (const std::string clean : {"10.1.2.3", "fd00::2"}) {
        testing::Glancer quick(DecodeConfig{.wanted_addresses = addresses});  // one that knows only this event
        for (int i = 0; i < learned; ++i) static_cast<void>(quick.take(with(clean)));
        if (!quick.decoder.glance(with(clean))) continue;
        for (const auto& form : written_addresses) {
          const std::string message = with(form);
          const auto all = plain.decode(message);
          const auto is_call = [&](const IpAddress& address) { return testing::has_call(all, address); };
          if (std::ranges::none_of(addresses, is_call)) continue;
          ++calls[std::visit([](const auto& what) { return what.format; }, all.front())];
          EXPECT_FALSE(quick.decoder.glance(message)) << form << " after " << clean << " in " << message;
        }
      }
      place->scalar = written;
    }
  }
  return calls;
}

}  // namespace imdswatch::glance_property
