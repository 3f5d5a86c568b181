// Empty: the precompiled headers of cmake/StetPrecompiled.cmake belong to a target, and a target has a source.
