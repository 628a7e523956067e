#include "programs.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace imdswatch::bench {
namespace {

std::string replaced(std::string_view text, std::string_view every, std::string_view by) {
  std::string out;
  for (std::size_t at = 0;;) {
    const auto next = text.find(every, at);
    out += text.substr(at, next - at);
    if (next == std::string_view::npos) return out;
    out += by;
    at = next + every.size();
  }
}

std::string escaped(std::string_view raw) { return replaced(replaced(raw, "\\", "\\\\"), "\"", "\\\""); }

std::string dotnet_escaped(std::string_view raw) {
  std::string out;
  for (const char c : raw) {
    if (c == '\\') {
      out += "\\\\";
    } else if (std::string_view("\"'<>&+").find(c) != std::string_view::npos) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04X", static_cast<unsigned>(c));
      out += code;
    } else {
      out += c;
    }
  }
  return out;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return text;
}

std::string base64(fleet::Random& random, std::size_t length) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < length; ++i) out += digits[random.below(digits.size())];
  return out;
}

std::string number(fleet::Random& random, std::uint64_t below) { return std::to_string(random.below(below)); }

enum class Style { bare, service, browser, script, java, build, query };

/// Command lines have a long tail: most under 150 characters, some over a thousand.
std::string command_of(const std::string& path, Style style, fleet::Random& random) {
  const std::string quoted = '"' + path + '"';
  switch (style) {
    case Style::bare: return random.chance(0.5) ? path : quoted;
    case Style::service: return path + " -k netsvcs -p -s Schedule" + number(random, 40);
    case Style::browser:
      return quoted + " --type=renderer --string-annotations=is-enterprise-managed=yes --lang=en-US --device-scale-factor=1 --num-raster-threads=" +
             number(random, 8) + " --enable-main-frame-before-activation --renderer-client-id=" + number(random, 900) +
             " --time-ticks-at-unix-epoch=-17" + number(random, 10'000'000'000'000) + " --launch-time-ticks=" + number(random, 1'000'000'000'000) +
             " --metrics-shmem-handle=" + number(random, 9000) + ",i," + number(random, 1ULL << 62) + "," + number(random, 1ULL << 62) +
             ",2097152 --field-trial-handle=" + number(random, 4000) + ",i," + number(random, 1ULL << 62) + "," + number(random, 1ULL << 62) +
             ",262144 --variations-seed-version=20260" + number(random, 999999) + " --mojo-platform-channel-handle=" + number(random, 9000) + " /prefetch:1";
    case Style::script:
      if (random.chance(0.4)) return quoted + " -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand " + base64(random, 120 + random.below(700));
      return quoted + " -NoLogo -Command \"& {Get-ChildItem 'D:\\jobs\\" + number(random, 5000) +
             "' -Recurse | Where-Object { $_.Length -gt 1MB -and $_.Extension -ne '.zip' } | ForEach-Object { \\\"$($_.FullName) <$($_.Length)>\\\" }}\"";
    case Style::java: {
      std::string out = quoted + " -Xms512m -Xmx" + number(random, 8) + "g -XX:+UseG1GC -XX:+HeapDumpOnOutOfMemoryError -Dfile.encoding=UTF-8 -cp \"";
      const auto jars = 6 + random.below(14);
      for (std::uint64_t i = 0; i < jars; ++i) out += "D:\\apps\\orders\\lib\\component-" + number(random, 90) + "-" + number(random, 9) + "." + number(random, 30) + ".jar;";
      return out + "\" example.orders.Main --port=" + number(random, 60000);
    }
    case Style::build: return quoted + " /d /s /c \"\"D:\\apps\\jobs\\run-" + number(random, 5000) + ".cmd\" --retry 3 > \"D:\\logs\\run " + number(random, 900) + ".log\" 2>&1\"";
    case Style::query: return quoted + " -S tcp:db" + number(random, 40) + ".corp.example,1433 -d orders -E -Q \"select count(*) from jobs where state <> 'done' and id > " + number(random, 1'000'000) + "\"";
  }
  return path;
}

Program make(const std::string& folder, const std::string& name, const std::string& description, const std::string& signer, bool as_system,
             Style style, fleet::Random& random) {
  Program out;
  const std::string path = folder + "\\" + name;
  out.name = name;
  out.description = description;
  out.signer = signer;
  out.path = written(path);
  out.device_path = escaped(lower("\\device\\harddiskvolume3" + path.substr(2)));
  out.folded_path = escaped(lower(path));
  out.as_system = as_system;
  for (int i = 0; i < 12; ++i) out.commands.push_back(written(command_of(path, style, random)));
  return out;
}

}  // namespace

Written written(const std::string& raw) {
  return {escaped(raw), escaped(replaced(raw, "\\", "\\\\")), dotnet_escaped(raw)};
}

