#include "imdswatch/http/server.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <exception>
#include <thread>
#include <utility>

#include <httplib.h>

namespace imdswatch {
namespace {

constexpr std::size_t threads = 2;             ///< a scraper and a probe at once
constexpr std::size_t max_request_bytes = 8192;
constexpr time_t timeout_seconds = 5;          ///< for a client that is slow to ask or to listen

bool all_required_hold(const std::vector<Check>& checks) {
  return std::ranges::all_of(checks, [](const Check& check) { return check.ok || !check.required; });
}

using Answer = std::function<void(httplib::Response&)>;

/// A handler of ours that fails must not end the server, nor be told to a stranger in full.
httplib::Server::Handler guarded(Answer answer) {
  return [answer = std::move(answer)](const httplib::Request&, httplib::Response& response) {
    try {
      answer(response);
    } catch (const std::exception&) {
      response.status = 500;
      response.set_content("internal error\n", "text/plain");
    }
    response.set_header("Cache-Control", "no-store");
  };
}

Answer checks_answer(std::function<std::vector<Check>()> checks, std::string good, std::string bad) {
  return [checks = std::move(checks), good = std::move(good), bad = std::move(bad)](httplib::Response& response) {
    const std::vector<Check> now = checks ? checks() : std::vector<Check>{};
    response.status = all_required_hold(now) ? 200 : 503;
    response.set_content(checks_json(now, good, bad) + "\n", "application/json");
  };
}

}  // namespace

struct HttpServer::Impl {
  HttpOptions options;
  HttpHandlers handlers;
  httplib::Server server;
  std::thread thread;
  std::atomic<bool> ended{false};

  void routes() {
    server.new_task_queue = [] { return new httplib::ThreadPool(threads); };
    server.set_payload_max_length(max_request_bytes);
    server.set_read_timeout(timeout_seconds);
    server.set_write_timeout(timeout_seconds);
    server.set_keep_alive_timeout(1);  // a kept connection holds one of few threads, and a stop waits for it
    server.Get("/metrics", guarded([this](httplib::Response& response) {
      response.set_content(handlers.metrics ? handlers.metrics() : "", "text/plain; version=0.0.4; charset=utf-8");
    }));
    server.Get("/healthz", guarded(checks_answer(handlers.healthz, "healthy", "unhealthy")));
    server.Get("/readyz", guarded(checks_answer(handlers.readyz, "ready", "not ready")));
    server.set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (response.body.empty()) response.set_content("here are /metrics, /healthz and /readyz\n", "text/plain");
    });
  }
};

HttpServer::HttpServer(HttpOptions options, HttpHandlers handlers) : impl_(std::make_unique<Impl>()) {
  impl_->options = std::move(options);
  impl_->handlers = std::move(handlers);
  impl_->routes();
}

HttpServer::~HttpServer() { stop(); }

Result<std::uint16_t> HttpServer::start() {
  const HttpOptions& options = impl_->options;
  // Without SO_REUSEPORT, which httplib sets: another process on the port is an error, not a silent sharing of it.
  impl_->server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  errno = 0;
  int port = options.port;
  bool listening = false;
  if (port == 0) {
    port = impl_->server.bind_to_any_port(options.listen);
    listening = port > 0;
  } else {
    listening = impl_->server.bind_to_port(options.listen, port);
  }
  if (!listening) {
    const std::string why = errno != 0 ? std::strerror(errno) : "the address does not exist on this machine";
    return Error{Errc::config_invalid, "http: cannot listen on " + options.listen + " port " + std::to_string(options.port) + ": " + why +
                                           "; change http.listen or http.port, or set http.enabled: false"};
  }
  impl_->thread = std::thread([impl = impl_.get()] {
    impl->server.listen_after_bind();
    impl->ended = true;
  });
  // stop() before the loop has begun would be forgotten.
  while (!impl_->server.is_running() && !impl_->ended) std::this_thread::yield();
  return static_cast<std::uint16_t>(port);
}

void HttpServer::stop() {
  if (!impl_->thread.joinable()) return;
  impl_->server.stop();
  impl_->thread.join();
}

}  // namespace imdswatch
