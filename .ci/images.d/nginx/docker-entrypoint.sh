#!/bin/sh
# What the official entrypoint does: scripts of /docker-entrypoint.d run first, in the order of their names.
set -e

if [ "$1" = nginx ] || [ "$1" = nginx-debug ]; then
    # shellcheck source=/dev/null
    for script in /docker-entrypoint.d/*; do
        case $script in
        *.envsh) [ ! -x "$script" ] || . "$script" ;;
        *.sh) [ ! -x "$script" ] || "$script" ;;
        esac
    done
fi
exec "$@"
