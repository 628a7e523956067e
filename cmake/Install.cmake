# Only what is there is installed, so that rooms can land one by one.
install(TARGETS imdswatch RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

function(imdswatch_install FILE WHERE)
  if(EXISTS "${PROJECT_SOURCE_DIR}/${FILE}")
    install(FILES "${PROJECT_SOURCE_DIR}/${FILE}" DESTINATION "${WHERE}" ${ARGN})
  endif()
endfunction()
imdswatch_install(config/imdswatch.yaml "${CMAKE_INSTALL_SYSCONFDIR}/imdswatch")
imdswatch_install(config/imdswatch.schema.json "${CMAKE_INSTALL_DATADIR}/imdswatch")
imdswatch_install(config/imdswatch.sysusers lib/sysusers.d RENAME imdswatch.conf)

# With the prefix /usr the configuration lies in /etc (GNUInstallDirs); elsewhere beside the binary.
set(IMDSWATCH_BINDIR "${CMAKE_INSTALL_FULL_BINDIR}")
set(IMDSWATCH_CONFDIR "${CMAKE_INSTALL_FULL_SYSCONFDIR}/imdswatch")
configure_file("${PROJECT_SOURCE_DIR}/config/imdswatch.service.in" "${PROJECT_BINARY_DIR}/imdswatch.service" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/imdswatch.service" DESTINATION lib/systemd/system)
