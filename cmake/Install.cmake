# Only what is there is installed, so that rooms can land one by one.
install(TARGETS imdswatch RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
function(imdswatch_install FILE WHERE)
  if(EXISTS "${PROJECT_SOURCE_DIR}/${FILE}")
    install(FILES "${PROJECT_SOURCE_DIR}/${FILE}" DESTINATION "${WHERE}")
  endif()
endfunction()
imdswatch_install(config/imdswatch.yaml "${CMAKE_INSTALL_SYSCONFDIR}/imdswatch")
imdswatch_install(config/imdswatch.schema.json "${CMAKE_INSTALL_DATADIR}/imdswatch")