std::vector<Program> everyday_programs(fleet::Random& random) {
  const std::string system = R"(C:\Windows\System32)", programs = R"(C:\Program Files)", home = R"(C:\Users\kim\AppData\Local)";
  const std::string windows = "Microsoft Windows", publisher = "Microsoft Windows Publisher", microsoft = "Microsoft Corporation";
  std::vector<Program> out;
  const auto add = [&](const std::string& folder, const std::string& name, const std::string& description, const std::string& signer,
                       bool as_system, Style style) { out.push_back(make(folder, name, description, signer, as_system, style, random)); };
  add(system, "svchost.exe", "Host Process for Windows Services", publisher, true, Style::service);
  add(system, "conhost.exe", "Console Window Host", windows, true, Style::bare);
  add(system, "cmd.exe", "Windows Command Processor", windows, true, Style::build);
  add(system, "RuntimeBroker.exe", "Runtime Broker", windows, false, Style::bare);
  add(system, "backgroundTaskHost.exe", "Background Task Host", windows, false, Style::bare);
  add(system, "taskhostw.exe", "Host Process for Windows Tasks", windows, true, Style::bare);
  add(system, "dllhost.exe", "COM Surrogate", windows, true, Style::bare);
  add(system, "SearchProtocolHost.exe", "Microsoft Windows Search Protocol Host", windows, true, Style::bare);
  add(system + R"(\wbem)", "WmiPrvSE.exe", "WMI Provider Host", windows, true, Style::bare);
  add(system + R"(\WindowsPowerShell\v1.0)", "powershell.exe", "Windows PowerShell", windows, true, Style::script);
  add(system + R"(\inetsrv)", "w3wp.exe", "IIS Worker Process", windows, true, Style::bare);
  add(R"(C:\Windows)", "explorer.exe", "Windows Explorer", windows, false, Style::bare);
  add(programs + R"(\Google\Chrome\Application)", "chrome.exe", "Google Chrome", "Google LLC", false, Style::browser);
  add(R"(C:\Program Files (x86)\Microsoft\Edge\Application)", "msedge.exe", "Microsoft Edge", microsoft, false, Style::browser);
  add(R"(C:\ProgramData\Microsoft\Windows Defender\Platform\4.18.24090.11-0)", "MsMpEng.exe", "Antimalware Service Executable", publisher, true, Style::bare);
  add(programs + R"(\Microsoft SQL Server\MSSQL16.MSSQLSERVER\MSSQL\Binn)", "sqlservr.exe", "SQL Server Windows NT", microsoft, true, Style::bare);
  add(programs + R"(\Microsoft SQL Server\Client SDK\ODBC\170\Tools\Binn)", "sqlcmd.exe", "SQLCMD", microsoft, true, Style::query);
  add(R"(D:\apps\jdk-21\bin)", "java.exe", "OpenJDK Platform binary", "Eclipse.org Foundation, Inc.", true, Style::java);
  add(home + R"(\Microsoft\OneDrive)", "OneDrive.exe", "Microsoft OneDrive", microsoft, false, Style::bare);
  add(home + R"(\Microsoft\Teams\current)", "Teams.exe", "Microsoft Teams", microsoft, false, Style::browser);
  add(home + R"(\Programs\Python\Python312)", "python.exe", "Python", "Python Software Foundation", false, Style::query);
  add(R"(D:\agent\externals\node20\bin)", "node.exe", "Node.js JavaScript Runtime", "OpenJS Foundation", true, Style::build);
  add(programs + R"(\Git\cmd)", "git.exe", "Git for Windows", "Johannes Schindelin", false, Style::query);
  add(R"(D:\apps\orders)", "orders-worker.exe", "Orders worker", "", true, Style::bare);
  return out;
}

std::vector<Program> cloud_agents(fleet::Random& random) {
  std::vector<Program> out;
  const auto add = [&](const std::string& folder, const std::string& name, const std::string& description, const std::string& signer) {
    out.push_back(make(folder, name, description, signer, true, Style::bare, random));
  };
  add(R"(C:\Program Files\Amazon\SSM)", "amazon-ssm-agent.exe", "Amazon SSM Agent", "Amazon.com Services LLC");
  add(R"(C:\Program Files\Amazon\SSM)", "ssm-agent-worker.exe", "Amazon SSM Agent worker", "Amazon.com Services LLC");
  add(R"(C:\Program Files\Amazon\AmazonCloudWatchAgent)", "amazon-cloudwatch-agent.exe", "Amazon CloudWatch Agent", "Amazon.com Services LLC");
  add(R"(C:\WindowsAzure\GuestAgent_2.7.41491.1095_2026-01-17_150914\GuestAgent)", "WindowsAzureGuestAgent.exe", "Azure guest agent", "Microsoft Corporation");
  add(R"(C:\Program Files\Google\Compute Engine\agent)", "GCEWindowsAgent.exe", "Google Compute Engine agent", "Google LLC");
  return out;
}

}  // namespace imdswatch::bench
