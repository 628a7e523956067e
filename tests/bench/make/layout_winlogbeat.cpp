#include <string>

#include "layouts.hpp"

namespace imdswatch::bench {
namespace {

const std::string metadata = R"({"@timestamp":"‹iso3›","@metadata":{"beat":"winlogbeat","type":"_doc","version":"8.17.4"},)";
const std::string beat =
    R"("agent":{"name":"‹host›","type":"winlogbeat","version":"8.17.4","ephemeral_id":"‹any_guid›","id":"‹agent›"},"ecs":{"version":"8.0.0"},)"
    R"("host":{"name":"‹fqdn›","hostname":"‹upper›","architecture":"x86_64","os":{"type":"windows","platform":"windows","version":"10.0","family":"windows","name":"Windows Server 2022 Datacenter","kernel":"10.0.20348.2527"},"id":"‹host_id›","ip":["fe80::5c1b:1d3a:2b1f:7e10","‹ip›"],"mac":["02-00-5E-10-00-01"]},)";

/// The log record around the data.
std::string sysmon(const std::string& id, const std::string& task, const std::string& data) {
  return R"("winlog":{"channel":"Microsoft-Windows-Sysmon/Operational","provider_guid":"{5770385f-c22a-43e0-bf4c-06f5698ffbd9}","provider_name":"Microsoft-Windows-Sysmon","api":"wineventlog","event_id":")" + id +
         R"(","computer_name":"‹fqdn›","version":5,"record_id":‹serial›,"task":")" + task +
         R"(","opcode":"Info","process":{"pid":2960,"thread":{"id":‹thread›}},"user":{"identifier":"S-1-5-18","name":"SYSTEM","domain":"NT AUTHORITY","type":"User"},"event_data":{)" + data + "}}}";
}

std::string event(const std::string& id, const std::string& task) {
  return R"("event":{"code":")" + id + R"(","kind":"event","provider":"Microsoft-Windows-Sysmon","action":")" + task +
         R"(","created":"‹iso3›"},"log":{"level":"information"},)";
}

std::string record(const std::string& id, const std::string& task, const std::string& message, const std::string& data) {
  return metadata + event(id, task) + R"("message":")" + task + message + "\"," + beat + sysmon(id, task, data);
}

std::string connection(const std::string& initiated) {
  return record(
      "3", "Network connection detected (rule: NetworkConnect)",
      R"(:\nRuleName: -\nUtcTime: ‹sysmon›\nProcessGuid: ‹guid›\nProcessId: ‹pid›\nImage: ‹path›\nUser: ‹domain›\\‹user›\nProtocol: tcp\nInitiated: )" + initiated +
          R"(\nSourceIsIpv6: false\nSourceIp: ‹ip›\nSourceHostname: ‹fqdn›\nSourcePort: ‹from_port›\nSourcePortName: -\nDestinationIsIpv6: ‹is_ipv6›\nDestinationIp: ‹to›\nDestinationHostname: -\nDestinationPort: ‹to_port›\nDestinationPortName: -)",
      R"("RuleName":"-","UtcTime":"‹sysmon›","ProcessGuid":"‹guid›","ProcessId":"‹pid›","Image":"‹path›","User":"‹domain›\\‹user›","Protocol":"tcp","Initiated":")" + initiated +
          R"(","SourceIsIpv6":"false","SourceIp":"‹ip›","SourceHostname":"‹fqdn›","SourcePort":"‹from_port›","SourcePortName":"-","DestinationIsIpv6":"‹is_ipv6›","DestinationIp":"‹to›","DestinationHostname":"-","DestinationPort":"‹to_port›","DestinationPortName":"-")");
}

std::string security(const std::string& id, const std::string& task, const std::string& message, const std::string& data) {
  return metadata + R"("event":{"code":")" + id + R"(","kind":"event","provider":"Microsoft-Windows-Security-Auditing","outcome":"success","action":")" + task +
         R"(","created":"‹iso3›"},"log":{"level":"information"},"message":")" + message + "\"," + beat +
         R"("winlog":{"channel":"Security","provider_guid":"{54849625-5478-4994-a5ba-3e3b0328c30d}","provider_name":"Microsoft-Windows-Security-Auditing","api":"wineventlog","event_id":")" + id +
         R"(","computer_name":"‹fqdn›","record_id":‹serial›,"keywords":["Audit Success"],"task":")" + task +
         R"(","opcode":"Info","process":{"pid":4,"thread":{"id":‹thread›}},"event_data":{)" + data + "}}}";
}

