# Headers compiled once per build, for what nearly every file reads: parsing ATen, nlohmann's JSON and Qt is most of the time a file
# takes otherwise. clang-tidy can't read GCC's, so the preset lint does without (STET_PRECOMPILED=OFF).
option(STET_PRECOMPILED "Compile the headers that everything reads once (faster)" ON)

# stet_precompile(torch LINKS stet_torch HEADERS <ATen/ATen.h> …) makes stet_precompiled_torch, whose headers targets with the
# same options take by stet_use_precompiled.
function(stet_precompile kind)
  cmake_parse_arguments(PCH "" "" "LINKS;HEADERS;OPTIONS" ${ARGN})
  add_library(stet_precompiled_${kind} OBJECT ${CMAKE_SOURCE_DIR}/cmake/precompiled.cpp)
  target_link_libraries(stet_precompiled_${kind} PRIVATE stet_options ${PCH_LINKS})
  target_compile_options(stet_precompiled_${kind} PRIVATE ${PCH_OPTIONS})
  target_precompile_headers(stet_precompiled_${kind} PRIVATE ${PCH_HEADERS})
endfunction()

# stet_kind(out stet_files Qt6::Widgets …): "torch", "window" or "plain", by what these libraries link in the end; "apart" with the device
# apart, whose registrations change the whole program.
function(stet_kind out)
  if(stet_apart_device IN_LIST ARGN)
    set(${out} apart PARENT_SCOPE)
    return()
  endif()
  set(kind plain)
  set(open ${ARGN})
  set(seen)
  while(open)
    list(POP_FRONT open library)
    string(REGEX REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1" library "${library}")
    if(library STREQUAL stet_torch)
      set(kind torch)
      break()
    elseif(library STREQUAL Qt6::Widgets)
      set(kind window)
    elseif(library MATCHES "^stet_" AND TARGET ${library} AND NOT library IN_LIST seen)
      list(APPEND seen ${library})
      get_target_property(links ${library} INTERFACE_LINK_LIBRARIES)
      if(links)
        list(APPEND open ${links})
      endif()
    endif()
  endwhile()
  set(${out} ${kind} PARENT_SCOPE)
endfunction()

function(stet_use_precompiled target kind)
  if(STET_PRECOMPILED AND TARGET stet_precompiled_${kind})
    target_precompile_headers(${target} REUSE_FROM stet_precompiled_${kind})
  endif()
endfunction()
