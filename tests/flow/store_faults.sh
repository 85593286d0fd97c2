#!/bin/sh
# Stores that cannot be used, or stop being usable in the middle of a run: clear words, the right exit code, nothing lost.
# shellcheck disable=SC2016 # the inner shell expands
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 5 && suite_of suite.yaml set
text_set big 1200 && suite_of big.yaml big

# refused DB PATTERN SENTENCE: both writing and reading verbs say no with exit 2 and leave the file as it is.
refused() {
    refused_sum=$(cksum < "$1")
    run write "$GAUNTLET" run suite.yaml --sim=clean --db "$1"
    exits write 2 "$3: run exits 2"
    says write.err "$2" "$3: run says why"
    run reads "$GAUNTLET" report last -f json --db "$1"
    exits reads 2 "$3: report exits 2"
    says reads.err "$2" "$3: report says why"
    same "$(wc -c < reads.out)" 0 "$3: nothing on stdout"
    same "$(cksum < "$1")" "$refused_sum" "$3: the file is untouched"
}

run first "$GAUNTLET" run suite.yaml --sim=clean --db later.db -q
exits first 0 "a store is made where there is none"
sql later.db 'PRAGMA wal_checkpoint(TRUNCATE); PRAGMA user_version = 99' > /dev/null
refused later.db 'schema version 99, .*versions up to 2: use a newer gauntlet' "store of a newer version"
echo 'this is a letter, not a database' > letter.db
refused letter.db "'letter.db' is not a gauntlet store: it is no SQLite file" "not a database"
sql other.db 'CREATE TABLE recipe (name TEXT)'
refused other.db "'other.db' is not a gauntlet store: it is another program's" "another program's database"
run folder "$GAUNTLET" run suite.yaml --sim=clean --db set
exits folder 2 "a folder in place of a store: exit 2"
says folder.err "'set' is a folder" "a folder in place of a store: said so"
run absent "$GAUNTLET" status --db absent.db
exits absent 2 "a store that is not there: exit 2 for verbs that read"
says absent.err "no store at 'absent.db': .*gauntlet run.* makes one" "a store that is not there: says what makes one"
same "$(ls absent.db 2> /dev/null)" "" "a store that is not there: reading does not make it"

# ---- in use by another run ----
"$GAUNTLET" run big.yaml --sim="$ROOT/tests/profiles/slow.yaml" --db busy.db -q > busy.out 2> busy.err &
busy=$!
SERVERS="$SERVERS $busy"
going() { "$GAUNTLET" status --db busy.db --json 2> /dev/null | jq '.live and .endpoints[0].answered > 0' | grep -q true; }
if until_true going; then ok "a run is going"; else not_ok "a run is going" "$(cat busy.err)"; fi
for verb in 'run suite.yaml --sim=clean' 'resume last' 'rm last --yes'; do
    # shellcheck disable=SC2086 # words
    run locked "$GAUNTLET" $verb --db busy.db
    exits locked 2 "store in use: ${verb%% *} exits 2"
    says locked.err "in use by run [0-9a-z]* (process $busy)" "store in use: ${verb%% *} says by whom"
done
run reading "$GAUNTLET" report last -f json --db busy.db
exits reading 0 "store in use: it can be read meanwhile"
same "$(jq '.endpoints[0].counts | .planned == .scored + .unscored + .failed + .skipped + .pending' reading.out)" true "store in use: the books balance meanwhile"
kill -TERM "$busy"
wait "$busy"
same "$?" 143 "the run that held the store ends by SIGTERM with 143"
run free "$GAUNTLET" run suite.yaml --sim=clean --db busy.db -q
exits free 0 "store in use: free again afterwards"
sound busy.db "store in use: sound afterwards"

# ---- read-only ----
# can_mount FOLDER OPTIONS: a tmpfs of our own, where this user may.
can_mount() {
    mkdir -p "$1"
    mount -t tmpfs -o "$2" flow "$1" 2> /dev/null || return 1
    MOUNTS="$MOUNTS $WORK/$1"
}
run made "$GAUNTLET" run suite.yaml --sim=clean --db made.db -q
sql made.db 'PRAGMA wal_checkpoint(TRUNCATE)' > /dev/null
read_only=
if [ "$(id -u)" -ne 0 ]; then
    mkdir still && cp made.db still/ && chmod 444 still/made.db && chmod 555 still && read_only=still
