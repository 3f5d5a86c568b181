# One CMake target per room of the house, and one small program per test.

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
  target_compile_options(stet_options INTERFACE -Werror)
endif()
if(STET_SANITIZE)
  target_compile_options(stet_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(stet_options INTERFACE -fsanitize=address,undefined)
endif()

if(STET_FUZZ)
  target_compile_options(stet_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# stet_add_room(base SOURCES a.cpp … LINKS PUBLIC x PRIVATE y) makes the static library stet_base.
function(stet_add_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS" ${ARGN})
  add_library(stet_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(stet_${name} PUBLIC stet_options)
  if(ROOM_LINKS)
    target_link_libraries(stet_${name} ${ROOM_LINKS})
  endif()
endfunction()

# stet_add_test(tst_utf8 LIBS stet_base LABELS unit [SOURCES more.cpp]) builds tst_utf8.cpp as a Qt Test program.
# Every test runs without a display, with its own home, and with a time limit so that nothing can hang.
function(stet_add_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "LIBS;LABELS;SOURCES" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  if(NOT TEST_LABELS)
    set(TEST_LABELS unit)
  endif()
  add_executable(${name} ${name}.cpp ${TEST_SOURCES})
  set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE stet_options Qt6::Test ${TEST_LIBS})
  target_compile_definitions(${name} PRIVATE
    STET_SOURCE_DIR="${CMAKE_SOURCE_DIR}" STET_BINARY_DIR="${CMAKE_BINARY_DIR}/bin")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${TEST_TIMEOUT} LABELS "${TEST_LABELS}"
    ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QT_LOGGING_RULES=*.debug=false")
endfunction()

# stet_also_on_gpu(tst_scorer) runs a program that knows tests/support/device.h twice more against the same goldens: on a GPU, where it skips
# and says why without a usable one; and on the device apart (tests/support/apart_device.cpp), which finds tensors on the wrong device anywhere.
# With GPU_ALONE the second is left out.
function(stet_also_on_gpu)
  cmake_parse_arguments(ALSO "GPU_ALONE" "" "" ${ARGN})
  set(environment "QT_QPA_PLATFORM=offscreen;QT_LOGGING_RULES=*.debug=false;OMP_WAIT_POLICY=passive")
  foreach(name ${ALSO_UNPARSED_ARGUMENTS})
    add_test(NAME ${name}_gpu COMMAND ${name})
    set_tests_properties(${name}_gpu PROPERTIES TIMEOUT 600 LABELS gpu SKIP_REGULAR_EXPRESSION "SKIP   : [A-Za-z]+::initTestCase"
      ENVIRONMENT "${environment};STET_TEST_DEVICE=cuda")
    if(NOT ALSO_GPU_ALONE)
      target_link_libraries(${name} PRIVATE stet_apart_device)
      add_test(NAME ${name}_apart COMMAND ${name})
      set_tests_properties(${name}_apart PROPERTIES TIMEOUT 600 LABELS unit ENVIRONMENT "${environment};STET_TEST_DEVICE=apart")
    endif()
  endforeach()
endfunction()
