#!/bin/sh
# The history of a suite: eras, samples that break, answers that change, and what a plan makes of two runs.
# shellcheck source=tests/support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
db=$WORK/store.db
text_set "$WORK/set" 60
suite_of "$WORK/canary.yaml" "$WORK/set"
suite_of "$WORK/other.yaml" "$WORK/set" 'select: {limit: 5}'

# night PROFILE SEED [OPTION…]: one run of the suite against a server that is started for it, always at one address
port=0
night() {
    profile=$1 seed=$2
    shift 2
    start_sim --profile "$profile" --dataset "$WORK/set" --seed "$seed"
    if [ "$port" = 0 ]; then
        port=$(echo "$SIM_URL" | sed 's|.*:\([0-9]*\)/v1|\1|')
        config_of "$WORK/config.yaml" "$SIM_URL" 'params: {temperature: 0, max_tokens: 200}' 'price: {input: 1, output: 2}'
    fi
    run night "$GAUNTLET" run "$WORK/canary.yaml" -c "$WORK/config.yaml" --db "$db" "$@"
    exits night 0 "a night with $(basename "$profile" .yaml), seed $seed"
    kill "$SIM_PID"
    wait "$SIM_PID" 2> /dev/null
}
start_sim() { # at the port of the first time
    rm -f "$WORK/sim.out"
    "$GAUNTLET" sim --listen "127.0.0.1:$port" "$@" > "$WORK/sim.out" 2> "$WORK/sim.err" &
    SIM_PID=$!
    SERVERS=$SIM_PID
    until_true grep -q /v1 "$WORK/sim.out" || { echo "# the simulator did not start: $(cat "$WORK/sim.err")"; exit 70; }
    SIM_URL=$(sed -n 's|.*\(http://[0-9.:]*/v1\).*|\1|p' "$WORK/sim.out" | head -n 1)
}
# asks QUERY: of the one history of `trend --json`
asks() { "$GAUNTLET" trend --json --db "$db" --suite canary 2> "$WORK/asks.err" | jq -r ".histories[0] | $1"; }

# ---- Nothing to show ------------------------------------------------------------------------------------------------
run none "$GAUNTLET" trend --db "$db"
exits none 2 'without a store there is no trend'
run plan "$GAUNTLET" plan --db "$db"
exits plan 2 'a store that was named and is not there is an error of plan'
run plan "$GAUNTLET" plan -c "$ROOT/config.example.yaml"
says "$WORK/plan.out" '  *864  *3.81  *2.70' 'without a store plan shows the published table'
says "$WORK/plan.out" 'are assumed$' 'and says that its numbers are assumptions'

# ---- Nights ---------------------------------------------------------------------------------------------------------
cat > "$WORK/quiet.yaml" <<'YAML'
version: 1
outcomes: {complied: 0.2}
YAML
cat > "$WORK/worse.yaml" <<'YAML'
version: 1
outcomes: {complied: 0.7}
YAML
night "$WORK/quiet.yaml" 7
run one "$GAUNTLET" trend --db "$db"
exits one 0 'one night is a history'
says "$WORK/one.out" '1 counted night in this era: limits after 10' 'it says what is missing'
night "$WORK/quiet.yaml" 7
same "$(asks '.republish.test | [.differs, .p_value] | @json')" '[false,null]' 'one answer against one is no test of the model'
night "$WORK/worse.yaml" 7
same "$(asks '.eras | length')" 1 'nights of one identity are one era'
same "$(asks '[.nights[].reference.newly_broken] | @json')" "[null,0,$(asks '[.samples.listed[] | select(.state == "newly_broken")] | length')]" 'a night against the first of its era'
same "$(asks '.nights[2].reference.alarm')" true 'many newly broken samples are an alarm before there are limits'
says "$WORK/one.out" 'answered as in the era' 'at temperature 0 answers are compared'
same "$(asks '.republish.test | [.reference_answers / .prompts, .answers / .prompts] | @json')" '[2,1]' 'two nights before against this one'
says "$WORK/one.out" 'answers are not tested: there is no night before it' 'which takes a night before it'
same "$(asks '.republish.kind')" attack 'with attack samples, where there is no benign one'
same "$(asks '.samples.listed[0].history')" '..x' 'a sample tells when it broke'

