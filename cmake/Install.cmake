# Only what is there is installed, so that rooms can land one by one.
install(TARGETS imdswatch RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

function(imdswatch_install FILE WHERE)
  if(EXISTS "${PROJECT_SOURCE_DIR}/${FILE}")
    install(FILES "${PROJECT_SOURCE_DIR}/${FILE}" DESTINATION "${WHERE}" ${ARGN})
  endif()
endfunction()
imdswatch_install(config/imdswatch.schema.json "${CMAKE_INSTALL_DATADIR}/imdswatch")
imdswatch_install(config/imdswatch.sysusers lib/sysusers.d RENAME imdswatch.conf)

# The unit names the paths of the prefix that was configured. With /usr the configuration lies in /etc, else beside the binary.
set(IMDSWATCH_BINDIR "${CMAKE_INSTALL_FULL_BINDIR}")
set(IMDSWATCH_CONFDIR "${CMAKE_INSTALL_FULL_SYSCONFDIR}/imdswatch")
configure_file("${PROJECT_SOURCE_DIR}/config/imdswatch.service.in" "${PROJECT_BINARY_DIR}/imdswatch.service" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/imdswatch.service" DESTINATION lib/systemd/system)

# A configuration that is there already is someone's work: the new one is laid beside it.
set(confdir "\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_SYSCONFDIR}/imdswatch")
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr" OR IS_ABSOLUTE "${CMAKE_INSTALL_SYSCONFDIR}")
  set(confdir "${IMDSWATCH_CONFDIR}")
endif()
install(CODE "
  set(name imdswatch.yaml)
  if(EXISTS \"\$ENV{DESTDIR}${confdir}/imdswatch.yaml\")
    set(name imdswatch.yaml.default)
  endif()
  file(INSTALL \"${PROJECT_SOURCE_DIR}/config/imdswatch.yaml\" DESTINATION \"${confdir}\" RENAME \${name})
")