const std::string hashes = R"(SHA1=‹hex40›,MD5=‹hex32›,SHA256=‹hex64›,IMPHASH=‹hex32›)";

}  // namespace

Templates winlogbeat_raw_templates() {
  Templates out;
  out.starts.emplace_back(record(
      "1", "Process Create (rule: ProcessCreate)",
      R"(:\nRuleName: -\nUtcTime: ‹sysmon›\nProcessGuid: ‹guid›\nProcessId: ‹pid›\nImage: ‹path›\nFileVersion: 10.0.20348.1\nDescription: ‹description›\nCommandLine: ‹command›\nUser: ‹domain›\\‹user›\nHashes: )" + hashes +
          R"(\nParentProcessGuid: ‹parent_guid›\nParentProcessId: ‹parent_pid›\nParentImage: ‹parent_path›\nParentCommandLine: ‹parent_command›)",
      R"("RuleName":"-","UtcTime":"‹sysmon›","ProcessGuid":"‹guid›","ProcessId":"‹pid›","Image":"‹path›","FileVersion":"10.0.20348.1","Description":"‹description›","Product":"Microsoft® Windows® Operating System","Company":"Microsoft Corporation","OriginalFileName":"‹name›","CommandLine":"‹command›","CurrentDirectory":"C:\\Windows\\system32\\","User":"‹domain›\\‹user›","LogonGuid":"{5f3a7c21-0000-6601-e703-000000000000}","LogonId":"0x3e7","TerminalSessionId":"0","IntegrityLevel":"System","Hashes":")" + hashes +
          R"(","ParentProcessGuid":"‹parent_guid›","ParentProcessId":"‹parent_pid›","ParentImage":"‹parent_path›","ParentCommandLine":"‹parent_command›","ParentUser":"NT AUTHORITY\\SYSTEM")"));
  out.starts.emplace_back(security(
      "4688", "Process Creation",
      R"(A new process has been created.\n\nCreator Subject:\n\tSecurity ID:\t\tS-1-5-18\n\tAccount Name:\t\t‹upper›$\n\tAccount Domain:\t\tCORP\n\tLogon ID:\t\t0x3E7\n\nProcess Information:\n\tNew Process ID:\t\t‹hex_pid›\n\tNew Process Name:\t‹path›\n\tToken Elevation Type:\t%%1936\n\tCreator Process ID:\t‹parent_hex_pid›\n\tCreator Process Name:\t‹parent_path›\n\tProcess Command Line:\t‹command›)",
      R"("SubjectUserSid":"S-1-5-18","SubjectUserName":"‹upper›$","SubjectDomainName":"CORP","SubjectLogonId":"0x3e7","NewProcessId":"‹hex_pid›","NewProcessName":"‹path›","TokenElevationType":"%%1936","ProcessId":"‹parent_hex_pid›","CommandLine":"‹command›","TargetUserSid":"S-1-0-0","TargetUserName":"-","TargetDomainName":"-","TargetLogonId":"0x0","ParentProcessName":"‹parent_path›","MandatoryLabel":"S-1-16-16384")"));
  out.sysmon_connections.emplace_back(connection("true"));
  out.connections.emplace_back(connection("true"));
  out.connections.emplace_back(security(
      "5156", "Filtering Platform Connection",
      R"(The Windows Filtering Platform has permitted a connection.\n\nApplication Information:\n\tProcess ID:\t\t‹pid›\n\tApplication Name:\t‹device_path›\n\nNetwork Information:\n\tDirection:\t\tOutbound\n\tSource Address:\t\t‹ip›\n\tSource Port:\t\t‹from_port›\n\tDestination Address:\t‹to›\n\tDestination Port:\t\t‹to_port›\n\tProtocol:\t\t6\n\nFilter Information:\n\tFilter Run-Time ID:\t‹thread›\n\tLayer Name:\t\tConnect\n\tLayer Run-Time ID:\t48)",
      R"("ProcessID":"‹pid›","Application":"‹device_path›","Direction":"%%14593","SourceAddress":"‹ip›","SourcePort":"‹from_port›","DestAddress":"‹to›","DestPort":"‹to_port›","Protocol":"6","InterfaceIndex":"6","FilterOrigin":"Unknown","FilterRTID":"‹thread›","LayerName":"%%14611","LayerRTID":"48","RemoteUserID":"S-1-0-0","RemoteMachineID":"S-1-0-0")"));
  out.incoming.emplace_back(connection("false"));
  out.others.emplace_back(record("7", "Image loaded (rule: ImageLoad)",
      R"(:\nRuleName: -\nUtcTime: ‹sysmon›\nProcessGuid: ‹guid›\nProcessId: ‹pid›\nImage: ‹path›\nImageLoaded: C:\\Windows\\System32\\bcryptprimitives.dll\nHashes: )" + hashes,
      R"("RuleName":"-","UtcTime":"‹sysmon›","ProcessGuid":"‹guid›","ProcessId":"‹pid›","Image":"‹path›","ImageLoaded":"C:\\Windows\\System32\\bcryptprimitives.dll","FileVersion":"10.0.20348.1","Description":"Windows Cryptographic Primitives Library","Company":"Microsoft Corporation","Hashes":")" + hashes + R"(","Signed":"true","Signature":"Microsoft Windows","SignatureStatus":"Valid","User":"‹domain›\\‹user›")"));
  out.others.emplace_back(record("13", "Registry value set (rule: RegistryEvent)",
      R"(:\nEventType: SetValue\nUtcTime: ‹sysmon›\nProcessGuid: ‹guid›\nProcessId: ‹pid›\nImage: ‹path›\nTargetObject: HKLM\\System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\‹sid›\\‹device_path›\nDetails: Binary Data)",
      R"("RuleName":"-","EventType":"SetValue","UtcTime":"‹sysmon›","ProcessGuid":"‹guid›","ProcessId":"‹pid›","Image":"‹path›","TargetObject":"HKLM\\System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\‹sid›\\‹device_path›","Details":"Binary Data","User":"‹domain›\\‹user›")"));
  out.others.emplace_back(record("22", "Dns query (rule: DnsQuery)",
      R"(:\nUtcTime: ‹sysmon›\nProcessGuid: ‹guid›\nProcessId: ‹pid›\nQueryName: api-‹thread›.orders.corp.example\nQueryStatus: 0\nQueryResults: ::ffff:‹to›;\nImage: ‹path›)",
      R"("RuleName":"-","UtcTime":"‹sysmon›","ProcessGuid":"‹guid›","ProcessId":"‹pid›","QueryName":"api-‹thread›.orders.corp.example","QueryStatus":"0","QueryResults":"::ffff:‹to›;","Image":"‹path›","User":"‹domain›\\‹user›")"));
  out.others.emplace_back(security("4624", "Logon",
      R"(An account was successfully logged on.\n\nSubject:\n\tSecurity ID:\t\tS-1-5-18\n\tAccount Name:\t\t‹upper›$\n\tAccount Domain:\t\tCORP\n\tLogon ID:\t\t0x3E7\n\nLogon Information:\n\tLogon Type:\t\t5\n\tElevated Token:\t\tYes\n\nNew Logon:\n\tSecurity ID:\t\t‹sid›\n\tAccount Name:\t\t‹user›\n\nProcess Information:\n\tProcess ID:\t\t‹hex_pid›\n\tProcess Name:\t\t‹path›)",
      R"("SubjectUserSid":"S-1-5-18","SubjectUserName":"‹upper›$","SubjectDomainName":"CORP","SubjectLogonId":"0x3e7","TargetUserSid":"‹sid›","TargetUserName":"‹user›","TargetDomainName":"‹domain›","TargetLogonId":"0x‹thread›","LogonType":"5","LogonProcessName":"Advapi  ","AuthenticationPackageName":"Negotiate","WorkstationName":"-","LogonGuid":"{‹any_guid›}","ProcessId":"‹hex_pid›","ProcessName":"‹path›","IpAddress":"-","IpPort":"-","ElevatedToken":"%%1842")"));
  return out;
}

