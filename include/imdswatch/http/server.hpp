#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "imdswatch/base/result.hpp"

namespace imdswatch {

/// One thing that readiness or health rests on.
struct Check {
  std::string name;       ///< "group_joined"
  bool ok = true;
  bool required = true;   ///< false: told, but the answer stays 200 (learning, catching up)
  std::string detail;     ///< for a person: "shard 0: 1,200 records behind"
};

struct HttpOptions {
  std::string listen = "127.0.0.1";
  std::uint16_t port = 9464;  ///< 0: any free one
};

/// Called from the server's threads; must not block for long. One that throws answers 500.
struct HttpHandlers {
  std::function<std::string()> metrics;           ///< Prometheus' text format
  std::function<std::vector<Check>()> healthz;    ///< whether a restart would help
  std::function<std::vector<Check>()> readyz;     ///< whether it does its job now
};

/// /metrics, /healthz and /readyz, by GET and HEAD. The latter two answer 200 if every required check holds, else 503, with a
/// JSON body that says why. No authentication, no TLS: for loopback.
class HttpServer {
 public:
  HttpServer(HttpOptions options, HttpHandlers handlers);
  ~HttpServer();  ///< stops
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Listens and serves on threads of its own; the port. Errc::config_invalid if it cannot listen there, with the reason.
  Result<std::uint16_t> start();
  /// Ends the threads once they have answered what they are at. Once is enough, twice is fine.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The body of /healthz and /readyz: {"status":"ready","checks":[{"name":…,"ok":…,"required":…,"detail":…}]}
std::string checks_json(const std::vector<Check>& checks, const std::string& good, const std::string& bad);

}  // namespace imdswatch
