# butter_compile_fail(<name> ERROR <regular expression>)
# <name>.cpp must compile as it stands, and with -DMISTAKE must not: the message must match ERROR, so
# that it fails for the reason meant. Two tests, by the compiler and flags of this build.
function(butter_compile_fail name)
  cmake_parse_arguments(ARG "" "ERROR" "" ${ARGN})
  get_directory_property(options COMPILE_OPTIONS)
  set(command ${CMAKE_CXX_COMPILER} ${CMAKE_CXX23_STANDARD_COMPILE_OPTION} ${options} -fsyntax-only
      -I${CMAKE_SOURCE_DIR}/src ${CMAKE_CURRENT_SOURCE_DIR}/${name}.cpp)
  add_test(NAME compile_fail.${name}.compiles COMMAND ${command})
  add_test(NAME compile_fail.${name}.mistake_is_refused COMMAND ${command} -DMISTAKE)
  set_tests_properties(compile_fail.${name}.mistake_is_refused PROPERTIES
                       PASS_REGULAR_EXPRESSION "error: [^\n]*${ARG_ERROR}")
  set_tests_properties(compile_fail.${name}.compiles compile_fail.${name}.mistake_is_refused
                       PROPERTIES LABELS compile_fail TIMEOUT 60)
endfunction()
