# Runs commands around one throw-away PostgreSQL cluster for as long as standard input stays open.
#
# Usage: sh cluster_guardian.sh BIN_DIRECTORY   (not as root: the server refuses it)
#
# Says "ready DIRECTORY" on standard output, or ends and has said why there is no directory. Then
# every line of standard input is a shell command, which finds the directory in $directory, the
# cluster in $data and the server's programs on the PATH. After what it had to say comes
# "guardian: done STATUS".
#
# A shell and not the test process stops the server, because nothing in a process runs when it is
# killed, while the kernel closes its end of a pipe in every case. The shell runs the commands as
# well, one by one: so the end of the input never meets a server that is half started.

set -u
exec 2>&1
PATH=$1:$PATH

# A temporary directory of the caller's own may be closed to the user we run as.
directory=$(mktemp -d "${TMPDIR:-/tmp}/zorgkaart-cluster.XXXXXX" 2>/dev/null) \
    || directory=$(mktemp -d /tmp/zorgkaart-cluster.XXXXXX) \
    || exit 1
data=$directory/data

finish() {
    trap '' HUP INT PIPE TERM
    pg_ctl stop --silent --mode=immediate -D "$data" >/dev/null 2>&1
    rm -rf "$directory"
}
trap finish EXIT
# PIPE: whoever started us may be gone before there is an answer to give.
trap 'exit 1' HUP INT PIPE TERM

initialise() {
    initdb --no-sync --auth=trust --username=postgres --encoding=UTF8 -D "$data" "$@"
}

echo "ready $directory"
while read -r command; do
    # Not straight into the pipe: a command that is killed by writing to nobody would be half done.
    (eval "$command") </dev/null >"$directory/answer" 2>&1
    status=$?
    cat "$directory/answer"
    echo "guardian: done $status"
done
