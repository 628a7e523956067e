#include <string>

#include "layouts.hpp"

namespace imdswatch::bench {
namespace {

const std::string hashes = R"(SHA1=‹hex40›,MD5=‹hex32›,SHA256=‹hex64›,IMPHASH=‹hex32›)";

std::string nxlog(const std::string& id, const std::string& title, const std::string& message, const std::string& data) {
  return R"({"EventTime":"‹seconds›","Hostname":"‹fqdn›","Keywords":"9223372036854775808","LevelValue":4,"EventType":"INFO","SeverityValue":2,"Severity":"INFO","EventID":)" + id +
         R"(,"SourceName":"Microsoft-Windows-Sysmon","ProviderGuid":"{5770385F-C22A-43E0-BF4C-06F5698FFBD9}","Version":5,"TaskValue":)" + id +
         R"(,"OpcodeValue":0,"RecordNumber":‹serial›,"ExecutionProcessID":3520,"ExecutionThreadID":‹thread›,"Channel":"Microsoft-Windows-Sysmon/Operational","Domain":"NT AUTHORITY","AccountName":"SYSTEM","UserID":"S-1-5-18","AccountType":"User","Message":")" +
         title + message + R"(","Category":")" + title + R"(","Opcode":"Info",)" + data +
         R"(,"EventReceivedTime":"‹seconds›","SourceModuleName":"eventlog","SourceModuleType":"im_msvistalog","host":"wec-01.corp.example","@timestamp":"‹iso3›","@version":"1","port":62387,"tags":["windows"]})";
}

std::string nxlog_connection(const std::string& initiated) {
  return nxlog("3", "Network connection detected (rule: NetworkConnect)",
      R"(:\r\nRuleName: -\r\nUtcTime: ‹sysmon›\r\nProcessGuid: ‹guid›\r\nProcessId: ‹pid›\r\nImage: ‹path›\r\nUser: ‹domain›\\‹user›\r\nProtocol: tcp\r\nInitiated: )" + initiated +
          R"(\r\nSourceIsIpv6: false\r\nSourceIp: ‹ip›\r\nSourceHostname: -\r\nSourcePort: ‹from_port›\r\nSourcePortName: -\r\nDestinationIsIpv6: ‹is_ipv6›\r\nDestinationIp: ‹to›\r\nDestinationHostname: -\r\nDestinationPort: ‹to_port›\r\nDestinationPortName: -)",
      R"("RuleName":"-","UtcTime":"‹sysmon›","ProcessGuid":"‹guid›","ProcessId":"‹pid›","Image":"‹path›","User":"‹domain›\\‹user›","Protocol":"tcp","Initiated":")" + initiated +
          R"(","SourceIsIpv6":"false","SourceIp":"‹ip›","SourceHostname":"-","SourcePort":"‹from_port›","SourcePortName":"-","DestinationIsIpv6":"‹is_ipv6›","DestinationIp":"‹to›","DestinationHostname":"-","DestinationPort":"‹to_port›","DestinationPortName":"-")");
}

/// Defender's streaming: the initiating process stands in every table.
const std::string initiating =
    R"("InitiatingProcessSHA1":"‹hex40›","InitiatingProcessSHA256":"‹hex64›","InitiatingProcessMD5":"‹hex32›","InitiatingProcessFileName":"‹name›","InitiatingProcessFileSize":‹number›,"InitiatingProcessVersionInfoCompanyName":"Microsoft Corporation","InitiatingProcessVersionInfoProductName":"Microsoft\u00AE Windows\u00AE Operating System","InitiatingProcessVersionInfoOriginalFileName":"‹name›","InitiatingProcessVersionInfoFileDescription":"‹description›",)"
    R"("InitiatingProcessId":‹pid›,"InitiatingProcessCommandLine":"‹command_net›","InitiatingProcessCreationTime":"‹start›","InitiatingProcessFolderPath":"‹folded_path›","InitiatingProcessParentFileName":"‹parent_name›","InitiatingProcessParentId":‹parent_pid›,"InitiatingProcessParentCreationTime":"2026-02-27T06:00:01.1234567Z","InitiatingProcessAccountDomain":"‹domain›","InitiatingProcessAccountName":"‹user›","InitiatingProcessAccountSid":"‹sid›","InitiatingProcessAccountUpn":null,"InitiatingProcessAccountObjectId":null,"InitiatingProcessIntegrityLevel":"System","InitiatingProcessTokenElevation":"TokenElevationTypeDefault",)";

