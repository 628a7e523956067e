# imdswatch/version.hpp in the build folder: the version, the commit if this is a checkout, and how it was built.
find_program(GIT git)
set(IMDSWATCH_COMMIT "")
if(GIT AND EXISTS "${PROJECT_SOURCE_DIR}/.git")
  execute_process(COMMAND "${GIT}" -C "${PROJECT_SOURCE_DIR}" -c safe.directory=* describe --always --dirty --tags --match "v*"
                  OUTPUT_VARIABLE IMDSWATCH_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
set(IMDSWATCH_GENERATED "${PROJECT_BINARY_DIR}/generated")
configure_file("${PROJECT_SOURCE_DIR}/cmake/version.hpp.in" "${IMDSWATCH_GENERATED}/imdswatch/version.hpp" @ONLY)
