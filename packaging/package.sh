#!/bin/bash
# Builds what Stet is passed on as, into build/packages:
#   stet_VERSION_amd64.deb, stet-trainer_VERSION_amd64.deb      for Debian 12: the window, and the worker with LibTorch for a CPU
#   stet-VERSION-linux-x86_64.tar.zst                           both, with Qt: runs wherever it is unpacked, on Debian 12 or newer
# packaging/check-package.sh tries them. For a GPU see README.md, "Install".
set -euo pipefail
cd "$(dirname "$0")/.."
packages=$PWD/build/packages

# What an archive finds on every Linux with a desktop; bringing it would set the desktop's own libraries beside older ones.
host='^(ld-linux.*|lib(c|m|dl|pthread|rt|util|resolv|gcc_s|stdc\+\+|z|expat|GL|GLX|GLdispatch|OpenGL|EGL|X11|X11-xcb|xcb|Xau|Xdmcp|drm|gbm|fontconfig|freetype|harfbuzz|png16|glib-2\.0|gthread-2\.0|dbus-1|systemd|udev)\.so.*)$'

needed() {
    readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}

# Copies into lib/stet what the files named need, and what that needs, and remembers where it came from.
bring_libraries() {
    local todo=("$@") file name path
    while [ ${#todo[@]} -gt 0 ]; do
        file=${todo[0]}
        todo=("${todo[@]:1}")
        while read -r name; do
            [[ $name =~ $host ]] || [ -e "$stage/lib/stet/$name" ] && continue
            path=$(ldconfig -p | awk -v name="$name" '$1 == name && /x86-64/ && !found++ { print $NF }')
            [ -n "$path" ] || stop "$name, which $(basename "$file") needs, is not on this machine." "Run packaging/setup.sh and try again."
            install -m 644 "$path" "$stage/lib/stet/$name"
            readlink -f "$path" >>"$origins"
            todo+=("$stage/lib/stet/$name")
        done < <(needed "$file")
    done
}

# Qt's plugins that Stet uses, where bin/qt.conf says they are.
bring_qt() {
    local from plugin language
    from=$(qtpaths6 --query QT_INSTALL_PLUGINS)
    for plugin in platforms/libqxcb.so platforms/libqoffscreen.so platforms/libqwayland-generic.so platforms/libqwayland-egl.so \
        platforminputcontexts/libcomposeplatforminputcontextplugin.so platforminputcontexts/libibusplatforminputcontextplugin.so \
        platformthemes/libqxdgdesktopportal.so xcbglintegrations/libqxcb-egl-integration.so xcbglintegrations/libqxcb-glx-integration.so \
        wayland-shell-integration/libxdg-shell.so iconengines/libqsvgicon.so imageformats/libqsvg.so; do
        [ -e "$from/$plugin" ] || continue
        install -D -m 644 "$from/$plugin" "$stage/lib/stet/plugins/$plugin"
        echo "$from/$plugin" >>"$origins"
    done
    from=$(qtpaths6 --query QT_INSTALL_TRANSLATIONS)
    for language in en zh_CN; do
        [ ! -e "$from/qtbase_$language.qm" ] || install -D -m 644 "$from/qtbase_$language.qm" "$stage/share/stet/qt/qtbase_$language.qm"
    done
    printf '[Paths]\nPrefix = ..\nPlugins = lib/stet/plugins\nTranslations = share/stet/qt\n' >"$stage/bin/qt.conf"
}

# The licences of what was brought, as Debian's packages have them.
bring_licences() {
    local package
    {
        echo "Libraries of Debian that this archive brings"
        while read -r package; do
            printf '\n%s\n%s\n\n' "$(printf -- '-%.0s' {1..100})" "$(dpkg-query -W -f '${Package} ${Version}' "$package")"
            cat "/usr/share/doc/${package%%:*}/copyright"
        done < <(xargs -r dpkg-query -S <"$origins" | sed 's/: .*//' | sort -u)
    } >"$stage/share/stet/licences/debian.txt"
}

archive() {
    stage=$packages/stet-$version-linux-x86_64
    origins=$(mktemp)
    trap 'rm -rf "$origins" "$stage"' EXIT
    rm -rf "$stage"
    cmake --install build/release --strip --prefix "$stage" >"$packages/install.log"
    bring_qt
    mapfile -t files < <(find "$stage/bin" "$stage/lib/stet" -type f \( -perm -u+x -o -name '*.so*' \))
    bring_libraries "${files[@]}"
    bring_licences
    cp packaging/desktop/archive.txt "$stage/README.txt"
    tar -C "$packages" --owner=0 --group=0 --sort=name -cf - "$(basename "$stage")" | zstd -q -f -12 -T0 -o "$stage.tar.zst"
}

. packaging/setup.sh
install_packages zstd
stet_build stet stet-trainer
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' build/release/CMakeCache.txt)
rm -rf "$packages"
mkdir -p "$packages"
echo "Packing Stet $version into build/packages" >&2
(cd build/release && cpack -G DEB >"$packages/cpack.log" 2>&1) || { tail -n 20 "$packages/cpack.log" >&2; stop "the Debian packages could not be made." "The whole log: build/packages/cpack.log"; }
rm -rf "$packages/_CPack_Packages"
archive
(cd "$packages" && sha256sum ./*.deb ./*.tar.zst | sed 's# \./# #' >SHA256SUMS && ls -l -- *.deb *.tar.zst | awk '{ printf "%6.1f MB  %s\n", $5 / 1e6, $NF }')
