# butter_room(<name> SOURCES <files...> [DEPS <rooms...>] [LIBS <libraries...>])
# One static library for each room of src/. A room links only what src/LAYERS lets it include;
# scripts/check_layers.py holds both lists against each other.
function(butter_room name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS;LIBS" ${ARGN})
  add_library(butter_${name} STATIC ${ARG_SOURCES})
  target_include_directories(butter_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  list(TRANSFORM ARG_DEPS PREPEND butter_)
  target_link_libraries(butter_${name} PUBLIC ${ARG_DEPS} ${ARG_LIBS})
endfunction()

# butter_unit_test(<room> SOURCES <files...> [LIBS <libraries...>])
# One test program for each room; the sources mirror src/<room>/.
function(butter_unit_test room)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${room}_test ${ARG_SOURCES})
  target_include_directories(${room}_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(${room}_test PRIVATE butter_${room} ${ARG_LIBS} GTest::gtest GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${room}_test DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 60 LABELS unit)
endfunction()

# butter_component_test(<name> SOURCES <files...> ROOMS <rooms...> [LIBS <libraries...>])
# Several rooms together over real sockets of this host, in tests/component/. The target
# component_tests builds all of them: it is what the thread sanitizer looks at.
function(butter_component_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;ROOMS;LIBS" ${ARGN})
  add_executable(${name}_component_test ${ARG_SOURCES})
  target_include_directories(${name}_component_test PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  list(TRANSFORM ARG_ROOMS PREPEND butter_)
  target_link_libraries(${name}_component_test PRIVATE ${ARG_ROOMS} ${ARG_LIBS}
                        GTest::gtest GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${name}_component_test DISCOVERY_MODE PRE_TEST
                       PROPERTIES TIMEOUT 60 LABELS component)
  if(NOT TARGET component_tests)
    add_custom_target(component_tests)
  endif()
  add_dependencies(component_tests ${name}_component_test)
endfunction()

# butter_fuzz(<name> ROOM <room>)
# tests/fuzz/<name>.cpp; replays tests/fuzz/corpus/<name>/ as a test under any compiler, explores with
# libFuzzer under the `fuzz` preset.
function(butter_fuzz name)
  cmake_parse_arguments(ARG "" "ROOM" "" ${ARGN})
  if(BUTTER_FUZZ)
    add_executable(fuzz_${name} ${name}.cpp)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(fuzz_${name} ${name}.cpp replay_main.cpp)
    add_test(NAME fuzz_${name}.corpus COMMAND fuzz_${name} ${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name})
    set_tests_properties(fuzz_${name}.corpus PROPERTIES LABELS fuzz TIMEOUT 120)
  endif()
  target_include_directories(fuzz_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(fuzz_${name} PRIVATE butter_${ARG_ROOM})
endfunction()