std::string defender(const std::string& table, const std::string& action, const std::string& own, const std::string& process) {
  return R"({"Tenant":"DefaultTenant","category":"AdvancedHunting-)" + table + R"(","operationName":"Publish","properties":{"Timestamp":"‹iso7›","DeviceId":"‹device›","DeviceName":"‹fqdn›","ActionType":")" + action +
         "\"," + own + process + R"("ReportId":‹serial›,"AppGuardContainerId":"","AdditionalFields":null,"MachineGroup":"Servers"},"tenantId":"5f3a7c21-0d7b-4c8e-9a51-3a1be2f8c9d0","time":"‹iso7›"})";
}

std::string defender_connection(const std::string& action) {
  return defender("DeviceNetworkEvents", action,
                  R"("RemoteIP":"‹to›","RemotePort":‹to_port›,"RemoteUrl":"","LocalIP":"‹ip›","LocalPort":‹from_port›,"Protocol":"Tcp","LocalIPType":"Private","RemoteIPType":"Public",)", initiating);
}

std::string wazuh(const std::string& id, const std::string& title, const std::string& message, const std::string& data) {
  return R"({"win":{"system":{"providerName":"Microsoft-Windows-Sysmon","providerGuid":"{5770385f-c22a-43e0-bf4c-06f5698ffbd9}","eventID":")" + id + R"(","version":"5","level":"4","task":")" + id +
         R"(","opcode":"0","keywords":"0x8000000000000000","systemTime":"‹iso7›","eventRecordID":"‹serial›","processID":"2140","threadID":"‹thread›","channel":"Microsoft-Windows-Sysmon/Operational","computer":"‹fqdn›","severityValue":"INFORMATION","message":"\")" +
         title + message + R"(\""},"eventdata":{)" + data + "}}}";
}

std::string wazuh_connection(const std::string& initiated) {
  return wazuh("3", "Network connection detected",
      R"(:\r\nRuleName: -\r\nUtcTime: ‹sysmon›\r\nProcessGuid: ‹guid›\r\nProcessId: ‹pid›\r\nImage: ‹path›\r\nUser: ‹domain›\\‹user›\r\nProtocol: tcp\r\nInitiated: )" + initiated +
          R"(\r\nSourceIp: ‹ip›\r\nSourcePort: ‹from_port›\r\nDestinationIsIpv6: ‹is_ipv6›\r\nDestinationIp: ‹to›\r\nDestinationPort: ‹to_port›)",
      R"("utcTime":"‹sysmon›","processGuid":"‹guid›","processId":"‹pid›","image":"‹path4›","user":"‹domain›\\\\‹user›","protocol":"tcp","initiated":")" + initiated +
          R"(","sourceIsIpv6":"false","sourceIp":"‹ip›","sourcePort":"‹from_port›","destinationIsIpv6":"‹is_ipv6›","destinationIp":"‹to›","destinationPort":"‹to_port›")");
}

}  // namespace

