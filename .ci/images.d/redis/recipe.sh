# shellcheck shell=bash disable=SC2154  # $recipes is .ci/images' own
# Stand-in for redis:*-alpine, from Debian's redis-server and redis-tools.
#
# Like it: /data is a volume and the working directory, `redis-server` is the default command, options alone or a
# configuration file are given to it, started as root it becomes the user redis (999:1000) who then owns /data, clients
# of other containers are let in without a password, and there are sh, wget and redis-cli.
# Unlike it: the version is Debian's, 6.0 or 7.0 whatever the tag says (no 6.2, no 7.2 or 7.4); glibc and busybox
#   instead of Alpine; setpriv instead of gosu; no modules, no sentinel, no package manager.

redis_packages() {
    echo redis-server redis-tools busybox-static util-linux
}

redis_fill() {
    local work=$1
    base_system "$work" redis 999 1000 /data
    install -m 0755 "$recipes/redis/docker-entrypoint.sh" "$work/root/usr/local/bin/"
    copy_program "$work" /usr/bin/redis-server /usr/bin/redis-cli
    ln -s redis-server "$work/root/usr/bin/redis-check-aof"
    ln -s redis-server "$work/root/usr/bin/redis-check-rdb"
    owned_folder "$work" /data 755 999 1000
}

redis_settings() {
    printf '%s\n' \
        'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
        'WORKDIR /data' \
        'VOLUME /data' \
        'EXPOSE 6379' \
        'ENTRYPOINT ["docker-entrypoint.sh"]' \
        'CMD ["redis-server"]'
}