elif can_mount still size=4m && cp made.db still/ && mount -o remount,ro "$WORK/still"; then
    read_only=still
fi
if [ -n "$read_only" ]; then
    run write "$GAUNTLET" run suite.yaml --sim=clean --db still/made.db
    exits write 2 "read-only store: run exits 2"
    says write.err "still/made.db.*\(read-only\|Read-only\|denied\)" "read-only store: run says why"
    run reads "$GAUNTLET" report last -f json --db still/made.db
    exits reads 0 "read-only store: report reads it"
    same "$(jq '.endpoints[0].counts.planned' reads.out)" 5 "read-only store: report counts it"
    run fresh "$GAUNTLET" run suite.yaml --sim=clean --db still/fresh.db
    exits fresh 2 "read-only folder: run exits 2"
    chmod -R u+w still 2> /dev/null
else
    skip "read-only store" "root may write everywhere, and mounting is not allowed"
fi

# ---- no room ----
# full_run NAME COMMAND…: a run that meets the end of the disk; then resumed where there is room.
full() {
    exits "$1" 4 "$2: exit 4"
    says "$1.err" "^error: .*nothing that was stored is lost: make room, then resume" "$2: says so, and what to do"
    sound "$3" "$2: the store is sound"
    same "$(sql "$3" "SELECT count(*) > 0 FROM trial WHERE status = 'answered'")$(sql "$3" "SELECT count(*) > 0 FROM trial WHERE status = 'pending'")" 11 \
        "$2: what was stored stays, the rest is pending"
}
# The simulated endpoint of `run --sim` would count its requests in the same process: an outside one remembers across both.
# Few at a time, so that each takes its own commit and the end of the room comes in the middle; resumed at full speed.
printf 'version: 1\nlatency: 20ms\n' > profile.yaml
start_sim --profile profile.yaml
config_of full.yaml "$SIM_URL" 'limits: {max_in_flight: 4}'
config_of fast.yaml "$SIM_URL" 'limits: {max_in_flight: 64}'
requests() { curl -s "${SIM_URL%/v1}/sim/log" | jq 'map(select(.method == "POST")) | length'; }
run cut sh -c 'ulimit -f 2000; exec "$0" run big.yaml -c full.yaml --db cut.db -q' "$GAUNTLET"
full cut "file size limit" cut.db
run cut-resume "$GAUNTLET" resume last -c fast.yaml --db cut.db -q
exits cut-resume 0 "file size limit: the resume finishes the run"
same "$(sql cut.db "SELECT status, count(*) FROM trial GROUP BY 1")" 'answered|1200' "file size limit: every trial is answered once"
same "$(sql cut.db "SELECT count(*) >= $(requests) FROM attempt")" 1 "file size limit: every request that the server saw has its row"
sound cut.db "file size limit: sound in the end"
run plan sh -c 'ulimit -f 60; exec "$0" run big.yaml -c full.yaml --db plan.db' "$GAUNTLET"
exits plan 4 "no room to plan: exit 4"
same "$(sql plan.db 'SELECT count(*) FROM run' 2> /dev/null || true)" "" "no room to plan: no half of a run is left"
run plan "$GAUNTLET" run suite.yaml -c full.yaml --db plan.db -q
exits plan 0 "no room to plan: the same store serves the next run"
sound plan.db "no room to plan: sound"

if can_mount small size=1100k; then
    run disk "$GAUNTLET" run big.yaml -c full.yaml --db small/store.db -q
    full disk "disk full" small/store.db
    mount -o remount,size=20m "$WORK/small"
    run disk-resume "$GAUNTLET" resume last -c fast.yaml --db small/store.db -q
    exits disk-resume 0 "disk full: with room the resume finishes the run"
    same "$(sql small/store.db "SELECT status, count(*) FROM trial GROUP BY 1")" 'answered|1200' "disk full: every trial is answered once"
    sound small/store.db "disk full: sound in the end"
else
    skip "disk full" "mounting a small tmpfs is not allowed here"
fi
done_testing
