#include "programs.hpp"

#include "imdswatch/base/check.hpp"

namespace imdswatch::fleet {
namespace {

constexpr auto system_user = "NT AUTHORITY\\SYSTEM";
constexpr auto system_sid = "S-1-5-18";
constexpr auto person = "CORP\\{person}";
constexpr auto person_sid = "S-1-5-21-1004336348-1177238915-682003330-{rid}";
constexpr auto services = "C:\\Windows\\System32\\services.exe";
constexpr auto explorer = "C:\\Windows\\explorer.exe";
constexpr auto microsoft = "Microsoft Windows";
constexpr auto amazon = "Amazon.com Services LLC";
constexpr auto google = "Google LLC";

Program service(std::string name, std::string folder, std::string signer, std::string arguments = "") {
  return {std::move(name), std::move(folder), system_user, system_sid, services, std::move(arguments), std::move(signer)};
}

const std::string ssm_folder = "C:\\Program Files\\Amazon\\SSM\\";

std::vector<Caller> aws_callers() {
  Program inventory = service("ssm-document-worker.exe", ssm_folder, amazon, " i-0 {doc}");
  inventory.parent = ssm_folder + "amazon-ssm-agent.exe";
  return {{service("amazon-ssm-agent.exe", ssm_folder, amazon), 5},
          {service("amazon-cloudwatch-agent.exe", "C:\\Program Files\\Amazon\\AmazonCloudWatchAgent\\", amazon, " -config env.toml"), 9},
          {inventory, 30},
          {service("agent.exe", "C:\\Program Files\\Datadog\\Datadog Agent\\bin\\", "Datadog, Inc.", " run"), 30, 0.6}};
}

std::vector<Caller> azure_callers() {
  return {{service("WindowsAzureGuestAgent.exe", "C:\\WindowsAzure\\GuestAgent_{ver}_2026-01-17_150914\\GuestAgent\\", "Microsoft Corporation"), 3},
          {service("WaAppAgent.exe", "C:\\WindowsAzure\\Packages\\", "Microsoft Corporation"), 240},
          {service("NetworkWatcherAgent.exe", "C:\\Packages\\Plugins\\Microsoft.Azure.NetworkWatcher.NetworkWatcherAgentWindows\\{ver}\\",
                   "Microsoft Corporation"),
           10, 0.5},
          {service("MonAgentCore.exe", "C:\\Packages\\Plugins\\Microsoft.Azure.Monitor.AzureMonitorWindowsAgent\\{ver}\\Monitoring\\Agent\\",
                   "Microsoft Corporation"),
           15}};
}

std::vector<Caller> gcp_callers() {
  return {{service("GCEWindowsAgent.exe", "C:\\Program Files\\Google\\Compute Engine\\agent\\", google), 4},
          {service("google_osconfig_agent.exe", "C:\\Program Files\\Google\\OSConfig\\", google), 6},
          {service("GCEMetadataScripts.exe", "C:\\Program Files\\Google\\Compute Engine\\metadata_scripts\\", google, " startup"), 1400}};
}

std::vector<Caller> with(std::vector<Caller> callers, Caller more) {
  callers.push_back(std::move(more));
  return callers;
}

Program web_worker() {
  Program out = service("w3wp.exe", "C:\\Windows\\System32\\inetsrv\\", microsoft, " -ap \"Shop\"");
  out.user = "IIS APPPOOL\\Shop";
  out.user_id = "S-1-5-82-3006700770-424185619-1745488364-794895919-4004696415";
  out.parent = "C:\\Windows\\System32\\svchost.exe";
  return out;
}

std::vector<HostKind> make_host_kinds() {
  Program backup = service("VeeamAgent.exe", "C:\\Program Files\\Veeam\\Endpoint Backup\\", "Veeam Software Group GmbH");
  Program deploy = service("java.exe", "C:\\BuildAgent\\jre\\bin\\", "Eclipse.org Foundation, Inc.", " -jar agent.jar");
  deploy.user = "CORP\\svc-build";
  deploy.user_id = "S-1-5-21-1004336348-1177238915-682003330-1109";
  return {{"web-asg", "aws", true, 0.30, with(aws_callers(), {web_worker(), 12})},
          {"build", "aws", false, 0.15, with(aws_callers(), {deploy, 25})},
          {"sql", "azure", false, 0.20, with(azure_callers(), {backup, 300, 0.5})},
          {"desk", "azure", false, 0.20, azure_callers()},
          {"pos", "gcp", false, 0.15, gcp_callers()}};
}

Program typed(std::string name, std::string folder, std::string arguments, std::string parent = explorer, std::string signer = microsoft) {
  return {std::move(name), std::move(folder), person, person_sid, std::move(parent), std::move(arguments), std::move(signer)};
}

Program as_service(Program program, std::string user, std::string sid) {
  program.user = std::move(user);
  program.user_id = std::move(sid);
  return program;
}

const std::string powershell_folder = "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\";
const std::string system32 = "C:\\Windows\\System32\\";
constexpr auto aws_role = "http://169.254.169.254/latest/meta-data/iam/security-credentials/";

std::vector<Program> make_thefts() {
  Program run_command = service("powershell.exe", powershell_folder, microsoft, " -NonInteractive -File _script.ps1");
  run_command.parent = ssm_folder + "ssm-document-worker.exe";
  Program tomcat = typed("powershell.exe", powershell_folder, " -nop -w hidden -enc SQBSAE0A", "C:\\Tomcat9\\bin\\tomcat9.exe");
  Program sql = typed("powershell.exe", powershell_folder, " -c \"irm " + std::string(aws_role) + "\"",
                      "C:\\Program Files\\Microsoft SQL Server\\MSSQL16.MSSQLSERVER\\MSSQL\\Binn\\sqlservr.exe");
  Program fake = typed("amazon-ssm-agent.exe", "C:\\Users\\Public\\", "", explorer, "");
  Program renamed = service("svchost.exe", "C:\\ProgramData\\Cache\\", "", " -k netsvcs");
  Program unsigned_agent = service("WindowsAzureGuestAgent.exe", "C:\\WindowsAzure\\GuestAgent_2.7.41491.1100_2026-01-17_150914\\GuestAgent\\", "");
  unsigned_agent.user = person;
  unsigned_agent.user_id = person_sid;
  return {
      typed("powershell.exe", powershell_folder, " Invoke-RestMethod -Headers @{Metadata='true'} http://169.254.169.254/metadata/identity/oauth2/token"),
      typed("pwsh.exe", "C:\\Program Files\\PowerShell\\7\\", " -c \"irm http://169.254.169.254/metadata/instance\"", explorer, "Microsoft Corporation"),
      typed("curl.exe", system32, " -s " + std::string(aws_role) + "web-role", system32 + "cmd.exe"),
      typed("certutil.exe", system32, " -urlcache -f " + std::string(aws_role) + " r.txt", system32 + "cmd.exe"),
      typed("bitsadmin.exe", system32, " /transfer j " + std::string(aws_role) + " C:\\Users\\Public\\r.txt", system32 + "cmd.exe"),
      typed("mshta.exe", system32, " C:\\Users\\Public\\q.hta"),
      typed("rundll32.exe", system32, " C:\\Users\\Public\\u.dll,Start"),
      typed("python.exe", "C:\\Users\\{person}\\Downloads\\py\\", " grab.py", explorer, "Python Software Foundation"),
      run_command,
      as_service(tomcat, "NT SERVICE\\Tomcat9", "S-1-5-80-3139157870-2983391045-3678747466-658725712-1809340420"),
      as_service(sql, "NT SERVICE\\MSSQLSERVER", "S-1-5-80-3880718306-3832830129-1677859214-2598158968-1052248003"),
      typed("bun.exe", "C:\\Users\\{person}\\AppData\\Local\\Temp\\npm-9f31ab\\", " run setup.js", "C:\\Program Files\\nodejs\\node.exe", ""),
      fake,
      renamed,
      unsigned_agent,
  };
}

}  // namespace

const std::vector<HostKind>& host_kinds() {
  static const std::vector<HostKind> kinds = make_host_kinds();
  return kinds;
}

const Program& rolled_out_agent() {
  static const Program agent = service("telegraf.exe", "C:\\Program Files\\Telegraf\\", "InfluxData Inc.", " --service");
  return agent;
}

const std::vector<Program>& everyday_programs() {
  static const std::vector<Program> programs = {
      typed("chrome.exe", "C:\\Program Files\\Google\\Chrome\\Application\\", "", explorer, google),
      typed("OUTLOOK.EXE", "C:\\Program Files\\Microsoft Office\\root\\Office16\\", "", explorer, "Microsoft Corporation"),
      typed("Teams.exe", "C:\\Users\\{person}\\AppData\\Local\\Microsoft\\Teams\\current\\", "", explorer, "Microsoft Corporation"),
      service("svchost.exe", system32, microsoft, " -k netsvcs -p"),
      service("MsMpEng.exe", "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\{ver}\\", "Microsoft Windows Publisher"),
      typed("powershell.exe", powershell_folder, " -File C:\\Scripts\\report.ps1"),
      service("backgroundTaskHost.exe", system32, microsoft)};
  return programs;
}

const Program& theft_program(TheftKind kind) {
  static const std::vector<Program> programs = make_thefts();
  IMDS_CHECK(programs.size() == theft_kinds);
  return programs[static_cast<std::size_t>(kind)];
}

std::string theft_name(TheftKind kind) {
  switch (kind) {
    case TheftKind::powershell: return "PowerShell typed by a person";
    case TheftKind::powershell_core: return "PowerShell 7";
    case TheftKind::curl: return "curl from a command prompt";
    case TheftKind::certutil: return "certutil download";
    case TheftKind::bitsadmin: return "bitsadmin transfer";
    case TheftKind::mshta: return "mshta script";
    case TheftKind::rundll32: return "rundll32 with a stranger's DLL";
    case TheftKind::python_from_downloads: return "Python from Downloads";
    case TheftKind::run_command: return "PowerShell by Run Command";
    case TheftKind::shell_under_tomcat: return "shell under Tomcat";
    case TheftKind::sql_server_shell: return "shell under SQL Server";
    case TheftKind::package_worm: return "package worm";
    case TheftKind::fake_agent: return "agent's name in a public folder";
    case TheftKind::renamed_tool: return "tool renamed to svchost.exe";
    case TheftKind::unsigned_agent: return "agent's name and folder, run by a person and unsigned";
  }
  return "";
}

}  // namespace imdswatch::fleet
