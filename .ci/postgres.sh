#!/bin/sh
# A private PostgreSQL 15 on a loopback port for the store's tests: start (prints its URL, also when it runs already) or stop.
# Run as root on Debian; installs the package when it is missing. The cluster is thrown away at stop, and nothing in it survives
# a crash of the machine, but it does wait for the disk at every commit, as the real one does, unless MATOU_POSTGRES_FSYNC is off.
set -eu
port="${MATOU_POSTGRES_PORT:-54329}"
fsync="${MATOU_POSTGRES_FSYNC:-on}"
home="${MATOU_POSTGRES_HOME:-/tmp/matou-postgres-$port}"

find_bin() {
    for bin in /usr/lib/postgresql/15/bin /usr/lib/postgresql/*/bin; do
        if [ -x "$bin/initdb" ]; then echo "$bin"; return; fi
    done
}
as_postgres() { su postgres -s /bin/sh -c "$1"; }

bin="$(find_bin)"
case "${1:-}" in
start)
    if [ -z "$bin" ]; then
        export DEBIAN_FRONTEND=noninteractive
        # Without this the package starts a cluster of its own.
        mkdir -p /etc/postgresql-common
        [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf
        apt-get update -qq >&2
        apt-get install -y -qq postgresql >&2
        bin="$(find_bin)"
    fi
    if [ ! -d "$home/data" ]; then
        rm -rf "$home"
        mkdir -p "$home"
        chown postgres: "$home"
        as_postgres "$bin/initdb -D $home/data -A trust -E UTF8 --locale=C.UTF-8 -N" >&2
    fi
    if ! as_postgres "$bin/pg_ctl -D $home/data status" > /dev/null; then
        as_postgres "$bin/pg_ctl -D $home/data -w -t 60 -l $home/log \
            -o '-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$home -c max_connections=200 -c fsync=$fsync' start" >&2
    fi
    as_postgres "$bin/psql -h 127.0.0.1 -p $port -Atc \"SELECT 1 FROM pg_database WHERE datname = 'matou'\"" | grep -q 1 ||
        as_postgres "$bin/createdb -h 127.0.0.1 -p $port matou" >&2
    echo "postgresql://postgres@127.0.0.1:$port/matou"
    ;;
stop)
    if [ -n "$bin" ] && [ -d "$home/data" ]; then
        as_postgres "$bin/pg_ctl -D $home/data -w -m fast stop" >&2 || true
        rm -rf "$home"
    fi
    ;;
*)
    echo "usage: postgres.sh start|stop" >&2
    exit 2
    ;;
esac
