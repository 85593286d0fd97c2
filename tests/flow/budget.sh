#!/bin/sh
# Money, credits and keys that run out in the middle: what is left stays pending, the run says so, and a resume goes on.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 300 && suite_of suite.yaml set
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

run part timeout 60 "$GAUNTLET" run suite.yaml -c config.yaml --db part.db --budget 0.02
exits part 4 "budget: exit 4"
same "$(sql part.db 'SELECT sum(cost_usd) BETWEEN 0.01 AND 0.02 FROM attempt')" 1 "budget: spent, and not passed"
stopped part budget "budget"
run part timeout 60 "$GAUNTLET" resume last -c config.yaml --db part.db --budget 1
exits part 0 "budget: a larger one finishes the run"
same "$(sql part.db 'SELECT count(*), count(DISTINCT trial_id) FROM attempt')|$(log_of)" '300|300|300' "budget: everything was asked once in the end"
sound part.db "budget: the store is sound in the end"
config_of unknown.yaml "$SIM_URL"
run unknown "$GAUNTLET" run suite.yaml -c unknown.yaml --db unknown.db --budget 1
exits unknown 2 "budget without a price: exit 2"
says unknown.err 'price: {input: USD' "budget without a price: says what to write"

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
