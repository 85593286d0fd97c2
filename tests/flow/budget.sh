#!/bin/sh
# Money, credits and keys that run out in the middle: what is left stays pending, the run says so, and a resume goes on.
# A budget is never passed, whatever becomes of requests.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 300 && suite_of suite.yaml set 'select: {order: stratified, seed: 7}' && suite_of file-order.yaml set
log_of() { curl -s "${SIM_URL%/v1}/sim/log" | jq 'map(select(.method == "POST")) | length'; }
# stopped NAME REASON SENTENCE
stopped() {
    says "$1.err" "^error: endpoint 'target' stopped ($2): [1-9][0-9]* trials are pending" "$3: says why and how many"
    same "$(sql "$1.db" "SELECT group_concat(DISTINCT status) FROM trial WHERE status <> 'answered'")" pending "$3: what was not answered is pending"
    same "$(sql "$1.db" 'SELECT count(*) FROM attempt WHERE done_at IS NULL')" 0 "$3: nothing is left in the air"
    sound "$1.db" "$3: the store is sound"
}
# 17 ms an answer, 8 at a time: the stop comes while trials are in every stage.
printf 'version: 1\nlatency: 17ms\n' > profile.yaml
start_sim --profile profile.yaml
config_of config.yaml "$SIM_URL" 'limits: {max_in_flight: 8}' 'price: {input: 1, output: 10}' 'params: {max_tokens: 100}'

run free "$GAUNTLET" run suite.yaml -c config.yaml --db free.db --budget 0
exits free 4 "budget 0: exit 4"
same "$(sql free.db 'SELECT count(*) FROM attempt')|$(log_of)" '0|0' "budget 0: nothing is sent"
stopped free budget "budget 0"

run part timeout 60 "$GAUNTLET" run suite.yaml -c config.yaml --db part.db --budget 0.02 -o part.html
exits part 4 "budget: exit 4"
same "$(sql part.db 'SELECT sum(cost_usd) BETWEEN 0.01 AND 0.02 FROM attempt')" 1 "budget: spent, and not passed"
stopped part budget "budget"
says part.err '^estimate: 300 trials, [$]0\.[0-9]* to [$]0\.[0-9]*, time unknown$' "budget: one line of estimate before it starts"
fair='stopped by budget after [0-9]* of 300 trials in stratified order: what was run is a fair sample of the suite'
says part.out "^$fair\$" "budget: stratified order, so the table says that it is a fair sample"
says part.html "$fair" "budget: so does the page"
says part.out '[$]0\.0[0-9]* (estimate; at most [$]0\.0[0-9]*)$' "budget: the table has estimate and upper bound"
run part-json "$GAUNTLET" report last --db part.db --format json
same "$(jq -c '.endpoints[0] | [.budget_stop.done == .counts.scored, .budget_stop.planned, .budget_stop.order, .budget_stop.fair_sample, .price]' part-json.out)" \
    '[true,300,"stratified",true,{"input":1,"output":10,"source":"config"}]' "budget: the summary has the stop and the price"
sed 's/input: 1,/input: 1000,/' config.yaml > dearer.yaml
run part timeout 60 "$GAUNTLET" resume last -c dearer.yaml --db part.db --budget 1
says part.err "the run counts with its price of when it was planned, 1 and 10 USD" "budget: another price in the configuration does not change the run's"
exits part 0 "budget: a larger one finishes the run"
same "$(sql part.db 'SELECT count(*), count(DISTINCT trial_id) FROM attempt')|$(log_of)" '300|300|300' "budget: everything was asked once in the end"
sound part.db "budget: the store is sound in the end"
run part-json "$GAUNTLET" report last --db part.db --format json
same "$(jq -r '.total_cost_usd | .estimate * 1e9 | round' part-json.out)" "$(sql part.db 'SELECT CAST(round(sum(cost_usd) * 1e9) AS INTEGER) FROM attempt')" \
    "budget: the cost of the run is that of all its sittings"
same "$(jq -c '.endpoints[0] | [.http.attempts, .tokens.completion]' part-json.out)" "$(sql part.db "SELECT '[300,' || sum(completion_tokens) || ']' FROM response")" \
    "budget: so are requests and tokens"
