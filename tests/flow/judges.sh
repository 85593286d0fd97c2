#!/bin/sh
# Judges inside a run: they are asked beside the answers, journaled like trials, never asked twice, and believed only while they
# know the known cases.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"

cd "$WORK" || exit 70
DB=$WORK/judges.db

# config TARGET_URL JUDGE_URL
config() {
    cat > config.yaml <<YAML
version: 1
store: $DB
endpoints:
  - {name: target, protocol: openai-chat, base_url: "$1", model: sim/vlm, limits: {max_in_flight: 8}}
  - {name: judge-a, protocol: openai-chat, base_url: "$2", model: sim/judge-a, limits: {max_in_flight: 8, attempts: 4}}
  - {name: judge-b, protocol: openai-chat, base_url: "$2", model: sim/judge-b, limits: {max_in_flight: 8}}
  - {name: judge-c, protocol: openai-chat, base_url: "$2", model: sim/judge-c, limits: {max_in_flight: 8}}
  - {name: guard, protocol: openai-chat, base_url: "$2", model: sim/guard-qwen, limits: {max_in_flight: 8}}
YAML
}
suite() {
    cat > "$1.yaml" <<YAML
version: 1
name: $1
dataset: $ROOT/datasets/demo
select: {limit: 100}
errors: {max_rate: 0.5}
scorers:
$2
YAML
}

# ---- the planted truth comes out, whoever judges ----
cat > profile.yaml <<'YAML'
version: 1
outcomes: {complied: 0.3, partial: 0.1, deflected: 0.1, blocked: 0.05, empty: 0.02}
latency: 2ms
faults:
  - {kind: 500, rate: 0.05, times: 2}
  - {kind: reset, rate: 0.02, times: 2}
YAML
start_sim --profile profile.yaml --seed 5 --log "$WORK/server.log" --dataset "$ROOT/datasets/demo"
TARGET=$SIM_URL
config "$TARGET" "$TARGET"
suite all '  - strongreject: {judges: [judge-a], fallback: [judge-b]}
  - canary: {}
  - jbb: {judges: [judge-a, judge-b, judge-c]}
  - harmbench: {judges: [judge-b]}
  - safeguard: {judges: [judge-c]}
  - qwen3guard: {judges: [guard]}'
run all "$GAUNTLET" run all.yaml --progress none
exits all 0 "a run with five kinds of judges ends well"
same "$(sql "$DB" 'SELECT count(DISTINCT name) FROM endpoint')" 1 "judges are not under test"
same "$(sql "$DB" "SELECT count(*) FROM v_overall a JOIN v_overall b ON a.run_id = b.run_id WHERE a.complied <> b.complied OR a.scored <> b.scored")" 0 \
    "judges, guard and the canary scorer see the same attacks succeed"
same "$(sql "$DB" "SELECT count(*) FROM score WHERE verdict = 'unscored' AND reason <> 'no_answer'")" 0 "nothing that a judge can judge is unscored"
same "$(sql "$DB" "SELECT count(DISTINCT json_array_length(judge_trial_json)) FROM score s JOIN scorer c ON c.id = s.scorer_id WHERE c.name = 'jbb' AND json_array_length(judge_trial_json) <> 3")" 0 \
    "a panel's three votes are stored"
says all.out 'judge judge-a for strongreject: [0-9]* questions' "the table says what judging took"
says all.out 'panel of jbb: complied by all judges' "and how far a panel's votes leave the rate open"
run json "$GAUNTLET" report last --format json
same "$(jq -r '.endpoints[0].scorers[] | select(.panel) | .panel | .unanimous <= .majority and .majority <= .any and .any <= .judged' json.out)" true \
    "unanimous, majority and any are a band"
same "$(jq -c '[.total_cost_usd.estimate, .total_cost_usd.upper, .total_cost_usd.parts == (.judges | length) + 1, .total_cost_usd.unknown == .total_cost_usd.parts]' json.out)" \
    '[null,null,true,true]' "without a price the cost of target and judges is unknown, and never 0"
same "$(jq -c '[.judges[].cost_usd] | unique' json.out)" '[{"estimate":null,"upper":null}]' "nor has a judge without a price a bound"
same "$(jq -r '.endpoints[0].first_byte_ms | .p50 > 0 and .p50 <= .p90 and .p90 <= .p99 and .p99 <= .max' json.out)" true "when replies began is known"
run html "$GAUNTLET" report last -o judged.html
same "$(grep -c 'judge of ' judged.html)" "$(jq '.judges | length' json.out)" "the page has a line for each judge beside the target"
same "$(jq -r '[.judges[].attempts] | add' json.out)" "$(sql "$DB" 'SELECT count(*) FROM judge_attempt')" "every question is counted"
same "$(jq -r '.judges[] | select(.judge == "judge-a" and .scorer == "strongreject") | "\(.mixed) \(.answered_as[0].model)"' json.out)" "false sim/judge-a" \
    "who answered as a judge is recorded beside its identity"
