# The compilers that may build Tiphys, the language level, warnings, sanitizers and hardening.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "g++ ${CMAKE_CXX_COMPILER_VERSION} miscompiles common C++20 coroutine forms without a warning "
    "(temporaries in a co_await expression are destroyed twice). Use clang-19 (the presets do) or g++ 13.")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(TIPHYS_WERROR "Treat warnings as errors" ON)
option(TIPHYS_TESTS "Build the tests" ON)
option(TIPHYS_BENCH "Build the benchmarks" OFF)
option(TIPHYS_FUZZ "Build the fuzzers" OFF)
option(TIPHYS_HARDEN "Hardening flags of a release" OFF)
set(TIPHYS_SANITIZE "" CACHE STRING "Sanitizers: address,undefined | thread | (empty)")

add_library(tiphys_options INTERFACE)
target_include_directories(tiphys_options INTERFACE ${CMAKE_SOURCE_DIR}/include)
target_compile_options(tiphys_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast
  -Wconversion -Wsign-conversion -Wnull-dereference -Wunused -Wformat=2 -Wimplicit-fallthrough
  $<$<BOOL:${TIPHYS_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)
target_compile_definitions(tiphys_options INTERFACE
  BOOST_ASIO_NO_DEPRECATED SPDLOG_FMT_EXTERNAL SPDLOG_COMPILED_LIB TIPHYS_VERSION="${PROJECT_VERSION}")

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=lld-19)
endif()

if(TIPHYS_SANITIZE)
  add_compile_options(-fsanitize=${TIPHYS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TIPHYS_SANITIZE})
endif()

if(TIPHYS_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(TIPHYS_HARDEN)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -D_GLIBCXX_ASSERTIONS
    -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
    -ftrivial-auto-var-init=zero -fzero-call-used-regs=used-gpr -fno-delete-null-pointer-checks
    -fno-strict-overflow -fno-strict-aliasing)
  add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code,--as-needed)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # The sloppiness is what ccache asks for where headers are precompiled; elsewhere it changes nothing.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
