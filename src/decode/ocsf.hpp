#pragma once

#include "fields.hpp"

namespace imdswatch {

/// By the number of the class, of any class.
bool is_ocsf(const Fields& fields);
/// By the class's part of `type_uid`, or its caption: weaker, so only of an event that no other format takes, and of the classes that are read.
bool is_ocsf_by_captions(const Fields& fields);

/// OCSF describes processes in four places, each with the same fields.
struct OcsfProcessSlots {
  Slot name, file, path, uid, pid, command_line, hash_id, hash_name, hash;
};
inline constexpr OcsfProcessSlots ocsf_actor{
    Slot::ocsf_actor_name,    Slot::ocsf_actor_file,      Slot::ocsf_actor_path,
    Slot::ocsf_actor_uid,     Slot::ocsf_actor_pid,       Slot::ocsf_actor_command_line,
    Slot::ocsf_actor_hash_id, Slot::ocsf_actor_hash_name, Slot::ocsf_actor_hash};
inline constexpr OcsfProcessSlots ocsf_actor_parent{
    Slot::ocsf_actor_parent_name,    Slot::ocsf_actor_parent_file,      Slot::ocsf_actor_parent_path,
    Slot::ocsf_actor_parent_uid,     Slot::ocsf_actor_parent_pid,       Slot::ocsf_actor_parent_command_line,
    Slot::ocsf_actor_parent_hash_id, Slot::ocsf_actor_parent_hash_name, Slot::ocsf_actor_parent_hash};
inline constexpr OcsfProcessSlots ocsf_process{
    Slot::process_name,     Slot::ocsf_process_file,         Slot::ocsf_process_path,    Slot::ocsf_process_uid,
    Slot::process_pid,      Slot::ocsf_process_command_line, Slot::ocsf_process_hash_id, Slot::ocsf_process_hash_name,
    Slot::ocsf_process_hash};
inline constexpr OcsfProcessSlots ocsf_parent{
    Slot::ocsf_parent_name,    Slot::ocsf_parent_file,      Slot::ocsf_parent_path,
    Slot::ocsf_parent_uid,     Slot::ocsf_parent_pid,       Slot::ocsf_parent_command_line,
    Slot::ocsf_parent_hash_id, Slot::ocsf_parent_hash_name, Slot::ocsf_parent_hash};

}  // namespace imdswatch