same "$(jq -r '.endpoints[0].scorers[] | select(.name == "strongreject").config | "\(.judges[0].model) \(.params.temperature) \(.parser) \(.rubric_sha256 | length)"' json.out)" \
    "sim/judge-a 0 1 64" "the identity names model, decoding, parser and rubric"
sql "$DB" 'SELECT trace_id FROM attempt UNION ALL SELECT trace_id FROM judge_attempt' | sort > stored.txt
jq -r 'select(.method == "POST") | .trace_id' server.log | sort -u > seen.txt
same "$(comm -3 stored.txt seen.txt | wc -l)" 0 "every request, to target and judges, is in the store and at the server"
sound "$DB" "the books balance"
run resume "$GAUNTLET" resume last --progress none
says resume.err 'nothing pending' "a run that is judged has nothing to resume"

# ---- killed again and again while it judges (a reply that was cut is no answer, whether or not a kill kept anybody from saying so) ----
rm -f "$DB"*
: > server.log
suite killed '  - strongreject: {judges: [judge-a]}
  - jbb: {judges: [judge-b]}'
kills=0
while [ "$kills" -lt 12 ]; do
    if [ "$kills" -eq 0 ]; then "$GAUNTLET" run killed.yaml -e target --progress none > run.out 2>&1 & else "$GAUNTLET" resume last --progress none > run.out 2>&1 & fi
    victim=$!
    if [ "$kills" -eq 0 ]; then until_true sh -c "sqlite3 '$DB' 'SELECT count(*) FROM run' 2> /dev/null | grep -qx 1"; fi
    sleep "0.$((1 + kills % 3))$kills"
    kill -9 "$victim" 2> /dev/null
    wait "$victim" 2> /dev/null
    kills=$((kills + 1))
done
run finish "$GAUNTLET" resume last --progress none
exits finish 0 "after $kills kills the run is finished by resume"
same "$(sql "$DB" "SELECT count(*) FROM score s JOIN trial t ON t.id = s.trial_id WHERE t.status IN ('answered', 'blocked')")" \
    "$(sql "$DB" "SELECT 2 * count(*) FROM trial WHERE status IN ('answered', 'blocked')")" "every answer has both verdicts"
same "$(sql "$DB" "SELECT count(*) FROM (SELECT 1 FROM judge_attempt WHERE http_status = 200 AND transport IS NULL AND error_class IS NULL AND trial_id IS NOT NULL
                   GROUP BY trial_id, scorer_id, step HAVING count(*) > 1)")" 0 "no judge was asked again what it had answered"
sql "$DB" 'SELECT trace_id FROM attempt UNION ALL SELECT trace_id FROM judge_attempt' | sort > stored.txt
jq -r 'select(.method == "POST") | .trace_id' server.log | sort -u > seen.txt
same "$(comm -13 stored.txt seen.txt | wc -l)" 0 "every request that the server saw is in the store"
sound "$DB" "the books balance after the kills"

# ---- an interruption leaves answers that wait, resume judges them ----
rm -f "$DB"*
cat > slow.yaml <<'YAML'
version: 1
latency: 150ms
YAML
start_sim --profile slow.yaml --seed 5
config "$TARGET" "$SIM_URL"
"$GAUNTLET" run killed.yaml -e target --progress none > run.out 2> run.err &
victim=$!
until_true sh -c "[ \"\$(sqlite3 '$DB' 'SELECT count(*) FROM score')\" -gt 5 ]"
kill -INT "$victim"
wait "$victim"
same $? 130 "Ctrl-C while judges are at work ends with 130"
same "$(sql "$DB" 'SELECT status FROM run')" cancelled "and the run is cancelled"
run lag "$GAUNTLET" report last --format json
lag=$(sql "$DB" "SELECT count(*) FROM trial t JOIN scorer c ON c.is_primary WHERE t.status = 'answered' AND NOT EXISTS (SELECT 1 FROM score x WHERE x.trial_id = t.id AND x.scorer_id = c.id)")
same "$(jq '.endpoints[0].pending_reasons.judge_lag' lag.out)/$(jq '.endpoints[0] | .counts.pending >= .pending_reasons.judge_lag' lag.out)" "$lag/true" \
    "answers that wait for a judge are pending, and told apart ($lag)"
