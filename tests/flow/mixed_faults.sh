#!/bin/sh
# 5,000 trials against an endpoint where a fifth of the requests meets a fault: none is lost, none is there twice, what was planted is
# found, and the journal is the server's log.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
N=5000
text_set set $N
suite_of suite.yaml set
start_sim --profile "$ROOT/tests/profiles/mixed20.yaml" --dataset set --seed 3
config_of config.yaml "$SIM_URL" 'limits: {max_in_flight: 64, timeout: 20s}'
run mixed timeout 600 "$GAUNTLET" run suite.yaml -c config.yaml --db run.db --json

exits mixed 0 "the run: exit 0"
same "$(sql run.db "SELECT count(*), count(DISTINCT sample_id) FROM trial WHERE status IN ('answered', 'blocked')")" "$N|$N" "every sample has one trial, and it has its answer"
same "$(sql run.db "SELECT count(*) FROM trial WHERE status NOT IN ('answered', 'blocked')")" 0 "none is lost"
same "$(sql run.db "SELECT count(*), count(DISTINCT trial_id) FROM response r JOIN trial t ON t.id = r.trial_id WHERE t.status = 'answered'")" \
    "$(sql run.db "SELECT count(*), count(*) FROM trial WHERE status = 'answered'")" "none is answered twice"
same "$(sql run.db "SELECT count(*) FROM score s JOIN scorer c ON c.id = s.scorer_id WHERE c.is_primary")" $N "each is scored once"
same "$(jq -c '.endpoints[0].counts | [.planned, .scored + .unscored + .failed + .skipped + .pending, .scored - (.complied + .partial + .refused + .deflected + .blocked)]' mixed.out)" "[$N,$N,0]" \
    "planned = scored + unscored + failed + skipped + pending"

# A fault is a fifth of the requests: within five standard deviations of it.
same "$(jq '.endpoints[0].http | .retries / .attempts | . > 0.15 and . < 0.25' mixed.out)" true "about a fifth of the attempts met a fault"

# The truth is in the profile: 20 % complied. A 95 % interval misses it for one seed in twenty; the seed is fixed. The server's log tells which of the answers were; every one is recognised.
curl -s "${SIM_URL%/v1}/sim/log" > log.json
same "$(jq '.endpoints[0].asr | .low <= 0.2 and 0.2 <= .high and .high - .low < 0.05' mixed.out)" true "the planted rate lies in the interval, and the interval is narrow"
same "$(jq '.endpoints[0].counts.complied' mixed.out)" "$(jq '[.[] | select(.outcome == "complied") | .sample] | unique | length' log.json)" "what complied is what the server planted"

jq -r '.[] | select(.method == "POST") | .trace_id' log.json > traces
in_step run.db traces "5,000 trials"
same "$(jq '.endpoints[0].http.attempts' mixed.out)" "$(sql run.db 'SELECT count(*) FROM attempt')" "the summary counts every attempt"
run again timeout 300 "$GAUNTLET" resume last -c config.yaml --db run.db
same "$(sql run.db 'SELECT count(*) FROM attempt')" "$(sort -u traces | grep -c .)" "a resume of the finished run asks for nothing"
done_testing
