#!/bin/sh
# What the official entrypoint does for the server: makes the database at the first start, then becomes the server.
set -e

# from_file NAME: NAME, or the content of the file that NAME_FILE names.
from_file() {
    eval "value=\${$1:-}; file=\${$1_FILE:-}"
    if [ -n "$value" ] && [ -n "$file" ]; then
        echo "error: both $1 and $1_FILE are set (but are exclusive)" >&2
        exit 1
    fi
    if [ -n "$file" ]; then
        value=$(cat "$file")
    fi
    eval "$1=\$value"
    unset "$1_FILE"
}

read_environment() {
    from_file POSTGRES_PASSWORD
    from_file POSTGRES_USER
    POSTGRES_USER=${POSTGRES_USER:-postgres}
    from_file POSTGRES_DB
    POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
    from_file POSTGRES_INITDB_ARGS
    export POSTGRES_PASSWORD POSTGRES_USER POSTGRES_DB POSTGRES_INITDB_ARGS
}

make_folders() {
    mkdir -p "$PGDATA"
    chmod 00700 "$PGDATA" || :
    mkdir -p /var/run/postgresql || :
    chmod 03775 /var/run/postgresql || :
    if [ -n "${POSTGRES_INITDB_WALDIR:-}" ]; then
        mkdir -p "$POSTGRES_INITDB_WALDIR"
        [ "$(id -u)" != 0 ] || chown -R postgres "$POSTGRES_INITDB_WALDIR"
    fi
    if [ "$(id -u)" = 0 ]; then
        find "$PGDATA" ! -user postgres -exec chown postgres '{}' +
        find /var/run/postgresql ! -user postgres -exec chown postgres '{}' +
    fi
}

refuse_no_password() {
    if [ -z "$POSTGRES_PASSWORD" ] && [ "${POSTGRES_HOST_AUTH_METHOD:-}" != trust ]; then
        cat >&2 <<'WORDS'
Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".
WORDS
        exit 1
    fi
}

make_cluster() {
    if [ -n "${POSTGRES_INITDB_WALDIR:-}" ]; then
        set -- --waldir "$POSTGRES_INITDB_WALDIR"
    fi
    # The arguments of POSTGRES_INITDB_ARGS are words for a shell, as in the official image.
    printf '%s\n' "$POSTGRES_PASSWORD" |
        eval 'initdb --username="$POSTGRES_USER" --pwfile=/dev/stdin '"$POSTGRES_INITDB_ARGS"' "$@"'
}

let_hosts_in() {
    method=${POSTGRES_HOST_AUTH_METHOD:-$(postgres -C password_encryption "$@")}
    printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"
}

# On the socket alone, so that nobody outside takes the half-made database for a ready one.
start_on_socket() {
    PGUSER=${PGUSER:-$POSTGRES_USER} pg_ctl -D "$PGDATA" -w start \
        -o "$(printf "'%s' " "$@" -c listen_addresses= -p 5432)"
}

sql() {
    psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --no-password "$@"
}

make_database() {
    if [ "$(echo "SELECT 1 FROM pg_database WHERE datname = :'db'" |
        sql --dbname postgres --tuples-only -v db="$POSTGRES_DB")" = "" ]; then
        echo 'CREATE DATABASE :"db"' | sql --dbname postgres -v db="$POSTGRES_DB"
    fi
}

run_init_files() {
    for file in /docker-entrypoint-initdb.d/*; do
        case $file in
        *.sh)
            echo "$0: running $file"
            # shellcheck source=/dev/null
            if [ -x "$file" ]; then "$file"; else . "$file"; fi
            ;;
        *.sql) echo "$0: running $file" && sql --dbname "$POSTGRES_DB" -f "$file" ;;
        *.sql.gz) echo "$0: running $file" && gunzip -c "$file" | sql --dbname "$POSTGRES_DB" ;;
        '/docker-entrypoint-initdb.d/*') ;;
        *) echo "$0: ignoring $file" ;;
        esac
    done
}

first_start() {
    shift # the word postgres
    refuse_no_password
    make_cluster
    let_hosts_in "$@"
    export PGPASSWORD="$POSTGRES_PASSWORD"
    start_on_socket "$@"
    make_database
    run_init_files
    PGUSER=${PGUSER:-postgres} pg_ctl -D "$PGDATA" -m fast -w stop
    unset PGPASSWORD
    echo
    echo 'PostgreSQL init process complete; ready for start up.'
    echo
}

case $1 in
-*) set -- postgres "$@" ;;
esac

if [ "$1" = postgres ] && ! echo " $* " | grep -qE ' (-\?|--help|--describe-config|-V|--version|-C) '; then
    read_environment
    make_folders
    if [ "$(id -u)" = 0 ]; then
        # The path in full: busybox's shell prefers its own setpriv, which knows no users.
        exec /usr/bin/setpriv --reuid=postgres --regid=postgres --init-groups "$0" "$@"
    fi
    if [ -s "$PGDATA/PG_VERSION" ]; then
        echo
        echo 'PostgreSQL Database directory appears to contain a database; Skipping initialization'
        echo
    else
        first_start "$@"
    fi
fi
exec "$@"
