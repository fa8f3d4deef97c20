# Language level, warnings, sanitizers, LTO: the same for every target of the project.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
                    -Woverloaded-virtual -Wno-missing-field-initializers -Werror -fno-omit-frame-pointer)

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 19)
  # libstdc++ 12 hides std::expected from compilers that do not announce P0848; clang 16 has all of
  # it that <expected> needs.
  add_compile_options(-Wno-builtin-macro-redefined -U__cpp_concepts -D__cpp_concepts=202002L)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12 calls a deprecated function of its own in std::stable_sort, and clang says so at our
  # call. g++ still reports what is deprecated in our own code.
  add_compile_options(-Wno-deprecated-declarations)
endif()

# Bounds checks of the standard library: they see an index past the end of a view, which no sanitizer
# does.
add_compile_definitions($<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)

if(BUTTER_SANITIZE)
  add_compile_options(-fsanitize=${BUTTER_SANITIZE} -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BUTTER_SANITIZE})
endif()
if(BUTTER_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(BUTTER_LTO)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
endif()

# bench/train does both, in one build folder: a profile belongs to the path of its object.
if(BUTTER_PROFILE STREQUAL "record")
  add_compile_options(-fprofile-generate=${CMAKE_BINARY_DIR}/profile -fprofile-update=prefer-atomic)
  add_link_options(-fprofile-generate)
elseif(BUTTER_PROFILE STREQUAL "use")
  # What the load does not reach is compiled as without a profile.
  add_compile_options(-fprofile-use=${CMAKE_BINARY_DIR}/profile -fprofile-partial-training
                      -Wno-missing-profile)
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT BUTTER_PROFILE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
