#include "imdswatch/http/server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>

namespace imdswatch {
namespace {

/// The whole answer to one request, by a bare socket; empty if nobody listens.
std::string ask(std::uint16_t port, const std::string& request_line) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string out;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    const std::string request = request_line + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    static_cast<void>(::send(fd, request.data(), request.size(), MSG_NOSIGNAL));
    char buffer[4096];
    for (ssize_t n = 0; (n = ::recv(fd, buffer, sizeof buffer, 0)) > 0;) out.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(fd);
  return out;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Served {
  std::vector<Check> checks;
  HttpServer server{{"127.0.0.1", 0},
                    {[] { return std::string("imdswatch_ready 1\n"); }, [] { return std::vector<Check>{}; }, [this] { return checks; }}};
  std::uint16_t port = 0;
  Served() {
    const auto started = server.start();
    EXPECT_TRUE(started.ok());
    if (started) port = *started;
  }
};

TEST(Http, PortZeroTakesAFreeOneAndTellsIt) {
  const Served served;
  EXPECT_GT(served.port, 0);
}

TEST(Http, MetricsAreServedAsText) {
  const Served served;
  const std::string answer = ask(served.port, "GET /metrics");
  EXPECT_TRUE(contains(answer, "HTTP/1.1 200")) << answer;
  EXPECT_TRUE(contains(answer, "Content-Type: text/plain; version=0.0.4")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nimdswatch_ready 1\n")) << answer;
}

TEST(Http, ReadinessIs503WithTheReasonUntilEveryRequiredCheckHolds) {
  Served served;
  served.checks = {{"group_joined", true, true, ""}, {"state_restored", false, true, "shard 0: 12 \"rows\" read"}};
  const std::string before = ask(served.port, "GET /readyz");
  EXPECT_TRUE(contains(before, "HTTP/1.1 503")) << before;
  EXPECT_TRUE(contains(before, R"("status":"not ready")")) << before;
  EXPECT_TRUE(contains(before, R"({"name":"state_restored","ok":false,"required":true,"detail":"shard 0: 12 \"rows\" read"})")) << before;
  served.checks = {{"state_restored", true, true, ""}, {"learning", false, false, "until 2026-03-04"}};
  const std::string after = ask(served.port, "GET /readyz");
  EXPECT_TRUE(contains(after, "HTTP/1.1 200")) << after;
  EXPECT_TRUE(contains(after, R"("status":"ready")")) << after;
  EXPECT_TRUE(contains(after, "until 2026-03-04")) << after;
}

TEST(Http, HealthIs200WithoutAnyCheck) {
  const Served served;
  EXPECT_TRUE(contains(ask(served.port, "GET /healthz"), R"({"status":"healthy","checks":[]})"));
  EXPECT_TRUE(contains(ask(served.port, "HEAD /healthz"), "HTTP/1.1 200"));
}

TEST(Http, AnythingElseIsNotFoundAndSaysWhatIsThere) {
  const Served served;
  const std::string answer = ask(served.port, "GET /");
  EXPECT_TRUE(contains(answer, "HTTP/1.1 404")) << answer;
  EXPECT_TRUE(contains(answer, "/readyz")) << answer;
  EXPECT_FALSE(contains(ask(served.port, "POST /metrics"), "HTTP/1.1 200"));
}

TEST(Http, AHandlerThatThrowsAnswers500AndTellsNothing) {
  HttpServer server({"127.0.0.1", 0}, {[]() -> std::string { throw std::runtime_error("secret"); }, {}, {}});
  const auto port = server.start();
  ASSERT_TRUE(port.ok());
  const std::string answer = ask(*port, "GET /metrics");
  EXPECT_TRUE(contains(answer, "HTTP/1.1 500")) << answer;
  EXPECT_FALSE(contains(answer, "secret"));
}

TEST(Http, APortThatIsTakenIsAnErrorThatSaysWhatToDo) {
  const Served served;
  HttpServer second({"127.0.0.1", served.port}, {});
  const auto started = second.start();
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().code, Errc::config_invalid);
  EXPECT_TRUE(contains(started.error().message, std::to_string(served.port))) << started.error().message;
  EXPECT_TRUE(contains(started.error().message, "in use")) << started.error().message;
  EXPECT_TRUE(contains(started.error().message, "http.port")) << started.error().message;
}

TEST(Http, AnAddressOfAnotherMachineIsAnError) {
  HttpServer server({"192.0.2.1", 0}, {});
  EXPECT_FALSE(server.start().ok());
}

TEST(Http, StoppingEndsItAndStoppingTwiceIsFine) {
  Served served;
  served.server.stop();
  EXPECT_EQ(ask(served.port, "GET /healthz"), "");
  served.server.stop();
}

}  // namespace
}  // namespace imdswatch