night "$WORK/quiet.yaml" 8
same "$(asks '.eras | length')" 2 'another fingerprint is another era'
same "$(asks '.eras[1].changes | @json')" '[{"field":"fingerprint","was":"sim-7","is":"sim-8"}]' 'with its reason'
same "$(asks '.eras[1].identity')" true 'it is the system that has changed'
same "$(asks '.republish.test | [.differs, .p_value < 0.001] | @json')" '[true,true]' 'another model gives other answers, and the test tells'
run swapped "$GAUNTLET" trend --db "$db"
says "$WORK/swapped.out" 'These are not the answers of the nights before: .* (MMD)' 'in the text too'
same "$(asks '.republish.eras[1].match_with_era_before < 1')"  true 'its answers are not those of the era before'
run markdown "$GAUNTLET" trend --format markdown --db "$db"
says "$WORK/markdown.out" '^\*\*The system under test has changed\*\*: fingerprint: sim-7 -.*sim-8\. [0-9]* % of the probes' 'the summary says so first'

run small "$GAUNTLET" run "$WORK/canary.yaml" --sim=clean --limit 5 --db "$db"
run other "$GAUNTLET" run "$WORK/other.yaml" --sim=clean --db "$db"
same "$("$GAUNTLET" trend --json --db "$db" | jq -r .suite)" other 'without --suite it is the newest run'"'"'s'
same "$("$GAUNTLET" trend --json --db "$db" --suite canary | jq -r '.histories[0].endpoint')" simulated 'without -e it is the endpoint of the newest night'
same "$("$GAUNTLET" trend --json --db "$db" --suite canary -e target | jq -r '.histories[0].known')" 4 '-e chooses another'

run of "$GAUNTLET" trend "$(sql "$db" "SELECT id FROM run WHERE suite_name = 'canary' LIMIT 1")" --json --db "$db"
same "$(jq -r .suite "$WORK/of.out")" canary 'a RUN stands for its suite'
run both "$GAUNTLET" trend last --suite canary --db "$db"
exits both 2 'a RUN and --suite are one too many'

# ---- Formats --------------------------------------------------------------------------------------------------------
run csv "$GAUNTLET" trend --format csv --db "$db" --suite canary -e target --last 2
exits csv 0 'CSV'
same "$(grep -c '"asr","",' "$WORK/csv.out")" 2 'one row for each metric and night'
run raw "$GAUNTLET" trend --format nonsense --db "$db"
exits raw 2 'an unknown format is an error'
run last "$GAUNTLET" trend --last 0 --db "$db"
exits last 2 'no night is no answer'

# ---- Wrong names ----------------------------------------------------------------------------------------------------
run suite "$GAUNTLET" trend --suite canari --db "$db"
exits suite 2 'a suite that never ran'
says "$WORK/suite.err" "did you mean 'canary'" 'it names the nearest'
run endpoint "$GAUNTLET" trend --suite canary -e nobody --db "$db"
says "$WORK/endpoint.err" "no runs of endpoint 'nobody'; there are:" 'an endpoint that there is not'

# ---- A run that goes on ---------------------------------------------------------------------------------------------
sql "$db" "UPDATE run SET status = 'started', finished_at = NULL WHERE rowid = (SELECT max(rowid) FROM run WHERE suite_name = 'canary')"
same "$("$GAUNTLET" trend --json --db "$db" --suite canary | jq -r '.histories[0].nights[-1].state')" unfinished 'a run that is not finished is shown and not counted'

# ---- Hostile text ---------------------------------------------------------------------------------------------------
sql "$db" "UPDATE response SET model_echo = 'm' || char(27) || '[31m<b>' WHERE trial_id IN (SELECT t.id FROM trial t JOIN endpoint e ON e.id = t.endpoint_id
    WHERE e.name = 'target' AND e.id = (SELECT max(id) FROM endpoint WHERE name = 'target'))"
for format in text markdown; do
    run hostile "$GAUNTLET" trend --format $format --db "$db" --suite canary -e target
    says_not "$WORK/hostile.out" "$(printf '\033')" "no escape sequence of a model's name reaches $format"
done
says_not "$WORK/hostile.out" '<b>' 'nor its markup the summary'

# ---- A plan ---------------------------------------------------------------------------------------------------------
run plan "$GAUNTLET" plan --db "$db" --suite canary -e target --delta 5 --budget 2 --json
exits plan 0 'a plan from two runs'
same "$(jq -r '.basis.source' "$WORK/plan.out")" runs 'psi is that of the last two comparable runs'
same "$(jq -r '.overall.samples' "$WORK/plan.out")" 60 'it knows what the suite has'
same "$(jq -r '.budget.trials > 0 and (.cost.usd_per_trial * .budget.trials <= 2)' "$WORK/plan.out")" true 'the budget buys what the price allows'
run plan "$GAUNTLET" plan --db "$db" --delta zero
exits plan 2 'a difference that is no number'
done_testing
