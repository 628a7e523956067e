install(TARGETS imdswatch RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES "${PROJECT_SOURCE_DIR}/config/imdswatch.schema.json" DESTINATION "${CMAKE_INSTALL_DATADIR}/imdswatch")
install(FILES "${PROJECT_SOURCE_DIR}/config/imdswatch.sysusers" DESTINATION lib/sysusers.d RENAME imdswatch.conf)

# Where the configuration lies, and so what the unit says, depends on the prefix, and that may be named as late as by
# `cmake --install DIR --prefix /usr`. So these two are made when they are installed.
install(CODE "
  set(imdswatch_source [[${PROJECT_SOURCE_DIR}]])
  set(imdswatch_build [[${PROJECT_BINARY_DIR}]])
  set(imdswatch_bindir [[${CMAKE_INSTALL_BINDIR}]])
  set(imdswatch_sysconfdir [[${CMAKE_INSTALL_SYSCONFDIR}]])")
install(SCRIPT "${PROJECT_SOURCE_DIR}/cmake/install_for_prefix.cmake")
