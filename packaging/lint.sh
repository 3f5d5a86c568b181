#!/bin/bash
# Layout (clang-format) of every source, and idiom (clang-tidy) of the rooms without Torch. Prints what to run to mend it.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t sources < <(git ls-files '*.h' '*.cpp')
clang-format --dry-run --Werror "${sources[@]}" || { echo "Mend with: clang-format -i \$(git ls-files '*.h' '*.cpp')" >&2; exit 1; }
echo "clang-format: ${#sources[@]} files"
. packaging/setup.sh
stet_configure_asan
mapfile -t tidied < <(git ls-files 'base/*.cpp' 'contract/*.cpp' 'trainer/files/*.cpp' 'trainer/text/*.cpp' 'trainer/detect/*.cpp' 'annotate/**.cpp' 'ui/**.cpp' 'app/*.cpp')
printf '%s\n' "${tidied[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy -p build/asan --quiet --extra-arg=-Wno-unknown-warning-option --warnings-as-errors='*' 2>&1 | { grep -vE 'warnings generated|^$|Suppressed|Use -header-filter' || true; }
[ "${PIPESTATUS[1]}" -eq 0 ] || exit 1
echo "clang-tidy: ${#tidied[@]} files"