same "$(jq -c '.endpoints[0].budget_stop' part-json.out)" null "budget: a finished run was not stopped"
run unfair timeout 60 "$GAUNTLET" run file-order.yaml -c config.yaml --db unfair.db --budget 0.02 --json
same "$(jq -c '.endpoints[0].budget_stop | [.order, .fair_sample]' unfair.out)" '["file",false]' "budget: the order of the file makes no fair sample"
run unfair "$GAUNTLET" report last --db unfair.db --format text
says unfair.out 'trials in file order: what was run is NOT a fair sample of the suite$' "budget: and the table says so"
config_of unknown.yaml "$SIM_URL"
run unknown "$GAUNTLET" run suite.yaml -c unknown.yaml --db unknown.db --budget 1
exits unknown 2 "budget without a price: exit 2"
says unknown.err 'price: {input: USD' "budget without a price: says what to write"
config_of computing.yaml "$SIM_URL" 'provider: hf-inference' 'price: {input: 1, output: 10}'
run computing "$GAUNTLET" run suite.yaml -c computing.yaml --db computing.db --budget 1
exits computing 2 "budget at hf-inference: exit 2"
says computing.err 'bills seconds of computing, not tokens' "budget at hf-inference: says why"
run late timeout 60 "$GAUNTLET" run suite.yaml -c unknown.yaml --db late.db --limit 20 --json
same "$(jq -c '.endpoints[0] | [.cost_usd, .price]' late.out)" '[{"estimate":null,"upper":null},null]' "without a price: the cost is unknown, not 0"

# Two endpoints under one budget, one with a budget of its own, and replies that are lost in every way. Whatever the server saw and
# did not refuse may be billed: what the dearest answer cost for each of those must stay within the budget.
cat > profile.yaml <<PROFILE
version: 1
latency: 5ms
faults:
  - {kind: close, rate: 0.1, times: 1}
  - {kind: reset, rate: 0.1, at: body, times: 1}
  - {kind: truncate, rate: 0.1, times: 1}
  - {kind: 500, rate: 0.1, times: 1}
  - {kind: no_usage, rate: 0.1}
PROFILE
start_sim --profile profile.yaml
lossy_config() {
    config_of lossy.yaml "$SIM_URL" 'limits: {max_in_flight: 8}' 'price: {input: 1, output: 10}' 'params: {max_tokens: 100}'
    sed -n '/- name: target/,$p' lossy.yaml | sed "s/target/other/; s|flow/model|flow/other|; s/max_in_flight: 8/max_in_flight: 8, budget_usd: $1/" > other
    cat other >> lossy.yaml
}
# never_passed BUDGET SENTENCE
never_passed() {
    billed=$(curl -s "${SIM_URL%/v1}/sim/log" | jq 'map(select(.method == "POST" and .status < 400)) | length')
    same "$(sql lossy.db "SELECT $billed * max(cost_usd) <= $1, total(cost_upper_usd) <= $1, total(cost_upper_usd) > 0 FROM attempt")" '1|1|1' "$2"
}
upper_of() { sql lossy.db "SELECT printf('%.9f', total(a.cost_upper_usd)) FROM attempt a JOIN trial t ON t.id = trial_id JOIN endpoint e ON e.id = endpoint_id WHERE e.name = '$1'"; }
lossy_config 0.05
run lossy timeout 120 "$GAUNTLET" run suite.yaml -c lossy.yaml --db lossy.db --budget 0.15
exits lossy 4 "lossy replies: exit 4"
never_passed 0.15 "lossy replies: the budget is not passed, in-flight included"
same "$(sql lossy.db "SELECT $(upper_of other) <= 0.05")" 1 "lossy replies: nor is the endpoint's own"
same "$(sql lossy.db "SELECT count(*) > 0, sum(cost_upper_usd <> 0) FROM attempt WHERE http_status >= 400")" '1|0' "lossy replies: a received error costs nothing"
same "$(sql lossy.db "SELECT count(*) > 0, min(cost_upper_usd) > 0.001 FROM attempt WHERE http_status IS NULL AND cost_usd IS NULL")" '1|1' \
    "lossy replies: an unknown fate keeps what was reserved"
