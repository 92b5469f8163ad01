# Runs one throw-away PostgreSQL cluster for as long as standard input stays open.
#
# Usage: sh postgres_guardian.sh BIN_DIRECTORY   (not as root: the server refuses it)
#
# Says "ready DIRECTORY" on standard output, where DIRECTORY holds the Unix socket, or ends and has
# said why there is no server.
#
# A shell and not the test process stops the server, because nothing in a process runs when it is
# killed, while the kernel closes its end of a pipe in every case.

set -u
exec 2>&1
bin=$1
unset PGDATA # would name a cluster that is not ours

# In memory where there is room for it: each test has a database of its own, of a thousand files.
room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
[ "${room:-0}" -gt 4000000 ] && parent=/dev/shm || parent=${TMPDIR:-/tmp}

# A temporary directory of the caller's own may be closed to the user we run as.
directory=$(mktemp -d "$parent/zorgkaart-pg.XXXXXX" 2>/dev/null) \
    || directory=$(mktemp -d /tmp/zorgkaart-pg.XXXXXX) \
    || exit 1

finish() {
    trap '' HUP INT PIPE TERM
    "$bin/pg_ctl" stop --silent --mode=immediate -D "$directory/data" >/dev/null 2>&1
    rm -rf "$directory"
}
trap finish EXIT
# PIPE: whoever started us may be gone before there is a server to announce.
trap 'exit 1' HUP INT PIPE TERM

initialise() {
    "$bin/initdb" --no-sync --auth=trust --username=postgres --encoding=UTF8 \
        -D "$directory/data" "$@"
}

# Dutch text order: under the C locale PostgreSQL would sort like SQLite, and a query that leans on
# the order of text would pass here. Before version 15 initdb knows no ICU.
{
    initialise --locale=C --locale-provider=icu --icu-locale=nl || initialise --locale=C
} >"$directory/log" 2>&1 || { cat "$directory/log"; exit 1; }

# Nothing here has to survive a crash, so nothing waits for the disk.
# One line: pg_ctl hands it to a shell, which would end the command at a line break.
options="-c listen_addresses='' -c port=5432 -c unix_socket_directories='$directory' \
-c max_connections=400 -c autovacuum=off -c fsync=off -c synchronous_commit=on -c full_page_writes=off"
"$bin/pg_ctl" start --silent --wait -D "$directory/data" -l "$directory/log" -o "$options" \
    || { cat "$directory/log"; exit 1; }

echo "ready $directory"
while read -r _; do :; done
