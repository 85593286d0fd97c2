# Sourced by every flow test: a scratch folder, TAP output, and small checks. Ends by calling `done_testing`.
# shellcheck shell=sh disable=SC2034
set -u
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
GAUNTLET=${GAUNTLET:-$ROOT/gauntlet}
SHARED=$ROOT/../shared/data
WORK=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-flow.XXXXXX") || exit 70
TESTS=0
SERVERS=
MOUNTS=
export NO_COLOR=1
unset GAUNTLET_CONFIG HF_TOKEN
export HF_ENDPOINT=http://127.0.0.1:9    # nobody there: no test asks the real Hub about a model
# The leak sanitizer dies at exit of the thread-local memory of a library that was loaded late (libgd's); everything else is searched.
export LSAN_OPTIONS="${LSAN_OPTIONS:-use_tls=0}"

cleanup() {
    for pid in $SERVERS; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    for mount in $MOUNTS; do umount "$mount"; done
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
# start_sim ARGS…: a simulated endpoint; its base URL in $SIM_URL, its process in $SIM_PID.
start_sim() {
    rm -f "$WORK/sim.out"
    "$GAUNTLET" sim --listen 127.0.0.1:0 "$@" > "$WORK/sim.out" 2> "$WORK/sim.err" &
    SIM_PID=$!
    SERVERS="$SERVERS $SIM_PID"
    for _ in $(seq 600); do
        SIM_URL=$(sed -n 's|.*\(http://[0-9.:]*/v1\).*|\1|p' "$WORK/sim.out" 2> /dev/null | head -n 1)
        [ -n "$SIM_URL" ] && return 0
        sleep 0.05
    done
    echo "# the simulator did not start: $(cat "$WORK/sim.err")"
    exit 70
}
# sql DB STATEMENT
sql() { sqlite3 -batch -noheader "$1" "$2"; }
# until_true COMMAND…: asks again until the command succeeds, 30 s at most.
until_true() {
    for _ in $(seq 600); do
        "$@" > /dev/null 2>&1 && return 0
        sleep 0.05
    done
    return 1
}
# sound DB SENTENCE: the store opens, is whole, and its books balance.
sound() {
    sound_why=$(sql "$1" 'PRAGMA integrity_check; PRAGMA foreign_key_check' 2>&1)
    if [ "$sound_why" != ok ]; then not_ok "$2" "$sound_why"; return; fi
    sound_why=$(sql "$1" "
        SELECT 'v_overall: ' || v.run_id || ' ' || endpoint || ' ' || scorer FROM v_overall v
         WHERE planned <> scored + unscored + failed + skipped + pending
            OR scored <> complied + partial + refused + deflected + blocked;
        SELECT 'trials: ' || run_id || ' ' || endpoint || ' ' || scorer FROM v_verdict GROUP BY run_id, endpoint, scorer
        HAVING count(*) <> (SELECT count(*) FROM trial t JOIN endpoint e ON e.id = t.endpoint_id
                             WHERE t.run_id = v_verdict.run_id AND e.name = v_verdict.endpoint);
        SELECT 'final without a score: trial ' || id FROM trial
         WHERE status IN ('answered', 'blocked') AND id NOT IN (SELECT trial_id FROM score);
        SELECT 'response of a trial that is not final: ' || trial_id FROM response
         WHERE trial_id IN (SELECT id FROM trial WHERE status NOT IN ('answered', 'blocked'))" 2>&1)
    if [ -z "$sound_why" ]; then ok "$2"; else not_ok "$2" "$sound_why"; fi
}
# sim_traces: the trace id of each chat request that the simulated endpoint saw, one a line.
sim_traces() { curl -s "${SIM_URL%/v1}/sim/log" | jq -r '.[] | select(.method == "POST") | .trace_id'; }
# in_step DB TRACES SENTENCE [unseen]: the journal and the server tell the same story. TRACES is a file with the trace id of
# each request that the server saw. Every one is a row; every row is one of them (with `unseen`: or ended below HTTP, so that the
# server may never have known); what came twice says `resent`, because libcurl found a kept connection dead; every row has its
# end; attempts are numbered without a gap. And the books balance.
in_step() {
    step_seen=$(LC_ALL=C sort -u "$2")
    step_rows=$(sql "$1" 'SELECT trace_id FROM attempt' | LC_ALL=C sort)
    [ "${4:-}" != unseen ] || step_rows=$(sql "$1" "SELECT trace_id FROM attempt WHERE transport IS NULL OR trace_id IN ($(printf '%s\n' "$step_seen" | sed "s/.*/'&'/" | paste -sd,))" | LC_ALL=C sort)
    same "$(printf '%s\n' "$step_rows" | cksum)" "$(printf '%s\n' "$step_seen" | cksum)" "$3: one row for each request that the server saw"
    step_twice=$(LC_ALL=C sort "$2" | uniq -d)
    same "$(sql "$1" 'SELECT trace_id FROM attempt WHERE resent = 1' | LC_ALL=C sort | { grep -Fx "${step_twice:-none}" || true; })" "$step_twice" "$3: what was sent again says so"
    same "$(sql "$1" 'SELECT count(*) FROM attempt WHERE done_at IS NULL')" 0 "$3: every row has its end"
    same "$(sql "$1" "SELECT count(*) FROM (SELECT trial_id FROM attempt GROUP BY trial_id HAVING max(number) <> count(*))")" 0 "$3: attempts are numbered without a gap"
    sound "$1" "$3: the store is sound"
}
# manifest_of DIR: the folder of a data set in samples.jsonl, which is still to be written.
manifest_of() {
    mkdir -p "$1"
    cat > "$1/dataset.yaml" <<SET
gauntlet_dataset: 1
name: $(basename "$1")
version: "1"
format: jsonl
files: [{path: samples.jsonl}]
licence: {id: CC0-1.0, redistribute: true}
source: {kind: local, id: flow tests}
SET
}
# text_set DIR N: a data set of N text samples in two categories, each with a codeword.
text_set() {
    manifest_of "$1"
    awk -v n="$2" 'BEGIN {
        for (i = 1; i <= n; i++)
            printf "{\"id\":\"s%d\",\"intent_id\":\"i%d\",\"intent\":\"Say codeword %d\",\"category\":\"%s\",\"attack\":\"%s\",\"prompt\":\"Say CODEWORD%d.\",\"extra\":{\"codeword\":\"CODEWORD%d\"}}\n",
                   i, i, i, i % 2 ? "A. Odd" : "B. Even", i % 3 ? "direct" : "third", i, i
    }' > "$1/samples.jsonl"
}
# suite_of FILE DATASET [LINE…]: a suite over the data set; further lines are added as they are.
suite_of() {
    suite_file=$1 suite_name=$(basename "$1" .yaml)
    cat > "$suite_file" <<SUITE
version: 1
name: $suite_name
dataset: $2
scorers:
  - canary: {codeword: extra.codeword}
  - refusal: {preset: jbb-13, mode: normalised}
SUITE
    shift 2
    for line in "$@"; do printf '%s\n' "$line" >> "$suite_file"; done
}
# config_of FILE URL [LINE…]: a configuration with one endpoint; further lines belong to the endpoint.
config_of() {
    config_file=$1
    cat > "$config_file" <<CONFIG
version: 1
store: $WORK/store.db
endpoints:
  - name: target
    base_url: $2
    protocol: openai-chat
    model: flow/model
CONFIG
    shift 2
    for line in "$@"; do printf '    %s\n' "$line" >> "$config_file"; done
}
done_testing() { echo "1..$TESTS"; }