same "$(sql lossy.db 'SELECT count(*) FROM attempt WHERE cost_usd = 0')" 0 "lossy replies: an unknown cost is never 0"
run lossy-json "$GAUNTLET" report last --db lossy.db --format json
same "$(jq -r '.endpoints[] | .cost_usd.upper * 1e9 | round' lossy-json.out | tr '\n' ' ')" \
    "$(sql lossy.db "SELECT printf('%.0f %.0f ', 1e9 * $(upper_of target), 1e9 * $(upper_of other))")" "lossy replies: the summary's upper bound is the store's"
same "$(jq -c '[.endpoints[].cost_usd | .estimate > 0 and .estimate < .upper]' lossy-json.out)" '[true,true]' "lossy replies: the estimate is below it"
run lossy timeout 120 "$GAUNTLET" resume last -c lossy.yaml --db lossy.db --budget 0.15
exits lossy 4 "lossy replies: no more money, no more answers"
never_passed 0.15 "lossy replies: what earlier sessions lost still counts"
run lossy timeout 120 "$GAUNTLET" resume last -c lossy.yaml --db lossy.db --budget 5
exits lossy 4 "lossy replies: one endpoint has reached its own budget"
same "$(sql lossy.db "SELECT e.name, e.stop_reason, count(*) FILTER (WHERE t.status = 'pending') > 0 FROM endpoint e JOIN trial t ON e.id = endpoint_id GROUP BY 1 ORDER BY 1")" \
    "$(printf 'other|budget|1\ntarget||0')" "lossy replies: the other one is done"
lossy_config 5
run lossy timeout 120 "$GAUNTLET" resume last -c lossy.yaml --db lossy.db --budget 5
exits lossy 0 "lossy replies: more money finishes the run"
same "$(sql lossy.db "SELECT count(*) FROM trial WHERE status = 'answered'")" 600 "lossy replies: everything is answered"
sound lossy.db "lossy replies: the store is sound in the end"

# Killed with requests on the wire: they stay counted at what was reserved for them, and nothing more fits.
printf 'version: 1\nlatency: 30s\n' > profile.yaml
start_sim --profile profile.yaml
config_of killed.yaml "$SIM_URL" 'limits: {max_in_flight: 8}' 'price: {input: 1, output: 10}' 'params: {max_tokens: 100}'
"$GAUNTLET" run suite.yaml -c killed.yaml --db killed.db --budget 0.1 > killed.out 2> killed.err &
killed=$!
on_wire() { [ "$(log_of)" -ge 8 ]; }
until_true on_wire
kill -9 $killed
wait $killed 2> /dev/null
before=$(sql killed.db 'SELECT count(*), total(cost_upper_usd) > 0.03 FROM attempt')
run killed timeout 60 "$GAUNTLET" resume last -c killed.yaml --db killed.db --budget 0.01
exits killed 4 "killed: exit 4"
same "$(sql killed.db "SELECT count(*), total(cost_upper_usd) > 0.03 FROM attempt")|$(log_of)" "$before|8" "killed: what was lost is counted, and nothing is sent"
says killed.out 'cost unknown (at most [$]0\.[0-9]*)$' "killed: the table has the upper bound of what was lost"

# Credits that end with the 100th request; a second endpoint with a key of its own is not concerned.
printf 'version: 1\nlatency: 17ms\nfaults:\n  - {kind: 402, rate: 1, after: 101, model: flow/model}\n' > profile.yaml
start_sim --profile profile.yaml
config_of credits.yaml "$SIM_URL" 'limits: {max_in_flight: 8}' 'api_key: file:first.key'
sed -n '/- name: target/,$p' credits.yaml | sed 's/target/other/; s|flow/model|flow/other|; s/first.key/second.key/' > other
cat other >> credits.yaml
echo first-key-0123456789 > first.key
echo second-key-0123456789 > second.key
run credits timeout 60 "$GAUNTLET" run suite.yaml -c credits.yaml --db credits.db
exits credits 4 "out of credits: exit 4"
same "$(sql credits.db "SELECT count(*) FROM trial t JOIN endpoint e ON e.id = endpoint_id WHERE e.name = 'other' AND t.status = 'answered'")" 300 \
    "out of credits: the endpoint with another key goes on"
same "$(sql credits.db "SELECT count(*) <= 16 FROM attempt WHERE http_status = 402")" 1 "out of credits: what was on the wire got the news, and little more was sent"
same "$(sql credits.db "SELECT count(*) FROM attempt")" "$(log_of)" "out of credits: the journal agrees with the server's log"
stopped credits credits "out of credits"
done_testing