namespace {

std::string processed(const std::string& id, const std::string& category, const std::string& type, const std::string& task, const std::string& own) {
  return R"({"@timestamp":"‹iso3›",)" + beat + R"("event":{"category":[")" + category + R"("],"type":[)" + type + R"(],"code":")" + id +
         R"(","kind":"event","module":"sysmon","provider":"Microsoft-Windows-Sysmon","action":")" + task + R"(","created":"‹iso3›"},)" + own +
         R"("log":{"level":"information"},"related":{"user":["‹user›"],"ip":["‹ip›","‹to›"]},"user":{"domain":"‹domain›","id":"S-1-5-18","name":"‹user›"},)"
         R"("winlog":{"api":"wineventlog","channel":"Microsoft-Windows-Sysmon/Operational","computer_name":"‹fqdn›","event_data":{"Company":"Microsoft Corporation","Description":"‹description›","IntegrityLevel":"System","LogonGuid":"{5f3a7c21-0000-6601-e703-000000000000}","LogonId":"0x3e7","TerminalSessionId":"0"},"event_id":")" + id +
         R"(","opcode":"Info","process":{"pid":2960,"thread":{"id":‹thread›}},"provider_guid":"{5770385f-c22a-43e0-bf4c-06f5698ffbd9}","provider_name":"Microsoft-Windows-Sysmon","record_id":"‹serial›","task":")" + task +
         R"(","user":{"domain":"NT AUTHORITY","identifier":"S-1-5-18","name":"SYSTEM","type":"User"},"version":5}})";
}

