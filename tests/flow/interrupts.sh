#!/bin/sh
# Signals and crashes: a run that is stopped at any moment is resumed, asks for nothing twice that was answered, and every
# request that the server saw has its row.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 240 && suite_of suite.yaml set
# 60 ms an answer and 4 at a time: 240 take more than three seconds, so there is a middle to be stopped in.
# stage [FAULT]: such a server, a configuration to run with, and one that resumes at full speed.
stage() {
    printf 'version: 1\noutcomes: {complied: 0.3, refused: 0.7}\nlatency: 60ms\n%s\n' "${1:-}" > profile.yaml
    start_sim --profile profile.yaml
    config_of config.yaml "$SIM_URL" 'limits: {max_in_flight: 4, timeout: 20s}'
    config_of fast.yaml "$SIM_URL" 'limits: {max_in_flight: 64, timeout: 20s}'
    rm -f ./*.traces
}
log_of() { curl -s "${SIM_URL%/v1}/sim/log"; }

# begin NAME: a run in the background that has some answers; its process in $RUNNING.
begin() {
    "$GAUNTLET" run suite.yaml -c config.yaml --db "$1.db" --name "$1" > "$1.out" 2> "$1.err" &
    RUNNING=$!
    SERVERS="$SERVERS $RUNNING"
    if until_true answered_some "$1"; then ok "$1: the run is in its middle"; else not_ok "$1: the run is in its middle" "$(cat "$1.err")"; fi
}
answered_some() { [ "$(sql "$1.db" "SELECT count(*) >= 20 FROM trial WHERE status = 'answered'" 2> /dev/null)" = 1 ]; }
# ended NAME CODE STATUS: waits for the run; its code, its stored status, a sound store, and the way on.
ended() {
    wait "$RUNNING"
    same $? "$2" "$1: exit $2"
    same "$(sql "$1.db" 'SELECT status FROM run')" "$3" "$1: the run is $3"
    same "$(sql "$1.db" "SELECT count(*) BETWEEN 20 AND 239 FROM trial WHERE status = 'answered'")" 1 "$1: part of it is answered"
    sound "$1.db" "$1: the store is sound"
}
# resumed NAME: the rest is asked, nothing that was answered is asked again, and the two logs agree.
resumed() {
    sql "$1.db" "SELECT trial_id, attempt_id, content FROM response ORDER BY 1" > "$1.before"
    run "$1-resume" "$GAUNTLET" resume "$1" -c fast.yaml --db "$1.db"
    exits "$1-resume" 0 "$1: the resume finishes the run"
    same "$(sql "$1.db" 'SELECT status, count(*) FROM trial GROUP BY 1')" 'answered|240' "$1: every trial is answered"
    same "$(sql "$1.db" "SELECT trial_id, attempt_id, content FROM response ORDER BY 1" | grep -c -x -F -f "$1.before")" "$(wc -l < "$1.before" | tr -d ' ')" \
        "$1: no answer of before was asked again or changed"
    log_of | jq -r '.[] | select(.method == "POST").trace_id' | LC_ALL=C sort > "$1.seen"
    cat ./*.traces 2> /dev/null | LC_ALL=C sort > earlier
    LC_ALL=C comm -23 "$1.seen" earlier > "$1.new"
    sql "$1.db" 'SELECT trace_id FROM attempt' | LC_ALL=C sort > "$1.traces"
    same "$(LC_ALL=C comm -23 "$1.new" "$1.traces")" "" "$1: every request that the server saw has its row"
    sound "$1.db" "$1: the store is sound after the resume"
}

stage
begin sigint
kill -INT "$RUNNING"
ended sigint 130 cancelled
says sigint.err 'waiting for what is on the wire' "sigint: says that it waits"
says sigint.err 'next: gauntlet resume [0-9a-z]* -c config.yaml --db sigint.db' "sigint: says how to go on"
says sigint.out '^planned 240 = .* + pending [1-9]' "sigint: the table shows what is pending"
same "$(sql sigint.db 'SELECT count(*) FROM attempt WHERE done_at IS NULL')" 0 "sigint: what was on the wire was waited for"
resumed sigint
same "$(wc -l < sigint.new | tr -d ' ')" "$(sql sigint.db 'SELECT count(*) FROM attempt')" "sigint: as many rows as requests, 240 and not one more"
same "$(sql sigint.db 'SELECT count(*) FROM attempt')" 240 "sigint: nothing was asked twice"

# Resuming what is finished changes nothing and asks for nothing.
before=$(log_of | jq length)
sum=$(sql sigint.db .dump | cksum)
run noop "$GAUNTLET" resume sigint -c config.yaml --db sigint.db
exits noop 0 "resume of a finished run: exit 0"
says noop.err 'nothing pending' "resume of a finished run: says so"
says noop.out '^planned 240 = scored 240' "resume of a finished run: shows the table"
same "$(log_of | jq length)" "$before" "resume of a finished run asks for nothing"
same "$(sql sigint.db .dump | cksum)" "$sum" "resume of a finished run changes nothing"

begin sigterm
kill -TERM "$RUNNING"
ended sigterm 143 cancelled
resumed sigterm

# Answers that take a minute: the first Ctrl-C waits for them, the second does not.
stage 'faults: [{kind: stall, rate: 0.05, seconds: 60}]'
begin twice
stalled() { sql twice.db "SELECT 1 FROM attempt WHERE done_at IS NULL" | grep -q 1; }
until_true stalled
kill -INT "$RUNNING"
until_true grep -q 'waiting for what is on the wire' twice.err
kill -INT "$RUNNING"
ended twice 130 cancelled
says twice.err 'cutting transfers' "twice: says that it cuts them off"
same "$(sql twice.db "SELECT count(*) FROM trial WHERE status NOT IN ('answered', 'pending')")" 0 "twice: what was cut off stays pending"
run gone "$GAUNTLET" status --db twice.db --json
same "$(jq -c '[.status, .live]' gone.out)" '["cancelled",false]' "twice: status says that it was cancelled"

# kill -9: no chance to tidy up.
stage
begin killed
kill -KILL "$RUNNING"
wait "$RUNNING" 2> /dev/null
same "$(sql killed.db 'SELECT status FROM run')" started "killed: the run never ended"
sound killed.db "killed: the store is sound"
run killed-status "$GAUNTLET" status --db killed.db --json
same "$(jq -c '[.status, .live]' killed-status.out)" '["started",false]' "killed: status knows that nobody works on it"
resumed killed
same "$(sql killed.db "SELECT count(*) FROM attempt WHERE error_class = 'lost'")" \
    "$(sql killed.db 'SELECT count(*) - 240 FROM attempt')" "killed: more rows than trials only for requests whose answer was lost"
done_testing
