#!/bin/bash
# Layout (clang-format) of every source, and idiom (clang-tidy). Prints what to run to mend it.
#   packaging/lint.sh             clang-tidy on the rooms without Torch: what CI runs
#   packaging/lint.sh --changed   clang-tidy on the files that differ from the upstream branch, those of the Torch rooms, too
#   packaging/lint.sh --all       clang-tidy on every room (a file that includes ATen takes about half a minute)
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t sources < <(git ls-files '*.h' '*.cpp')
clang-format --dry-run --Werror "${sources[@]}" || { echo "Mend with: clang-format -i \$(git ls-files '*.h' '*.cpp')" >&2; exit 1; }
echo "clang-format: ${#sources[@]} files"
. packaging/setup.sh
stet_configure lint

rooms=('base/*.cpp' 'contract/*.cpp' 'trainer/files/*.cpp' 'trainer/text/*.cpp' 'trainer/detect/*.cpp' 'annotate/*.cpp' 'workflow/*.cpp' 'ui/*.cpp' 'app/*.cpp')
torch_rooms=('trainer/*.cpp')
case ${1:-} in
--changed)
    base=$(git merge-base HEAD "@{upstream}" 2>/dev/null || git rev-parse HEAD)
    mapfile -t tidied < <(git diff --name-only --diff-filter=d "$base" -- "${rooms[@]}" "${torch_rooms[@]}" | sort -u) ;;
--all) mapfile -t tidied < <(git ls-files "${rooms[@]}" "${torch_rooms[@]}" | sort -u) ;;
*) mapfile -t tidied < <(git ls-files "${rooms[@]}") ;;
esac
[ ${#tidied[@]} -gt 0 ] || { echo "clang-tidy: no file"; exit 0; }
printf '%s\n' "${tidied[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy -p build/lint --quiet --extra-arg=-Wno-unknown-warning-option --warnings-as-errors='*' 2>&1 | { grep -vE 'warnings generated|^$|Suppressed|Use -header-filter' || true; }
[ "${PIPESTATUS[1]}" -eq 0 ] || exit 1
echo "clang-tidy: ${#tidied[@]} files"