Templates nxlog_templates() {
  Templates out;
  out.starts.emplace_back(nxlog("1", "Process Create (rule: ProcessCreate)",
      R"(:\r\nRuleName: -\r\nUtcTime: ‹sysmon›\r\nProcessGuid: ‹guid›\r\nProcessId: ‹pid›\r\nImage: ‹path›\r\nDescription: ‹description›\r\nCommandLine: ‹command›\r\nUser: ‹domain›\\‹user›\r\nHashes: )" + hashes + R"(\r\nParentImage: ‹parent_path›\r\nParentCommandLine: ‹parent_command›)",
      R"("RuleName":"-","UtcTime":"‹sysmon›","ProcessGuid":"‹guid›","ProcessId":"‹pid›","Image":"‹path›","FileVersion":"10.0.20348.1","Description":"‹description›","Product":"Microsoft® Windows® Operating System","Company":"Microsoft Corporation","OriginalFileName":"‹name›","CommandLine":"‹command›","CurrentDirectory":"C:\\Windows\\system32\\","User":"‹domain›\\‹user›","LogonId":"0x3e7","TerminalSessionId":"0","IntegrityLevel":"System","Hashes":")" + hashes + R"(","ParentProcessGuid":"‹parent_guid›","ParentProcessId":"‹parent_pid›","ParentImage":"‹parent_path›","ParentCommandLine":"‹parent_command›")"));
  out.sysmon_connections.emplace_back(nxlog_connection("true"));
  out.connections.emplace_back(nxlog_connection("true"));
  out.incoming.emplace_back(nxlog_connection("false"));
  out.others.emplace_back(nxlog("7", "Image loaded (rule: ImageLoad)",
      R"(:\r\nRuleName: -\r\nUtcTime: ‹sysmon›\r\nProcessGuid: ‹guid›\r\nProcessId: ‹pid›\r\nImage: ‹path›\r\nImageLoaded: C:\\Windows\\System32\\bcryptprimitives.dll\r\nHashes: )" + hashes,
      R"("RuleName":"-","UtcTime":"‹sysmon›","ProcessGuid":"‹guid›","ProcessId":"‹pid›","Image":"‹path›","ImageLoaded":"C:\\Windows\\System32\\bcryptprimitives.dll","FileVersion":"10.0.20348.1","Hashes":")" + hashes + R"(","Signed":"true","Signature":"Microsoft Windows","SignatureStatus":"Valid")"));
  out.others.emplace_back(nxlog("13", "Registry value set (rule: RegistryEvent)",
      R"(:\r\nEventType: SetValue\r\nUtcTime: ‹sysmon›\r\nProcessGuid: ‹guid›\r\nProcessId: ‹pid›\r\nImage: ‹path›\r\nTargetObject: HKLM\\System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\‹sid›\\‹device_path›\r\nDetails: Binary Data)",
      R"("RuleName":"-","UtcTime":"‹sysmon›","ProcessGuid":"‹guid›","ProcessId":"‹pid›","Image":"‹path›","TargetObject":"HKLM\\System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\‹sid›\\‹device_path›","Details":"Binary Data")"));
  return out;
}

Templates defender_templates() {
  Templates out;
  out.starts.emplace_back(defender("DeviceProcessEvents", "ProcessCreated",
      R"("FileName":"‹name›","FolderPath":"‹path›","SHA1":"‹hex40›","SHA256":"‹hex64›","MD5":"‹hex32›","FileSize":‹number›,"ProcessVersionInfoCompanyName":"Microsoft Corporation","ProcessVersionInfoProductName":"Microsoft\u00AE Windows\u00AE Operating System","ProcessVersionInfoOriginalFileName":"‹name›","ProcessVersionInfoFileDescription":"‹description›","ProcessId":‹pid›,"ProcessCommandLine":"‹command_net›","ProcessIntegrityLevel":"System","ProcessTokenElevation":"TokenElevationTypeDefault","ProcessCreationTime":"‹start›","AccountDomain":"‹domain›","AccountName":"‹user›","AccountSid":"‹sid›","AccountUpn":null,"LogonId":999,)",
      R"("InitiatingProcessAccountDomain":"nt authority","InitiatingProcessAccountName":"system","InitiatingProcessAccountSid":"S-1-5-18","InitiatingProcessSHA1":"‹hex40›","InitiatingProcessSHA256":"‹hex64›","InitiatingProcessMD5":"‹hex32›","InitiatingProcessFileName":"‹parent_name›","InitiatingProcessId":‹parent_pid›,"InitiatingProcessCommandLine":"‹parent_command_net›","InitiatingProcessCreationTime":"2026-02-27T06:00:01.1234567Z","InitiatingProcessFolderPath":"‹parent_path›","InitiatingProcessParentFileName":"wininit.exe","InitiatingProcessParentId":804,"InitiatingProcessSignatureStatus":"Valid","InitiatingProcessSignerType":"OsVendor",)"));
  out.connections.emplace_back(defender_connection("ConnectionSuccess"));
  out.incoming.emplace_back(defender_connection("InboundConnectionAccepted"));
  out.incoming.emplace_back(defender_connection("ConnectionFailed"));
  out.others.emplace_back(defender("DeviceRegistryEvents", "RegistryValueSet",
      R"("RegistryKey":"HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services\\bam\\State\\UserSettings\\‹sid›","RegistryValueType":"Binary","RegistryValueName":"‹device_path›","RegistryValueData":null,"PreviousRegistryKey":"","PreviousRegistryValueName":"","PreviousRegistryValueData":null,)", initiating));
  out.others.emplace_back(defender("DeviceFileEvents", "FileCreated",
      R"("FileName":"‹any_guid›.tmp","FolderPath":"C:\\Users\\kim\\AppData\\Local\\Temp\\‹any_guid›.tmp","SHA1":"‹hex40›","SHA256":"‹hex64›","MD5":"‹hex32›","FileSize":‹number›,"FileOriginUrl":null,"FileOriginReferrerUrl":null,"FileOriginIP":"",)", initiating));
  out.others.emplace_back(defender("DeviceImageLoadEvents", "ImageLoaded",
      R"("FileName":"bcryptprimitives.dll","FolderPath":"C:\\Windows\\System32\\bcryptprimitives.dll","SHA1":"‹hex40›","SHA256":"‹hex64›","MD5":"‹hex32›","FileSize":‹number›,)", initiating));
  return out;
}