std::string processed_connection(const std::string& direction) {
  return processed("3", "network", R"("connection","protocol","start")", "Network connection detected (rule: NetworkConnect)",
                   R"("destination":{"ip":"‹to›","port":‹to_port›},"network":{"community_id":"1:‹base64›","direction":")" + direction +
                       R"(","transport":"tcp","type":"ipv4"},"process":{"entity_id":"‹guid›","executable":"‹path›","name":"‹name›","pid":‹pid›},"source":{"domain":"‹fqdn›","ip":"‹ip›","port":‹from_port›},)");
}

}  // namespace

Templates winlogbeat_ecs_templates() {
  Templates out;
  out.starts.emplace_back(processed("1", "process", R"("start")", "Process Create (rule: ProcessCreate)",
      R"("process":{"args":["‹path›"],"args_count":1,"command_line":"‹command›","entity_id":"‹guid›","executable":"‹path›","hash":{"md5":"‹hex32›","sha1":"‹hex40›","sha256":"‹hex64›"},"name":"‹name›","parent":{"args":["‹parent_path›"],"args_count":1,"command_line":"‹parent_command›","entity_id":"‹parent_guid›","executable":"‹parent_path›","name":"‹parent_name›","pid":‹parent_pid›},"pe":{"company":"Microsoft Corporation","description":"‹description›","file_version":"10.0.20348.1","imphash":"‹hex32›","original_file_name":"‹name›"},"pid":‹pid›,"working_directory":"C:\\Windows\\system32\\"},)"));
  out.connections.emplace_back(processed_connection("egress"));
  out.incoming.emplace_back(processed_connection("ingress"));
  out.others.emplace_back(processed("22", "network", R"("connection","protocol","info")", "Dns query (rule: DnsQuery)",
      R"("dns":{"answers":[{"data":"‹to›","type":"A"}],"question":{"name":"api-‹thread›.orders.corp.example","registered_domain":"corp.example","subdomain":"api-‹thread›.orders","top_level_domain":"example"},"resolved_ip":["‹to›"]},"network":{"protocol":"dns"},"process":{"entity_id":"‹guid›","executable":"‹path›","name":"‹name›","pid":‹pid›},"sysmon":{"dns":{"status":"SUCCESS"}},)"));
  out.others.emplace_back(processed("13", "configuration\",\"registry", R"("change")", "Registry value set (rule: RegistryEvent)",
      R"("process":{"entity_id":"‹guid›","executable":"‹path›","name":"‹name›","pid":‹pid›},"registry":{"data":{"strings":["‹base64›"],"type":"SZ_BINARY"},"hive":"HKLM","key":"System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\‹sid›","path":"HKLM\\System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\‹sid›\\‹device_path›","value":"‹device_path›"},)"));
  out.others.emplace_back(processed("11", "file", R"("creation")", "File created (rule: FileCreate)",
      R"("file":{"directory":"C:\\Users\\kim\\AppData\\Local\\Temp","extension":"tmp","name":"‹any_guid›.tmp","path":"C:\\Users\\kim\\AppData\\Local\\Temp\\‹any_guid›.tmp"},"process":{"entity_id":"‹guid›","executable":"‹path›","name":"‹name›","pid":‹pid›},)"));
  return out;
}

}  // namespace imdswatch::bench
