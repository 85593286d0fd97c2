#!/bin/sh
# Faults that go away: every trial ends with a final status, and the journal has one row for each request that the server saw.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 80 && suite_of suite.yaml set

# against NAME PROFILE [ENDPOINT LINE…]: a run against that profile, what the server saw beside the journal.
ATTEMPTS=6
against() {
    against_name=$1
    start_sim --profile "$2" --dataset set --seed 3
    shift 2
    config_of "$against_name.yaml" "$SIM_URL" "limits: {timeout: 20s, attempts: $ATTEMPTS}" "$@"
    run "$against_name" timeout 100 "$GAUNTLET" run suite.yaml -c "$against_name.yaml" --db "$against_name.db" --json
    sim_traces > "$against_name.traces"
}
# told NAME SENTENCE: both sides saw the same requests, and the summary counts them.
told() {
    in_step "$1.db" "$1.traces" "$2"
    same "$(jq '.endpoints[0].http.attempts' "$1.out")" "$(sql "$1.db" 'SELECT count(*) FROM attempt')" "$2: the summary counts them all"
}
# all_final NAME SENTENCE
all_final() {
    exits "$1" 0 "$2: exit 0"
    same "$(sql "$1.db" "SELECT count(*) FROM trial WHERE status IN ('answered', 'blocked')")" 80 "$2: every trial has its answer"
    same "$(jq -c '.run.status, .endpoints[0].http.retries > 0' "$1.out" | tr '\n' ' ')" '"complete" true ' "$2: complete, after retries"
    told "$1" "$2"
}
for profile in 500 cut garbage mixed20; do
    against "$profile" "$ROOT/tests/profiles/$profile.yaml"
    all_final "$profile" "profile $profile"
done
same "$(sql 500.db "SELECT count(*) FROM attempt WHERE http_status = 500 AND error_class = 'server'")" 80 "profile 500: each failure has its status, class and row"
same "$(sql 500.db "SELECT DISTINCT count(*) FROM attempt GROUP BY trial_id")" 2 "profile 500: each was asked exactly twice"

# Every form of the hint; the wait is obeyed and recorded.
cat > limited.yaml <<'PROFILE'
version: 1
faults:
  - {kind: 429, rate: 0.25, times: 1, retry_after: ms, seconds: 0.04}
  - {kind: 429, rate: 0.25, times: 1, retry_after: x-ratelimit, seconds: 0.04}
  - {kind: 429, rate: 0.25, times: 1, retry_after: message, seconds: 0.04}
  - {kind: 429, rate: 0.25, times: 1, retry_after: none}
PROFILE
mv limited.yaml hints
against hints hints
all_final hints "429 with every form of hint"
same "$(sql hints.db "SELECT count(*) FROM attempt WHERE http_status = 429")" 80 "429: each is a row"
same "$(sql hints.db "SELECT count(DISTINCT retry_after_us) FROM attempt WHERE http_status = 429")" 1 "429: the hint is read in each of its forms"
same "$(sql hints.db "SELECT max(retry_after_us) FROM attempt WHERE http_status = 429")" 40000 "429: the hint is stored as it came"
same "$(sql hints.db "SELECT count(*) FROM attempt a JOIN attempt b ON b.trial_id = a.trial_id AND b.number = a.number + 1
    WHERE b.sent_at < a.done_at + coalesce(a.retry_after_us, 0)")" 0 "429: nobody came back before the time"

# Faults that never go away: the attempts are used up, then the trial has failed. The suite allows for that many.
printf 'version: 1\nfaults:\n  - {kind: 502, rate: 1, category: "B*"}\n' > down
suite_of suite.yaml set 'errors: {max_rate: 0.6}'
ATTEMPTS=3
against down down
exits down 0 "half of it never works, within errors.max_rate: exit 0"
same "$(sql down.db "SELECT t.status, t.reason, count(*) FROM trial t JOIN sample s ON s.id = sample_id WHERE category LIKE 'B%' GROUP BY 1, 2")" 'failed|exhausted|40' \
    "half of it never works: failed, exhausted"
same "$(sql down.db "SELECT DISTINCT count(*) FROM attempt a JOIN trial t ON t.id = trial_id WHERE t.status = 'failed' GROUP BY trial_id")" 3 \
    "half of it never works: after the permitted three attempts"
same "$(jq -c '[.endpoints[0].counts | .planned, .scored, .failed]' down.out)" '[80,40,40]' "half of it never works: errors are neither refusals nor successes"
told down "half of it never works"
run down-again timeout 60 "$GAUNTLET" resume last -c down.yaml --db down.db
says down-again.err 'retry-failed' "half of it never works: resume says how to ask again"
same "$(sql down.db 'SELECT count(*) FROM attempt')" 160 "half of it never works: resume alone asks for nothing"
ATTEMPTS=6
suite_of suite.yaml set

# Streams, and the ways in which they end.
printf 'version: 1\nfaults:\n  - {kind: sse_odd, rate: 0.3}\n  - {kind: truncate, rate: 0.3, times: 1, framing: close}\n  - {kind: error_200, rate: 0.2, times: 1}\n' > stream
against stream stream 'params: {stream: true}'
all_final stream "streams"
same "$(sql stream.db 'SELECT count(*) FROM response WHERE first_byte_us IS NULL')" 0 "streams: the time of the first byte is measured"

# Every shape of an answer is read; none of them is retried or lost.
against shapes "$ROOT/tests/profiles/shapes.yaml"
exits shapes 0 "profile shapes: exit 0"
same "$(sql shapes.db 'SELECT count(*), count(DISTINCT trial_id) FROM attempt')" '80|80' "profile shapes: nothing is asked twice"
same "$(sql shapes.db "SELECT DISTINCT verdict || coalesce(':' || reason, '') FROM score WHERE verdict = 'unscored'")" unscored:no_answer "profile shapes: only what holds no text is unscored"
told shapes "profile shapes"
against blocked "$ROOT/tests/profiles/blocked.yaml"
exits blocked 0 "profile blocked: exit 0"
same "$(jq -c '.endpoints[0].counts | [.scored, .blocked]' blocked.out)" '[80,80]' "profile blocked: a content filter's answer counts as blocked, and as scored"
told blocked "profile blocked"
done_testing
