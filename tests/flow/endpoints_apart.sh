#!/bin/sh
# Several endpoints in one run: one that hangs and one that is broken do not hold back the third. What is compared is the order in the
# store, never a time: the hanging one hangs until the third is done.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
N=150
text_set set $N
suite_of suite.yaml set 'errors: {max_rate: 1}'
printf 'version: 1\nfaults:\n  - {kind: stall, rate: 1, at: start}\n' > hang.profile
printf 'version: 1\nfaults:\n  - {kind: 500, rate: 1}\n' > broken.profile

# One event loop for all three, and one for each.
for threads in 1 3; do
    start_sim --profile hang.profile && HANG_URL=$SIM_URL
    start_sim --profile broken.profile && BROKEN_URL=$SIM_URL
    start_sim --profile clean --dataset set && GOOD_URL=$SIM_URL
    db=run$threads.db
    cat > config.yaml <<CONFIG
version: 1
store: $db
dispatch: {io_threads: $threads, max_in_flight: 40}
endpoints:
  - {name: hanging, base_url: "$HANG_URL", protocol: openai-chat, model: flow/a, limits: {max_in_flight: 16, timeout: 20s}}
  - {name: broken, base_url: "$BROKEN_URL", protocol: openai-chat, model: flow/b, limits: {max_in_flight: 16, attempts: 6, timeout: 1m, trial_timeout: 30m}}
  - {name: good, base_url: "$GOOD_URL", protocol: openai-chat, model: flow/c, limits: {max_in_flight: 4}}
CONFIG
    "$GAUNTLET" run suite.yaml -c config.yaml > run.out 2> run.err < /dev/null &
    RUN_PID=$!
    SERVERS="$SERVERS $RUN_PID"
    count() { sql "$db" "SELECT count(*) FROM trial t JOIN endpoint e ON e.id = t.endpoint_id WHERE e.name = '$1' AND $2"; }
    good_done() { [ "$(count good "t.status = 'answered'")" = $N ]; }
    if until_true good_done; then ok "$threads event loops: the good endpoint is done while the others are not"; else not_ok "$threads event loops: the good endpoint is done while the others are not" "$(count good "t.status = 'answered'") of $N" "$(tail -n 5 run.err)"; fi
    same "$(count hanging "t.status <> 'pending'")" 0 "$threads event loops: the hanging one has not finished a trial"
    kill -INT $RUN_PID
    until_true grep -q 'waiting for what is on the wire' run.err # two signals at once would be one
    kill -INT $RUN_PID
    wait $RUN_PID
    same $? 130 "$threads event loops: interrupted twice, exit 130"
    same "$(count hanging "t.status = 'pending'")" $N "$threads event loops: the hanging one's trials stay pending"
    same "$(sql "$db" "SELECT count(*) FROM attempt a JOIN trial t ON t.id = a.trial_id JOIN endpoint e ON e.id = t.endpoint_id WHERE e.name = 'good'")" $N \
        "$threads event loops: the good one asked for each of its trials once"
    same "$(sql "$db" "SELECT count(*) > 1 FROM attempt a JOIN trial t ON t.id = a.trial_id JOIN endpoint e ON e.id = t.endpoint_id
        WHERE e.name = 'broken' AND a.sent_at < (SELECT max(sent_at) FROM attempt b JOIN trial u ON u.id = b.trial_id JOIN endpoint f ON f.id = u.endpoint_id WHERE f.name = 'good')")" 1 \
        "$threads event loops: the broken one was asked meanwhile"
    for url in "$HANG_URL" "$BROKEN_URL" "$GOOD_URL"; do SIM_URL=$url; sim_traces; done > traces
    in_step "$db" traces "$threads event loops" unseen
done
done_testing
