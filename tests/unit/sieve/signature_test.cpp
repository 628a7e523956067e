#include "imdswatch/sieve/signature.hpp"

#include <gtest/gtest.h>

namespace imdswatch {
namespace {

TEST(Signature, ANameLosesItsVersion) {
  EXPECT_EQ(normalise_name("agent-7.51.1.exe"), "agent.exe");
  EXPECT_EQ(normalise_name("Agent-v7.51.1.EXE"), "agent.exe");
  EXPECT_EQ(normalise_name("setup_2.0.0-rc.1.exe"), "setup.exe");
  EXPECT_EQ(normalise_name("tool (1.2.3).exe"), "tool.exe");
  EXPECT_EQ(normalise_name("jdk1.8.0_201.exe"), "jdk.exe");
}

TEST(Signature, ANameLosesItsHexSuffix) {
  EXPECT_EQ(normalise_name("updater_1f3a9c.exe"), "updater.exe");
  EXPECT_EQ(normalise_name("updater-DEADBEEF01.exe"), "updater.exe");
  EXPECT_EQ(normalise_name("updater_1f3a9c_x64.exe"), "updater_x64.exe");
  EXPECT_EQ(normalise_name("updater_1f3a9.exe"), "updater_1f3a9.exe") << "five digits are part of the name";
  EXPECT_EQ(normalise_name("deadbeef.exe"), "deadbeef.exe") << "there is no separator before it";
}

TEST(Signature, DigitsWithinAWordStay) {
  for (const char* name : {"python3.exe", "7z.exe", "agent64.exe", "python3.11.exe", "w3wp.exe", "ec2config.exe", "x86_64.exe",
                           "app-7.exe", "dwm-1"}) {
    EXPECT_EQ(normalise_name(name), name);
  }
}

TEST(Signature, ANameIsNeverLeftEmpty) {
  EXPECT_EQ(normalise_name("1.2.3.exe"), "1.2.3.exe");
  EXPECT_EQ(normalise_name("{3F2504E0-4F89-11D3-9A0C-0305E82C3301}.exe"), "{3f2504e0-4f89-11d3-9a0c-0305e82c3301}.exe");
}

TEST(Signature, ANameThatIsAPathCountsByItsLastPart) {
  EXPECT_EQ(normalise_name("C:\\Windows\\System32\\SvcHost.exe"), "svchost.exe");
  EXPECT_EQ(normalise_name("/a/b"), "b");
}

TEST(Signature, CaseIsFoldedInOtherAlphabetsToo) {
  EXPECT_EQ(normalise_name("ÄGENT.exe"), "ägent.exe");
  EXPECT_EQ(normalise_name("ΑΓΕΝΤ.exe"), "αγεντ.exe");
  EXPECT_EQ(normalise_name("АГЕНТ.exe"), "агент.exe");
  EXPECT_EQ(normalise_name("ŽIŽKA.exe"), "žižka.exe");
}

TEST(Signature, ANameThatIsNoUtf8IsNormalisedOnceAndForAll) {
  const std::string once = normalise_name("up\xd3()\x98-1.2.3.exe");  // the brackets go too, and leave a capital letter
  EXPECT_EQ(once, "up\xd3\x99.exe");
  EXPECT_EQ(normalise_name(once), once);
}

TEST(Signature, ABlankBeforeANameKeepsItApart) {
  EXPECT_EQ(normalise_name(" svchost.exe"), " svchost.exe");
}

TEST(Signature, ALookalikeLetterIsNotFoldedIntoAnother) {
  EXPECT_NE(normalise_name("ſvchost.exe"), "svchost.exe");
  EXPECT_NE(normalise_name("\u212Aernel.exe"), "kernel.exe");
}

TEST(Signature, TheGuestAgentHasOneFolderInAllItsVersions) {
  EXPECT_EQ(normalise_folder("C:\\WindowsAzure\\GuestAgent_2.7.41491.993_2020-09-17_150914\\GuestAgent\\WaAppAgent.exe"),
            "c:\\windowsazure\\guestagent\\guestagent\\");
  EXPECT_EQ(normalise_folder("C:\\WindowsAzure\\GuestAgent_2.7.41491.1010_2021-04-01_000102\\GuestAgent\\WaAppAgent.exe"),
            "c:\\windowsazure\\guestagent\\guestagent\\");
}

TEST(Signature, AFolderLosesVersionsGuidsAndTimes) {
  EXPECT_EQ(normalise_folder("C:\\ProgramData\\X\\1.2.3\\a.exe"), "c:\\programdata\\x\\");
  EXPECT_EQ(normalise_folder("C:\\ProgramData\\{3F2504E0-4F89-11D3-9A0C-0305E82C3301}\\a.exe"), "c:\\programdata\\");
  EXPECT_EQ(normalise_folder("C:\\P\\x-3f2504e0-4f89-11d3-9a0c-0305e82c3301\\a.exe"), "c:\\p\\x\\");
  EXPECT_EQ(normalise_folder("C:\\P\\Platform\\4.18.23110.3-0\\MsMpEng.exe"), "c:\\p\\platform\\");
  EXPECT_EQ(normalise_folder("C:\\P\\job 20230917 150914\\a.exe"), "c:\\p\\job\\");
  EXPECT_EQ(normalise_folder("C:\\P\\20230917150914\\a.exe"), "c:\\p\\");
  EXPECT_EQ(normalise_folder("C:\\Windows\\Microsoft.NET\\Framework64\\v4.0.30319\\a.exe"),
            "c:\\windows\\microsoft.net\\framework64\\");
  EXPECT_EQ(normalise_folder("C:\\P\\Python.3.11_3.11.2544.0_x64__qbz5n2kfra8p0\\a.exe"), "c:\\p\\python_x64__qbz5n2kfra8p0\\");
}

TEST(Signature, SysmonsPathAndTheDevicePathOf5156Agree) {
  const std::string want = "c:\\windows\\system32\\";
  EXPECT_EQ(normalise_folder("C:\\Windows\\System32\\svchost.exe"), want);
  for (const char* path : {"\\device\\harddiskvolume4\\windows\\system32\\svchost.exe", "\\SystemRoot\\System32\\svchost.exe",
                           "\\Device\\BootDevice\\Windows\\System32\\svchost.exe", "\\\\?\\C:\\Windows\\System32\\svchost.exe",
                           "\\??\\C:\\Windows\\System32\\svchost.exe", "C:/Windows/System32/svchost.exe",
                           "C:\\\\Windows\\\\System32\\\\svchost.exe", "%SystemRoot%\\System32\\svchost.exe",
                           "\\\\Device\\\\HarddiskVolume12\\\\Windows\\\\System32\\\\svchost.exe",
                           "C:\\Windows\\Temp\\..\\.\\System32\\svchost.exe",
                           "\\\\?\\Volume{3f2504e0-4f89-11d3-9a0c-0305e82c3301}\\Windows\\System32\\svchost.exe"}) {
    EXPECT_EQ(normalise_folder(path), want) << path;
  }
}

TEST(Signature, AnotherDriveAndAShareStayApart) {
  EXPECT_EQ(normalise_folder("E:\\Windows\\System32\\svchost.exe"), "e:\\windows\\system32\\");
  EXPECT_EQ(normalise_folder("\\\\10.0.0.5\\Tools\\a.exe"), "\\\\10.0.0.5\\tools\\");
  EXPECT_EQ(normalise_folder("\\\\?\\UNC\\srv\\Tools\\a.exe"), "\\\\srv\\tools\\");
  EXPECT_EQ(normalise_folder("\\Device\\Mup\\srv\\Tools\\a.exe"), "\\\\srv\\tools\\");
  EXPECT_EQ(normalise_folder("\\Device\\HarddiskVolumeShadowCopy3\\Windows\\a.exe"),
            "\\device\\harddiskvolumeshadowcopy3\\windows\\");
  EXPECT_EQ(normalise_folder("C:\\Windows \\System32\\a.exe"), "c:\\windows \\system32\\") << "a mock folder";
}

TEST(Signature, UserHomesAreOneButPublicStays) {
  EXPECT_EQ(normalise_folder("C:\\Users\\alice\\AppData\\a.exe"), "c:\\users\\~\\appdata\\");
  EXPECT_EQ(normalise_folder("C:\\Users\\Bob.Corp-1.2.3\\a.exe"), "c:\\users\\~\\");
  EXPECT_EQ(normalise_folder("D:\\Users\\alice\\a.exe"), "d:\\users\\~\\");
  EXPECT_EQ(normalise_folder("C:\\Users\\Public\\a.exe"), "c:\\users\\public\\");
  EXPECT_EQ(normalise_folder("C:\\Documents and Settings\\bob\\a.exe"), "c:\\users\\~\\");
  EXPECT_EQ(normalise_folder("C:\\App\\Users\\bob\\a.exe"), "c:\\app\\users\\bob\\");
}

UserFields user(std::string_view name, std::string_view domain = {}, std::string_view id = {}) { return {name, domain, id}; }

TEST(UserKind, ComesFromTheName) {
  EXPECT_EQ(user_kind(user("SYSTEM", "NT AUTHORITY")), UserKind::system);
  EXPECT_EQ(user_kind(user("NT AUTHORITY\\SYSTEM")), UserKind::system);
  EXPECT_EQ(user_kind(user("SYSTEM")), UserKind::system);
  EXPECT_EQ(user_kind(user("Système", "AUTORITE NT")), UserKind::system);
  EXPECT_EQ(user_kind(user("NETZWERKDIENST", "NT-AUTORITÄT")), UserKind::network_service);
  EXPECT_EQ(user_kind(user("LOCAL SERVICE", "NT AUTHORITY")), UserKind::local_service);
  EXPECT_EQ(user_kind(user("MSSQLSERVER", "NT SERVICE")), UserKind::virtual_account);
  EXPECT_EQ(user_kind(user("DefaultAppPool", "IIS APPPOOL")), UserKind::virtual_account);
  EXPECT_EQ(user_kind(user("DWM-1", "Window Manager")), UserKind::virtual_account);
  EXPECT_EQ(user_kind(user("WEB-1$", "CORP")), UserKind::machine_account);
  EXPECT_EQ(user_kind(user("alice", "CORP")), UserKind::person);
  EXPECT_EQ(user_kind(user("ddagentuser")), UserKind::person);
  EXPECT_EQ(user_kind(user("system", "CORP")), UserKind::person) << "a domain's account of that name is not SYSTEM";
}

TEST(UserKind, ComesFromTheSidWhereTheNameIsForeignOrMissing) {
  EXPECT_EQ(user_kind(user("", "", "S-1-5-18")), UserKind::system);
  EXPECT_EQ(user_kind(user("Rendszer", "NT-HATÓSÁG", "S-1-5-18")), UserKind::system);
  EXPECT_EQ(user_kind(user("", "", "S-1-5-19")), UserKind::local_service);
  EXPECT_EQ(user_kind(user("", "", "S-1-5-20")), UserKind::network_service);
  EXPECT_EQ(user_kind(user("", "", "S-1-5-80-1-2-3-4-5")), UserKind::virtual_account);
  EXPECT_EQ(user_kind(user("", "", "S-1-5-82-1-2")), UserKind::virtual_account);
  EXPECT_EQ(user_kind(user("", "", "S-1-5-90-0-1")), UserKind::virtual_account);
  EXPECT_EQ(user_kind(user("", "", "S-1-5-21-1-2-3-1001")), UserKind::person);
  EXPECT_EQ(user_kind(user("", "", "S-1-12-1-1-2-3-4")), UserKind::person);
}

TEST(UserKind, TheNameWinsOverTheLoggersSid) {
  EXPECT_EQ(user_kind(user("alice", "CORP", "S-1-5-18")), UserKind::person);
  EXPECT_EQ(user_kind(user("LOCAL SERVICE", "NT AUTHORITY", "S-1-5-18")), UserKind::local_service);
}

TEST(UserKind, TheMachinesAccountWithTheSidOfSystemIsSystem) {
  EXPECT_EQ(user_kind(user("WEB-1$", "CORP", "S-1-5-18")), UserKind::system);
}

TEST(UserKind, IsUnknownWhereNothingTellsIt) {
  EXPECT_EQ(user_kind(user("", "CORP")), std::nullopt);
  EXPECT_EQ(user_kind(user("Järjestelmä", "NT-HALLINTA")), std::nullopt) << "one of Windows' own, but which";
  EXPECT_EQ(user_kind(user("", "", "S-1-5-32-544")), std::nullopt);
}

TEST(UserKind, NamesAreReadBack) {
  for (int i = 0; i < 6; ++i) {
    UserKind kind{};
    ASSERT_TRUE(parse_user_kind(to_string(static_cast<UserKind>(i)), kind));
    EXPECT_EQ(kind, static_cast<UserKind>(i));
  }
  UserKind kind{};
  EXPECT_FALSE(parse_user_kind("root", kind));
}

CodeSignature code(std::optional<bool> exists, std::optional<bool> trusted, std::optional<bool> valid, std::string_view subject) {
  return {exists, trusted, valid, subject};
}

TEST(Signer, CountsByItsSubjectOnlyIfValidAndTrusted) {
  EXPECT_EQ(normalise_signer(code(true, true, true, "Amazon Web Services")), "amazon web services");
  EXPECT_EQ(normalise_signer(code(true, true, std::nullopt, "Amazon")), "amazon");
  EXPECT_EQ(normalise_signer(code(true, false, true, "Amazon")), "untrusted");
  EXPECT_EQ(normalise_signer(code(true, true, false, "Amazon")), "untrusted");
  EXPECT_EQ(normalise_signer(code(false, std::nullopt, std::nullopt, "")), "unsigned");
  EXPECT_EQ(normalise_signer(code(std::nullopt, std::nullopt, std::nullopt, "Amazon")), std::nullopt);
}

TEST(Signature, UnknownPartsAreUnknownNotEmpty) {
  ConnectionEvent event;
  event.process.name = "curl.exe";
  const Signature signature = make_signature(event);
  EXPECT_EQ(signature, (Signature{"curl.exe", std::nullopt, std::nullopt, std::nullopt}));
  EXPECT_FALSE(signature.complete());
}

TEST(Signature, TheNameComesFromTheExecutableWhereThereIsNone) {
  ConnectionEvent event;
  event.process.executable = "C:\\T\\Curl.exe";
  EXPECT_EQ(make_signature(event).name, "curl.exe");
  EXPECT_EQ(make_signature(event).folder, "c:\\t\\");
}

TEST(Signature, SystemHasAnEmptyFolder) {
  ConnectionEvent event;
  event.process.name = "System";
  event.process.executable = "System";
  EXPECT_EQ(make_signature(event).folder, "");
}

TEST(Signature, AgreesWhereBothSaySomething) {
  const Signature full{"a", "c:\\", UserKind::system, "x"};
  EXPECT_TRUE(agrees(full, {"a", std::nullopt, std::nullopt, std::nullopt}));
  EXPECT_TRUE(agrees(full, {"a", "c:\\", std::nullopt, "x"}));
  EXPECT_FALSE(agrees(full, {"a", "d:\\", std::nullopt, "x"}));
  EXPECT_FALSE(agrees(full, {"b", std::nullopt, std::nullopt, std::nullopt}));
}

}  // namespace
}  // namespace imdswatch
