#!/bin/sh
# What the official entrypoint does: options alone are the server's, root becomes redis, new files are redis's alone.
set -e

case $1 in
-* | *.conf) set -- redis-server "$@" ;;
esac

if [ "$1" = redis-server ] && [ "$(id -u)" = 0 ]; then
    find . ! -user redis -exec chown redis '{}' +
    # The path in full: busybox's shell prefers its own setpriv, which knows no users.
    exec /usr/bin/setpriv --reuid=redis --regid=redis --init-groups "$0" "$@"
fi

if [ "$(umask)" = 0022 ]; then
    umask 0077
fi

# The official build has protected mode off; Debian's build knows it as an option alone.
if [ "$1" = redis-server ]; then
    set -- "$@" --protected-mode no
fi
exec "$@"
