#!/bin/bash
# Prints the table of docs/method.md "Numbers by family and dtype" in Markdown, with the date and what it was made on.
#   packaging/family-table.sh
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/setup.sh
stet_build >/dev/null
echo "$(date +%F), $(build/release/bin/stet-trainer --version), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1):"
echo
build/release/bin/family_table
