# What `cmake --install build/release --prefix P` lays down, and what the packages hold (packaging/package.sh). Two components: window and
# worker. The programs find everything from where they lie themselves, so that the prefix may be moved:
#   bin/stet, bin/stet-trainer     the window finds the worker beside itself
#   lib/stet/                      LibTorch's libraries for a CPU, by RUNPATH
#   share/stet/                    examples, prompts, licences (base/resources.h)
set(STET_DATA share/stet)

# The licences lie where the window looks for them, once for both (the window's package depends on the worker's); a system may be set up
# to leave share/doc out.
if(STET_TRAINER)
  set(owner worker)
else()
  set(owner window)
endif()
install(DIRECTORY resources/licences DESTINATION ${STET_DATA} COMPONENT ${owner})
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/install)
file(CREATE_LINK ../../stet/licences ${CMAKE_BINARY_DIR}/install/licences SYMBOLIC)

if(STET_WINDOW)
  install(TARGETS stet RUNTIME DESTINATION bin COMPONENT window)
  # Of the program for all that it loads, Qt's plugins too: an archive that brings its Qt has it in lib/stet.
  set_target_properties(stet PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/stet" BUILD_WITH_INSTALL_RPATH ON)
  target_link_options(stet PRIVATE -Wl,--disable-new-dtags)
  install(DIRECTORY resources/example resources/real DESTINATION ${STET_DATA} USE_SOURCE_PERMISSIONS COMPONENT window)
  install(FILES packaging/desktop/stet.desktop DESTINATION share/applications COMPONENT window)
  install(FILES packaging/desktop/stet.metainfo.xml DESTINATION share/metainfo COMPONENT window)
  install(FILES packaging/desktop/stet.svg DESTINATION share/icons/hicolor/scalable/apps COMPONENT window)
  install(FILES docs/man/stet.1 DESTINATION share/man/man1 COMPONENT window)
  install(FILES packaging/desktop/copyright ${CMAKE_BINARY_DIR}/install/licences README.md CHANGELOG.md DESTINATION share/doc/stet COMPONENT window)
endif()

if(STET_TRAINER)
  install(TARGETS stet-trainer RUNTIME DESTINATION bin COMPONENT worker)
  set_target_properties(stet-trainer PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/stet")
  # A RUNPATH holds for what the program itself names: with libspdlog it names libfmt, which only that needs.
  target_link_options(stet-trainer PRIVATE -Wl,--no-as-needed)
  # Of the CUDA wheel what a CPU needs: libtorch_cuda is loaded only where a driver is, and is 450 MB with 2 GB of libraries behind it.
  # libtorch_cpu of that wheel is linked with two small libraries of CUDA's, and finds its neighbours by itself.
  set(STET_RUNTIME ${STET_TORCH_LIB}/libtorch_cpu.so ${STET_TORCH_LIB}/libc10.so ${STET_TORCH_LIB}/libgomp.so.1)
  foreach(library libcudart.so.13 libcupti.so.13)
    if(EXISTS ${STET_LIBTORCH}/nvidia/cu13/lib/${library})
      list(APPEND STET_RUNTIME ${STET_LIBTORCH}/nvidia/cu13/lib/${library})
    endif()
  endforeach()
  install(FILES ${STET_RUNTIME} DESTINATION lib/stet COMPONENT worker)
  # A fifth of libtorch_cpu are names for a debugger.
  install(CODE "
    if(CMAKE_INSTALL_DO_STRIP)
      file(GLOB libraries \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/lib/stet/lib*.so*\")
      execute_process(COMMAND \"${CMAKE_STRIP}\" --strip-unneeded \${libraries} COMMAND_ERROR_IS_FATAL ANY)
    endif()" COMPONENT worker)
  install(DIRECTORY resources/prompts DESTINATION ${STET_DATA} COMPONENT worker)
  install(FILES docs/man/stet-trainer.1 DESTINATION share/man/man1 COMPONENT worker)
  install(FILES packaging/desktop/copyright ${CMAKE_BINARY_DIR}/install/licences DESTINATION share/doc/stet-trainer COMPONENT worker)
endif()

# Debian packages of the two components: cpack -G DEB, by packaging/package.sh.
set(CPACK_PACKAGE_NAME stet)
set(CPACK_PACKAGE_VENDOR Stet)
set(CPACK_PACKAGE_CONTACT "The authors of Stet <stet@localhost>")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_SOURCE_DIR}/build/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL window worker)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${STET_TORCH_LIB} ${STET_LIBTORCH}/nvidia/cu13/lib)
set(CPACK_DEBIAN_WINDOW_PACKAGE_NAME stet)
set(CPACK_DEBIAN_WINDOW_PACKAGE_DEPENDS "stet-trainer (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_WINDOW_PACKAGE_RECOMMENDS "fonts-dejavu-core, qt6-translations-l10n")
set(CPACK_DEBIAN_WINDOW_PACKAGE_SUGGESTS "fonts-wqy-microhei, qt6-wayland")
set(CPACK_COMPONENT_WINDOW_DESCRIPTION "judge a language model's responses and train the model on the judgments
A person reads a model's responses, says what is wrong with them, sees at once
which words the model itself finds inappropriate under that judgment, and
trains the model on exactly that. This package holds the window and its
command line.")
set(CPACK_DEBIAN_WORKER_PACKAGE_NAME stet-trainer)
set(CPACK_COMPONENT_WORKER_DESCRIPTION "Stet's worker, with the libraries to compute on a CPU
Scores responses under judgments and trains adapters on them, for the window
of the package stet and from scripts. Brings LibTorch for the CPU.")
include(CPack)
