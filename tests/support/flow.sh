# Sourced by every flow test: a scratch folder, TAP output, and small checks. Ends by calling `done_testing`.
# shellcheck shell=sh
set -u
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
GAUNTLET=${GAUNTLET:-$ROOT/gauntlet}
SHARED=$ROOT/../shared/data
WORK=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-flow.XXXXXX") || exit 70
TESTS=0
SERVERS=
export NO_COLOR=1
unset GAUNTLET_CONFIG HF_TOKEN

cleanup() {
    for pid in $SERVERS; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$WORK"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

ok() { TESTS=$((TESTS + 1)); echo "ok $TESTS - $1"; }
not_ok() {
    TESTS=$((TESTS + 1)); echo "not ok $TESTS - $1"; shift
    for line in "$@"; do printf '%s\n' "$line" | sed 's/^/# /'; done
}
skip() { TESTS=$((TESTS + 1)); echo "ok $TESTS - $1 # SKIP $2"; }

# run NAME COMMAND…: output in $WORK/NAME.out and .err, exit code in $CODE.
run() {
    run_name=$1; shift
    "$@" > "$WORK/$run_name.out" 2> "$WORK/$run_name.err" < /dev/null
    CODE=$?
}
# exits NAME CODE SENTENCE
exits() {
    if [ "$CODE" -eq "$2" ]; then ok "$3"; else not_ok "$3" "exit $CODE, expected $2" "$(tail -n 20 "$WORK/$1.err")" "$(tail -n 20 "$WORK/$1.out")"; fi
}
# says FILE PATTERN SENTENCE: the file has a line that matches the basic regular expression.
says() {
    if grep -q -e "$2" "$1"; then ok "$3"; else not_ok "$3" "no line matches: $2" "$(head -n 30 "$1")"; fi
}
says_not() {
    if grep -q -e "$2" "$1"; then not_ok "$3" "a line matches: $2" "$(grep -e "$2" "$1" | head -n 5)"; else ok "$3"; fi
}
# same GOT EXPECTED SENTENCE
same() {
    if [ "$1" = "$2" ]; then ok "$3"; else not_ok "$3" "got:      $1" "expected: $2"; fi
}
# golden FILE GOLDEN SENTENCE: compares with a file beside the test; BLESS=1 rewrites it.
golden() {
    if [ "${BLESS:-}" = 1 ]; then cp "$1" "$2"; fi
    if diff -u "$2" "$1" > "$WORK/diff"; then ok "$3"; else not_ok "$3" "$(head -n 40 "$WORK/diff")"; fi
}
# start_sim ARGS…: a simulated endpoint; its base URL in $SIM_URL.
start_sim() {
    "$GAUNTLET" sim --listen 127.0.0.1:0 "$@" > "$WORK/sim.out" 2> "$WORK/sim.err" &
    SIM_PID=$!
    SERVERS="$SERVERS $SIM_PID"
    for _ in $(seq 100); do
        SIM_URL=$(sed -n 's|.*\(http://[0-9.:]*/v1\).*|\1|p' "$WORK/sim.out" | head -n 1)
        [ -n "$SIM_URL" ] && return 0
        sleep 0.05
    done
    echo "# the simulator did not start: $(cat "$WORK/sim.err")"
    exit 70
}
# sql DB STATEMENT
sql() { sqlite3 -batch -noheader "$1" "$2"; }
done_testing() { echo "1..$TESTS"; }
