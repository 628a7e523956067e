# Run by `cmake --install`, with what cmake/Install.cmake has set: the configuration and the systemd unit. DESTDIR holds.
set(CMAKE_INSTALL_BINDIR "${imdswatch_bindir}")
set(CMAKE_INSTALL_SYSCONFDIR "${imdswatch_sysconfdir}")
set(CMAKE_INSTALL_LIBDIR lib) # unused; GNUInstallDirs would ask the compiler for it
include(GNUInstallDirs)       # with the prefix /usr the configuration lies in /etc; elsewhere under the prefix
set(IMDSWATCH_BINDIR "${CMAKE_INSTALL_FULL_BINDIR}")
set(IMDSWATCH_CONFDIR "${CMAKE_INSTALL_FULL_SYSCONFDIR}/imdswatch")

configure_file("${imdswatch_source}/config/imdswatch.service.in" "${imdswatch_build}/imdswatch.service" @ONLY)
file(INSTALL "${imdswatch_build}/imdswatch.service" DESTINATION "${CMAKE_INSTALL_PREFIX}/lib/systemd/system")

# A configuration that someone has changed stays; the new one is laid beside it.
set(example "${imdswatch_source}/config/imdswatch.yaml")
set(installed "$ENV{DESTDIR}${IMDSWATCH_CONFDIR}/imdswatch.yaml")
set(name imdswatch.yaml)
if(EXISTS "${installed}")
  file(SHA256 "${example}" new)
  file(SHA256 "${installed}" old)
  if(NOT new STREQUAL old)
    set(name imdswatch.yaml.new)
    message(STATUS "${installed} has been changed and stays; see ${name} beside it")
  endif()
endif()
file(INSTALL "${example}" DESTINATION "${IMDSWATCH_CONFDIR}" RENAME "${name}")
