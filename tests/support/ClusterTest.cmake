# tiphys_cluster_test(name SOURCES file... [DEPS module...] [LIBS target...] [TIMEOUT s] [PARALLEL])
# A GoogleTest binary whose cases need a control plane. ctest runs each case as a process of its own, so two
# more entries start one control plane for all of them (it ends with ctest at the latest) and end it.
# Cases of one binary run one after the other, unless PARALLEL says that they only touch their namespaces; so they
# start before the unit tests (COST), and those fill the processors while they wait.
function(tiphys_cluster_test name)
  cmake_parse_arguments(ARG "PARALLEL" "TIMEOUT" "SOURCES;DEPS;LIBS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  string(MD5 build "${CMAKE_BINARY_DIR}")
  string(SUBSTRING "${build}" 0 8 build)
  string(REPLACE "_" "-" cluster "${name}-${build}")

  add_executable(${name} ${ARG_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE TIPHYS_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    TIPHYS_BINARY_DIR="${CMAKE_BINARY_DIR}")
  list(TRANSFORM ARG_DEPS PREPEND tiphys_)
  target_link_libraries(${name} PRIVATE tiphys_options tiphys_testsupport GTest::gtest GTest::gmock
    GTest::gtest_main ${ARG_DEPS} ${ARG_LIBS})
  tiphys_precompiled(${name} tests)

  # $PPID of the shell is ctest: kill -9 of it ends the cluster too.
  add_test(NAME ${name}.cluster_up COMMAND sh -c
    "tool=\$0; \$tool --name ${cluster} down && exec \$tool --name ${cluster} --owner $PPID up"
    ${CMAKE_SOURCE_DIR}/tools/devcluster)
  add_test(NAME ${name}.cluster_down COMMAND
    ${CMAKE_SOURCE_DIR}/tools/devcluster --name ${cluster} down)
  set_tests_properties(${name}.cluster_up PROPERTIES FIXTURES_SETUP ${name}.cluster
    FIXTURES_REQUIRED controlplane TIMEOUT 120 LABELS integration COST 100)
  set_tests_properties(${name}.cluster_down PROPERTIES FIXTURES_CLEANUP ${name}.cluster
    TIMEOUT 60 LABELS integration)

  set(lock RESOURCE_LOCK ${name}.cluster)
  if(ARG_PARALLEL)
    set(lock)
  endif()
  gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS integration COST 100 FIXTURES_REQUIRED ${name}.cluster
    ENVIRONMENT TIPHYS_TEST_CLUSTER=${cluster} ${lock})
endfunction()
