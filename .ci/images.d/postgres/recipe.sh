# shellcheck shell=bash disable=SC2154  # $recipes is .ci/images' own
# Stand-in for postgres:*-alpine, from Debian's postgresql.
#
# Like it: /var/lib/postgresql/data is a volume and PGDATA; the first start runs initdb as user postgres (70:70) with
# POSTGRES_PASSWORD, POSTGRES_USER, POSTGRES_DB, POSTGRES_INITDB_ARGS (each as *_FILE too), POSTGRES_INITDB_WALDIR and
# POSTGRES_HOST_AUTH_METHOD, sets up with a server on the socket alone, runs /docker-entrypoint-initdb.d, and only then
# listens; data of another major version is refused; SIGINT stops it fast; contrib extensions, sh and wget are there.
# Unlike it: the minor version is Debian's; glibc with the locales C and C.UTF-8 alone, which is also LANG (Alpine's
#   musl takes any locale's name, and sorts by none); busybox's sh, so no bash in init scripts, and no *.sql.xz or
#   *.sql.zst; setpriv instead of gosu; no JIT, no PL/Perl, PL/Python or PL/Tcl, no package manager.

postgres_packages() {
    echo "postgresql-$1" busybox-static util-linux tzdata libc-bin
}

# The JIT, and what Debian's own cluster management is written in.
postgres_left_out() {
    echo 'libllvm.*|libz3.*|perl.*|libperl.*|lib.*-perl|locales|libc-l10n|ssl-cert|openssl'
}

postgres_fill() {
    local work=$1 major=$2 root=$1/root lib=/usr/lib/postgresql/$2 program programs
    base_system "$work" postgres 70 70 /var/lib/postgresql
    install -m 0755 "$recipes/postgres/docker-entrypoint.sh" "$root/usr/local/bin/"
    copy_folder "$work" "/usr/share/postgresql/$major" /usr/share/zoneinfo /usr/lib/locale
    rm -rf "$root/usr/share/postgresql/$major/man" "$root"/usr/share/zoneinfo/{posix,right}
    mapfile -t programs < <(cd "$work/packages" && find . -name '*llvmjit*' -prune -o \
        \( -path ".$lib/bin/*" -o -path ".$lib/lib/*.so" \) -printf '/%P\n')
    copy_program "$work" "${programs[@]}"
    for program in "$root$lib"/bin/*; do
        ln -s "$lib/bin/$(basename "$program")" "$root/usr/local/bin/"
    done
    sed -i "s/^#\?listen_addresses = .*/listen_addresses = '*'/" \
        "$root/usr/share/postgresql/$major/postgresql.conf.sample"
    mkdir -p "$root/docker-entrypoint-initdb.d"
    owned_folder "$work" /var/lib/postgresql 1777 70 70
    owned_folder "$work" /var/lib/postgresql/data 1777 70 70
    owned_folder "$work" /run/postgresql 3777 70 70
}

postgres_settings() {
    printf '%s\n' \
        'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
        'ENV LANG=C.UTF-8' \
        "ENV PG_MAJOR=$1" \
        'ENV PGDATA=/var/lib/postgresql/data' \
        'VOLUME /var/lib/postgresql/data' \
        'EXPOSE 5432' \
        'STOPSIGNAL SIGINT' \
        'ENTRYPOINT ["docker-entrypoint.sh"]' \
        'CMD ["postgres"]'
}
