#!/bin/sh
# A run that was asked in parts, on as many machines, becomes one run again: `merge --join-shards`.
# shellcheck source=tests/support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 40
suite_of s.yaml set
cat > profile.yaml <<'YAML'
version: 1
outcomes: {complied: 0.4, blocked: 0.1}
faults:
  - {kind: 500, rate: 0.2, times: 1}
  - {kind: 422, rate: 0.03}
YAML
# asked NAME DB OPTION…
asked() {
    asked_name=$1 asked_db=$2
    shift 2
    run asked "$GAUNTLET" run s.yaml --sim=profile.yaml --db "$asked_db" --name "$asked_name" --epochs 2 "$@"
}
shard() { asked night "part$1.db" --shard "$1/3"; }
# what a run says, but for when it was and how long it took
report() {
    "$GAUNTLET" report "$1" --db "$2" --format json |
        jq -S '[.run.dataset, .run.suite, .run.status, .run.excluded,
            (.endpoints[] | del(.traffic, .drift, .provenance, .rates, .in_flight_peak) | del(.. | .calibration?) |
                walk(if type == "object" then with_entries(select(.key | test("latency|first_byte|_ms$") | not)) else . end))]'
}
trials() { sql "$1" "SELECT e.name, s.key, t.epoch, t.status, t.reason, c.name, x.verdict, x.reason, p.content FROM trial t JOIN endpoint e ON e.id = t.endpoint_id JOIN sample s ON s.id = t.sample_id LEFT JOIN response p ON p.trial_id = t.id LEFT JOIN score x ON x.trial_id = t.id LEFT JOIN scorer c ON c.id = x.scorer_id WHERE t.run_id = '$2' ORDER BY e.name, t.id, c.name"; }

asked whole whole.db
for part in 1 2 3; do shard $part; done
sql part2.db "INSERT INTO label (trial_id, labeller, verdict, created_at) SELECT trial_id, 'one', 'refused', 1 FROM response LIMIT 3"

# ---- One run of them ------------------------------------------------------------------------------------------------
run join "$GAUNTLET" merge --join-shards part3.db part1.db part2.db --db joined.db --json
exits join 0 'shards become one run'
sound joined.db 'in a sound store'
id=$(jq -r '.runs[0].run' join.out)
same "$(jq -c '[.runs[0].outcome, .runs[0].trials, (.runs[0].shards | length), (.runs | length)]' join.out)" '["joined",80,3,1]' 'it is told of which'
same "$(sql joined.db 'SELECT count(*) FROM run')" 1 'the shards themselves do not come'
whole=$(sql whole.db 'SELECT id FROM run')
trials joined.db "$id" > joined.trials
trials whole.db "$whole" > whole.trials
same "$(cksum < joined.trials)" "$(cksum < whole.trials)" 'every trial stands where it does in the undivided run, with answer and verdicts'
report "$id" joined.db > joined.json
report whole whole.db > whole.json
same "$(diff joined.json whole.json)" '' 'and the report says the same'
same "$(sql joined.db 'SELECT count(*) FROM attempt')/$(sql joined.db 'SELECT count(*) FROM label')" \
    "$(sql whole.db 'SELECT count(*) FROM attempt')/3" 'attempts and labels are all there'
same "$(sql joined.db "SELECT count(*) FROM event")" "$(for part in 1 2 3; do sql part$part.db 'SELECT count(*) FROM event'; done | paste -sd+ | bc)" 'and events'
same "$(sql joined.db 'SELECT sample_set_sha256, comparability_key FROM run')" "$(sql whole.db 'SELECT sample_set_sha256, comparability_key FROM run')" \
    'it compares with undivided runs'
cp whole.db both.db
run both "$GAUNTLET" merge joined.db --db both.db
run compare "$GAUNTLET" compare whole "$id" --db both.db --json
same "$(jq -c '[.comparable, .overall.pairs, .overall.delta]' compare.out)" '[true,40,0]' 'and does not differ from one'
before=$(sql joined.db .dump | cksum)
run again "$GAUNTLET" merge --join-shards part1.db part2.db part3.db --db joined.db --json
exits again 0 'joining again'
same "$(jq -r '.runs[0].outcome' again.out)/$(sql joined.db .dump | cksum)" "there_already/$before" 'changes nothing'
run plain "$GAUNTLET" merge part1.db part2.db part3.db --db plain.db
says plain.err '3 of them are shards: .*--join-shards' 'merge without the option says that there is one'

