# Precompiled headers, for the dev preset alone: the standard library costs more to read than most of our files
# do to compile. The other presets have none, so a missing include doesn't stay unseen, and what they
# compile is what clang-tidy, the sanitizers and a release get.
option(TIPHYS_PCH "Precompile the headers that most files include" OFF)

# tiphys_precompiled(target src|tests): lets a target use the headers of its kind.
function(tiphys_precompiled target kind)
  if(NOT TIPHYS_PCH)
    return()
  endif()
  # Some libraries' users are compiled with -pthread, and clang wants it alike; ccache wants the other.
  set(flags -pthread "SHELL:-Xclang -fno-pch-timestamp")
  if(NOT TARGET tiphys_pch_${kind})
    set(headers <algorithm> <array> <atomic> <charconv> <chrono> <cmath> <cstdint> <functional>
      <map> <memory> <optional> <set> <span> <string> <string_view> <utility> <variant> <vector> <fmt/format.h>)
    if(kind STREQUAL tests)
      list(APPEND headers <gtest/gtest.h> <gmock/gmock.h>)
    endif()
    # Compiled as what uses them: a library's code and a program's differ (-fPIC, -fPIE).
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/pch/${kind}.cpp CONTENT "int main() { return 0; }\n")
    if(kind STREQUAL tests)
      add_executable(tiphys_pch_tests ${CMAKE_BINARY_DIR}/pch/tests.cpp)
    else()
      add_library(tiphys_pch_${kind} OBJECT ${CMAKE_BINARY_DIR}/pch/${kind}.cpp)
    endif()
    target_link_libraries(tiphys_pch_${kind} PRIVATE tiphys_options fmt::fmt
      $<$<STREQUAL:${kind},tests>:GTest::gmock>)
    target_precompile_headers(tiphys_pch_${kind} PRIVATE ${headers})
    target_compile_options(tiphys_pch_${kind} PRIVATE ${flags})
  endif()
  target_precompile_headers(${target} REUSE_FROM tiphys_pch_${kind})
  target_compile_options(${target} PRIVATE ${flags})
  target_link_libraries(${target} PRIVATE fmt::fmt)
endfunction()