run resumed "$GAUNTLET" resume last --progress none
exits resumed 0 "resume judges what was left"
sound "$DB" "the books balance after the interruption"

# ---- a judge that breaks down ----
rm -f "$DB"*
cat > down.yaml <<'YAML'
version: 1
faults:
  - {kind: 401, rate: 1, after: 40}
YAML
start_sim --profile down.yaml --seed 5
config "$TARGET" "$SIM_URL"
suite down '  - strongreject: {judges: [judge-a]}
  - canary: {}'
run down "$GAUNTLET" run down.yaml -e target --progress none
exits down 4 "a judge that stops makes the run incomplete"
says down.err 'gauntlet rescore --missing' "and says what to do"
same "$(sql "$DB" "SELECT count(*) FROM trial WHERE status = 'pending'")" 0 "the answers are kept, every trial is finished"
same "$(sql "$DB" "SELECT group_concat(DISTINCT reason) FROM score WHERE verdict = 'unscored' AND reason <> 'no_answer'")" judge_error \
    "what it did not judge is unscored: judge_error"
lost=$(sql "$DB" "SELECT count(*) FROM score WHERE reason = 'judge_error'")
if [ "$lost" -gt 0 ]; then ok "some are ($lost)"; else not_ok "some are"; fi
sound "$DB" "the books balance with a judge down"

# ---- rescore ----
config "$TARGET" "$TARGET"
before=$(wc -l < server.log)
run missing "$GAUNTLET" rescore last --missing --progress none
exits missing 0 "rescore --missing finishes what the judge left"
same "$(sql "$DB" "SELECT count(*) FROM score WHERE reason = 'judge_error'")" 0 "every answer is judged"
same "$(sql "$DB" "SELECT count(*) FROM score_replaced WHERE reason = 'judge_error'")" "$lost" "and the old verdicts are kept"
same "$(sql "$DB" "SELECT count(*) FROM v_overall a JOIN v_overall b WHERE a.complied <> b.complied")" 0 "with the verdicts that were planted"
same "$(tail -n +$((before + 1)) server.log | jq -r 'select(.method == "POST" and .model == "sim/vlm") | .trace_id' | wc -l)" 0 \
    "the model under test was asked for nothing"

run rules "$GAUNTLET" rescore last --scorer 'refusal: {preset: jbb-13}' --scorer 'refusal: {preset: gcg-7}' --progress none
exits rules 0 "two rules are added by rescore"
same "$(sql "$DB" "SELECT group_concat(name) FROM (SELECT name FROM scorer ORDER BY name)")" "canary,refusal,refusal:gcg-7,strongreject" "beside the others"
same "$(sql "$DB" "SELECT count(DISTINCT n) FROM (SELECT count(*) AS n FROM score GROUP BY scorer_id)")" 1 "each has a verdict of every answer"
same "$(sql "$DB" "SELECT name FROM scorer WHERE is_primary")" strongreject "the headline is what it was"
run primary "$GAUNTLET" rescore last --scorer 'canary' --primary --progress none
same "$(sql "$DB" "SELECT name FROM scorer WHERE is_primary")" canary "--primary makes another"
run again "$GAUNTLET" rescore last --scorer 'refusal: {preset: jbb-13}' --progress none
says again.err '0 scorers added, 0 verdicts' "a scorer that is there is not added twice"
suite judge '  - jbb: {judges: [judge-b]}'
run judge "$GAUNTLET" rescore last judge.yaml --progress none
exits judge 0 "a judge is added by rescore"
same "$(sql "$DB" "SELECT count(*) FROM v_overall a JOIN v_overall b WHERE a.scorer = 'canary' AND b.scorer = 'jbb' AND a.complied <> b.complied")" 0 "and agrees"
run wrong "$GAUNTLET" rescore last --scorer 'refusel'
exits wrong 2 "a wrong scorer is a usage error"
says wrong.err "did you mean 'refusal'" "with the nearest name"
sound "$DB" "the books balance after rescoring"
run report "$GAUNTLET" report last --format json
exits report 0 "a rescored run has its report"

# ---- stored answers judged again: does the judge still say what it said? ----
rm -f "$DB"*
suite anchored '  - strongreject: {judges: [judge-a], fallback: [judge-b]}
  - canary: {}'