# ---- What is no whole run -------------------------------------------------------------------------------------------
# refused NAME PATTERN SENTENCE FILE…
refused() {
    refused_name=$1 refused_pattern=$2 refused_sentence=$3
    shift 3
    run "$refused_name" "$GAUNTLET" merge --join-shards "$@" --db no.db
    exits "$refused_name" 2 "$refused_sentence"
    says "$refused_name.err" "$refused_pattern" 'and says why'
    same "$(sql no.db 'SELECT count(*) FROM run')" 0 'nothing came'
}
refused missing 'shard 2/3 of suite .s. is missing: 2 of 3' 'a shard that is missing is an error' part1.db part3.db
refused nothing 'no run of these files is a shard' 'there is nothing to join of undivided runs' whole.db
asked night twice.db --shard 2/3
refused twice 'are both shard 2/3' 'two runs of one shard are too many' part1.db part2.db twice.db part3.db
asked night seed.db --shard 2/3 --seed 9
refused seed 'seed differs: 0 and 9' 'another order is another run' part1.db seed.db part3.db
run tuned "$GAUNTLET" run s.yaml --sim=clean --db sim.db --epochs 2 --shard 2/3
refused sim 'sim differs' 'another endpoint is another run' part1.db sim.db part3.db
cp part2.db suite.db
sql suite.db "UPDATE run SET suite_sha256 = 'ab'"
refused suite 'suite_sha256 differs' 'another suite is another run' part1.db suite.db part3.db
cp part2.db scorer.db
sql scorer.db "UPDATE scorer SET identity_sha256 = 'ab' WHERE name = 'refusal'"
refused scorer "identity of scorer 'refusal' differs" 'another scorer is another run' part1.db scorer.db part3.db
cp part2.db params.db
sql params.db "UPDATE endpoint SET params_json = '{\"temperature\":1}'"
refused params "params of endpoint 'simulated' differs" 'other parameters are another run' part1.db params.db part3.db
# The second part again, as if it were the third: its samples are there already.
cp part2.db disguised.db
sql disguised.db "UPDATE run SET options_json = json_set(options_json, '\$.shard_index', 2)"
refused disguised 'has a sample that an earlier part has, too' 'parts that overlap are refused' part1.db part2.db disguised.db
cp part2.db going.db
sql going.db "UPDATE run SET status = 'started'"
refused going 'shard 2/3, is not finished: .gauntlet resume' 'a shard that still goes on is not joined' part1.db going.db part3.db

# ---- An incomplete shard --------------------------------------------------------------------------------------------
cp part2.db short.db
sql short.db "DELETE FROM score WHERE trial_id IN (SELECT max(id) FROM trial); DELETE FROM response WHERE trial_id IN (SELECT max(id) FROM trial); UPDATE trial SET status = 'pending', reason = 'interrupted' WHERE id = (SELECT max(id) FROM trial); UPDATE run SET status = 'cancelled'"
run short "$GAUNTLET" merge --join-shards part1.db short.db part3.db --db short_joined.db
exits short 0 'a shard that was stopped is joined'
same "$(sql short_joined.db 'SELECT status FROM run')/$("$GAUNTLET" report last --db short_joined.db --format json | jq '.endpoints[0].counts | .planned == .scored + .unscored + .failed + .skipped + .pending and .pending == 1')" \
    incomplete/true 'the run is incomplete, and its books balance'
run resumed "$GAUNTLET" resume last --db short_joined.db
exits resumed 0 'and resume finishes it'
report last short_joined.db > resumed.json
same "$(jq -S 'del(.[4:][] | .http, .errors)' resumed.json | cksum)" "$(jq -S 'del(.[4:][] | .http, .errors)' whole.json | cksum)" 'to what an undivided run says'

# ---- Killed in the middle -------------------------------------------------------------------------------------------
"$GAUNTLET" merge --join-shards part1.db part2.db part3.db --db killed.db > killed.out 2> killed.err &
killed=$!
until_true test -s killed.db-wal
kill -9 "$killed" 2> /dev/null
wait "$killed" 2> /dev/null
sound killed.db 'a store whose merge was killed is sound'
case $(sql killed.db 'SELECT count(*) FROM run')/$(sql killed.db 'SELECT count(*) FROM trial') in
0/0 | 1/80) ok 'and has all or nothing' ;;
*) not_ok 'and has all or nothing' "$(sql killed.db 'SELECT count(*) FROM run')/$(sql killed.db 'SELECT count(*) FROM trial')" ;;
esac
run after "$GAUNTLET" merge --join-shards part1.db part2.db part3.db --db killed.db
exits after 0 'joining after that'
same "$(sql killed.db 'SELECT count(*) FROM trial')" 80 'brings everything'
done_testing
