# One CMake target per room of the house, and one program for the tests of a folder.
include(StetPrecompiled)

add_library(stet_options INTERFACE)
# Two warnings GCC 12 gets wrong where it inlines: an empty std::optional is taken for an uninitialised value
# (maybe-uninitialized), a text + std::string for overlapping memory (restrict, GCC bug 105651).
target_compile_options(stet_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized> $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_compile_definitions(stet_options INTERFACE QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII)
target_include_directories(stet_options INTERFACE ${CMAKE_SOURCE_DIR})
# -g1 keeps line numbers in crash reports at a fraction of the size.
target_compile_options(stet_options INTERFACE $<$<CONFIG:RelWithDebInfo>:-g1>)
if(STET_WERROR)
  target_compile_options(stet_options INTERFACE -Werror
    # And two that GCC 12 gets wrong of a text + std::string, since the standard headers are precompiled: reported, no error.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-error=array-bounds> $<$<CXX_COMPILER_ID:GNU>:-Wno-error=stringop-overflow>)
endif()
if(STET_SANITIZE)
  target_compile_options(stet_options INTERFACE -fsanitize=${STET_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(stet_options INTERFACE -fsanitize=${STET_SANITIZE})
endif()
if(STET_COVERAGE)
  # Counts of a program with threads and children: added to atomically.
  target_compile_options(stet_options INTERFACE --coverage -fprofile-update=atomic -fprofile-abs-path)
  target_link_options(stet_options INTERFACE --coverage)
endif()
if(STET_FUZZ)
  target_compile_options(stet_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# What tests have beside it. Little is gained by optimising them, and much time lost.
add_library(stet_test_options INTERFACE)
target_compile_definitions(stet_test_options INTERFACE
  STET_SOURCE_DIR="${CMAKE_SOURCE_DIR}" STET_BINARY_DIR="${CMAKE_BINARY_DIR}/bin")
target_link_libraries(stet_test_options INTERFACE Qt6::Test)
target_compile_options(stet_test_options INTERFACE $<$<CONFIG:RelWithDebInfo>:-O1>)

# stet_add_room(base SOURCES a.cpp … LINKS PUBLIC x PRIVATE y) makes the static library stet_base.
function(stet_add_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS" ${ARGN})
  add_library(stet_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(stet_${name} PUBLIC stet_options)
  if(ROOM_LINKS)
    target_link_libraries(stet_${name} ${ROOM_LINKS})
  endif()
  stet_kind(kind stet_${name})
  stet_use_precompiled(stet_${name} ${kind})
endfunction()

# Every time limit of a test is what a quick machine needs many times over, and is multiplied by this for one that is slow or busy: a limit
# costs nothing where it isn't reached. What tests wait inside is tests/support/patience.h.
set(STET_PATIENCE 5 CACHE STRING "Time limits of tests are multiplied by this")

# stet_add_test(tst_utf8 LIBS stet_base [LABELS unit] [TIMEOUT 120] [SOURCES more.cpp] [DEPENDS stet-trainer] [DEFINES A="b"]
#   [OPTIONS -DX])
# adds the Qt Test class in tst_utf8.cpp, as a ctest entry and a target tst_utf8.
#
# The classes of a folder are one program, build/…/tests/bin/base_tests, that runs the class it is called by: tests/tst_utf8 is a link to it
# (tests/support/test_program.h). Each runs in a process of its own. Classes that need LibTorch, the device apart or Qt's widgets are in
# programs of their own, so that the others start without them.
# Every test runs without a display, with its own home, and with a time limit so that nothing can hang.
function(stet_add_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "LIBS;LABELS;SOURCES;DEPENDS;DEFINES;OPTIONS" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  math(EXPR TEST_TIMEOUT "${TEST_TIMEOUT} * ${STET_PATIENCE}")
  if(NOT TEST_LABELS)
    set(TEST_LABELS unit)
  endif()
  stet_kind(kind ${TEST_LIBS})
  stet_test_program(program ${kind})
  target_sources(${program} PRIVATE ${name}.cpp ${TEST_SOURCES})
  target_link_libraries(${program} PRIVATE ${TEST_LIBS})
  if(TEST_DEFINES)
    set_property(SOURCE ${name}.cpp APPEND PROPERTY COMPILE_DEFINITIONS ${TEST_DEFINES})
  endif()
  if(TEST_OPTIONS)
    # Precompiled headers hold for one set of options only.
    set_source_files_properties(${name}.cpp PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    set_property(SOURCE ${name}.cpp APPEND PROPERTY COMPILE_OPTIONS ${TEST_OPTIONS} -include ${CMAKE_SOURCE_DIR}/tests/support/test_program.h)
  endif()
  file(CREATE_LINK bin/${program} ${CMAKE_BINARY_DIR}/tests/${name} SYMBOLIC)
  add_custom_target(${name})
  set_property(TARGET ${name} PROPERTY STET_PROGRAM ${program})
  add_dependencies(${name} ${program} ${TEST_DEPENDS})
  add_test(NAME ${name} COMMAND ${CMAKE_BINARY_DIR}/tests/${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}"
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_LOGGING_RULES=*.debug=false")
endfunction()

# The program of this folder's tests of one kind, made at the first of them.
function(stet_test_program out kind)
  file(RELATIVE_PATH program ${CMAKE_SOURCE_DIR}/tests ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" program ${program})
  if(NOT kind STREQUAL plain)
    string(APPEND program "_${kind}")
  endif()
  string(APPEND program _tests)
  set(${out} ${program} PARENT_SCOPE)
  if(TARGET ${program})
    return()
  endif()
  add_executable(${program} ${CMAKE_SOURCE_DIR}/tests/support/test_program.cpp)
  set_target_properties(${program} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests/bin)
  target_link_libraries(${program} PRIVATE stet_options stet_test_options)
  if(STET_PRECOMPILED)
    string(REPLACE apart torch headers ${kind})
    stet_use_precompiled(${program} test_${headers})
  else()
    target_compile_options(${program} PRIVATE -include ${CMAKE_SOURCE_DIR}/tests/support/test_program.h)
  endif()
endfunction()

# stet_also_on_gpu(tst_scorer) runs a class that knows tests/support/device.h twice more against the same goldens: on a GPU, where it skips
# and says why without a usable one; and on the device apart (tests/support/apart_device.cpp), which finds tensors on the wrong device anywhere.
# With GPU_ALONE the second is left out.
function(stet_also_on_gpu)
  cmake_parse_arguments(ALSO "GPU_ALONE" "" "" ${ARGN})
  math(EXPR timeout "600 * ${STET_PATIENCE}")
  set(environment "QT_QPA_PLATFORM=offscreen;QT_LOGGING_RULES=*.debug=false;OMP_WAIT_POLICY=passive")
  foreach(name ${ALSO_UNPARSED_ARGUMENTS})
    add_test(NAME ${name}_gpu COMMAND ${CMAKE_BINARY_DIR}/tests/${name})
    set_tests_properties(${name}_gpu PROPERTIES TIMEOUT ${timeout} LABELS gpu RESOURCE_LOCK gpu SKIP_REGULAR_EXPRESSION "SKIP   : [A-Za-z]+::initTestCase"
      ENVIRONMENT "${environment};STET_TEST_DEVICE=cuda")
    if(NOT ALSO_GPU_ALONE)
      get_target_property(program ${name} STET_PROGRAM)
      if(NOT program MATCHES "_apart_tests$")
        message(FATAL_ERROR "${name} runs on the device apart: give stet_apart_device to the LIBS of its stet_add_test")
      endif()
      add_test(NAME ${name}_apart COMMAND ${CMAKE_BINARY_DIR}/tests/${name})
      set_tests_properties(${name}_apart PROPERTIES TIMEOUT ${timeout} LABELS unit ENVIRONMENT "${environment};STET_TEST_DEVICE=apart")
    endif()
  endforeach()
endfunction()