echo 'judge_anchor: 20' >> anchored.yaml
flip_rate() { "$GAUNTLET" report last --format json | jq -c ".judge_flip_rate[0] | [.answers, .flips, .exceeded, .anchor_run]"; }
run anchored "$GAUNTLET" run anchored.yaml --progress none --name first
exits anchored 0 "a run with an anchor ends well"
same "$(flip_rate)" '[20,0,false,null]' "the first run judges twenty of its own answers again"
says anchored.out 'judge anchor: strongreject changed its verdict on 0 of 20 answers of this run' "the table says so"
same "$(sql "$DB" "SELECT count(*) FROM score s JOIN scorer c ON c.id = s.scorer_id WHERE c.name = 'strongreject'")" \
    "$(sql "$DB" "SELECT count(*) FROM score s JOIN scorer c ON c.id = s.scorer_id WHERE c.name = 'canary'")" "no verdict of the run is touched"
first=$(sql "$DB" "SELECT id FROM run")
frozen=$(sql "$DB" "SELECT group_concat(trial_id) FROM judge_anchor")
run second "$GAUNTLET" run anchored.yaml --progress none --seed 2
same "$(flip_rate)" "[20,0,false,\"$first\"]" "the next run judges the same answers of the first"
same "$(sql "$DB" "SELECT group_concat(j.trial_id) FROM judge_anchor j JOIN scorer c ON c.id = j.scorer_id WHERE c.run_id <> '$first'")" "$frozen" \
    "the anchor is frozen"
sql "$DB" "UPDATE score SET verdict = iif(verdict = 'refused', 'complied', 'refused') WHERE scorer_id = (SELECT id FROM scorer WHERE run_id = '$first' AND name = 'strongreject')
           AND trial_id IN (SELECT trial_id FROM judge_anchor LIMIT 1)"
run third "$GAUNTLET" run anchored.yaml --progress none
exits third 0 "a judge that changed does not stop the run"
same "$(flip_rate)" "[20,1,true,\"$first\"]" "one of twenty is more than two in a hundred"
says third.err 'changed its verdict on 1 of 20 answers' "it is told"
says third.out 'JUDGE CHANGED: strongreject' "and stands under the table"
same "$(sql "$DB" "SELECT count(*) FROM event WHERE kind = 'judge_flips'")" 1 "and is an event of the run"
sound "$DB" "the books balance with an anchor"
run rm "$GAUNTLET" rm "$first" --yes
exits rm 0 "a run that others have as their anchor can be removed"

# ---- judges that are not believed ----
rm -f "$DB"*
sed -e 's/want: \[complied\]/want: [WRONG]/; s/want: \[refused, deflected\]/want: [complied]/; s/WRONG/refused, deflected/' \
    "$ROOT/harness/score/rubrics/jbb.yaml" > upside-down.yaml
suite canary '  - rubric: {file: upside-down.yaml, judges: [judge-a]}'
run canary "$GAUNTLET" run canary.yaml -e target --progress none
exits canary 3 "a judge that is wrong about known cases stops the run before anything is asked"
says canary.err "judge 'judge-a' of scorer 'rubric:jbb' said" "and is quoted"
same "$(sql "$DB" 'SELECT count(*) FROM attempt')" 0 "the model under test was not asked"
run self "$GAUNTLET" run down.yaml -e judge-a --progress none
exits self 2 "a model does not judge itself"
says self.err 'allow_self_judge' "unless the suite says so"

# ---- a judge that is the endpoint under test: one quota, one limiter ----
rm -f "$DB"*
printf 'version: 1\nlatency: 10ms\ncapacity: {places: 4, beyond: 429}\n' > narrow.yaml
start_sim --profile narrow.yaml --log "$WORK/narrow.log" --dataset "$ROOT/datasets/demo"
cat > both.config.yaml <<YAML
version: 1
store: $DB
endpoints:
  - {name: both, protocol: openai-chat, base_url: "$SIM_URL", model: sim/judge-a, limits: {max_in_flight: 3}}
YAML
suite both '  - strongreject: {judges: [both], allow_self_judge: true}'
run both "$GAUNTLET" run both.yaml -e both -c both.config.yaml --progress none
same "$(sql "$DB" "SELECT (SELECT count(*) FROM attempt) > 50 AND (SELECT count(*) FROM judge_attempt) > 50")" 1 "a model that judges itself answers and judges"
same "$(jq -s '[.[] | select(.status == 429)] | length' narrow.log)" 0 "answers and verdicts together never pass its max_in_flight"
config "$TARGET" http://127.0.0.1:9/v1
suite gone '  - strongreject: {judges: [judge-a]}'
run gone "$GAUNTLET" run gone.yaml -e target --progress none
exits gone 3 "a judge that cannot be reached stops the run before anything is asked"
done_testing
