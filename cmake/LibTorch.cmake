# LibTorch out of the PyPI wheel, as two imported targets: c10 and torch_cpu. Not find_package(Torch): the wheel is a CUDA build and its
# package fails without a CUDA toolkit. Not libtorch.so: it pulls in libtorch_cuda, which is loaded at run time where a driver is.
if(NOT STET_LIBTORCH)
  # Where packaging/setup.sh puts what the pinned wheels hold.
  set(stet_cache "$ENV{STET_CACHE}")
  if(NOT stet_cache)
    set(stet_cache "$ENV{XDG_CACHE_HOME}")
    if(NOT stet_cache)
      set(stet_cache "$ENV{HOME}/.cache")
    endif()
    string(APPEND stet_cache /stet)
  endif()
  file(SHA256 ${CMAKE_SOURCE_DIR}/packaging/libtorch-wheels.txt stamp)
  string(SUBSTRING ${stamp} 0 12 stamp)
  set(STET_LIBTORCH "${stet_cache}/libtorch-${stamp}")
endif()
if(NOT EXISTS "${STET_LIBTORCH}/torch/lib/libtorch_cpu.so")
  message(FATAL_ERROR "LibTorch is not in '${STET_LIBTORCH}'. Run packaging/setup.sh, which fetches it (544 MB, once), or set STET_LIBTORCH to "
    "a folder with torch/ and nvidia/ from the wheels of packaging/libtorch-wheels.txt.")
endif()

set(STET_TORCH_LIB "${STET_LIBTORCH}/torch/lib")
foreach(library c10 torch_cpu)
  add_library(${library} SHARED IMPORTED)
  set_target_properties(${library} PROPERTIES IMPORTED_LOCATION "${STET_TORCH_LIB}/lib${library}.so")
  target_include_directories(${library} SYSTEM INTERFACE "${STET_LIBTORCH}/torch/include"
    "${STET_LIBTORCH}/torch/include/torch/csrc/api/include")
endforeach()
target_link_libraries(torch_cpu INTERFACE c10)

add_library(stet_torch INTERFACE)
target_link_libraries(stet_torch INTERFACE torch_cpu c10)
target_compile_definitions(stet_torch INTERFACE _GLIBCXX_USE_CXX11_ABI=1)
# RUNPATH, not RPATH, so that LD_LIBRARY_PATH can point to a GPU host's own torch (CMake writes the folder, and lib/stet when it
# installs); rpath-link lets ld see what torch_cpu needs.
target_link_options(stet_torch INTERFACE
  "-Wl,--enable-new-dtags" "-Wl,-rpath-link,${STET_TORCH_LIB}"
  "-Wl,-rpath-link,${STET_LIBTORCH}/nvidia/cu13/lib")
