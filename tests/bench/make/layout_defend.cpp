#include <string>

#include "layouts.hpp"

namespace imdswatch::bench {
namespace {

const std::string agent = R"({"agent":{"id":"‹agent›","type":"endpoint","version":"8.17.4"},)";
const std::string process_extension =
    R"("Ext":{"ancestry":["‹parent_entity›","‹base64›","‹base64›"],"code_signature":[{"trusted":true,"subject_name":"‹signer›","exists":true,"status":"trusted"}]},)"
    R"("parent":{"entity_id":"‹parent_entity›"},"entry_leader":{"entity_id":"‹base64›"},"session_leader":{"entity_id":"‹base64›"},)"
    R"("code_signature":{"trusted":true,"subject_name":"‹signer›","exists":true,"status":"trusted"},)";
const std::string process = R"("process":{)" + process_extension +
                            R"("name":"‹name›","pid":‹pid›,"thread":{"id":‹thread›},"entity_id":"‹entity›","executable":"‹path›"},)";
const std::string user = R"("user":{"domain":"‹domain›","name":"‹user›","id":"‹sid›"}})";

/// What stands after the event's own part, up to the user.
std::string rest(const std::string& dataset, const std::string& action, const std::string& type) {
  return R"("message":"Endpoint )" + dataset +
         R"( event","@timestamp":"‹iso7›","ecs":{"version":"8.10.0"},"data_stream":{"namespace":"default","type":"logs","dataset":"endpoint.events.)" +
         dataset + R"("},"elastic":{"agent":{"id":"‹agent›"}},)" +
         R"J("host":{"hostname":"‹host›","os":{"Ext":{"variant":"Windows Server 2022 Datacenter"},"kernel":"21H2 (10.0.20348.2527)","name":"Windows","type":"windows"},)J"
         R"("ip":["‹ip›","fe80::d8c4:11ff:fe1a:‹thread›","127.0.0.1","::1"],"name":"‹host›","id":"‹host_id›","mac":["02-00-5e-10-00-01"],"architecture":"x86_64"},)"
         R"("event":{"sequence":‹serial›,"created":"‹iso7›","kind":"event","module":"endpoint","action":")" +
         action + R"(","id":"‹base64›","category":[")" + dataset + R"("],"type":[")" + type + R"("],"dataset":"endpoint.events.)" + dataset +
         R"(","outcome":"unknown"},)";
}

std::string connection(const std::string& action, const std::string& direction) {
  return agent + process +
         R"("destination":{"address":"‹to›","port":‹to_port›,"ip":"‹to›"},"source":{"address":"‹ip›","port":‹from_port›,"ip":"‹ip›"},)" +
         R"("network":{"transport":"tcp","type":"ipv4","direction":")" + direction + R"("},)" + rest("network", action, "start") + user;
}

}  // namespace

Templates elastic_defend_templates() {
  Templates out;
  out.starts.emplace_back(
      agent +
      R"("process":{"Ext":{"ancestry":["‹parent_entity›","‹base64›","‹base64›"],"code_signature":[{"trusted":true,"subject_name":"‹signer›","exists":true,"status":"trusted"}],"token":{"integrity_level_name":"high","elevation_level":"default"},"authentication_id":"0x3e7","session_info":{"logon_type":"Service","id":0},"relative_file_creation_time":‹number›.‹thread›,"protection":""},)"
      R"("parent":{"args":["‹parent_path›"],"pid":‹parent_pid›,"name":"‹parent_name›","args_count":1,"entity_id":"‹parent_entity›","command_line":"‹parent_command›","executable":"‹parent_path›","code_signature":{"trusted":true,"subject_name":"Microsoft Windows Publisher","exists":true,"status":"trusted"}},)"
      R"("code_signature":{"trusted":true,"subject_name":"‹signer›","exists":true,"status":"trusted"},"pid":‹pid›,"working_directory":"C:\\Windows\\system32\\","entity_id":"‹entity›","executable":"‹path›","args":["‹path›"],"name":"‹name›","pe":{"original_file_name":"‹name›"},"args_count":1,"command_line":"‹command›",)"
      R"("hash":{"md5":"‹hex32›","sha1":"‹hex40›","sha256":"‹hex64›"}},)" +
      rest("process", "start", "start") + user);
  out.connections.emplace_back(connection("connection_attempted", "egress"));
  out.incoming.emplace_back(connection("connection_accepted", "ingress"));
  out.incoming.emplace_back(connection("disconnect_received", "egress"));
  out.others.emplace_back(
      agent + process +
      R"("file":{"Ext":{"header_bytes":"‹hex32›","entropy":7.‹number›,"monotonic_id":‹serial›,"windows":{"zone_identifier":-1}},"path":"C:\\Users\\kim\\AppData\\Local\\Temp\\‹any_guid›.tmp","extension":"tmp","size":‹number›,"name":"‹any_guid›.tmp"},)" +
      rest("file", "creation", "creation") + user);
  out.others.emplace_back(
      agent + process +
      R"("registry":{"hive":"HKLM","path":"HKLM\\SYSTEM\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\‹sid›\\‹device_path›","data":{"type":"REG_BINARY","bytes":"‹base64›‹base64›"},"value":"‹device_path›","key":"SYSTEM\\CurrentControlSet\\Services\\bam\\State\\UserSettings\\‹sid›"},)" +
      rest("registry", "modification", "change") + user);
  out.others.emplace_back(
      agent + process +
      R"J("dll":{"Ext":{"relative_file_creation_time":‹number›.‹thread›,"load_index":1,"code_signature":[{"trusted":true,"subject_name":"Microsoft Windows","exists":true,"status":"trusted"}]},"path":"C:\\Windows\\System32\\bcryptprimitives.dll","code_signature":{"trusted":true,"subject_name":"Microsoft Windows","exists":true,"status":"trusted"},"name":"bcryptprimitives.dll","hash":{"md5":"‹hex32›","sha1":"‹hex40›","sha256":"‹hex64›"},"pe":{"file_version":"10.0.20348.1 (WinBuild.160101.0800)","original_file_name":"bcryptprimitives.dll"}},)J" +
      rest("library", "load", "start") + user);
  out.others.emplace_back(agent + process +
                          R"("dns":{"Ext":{"options":1073766400,"status":0},"question":{"name":"api-‹thread›.orders.corp.example","type":"A"},"resolved_ip":["‹to›"]},"network":{"protocol":"dns"},)" +
                          rest("network", "lookup_result", "protocol\",\"info") + user);
  return out;
}

}  // namespace imdswatch::bench