Templates wazuh_templates() {
  Templates out;
  out.starts.emplace_back(wazuh("1", "Process Create",
      R"(:\r\nRuleName: -\r\nUtcTime: ‹sysmon›\r\nProcessGuid: ‹guid›\r\nProcessId: ‹pid›\r\nImage: ‹path›\r\nDescription: ‹description›\r\nCommandLine: ‹command›\r\nUser: ‹domain›\\‹user›\r\nHashes: )" + hashes + R"(\r\nParentImage: ‹parent_path›)",
      R"("utcTime":"‹sysmon›","processGuid":"‹guid›","processId":"‹pid›","image":"‹path4›","fileVersion":"10.0.20348.1","description":"‹description›","product":"Microsoft® Windows® Operating System","company":"Microsoft Corporation","originalFileName":"‹name›","commandLine":"‹command4›","currentDirectory":"C:\\\\Windows\\\\system32\\\\","user":"‹domain›\\\\‹user›","logonId":"0x3e7","terminalSessionId":"0","integrityLevel":"System","hashes":")" + hashes + R"(","parentProcessGuid":"‹parent_guid›","parentProcessId":"‹parent_pid›","parentImage":"‹parent_path4›","parentCommandLine":"‹parent_command4›")"));
  out.sysmon_connections.emplace_back(wazuh_connection("true"));
  out.connections.emplace_back(wazuh_connection("true"));
  out.incoming.emplace_back(wazuh_connection("false"));
  out.others.emplace_back(wazuh("13", "Registry value set",
      R"(:\r\nEventType: SetValue\r\nUtcTime: ‹sysmon›\r\nProcessGuid: ‹guid›\r\nProcessId: ‹pid›\r\nImage: ‹path›\r\nTargetObject: HKLM\\System\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\‹sid›\r\nDetails: Binary Data)",
      R"("eventType":"SetValue","utcTime":"‹sysmon›","processGuid":"‹guid›","processId":"‹pid›","image":"‹path4›","targetObject":"HKLM\\\\System\\\\CurrentControlSet\\\\Services\\\\bam\\\\State\\\\UserSettings\\\\‹sid›","details":"Binary Data","user":"‹domain›\\\\‹user›")"));
  out.others.emplace_back(wazuh("22", "Dns query",
      R"(:\r\nUtcTime: ‹sysmon›\r\nProcessGuid: ‹guid›\r\nProcessId: ‹pid›\r\nQueryName: api-‹thread›.orders.corp.example\r\nQueryStatus: 0\r\nQueryResults: ::ffff:‹to›;\r\nImage: ‹path›)",
      R"("utcTime":"‹sysmon›","processGuid":"‹guid›","processId":"‹pid›","queryName":"api-‹thread›.orders.corp.example","queryStatus":"0","queryResults":"::ffff:‹to›;","image":"‹path4›","user":"‹domain›\\\\‹user›")"));
  return out;
}

}  // namespace imdswatch::bench
