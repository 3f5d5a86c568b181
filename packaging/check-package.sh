#!/bin/bash
# Tries what packaging/package.sh made, in bare Debian trees where nothing of this machine can be found by accident: installs the Debian
# packages, runs the loop on the bundled example as an ordinary user (example, a round, a comparison, the window without a display), removes
# them and looks for what was left; then the same with the archive, unpacked and moved. Needs root and debootstrap; takes some minutes.
#   packaging/check-package.sh [--debs|--archive]
set -euo pipefail
cd "$(dirname "$0")/.."
packages=$PWD/build/packages
base=$PWD/build/debian  # kept from one run to the next

fail() {
    printf '\nThe check failed: %s\n' "$1" >&2
    exit 1
}

# The mirrors and releases that this machine's apt has from Debian.
debian_sources() {
    apt-get indextargets --format 'deb $(SITE) $(RELEASE) main|$(ORIGIN)|$(COMPONENT)' 'Created-By: Packages' |
        awk -F'|' '$2 == "Debian" && $3 == "main" { print $1 }' | sort -u
}

# A minimal Debian, made once; each trial works on a copy of it.
make_base() {
    [ -f "$base/complete" ] && return 0
    rm -rf "$base"
    mkdir -p "$base"
    local release site
    release=$(. /etc/os-release && echo "$VERSION_CODENAME")
    site=$(debian_sources | awk -v release="$release" '$3 == release && !found++ { print $2 }')
    [ -n "$site" ] || fail "apt here knows no mirror of Debian $release"
    echo "Making a bare Debian $release" >&2
    debootstrap --variant=minbase "$release" "$base" "$site" >"$packages/debootstrap.log" 2>&1 || fail "see build/packages/debootstrap.log"
    debian_sources >"$base/etc/apt/sources.list"
    touch "$base/complete"
}

bare_tree() {
    tree=$(mktemp -d "$packages/tree.XXXXXX")
    cp -a "$base/." "$tree"
    cp /etc/resolv.conf "$tree/etc/"
    mount -t proc proc "$tree/proc"
    as_root useradd --create-home tester
    as_root apt-get update -qq
}

as_root() {
    chroot "$tree" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

as_tester() {
    chroot --userspec=tester "$tree" /usr/bin/env -i PATH="$place:/usr/bin:/bin" HOME=/home/tester LANG=C.UTF-8 QT_QPA_PLATFORM=offscreen "$@"
}

# The process of a program in the tree.
running() {
    find /proc -maxdepth 2 -name exe -lname "$tree$place/$1" -printf '%f %h\n' 2>/dev/null | sed -n '1s#^exe /proc/##p'
}

# Opens the project in the window, without a display, until its worker runs; then it closes as on the end of a session.
window() {
    local shown waited=0
    as_tester stet "$1" &
    shown=$!
    until [ -n "$(running stet-trainer)" ]; do
        [ $((waited += 1)) -lt 120 ] && kill -0 $shown 2>/dev/null || fail "the window started no worker"
        sleep 0.5
    done
    kill -TERM "$(running stet)"
    wait $shown || fail "the window ended with $?"
    ! grep -E "warning|error" "$tree/home/tester/.local/share/stet/stet/stet.log" || fail "the window's log has complaints"
}

# What a person does first, with the programs in $place.
trial() {
    local project=/home/tester/ledger.stet
    local said program
    for program in stet stet-trainer; do
        said=$(as_tester $program --version) && echo "$said"
        [[ $said =~ ^$program\ [0-9.]+\ \(commit\ [0-9a-f]{12}\)$ ]] || fail "$program --version says '$said'"
    done
    as_tester stet example "$project" || fail "stet example"
    as_tester stet round "$project" 2>"$packages/round.log" || fail "stet round: see build/packages/round.log"
    said=$(as_tester stet compare "$project" 2>"$packages/compare.log") || fail "stet compare: see build/packages/compare.log"
    [[ $said == *criticised_flagged_logp* ]] || fail "stet compare says '$said'"
    as_tester stet adopt "$project" 1 || fail "stet adopt"
    as_tester stet check "$project" || fail "stet check"
    window "$project"
}

check_debs() {
    local left
    bare_tree
    place=/usr/bin
    cp "$packages"/*.deb "$tree/root/"
    as_root sh -c 'apt-get install -y -qq --no-install-recommends /root/*.deb' >"$packages/apt.log" 2>&1 || fail "see build/packages/apt.log"
    as_root sh -c "du -shx --total /usr/bin/stet* /usr/lib/stet /usr/share/stet | tail -n 1 | sed 's/total/installed/'"
    trial
    as_root apt-get purge -y -qq stet stet-trainer >>"$packages/apt.log" 2>&1 || fail "see build/packages/apt.log"
    left=$(find "$tree/usr" "$tree/etc" "$tree/var/lib" "$tree/opt" -iname '*stet*' -not -path '*/var/lib/apt/*')
    [ -z "$left" ] || fail "left behind: $left"
    echo "Debian packages: installed, tried, removed; nothing is left"
    drop_tree
}

check_archive() {
    bare_tree
    as_root apt-get install -y -qq --no-install-recommends zstd $(sed -n 's/^ *apt-get install //p' packaging/desktop/archive.txt) >"$packages/apt.log" 2>&1 || fail "see build/packages/apt.log"
    zstd -dc "$packages"/stet-*.tar.zst | tar -C "$tree/home/tester" --no-same-owner -xf -
    mv "$tree"/home/tester/stet-*-linux-x86_64 "$tree/home/tester/elsewhere"
    place=/home/tester/elsewhere/bin
    trial
    echo "Archive: unpacked, moved, tried"
    drop_tree
}

drop_tree() {
    [ -n "$tree" ] || return 0
    umount "$tree/proc" 2>/dev/null || true
    rm -rf --one-file-system "$tree"
    tree=
}

[ "$(id -u)" -eq 0 ] || fail "a bare tree needs root: run it with sudo, or in a container"
# What is mounted is gone with this process.
[ -n "${STET_UNSHARED:-}" ] || STET_UNSHARED=1 exec unshare --mount "$PWD/packaging/check-package.sh" "$@"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
compgen -G "$packages/*.deb" >/dev/null || fail "there are no packages: run packaging/package.sh first"
make_base
trap drop_tree EXIT
tree=
case ${1:-both} in
--debs) check_debs ;;
--archive) check_archive ;;
both) check_debs && check_archive ;;
*) sed -n '2,5s/^# \{0,1\}//p' "$0" && exit 2 ;;
esac
