# imdswatch_build: what all of our own targets are compiled with; nobody else's are. A target whose property IMDSWATCH_C_MACROS is
# set may expand the macros of C libraries, which cast the old way.
add_library(imdswatch_build INTERFACE)
target_compile_options(
  imdswatch_build INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wnon-virtual-dtor
                            $<$<NOT:$<BOOL:$<TARGET_PROPERTY:IMDSWATCH_C_MACROS>>>:-Wold-style-cast> -Wcast-align
                            -Woverloaded-virtual -Wimplicit-fallthrough -Wswitch-enum -Wformat=2)
if(IMDSWATCH_WERROR)
  target_compile_options(imdswatch_build INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Known to be wrong about std::optional, std::variant and std::string with sanitizers or at -O2 in GCC 12.
  target_compile_options(imdswatch_build INTERFACE -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()

if(IMDSWATCH_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(CCACHE ccache)
  if(CCACHE)
    # Precompiled headers need the slackness; several checkouts share their results by the base folder.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
        "${CCACHE}")
  endif()
endif()
