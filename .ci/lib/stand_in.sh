# shellcheck shell=bash
# Images out of Debian packages: a suite's packages are unpacked side by side, a recipe copies what the image needs of
# them, and Docker imports the folder. Nothing of the packages is run or installed on this machine but the suite's own
# loader, which lists a program's libraries.
#
# Expects `private_apt_init` and `private_apt` of apt.sh. Recipes find their folders in `$recipes`.

# fetch_packages WORK SUITE LEFT_OUT PACKAGE...: the packages with all that they need, unpacked in WORK/packages. Names
# that match the pattern LEFT_OUT are not fetched: what only an installation needs, or what nothing here uses.
fetch_packages() {
    local work=$1 suite=$2 left_out=$3 deb names
    shift 3
    [[ -d $work/apt-$suite ]] || private_apt_init "$work/apt-$suite" "$suite"
    names=$(private_apt "$work/apt-$suite" -s -q=0 install "$@" |
        awk '$1 == "Inst" { print $2 }' | grep -vxE "$left_out")
    rm -rf "$work/packages" "$work/debs"
    mkdir -p "$work/debs"
    # shellcheck disable=SC2086  # one word a package
    (cd "$work/debs" && private_apt "$work/apt-$suite" download $names)
    merged_folders "$work/packages"
    for deb in "$work"/debs/*.deb; do
        dpkg-deb --fsys-tarfile "$deb" | tar -C "$work/packages" -x --keep-directory-symlink
    done
}

# merged_folders FOLDER: /bin, /sbin and the like are links into /usr, so that a path is right in every suite.
merged_folders() {
    local name
    for name in bin sbin lib lib64; do
        mkdir -p "$1/usr/$name"
        ln -sfn "usr/$name" "$1/$name"
    done
}

# copy_file WORK PATH...: a file of the packages to the same path of the image.
copy_file() {
    local work=$1 path
    shift
    for path; do
        mkdir -p "$work/root$(dirname "$path")"
        cp -aL "$work/packages$path" "$work/root$path"
    done
}

# copy_folder WORK PATH...
copy_folder() {
    local work=$1 path
    shift
    for path; do
        mkdir -p "$work/root$path"
        cp -a "$work/packages$path/." "$work/root$path/"
    done
}

# copy_program WORK PATH...: a program or a library with all that it is linked to. The loader of the suite is asked, so
# this machine's own libraries play no part.
copy_program() {
    local work=$1 packages=$1/packages path triplet loader library named
    shift
    triplet=$(basename "$(dirname "$(find "$packages/usr/lib" -name libc.so.6 | head -n 1)")")
    loader=$(find "$packages/usr/lib/$triplet" -name 'ld-linux*.so.*' | head -n 1)
    for path; do
        copy_file "$work" "$path"
        while read -r library; do
            [[ -e $work/root/usr/lib/$(basename "$library") ]] || cp -L "$library" "$work/root/usr/lib/"
        done < <("$loader" --library-path "$packages/usr/lib/$triplet" --list "$packages$path" |
            awk '$2 == "=>" { print $3 }')
    done
    # Programs name the loader by an absolute path, which in the packages is a link from there.
    while read -r named; do
        install -D "$loader" "$work/root${named#"$packages"}"
    done < <(find "$packages/usr/lib64" "$packages/usr/lib" -name 'ld-linux*.so.*')
    # What the C library loads by itself: names of hosts and users, and the end of a thread.
    for library in "$packages/usr/lib/$triplet"/{libnss_files.so.2,libnss_dns.so.2,libresolv.so.2,libgcc_s.so.1}; do
        [[ ! -e $library ]] || cp -L "$library" "$work/root/usr/lib/"
    done
}

# base_system WORK USER UID GID HOME: a shell with its tools, the users, and `setpriv` to become one of them.
base_system() {
    local work=$1 root=$1/root user=$2 uid=$3 gid=$4 home=$5 applet
    rm -rf "$root"
    merged_folders "$root"
    mkdir -p "$root"/{etc,run,tmp,usr/local/bin,var}
    chmod 1777 "$root/tmp"
    ln -s ../run "$root/var/run"
    cp -aL "$work/packages/bin/busybox" "$root/bin/busybox"
    for applet in $("$root/bin/busybox" --list); do
        [[ -e $root/bin/$applet ]] || ln -s busybox "$root/bin/$applet"
    done
    rm -f "$root/bin/setpriv"
    copy_program "$work" /usr/bin/setpriv
    printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' "$user:x:$uid:$gid::$home:/bin/sh" \
        'nobody:x:65534:65534::/:/bin/false' >"$root/etc/passwd"
    printf '%s\n' 'root:x:0:' "$user:x:$gid:" 'nobody:x:65534:' >"$root/etc/group"
    printf '%s\n' 'passwd: files' 'group: files' 'hosts: files dns' >"$root/etc/nsswitch.conf"
    : >"$work/owned"
}

# owned_folder WORK PATH MODE UID GID: an empty folder of the image that is not root's.
owned_folder() {
    mkdir -p "$1/root$2"
    chmod "$3" "$1/root$2"
    echo "$4 $5 .$2" >>"$1/owned"
}

# import_image WORK IMAGE INSTRUCTION...: the folder as an image, with a Dockerfile's instructions on top of it.
import_image() {
    local work=$1 image=$2 uid gid path layer
    shift 2
    # Docker takes each path once, so the folders with other owners come apart from the rest.
    sed 's/^[^ ]* [^ ]* //' "$work/owned" >"$work/apart"
    tar -C "$work/root" --owner=0 --group=0 --sort=name --anchored --exclude-from="$work/apart" -cf "$work/image.tar" .
    while read -r uid gid path; do
        tar -C "$work/root" --owner="$uid" --group="$gid" --no-recursion -rf "$work/image.tar" "$path"
    done <"$work/owned"
    layer=$(docker import -m 'stand-in, built from Debian packages' "$work/image.tar")
    # `import` takes no STOPSIGNAL; the builder does.
    printf '%s\n' "FROM $layer" "$@" | classic_build --tag "$image" -
}

# classic_build ARGS...: `docker build` by the builder that every engine of tests has in itself. It is called deprecated
# at each use, so what it says is shown only where it fails.
classic_build() {
    local said
    if ! said=$(DOCKER_BUILDKIT=0 docker build "$@" 2>&1); then
        echo "$said" >&2
        return 1
    fi
}
