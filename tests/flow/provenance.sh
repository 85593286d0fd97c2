#!/bin/sh
# What a report says of how its run was made: commands, programs, concurrency, retries, and how much of the data set.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
mkdir home && HOME=$WORK/home && export HOME
KEY=canary-key-5ca1ab1e0ddba11
text_set home/set 30 && suite_of home/suite.yaml set
start_sim --dataset home/set
config_of config.yaml "$SIM_URL" 'api_key: env:FLOW_KEY' 'limits: {max_in_flight: 3, attempts: 4, timeout: 20s, requests_per_minute: 60000}'
export FLOW_KEY="$KEY"

run first "$GAUNTLET" run "$HOME/suite.yaml" -c config.yaml --limit 12 --select category=A --seed 9 --name "with $KEY in it" -q
exits first 0 "a run of part of the data set"
run second "$GAUNTLET" rescore last -c config.yaml --scorer 'refusal: {preset: harmbench}' -q
run again "$GAUNTLET" rescore last -c config.yaml --scorer 'refusal: {preset: advbench}' -q
run json "$GAUNTLET" report last -c config.yaml -f json
kept=$(jq -r '.run.sessions[0].command' json.out)
same "$kept" "gauntlet run ~/suite.yaml -c config.yaml --limit 12 --select category=A --seed 9 --name 'with **** in it' -q" \
    "the command is kept as it was typed, the key and the home folder taken out"
same "$(sql store.db "SELECT count(*) FROM event WHERE message LIKE '%$KEY%' OR detail_json LIKE '%$KEY%'")" 0 "the store has the key in no event"
same "$(jq -r '.run.sessions[0] | [.version, .commit] | join(" ")' json.out)" "$("$GAUNTLET" version --json | jq -r '[.version, .commit] | join(" ")')" \
    "the program that ran it stands with its commit"
same "$(jq -c '.run.dataset | [.samples, .selected, .available]' json.out)" '[12,15,30]' "12 samples of the 15 that were named, of 30 in all"
same "$(jq -c '.endpoints[0].limits | [.max_in_flight, .attempts, .timeout_us, .requests_per_minute]' json.out)" '[3,4,20000000,60000]' \
    "limits stand as they were configured"
same "$(jq '.endpoints[0].in_flight_peak | . >= 1 and . <= 3' json.out)" true "the most requests at once is within the limit"
same "$(jq -r '.run.dispatch.io_threads' json.out)" 1 "so do the threads"
same "$(jq -r '[.run.sessions[].command | split(" ")[1]] | join(" ")' json.out)" "run rescore rescore" "each later command stands beside the first"
says_not json.out "$(hostname)" "the host's name is not in it"

run text "$GAUNTLET" show last -c config.yaml -v
says text.out '^selected: 12 of 30 samples, drawn from 15 that suite and command line name$' "show -v says how much of the data set"
says text.out '^made by: 20.*Z gauntlet run ~/suite.yaml ' "show -v says the command"
says text.out '^requests at once: up to 3, most at once [123], 60,000 requests a minute$' "show -v says the concurrency"
says text.out '^attempts: up to 4 attempts, 20.* for each, .* for all of a trial$' "show -v says the retries"
run html "$GAUNTLET" report last -c config.yaml -o page.html
says page.html 'gauntlet run ~/suite.yaml -c config.yaml' "the page says the command"
says page.html '12 of 30 samples, drawn from 15' "the page says how much of the data set"
says page.html 'up to 3, most at once [123]' "the page says the concurrency"
says page.html 'up to 4 attempts, 20' "the page says the retries"

# ---- a run that dies, and one that an older program made ----
run export "$GAUNTLET" export last -c config.yaml -o moved.db
run moved "$GAUNTLET" report last --db moved.db -f json
same "$(jq -cS '.run.sessions' moved.out)" "$(jq -cS '.run.sessions' json.out)" "an export carries it along"
sql store.db "DELETE FROM event WHERE kind IN ('session', 'selection', 'at_once')"
run older "$GAUNTLET" report last -c config.yaml -f json
exits older 0 "a run without these records is shown"
same "$(jq -c '[.run.sessions, .run.dataset.available, .endpoints[0].in_flight_peak]' older.out)" '[[],null,null]' "what was not recorded is null, not 0"
run page "$GAUNTLET" report last -c config.yaml -o older.html
exits page 0 "and so is its page"
done_testing
