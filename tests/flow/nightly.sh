#!/bin/sh
# Four nights of suites/nightly.sh: a quiet one, one with an outage that is finished in the morning, one with a regression, one with
# another model behind the same name. And what the script does with locks, baselines, old files and wrong words.
# shellcheck source=tests/support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
export GAUNTLET
db=$WORK/store.db
keep=$WORK/keep
text_set "$WORK/set" 300
suite_of "$WORK/canary.yaml" "$WORK/set" 'gate: {margin_pp: 10, category_drop_pp: 5}'
cp "$ROOT/suites/nightly.sh" "$WORK/nightly.sh"

# serve PROFILE SEED: the endpoint of tonight, always at the same address
port=0
serve() {
    if [ -n "$SERVERS" ]; then kill "$SIM_PID"; wait "$SIM_PID" 2> /dev/null; fi
    rm -f "$WORK/sim.out"
    "$GAUNTLET" sim --listen "127.0.0.1:$port" --profile "$ROOT/tests/profiles/$1.yaml" --dataset "$WORK/set" --seed "$2" > "$WORK/sim.out" 2> "$WORK/sim.err" &
    SIM_PID=$!
    SERVERS=$SIM_PID
    until_true grep -q /v1 "$WORK/sim.out" || { echo "# the simulator did not start: $(cat "$WORK/sim.err")"; exit 70; }
    SIM_URL=$(sed -n 's|.*\(http://[0-9.:]*/v1\).*|\1|p' "$WORK/sim.out" | head -n 1)
    port=$(echo "$SIM_URL" | sed 's|.*:\([0-9]*\)/v1|\1|')
}
# night NAME [OPTION…]
night() {
    night_name=$1
    shift
    run "$night_name" sh "$WORK/nightly.sh" -c "$WORK/config.yaml" -d "$keep" "$@" "$WORK/canary.yaml"
}
newest() { "$GAUNTLET" trend --json --db "$db" --suite canary | jq -r ".histories[0] | [.nights[] | select(.state != \"again\")][-1] | $1"; }
tonight() { "$GAUNTLET" trend --json --db "$db" --suite canary | jq -r ".histories[0].tonight | $1"; }

serve night_quiet 7
config_of "$WORK/config.yaml" "$SIM_URL" 'params: {temperature: 0}' 'limits: {attempts: 2, trial_timeout: 20s}'

# ---- Without a baseline ---------------------------------------------------------------------------------------------
night first
exits first 5 'a night without a baseline has no verdict'
says "$WORK/first.out" 'there is no baseline .canary. yet' 'it says what is missing'
same "$("$GAUNTLET" ls baselines --json --db "$db" | jq '.baselines | length')" 0 'no baseline is made unasked'
night begin --move-baseline
exits begin 0 'the first baseline is made when told to'
same "$("$GAUNTLET" ls baselines --json --db "$db" | jq -r '.baselines[0].name')" canary 'it is called like the suite'
baseline=$("$GAUNTLET" ls baselines --json --db "$db" | jq -r '.baselines[0].run')

# ---- Night 1: quiet -------------------------------------------------------------------------------------------------
night quiet
exits quiet 0 'a quiet night passes'
says "$WORK/quiet.out" '^## canary: the gate passed' 'the summary says so first'
says "$WORK/quiet.out" 'PASS' 'with the words of the gate'
says "$WORK/quiet.out" '^| 20[0-9-]* | [0-9a-z]* | 1 |' 'and the nights before'
same "$("$GAUNTLET" ls baselines --json --db "$db" | jq -r '.baselines[0].run')" "$baseline" 'the baseline stays where it is'
# shellcheck disable=SC2016 # the backquotes are Markdown's
page=$(sed -n 's/.*Report `\([^`]*\)`.*/\1/p' "$WORK/quiet.out")
if grep -q '</html>' "$page"; then ok 'the page is kept'; else not_ok 'the page is kept' "$page"; fi
says "$page" 'id="trend"' 'with the trend on it'
says "$page" 'id="compare"' 'and the comparison with the baseline'

# ---- Night 2: an outage ---------------------------------------------------------------------------------------------
serve night_outage 7
night outage
exits outage 4 'an outage leaves the night incomplete'
says "$WORK/outage.out" 'no verdict: the run ended with exit 4' 'no verdict is made of half a night'
says "$WORK/outage.out" 'Unfinished: .*--resume' 'it says how to go on'
same "$(newest .state)" gaps 'the trend does not count it'
outage_run=$(newest .run)
serve night_quiet 7
night morning --resume
exits morning 0 'the morning finishes the night, and the gate passes'
same "$(newest .run)/$(newest .state)" "$outage_run/counted" 'it is the same night, whole now'
same "$(newest .counts.scored)" 300 'nothing is missing'
night again --resume
exits again 0 'there is nothing to finish twice'
says "$WORK/again.err" 'no night of canary was left unfinished' 'and it says so'

# ---- Night 3: a regression ------------------------------------------------------------------------------------------
serve night_regression 7
night regression --move-baseline
exits regression 1 'a regression fails the gate'
says "$WORK/regression.out" '^## canary: THE GATE FAILED' 'the summary says so first'
same "$("$GAUNTLET" ls baselines --json --db "$db" | jq -r '.baselines[0].run')" "$baseline" 'a night that failed is no baseline, even when told to'
same "$(newest .reference.alarm)" true 'the trend sees it, ten nights or not'
says "$WORK/regression.out" '^## canary: THE GATE FAILED; AN ALARM HOLDS when asked again' 'it was asked again at once, and the alarm holds'
same "$(tonight '[.alarms[] | select(.kind == "pairs") | .confirmed] | @json')" '[true]' 'the trend says so'
says "$WORK/regression.out" 'Run [0-9a-z]* asked again and confirms: .*newly broken and fixed samples 1 of 1' 'and the summary'
same "$("$GAUNTLET" ls runs --json --db "$db" | jq '[.runs[] | select(.name | endswith("-again"))] | length')" 1 'once'

# ---- Night 4: another model -----------------------------------------------------------------------------------------
serve night_quiet 8
night swap
if [ "$CODE" -eq 0 ] || [ "$CODE" -eq 5 ]; then ok 'another model that is no worse does not fail'; else not_ok 'another model that is no worse does not fail' "exit $CODE"; fi
says "$WORK/swap.out" '^\*\*The system under test has changed\*\*: fingerprint: sim-7 -.* sim-8' 'but it is told, with what gave it away'
says "$WORK/swap.out" '[0-9] % of the probes are answered as in the era before' 'and with what its answers say'
same "$(newest .era)" 2 'its history begins anew'
same "$(tonight '[.alarms[:2][] | [.kind, .confirmed]] | @json')" '[["identity",true],["answers",true]]' 'asked again it is that other model still'
run page_of_suite "$GAUNTLET" report --suite canary --format json --db "$db"
same "$(jq -r .run.id "$WORK/page_of_suite.out")" "$(tonight .run)" 'a report of the suite is of the night, not of the run that asked it again'
run exit_of_trend "$GAUNTLET" trend --db "$db" --suite canary
exits exit_of_trend 0 'an alarm is no failure of the verb that shows it'
run exit_of_trend "$GAUNTLET" trend --db "$db" --suite canary --fail-on-alarm
exits exit_of_trend 1 'unless it is asked to fail'

serve night_quiet 9
night paged --no-confirm --fail-on-alarm
exits paged 1 'an alarm fails the night when it is asked to'
says "$WORK/paged.out" '; an alarm is open$' 'and is not confirmed where that is not wanted'
same "$(tonight .unconfirmed)" "$(tonight '.alarms | length')" 'nobody was asked again'

# ---- A bad hour -----------------------------------------------------------------------------------------------------
# The night itself meets the worse model, asking again the one of the nights before.
mkdir "$WORK/hour"
cp "$WORK/config.yaml" "$WORK/hour/config.yaml"
good_url=$SIM_URL
"$GAUNTLET" sim --listen 127.0.0.1:0 --profile "$ROOT/tests/profiles/night_regression.yaml" --dataset "$WORK/set" --seed 8 > "$WORK/hour/sim.out" 2> /dev/null &
hour_pid=$!
SERVERS="$SERVERS $hour_pid"
until_true grep -q /v1 "$WORK/hour/sim.out"
bad_url=$(sed -n 's|.*\(http://[0-9.:]*/v1\).*|\1|p' "$WORK/hour/sim.out" | head -n 1)
sed "s|$good_url|$bad_url|" "$WORK/config.yaml" > "$WORK/hour/bad.yaml"
cat > "$WORK/hour/gauntlet" <<SH
#!/bin/sh
# the program of that hour
case " \$* " in
*' --confirm '*) cp "$WORK/hour/good.yaml" "$WORK/hour/config.yaml" ;;
*) [ "\$1" != run ] || cp "$WORK/hour/bad.yaml" "$WORK/hour/config.yaml" ;;
esac
exec "$GAUNTLET" "\$@"
SH
chmod +x "$WORK/hour/gauntlet"
cp "$WORK/config.yaml" "$WORK/hour/good.yaml"
run hour env "GAUNTLET=$WORK/hour/gauntlet" sh "$WORK/nightly.sh" -c "$WORK/hour/config.yaml" -d "$keep" --fail-on-alarm "$WORK/canary.yaml"
says "$WORK/hour.out" 'an alarm did not hold when asked again' 'what is not seen again is no alarm'
kill "$hour_pid"

# ---- Two endpoints --------------------------------------------------------------------------------------------------
cat >> "$WORK/config.yaml" <<YAML
  - {name: second, base_url: "$SIM_URL", protocol: openai-chat, model: flow/second, params: {temperature: 0}}
YAML
run pair sh "$WORK/nightly.sh" -c "$WORK/config.yaml" -d "$WORK/pair" --db "$WORK/pair.db" --move-baseline "$WORK/canary.yaml"
exits pair 0 'a night of two endpoints can be a baseline'
run pair sh "$WORK/nightly.sh" -c "$WORK/config.yaml" -d "$WORK/pair" --db "$WORK/pair.db" "$WORK/canary.yaml"
exits pair 0 'and each endpoint is held against itself'
same "$(grep -c '^gate of .*target.* against .*target\|^gate of .*second.* against .*second' "$WORK/pair.out")" 2 'the summary has a verdict for each'
# shellcheck disable=SC2016 # the backquotes are Markdown's
page=$(sed -n 's/.*Report `\([^`]*\)`.*/\1/p' "$WORK/pair.out")
same "$(grep -c '<section class="s" id="compare' "$page")" 2 'the page has a comparison for each'
says "$page" 'Compare: <bdi>second</bdi>' 'named after its endpoint'
serve night_worse_second 8
run pair sh "$WORK/nightly.sh" -c "$WORK/config.yaml" -d "$WORK/pair" --db "$WORK/pair.db" "$WORK/canary.yaml"
exits pair 1 'one that fails fails the night'
# shellcheck disable=SC2016 # the backquotes are Markdown's
page=$(sed -n 's/.*Report `\([^`]*\)`.*/\1/p' "$WORK/pair.out")
says "$page" 'Endpoint <bdi>second</bdi> decides' 'the page says which one decides'

# ---- Locks, old files, wrong words ----------------------------------------------------------------------------------
run rotated sh "$WORK/nightly.sh" -c "$WORK/config.yaml" -d "$keep" --keep 2 "$WORK/canary.yaml" -- --limit 5
same "$(find "$keep/reports" "$keep/logs" "$keep/summaries" -type f | wc -l | tr -d ' ')" 6 'of reports, logs and summaries the newest stay'
if command -v flock > /dev/null; then
    run locked flock "$keep/lock" sh "$WORK/nightly.sh" -c "$WORK/config.yaml" -d "$keep" "$WORK/canary.yaml"
    exits locked 4 'a second night at the same time does nothing'
    says "$WORK/locked.err" 'another night is going' 'and says why'
else
    skip 'a second night at the same time does nothing' 'there is no flock'
fi
mkdir "$WORK/bin"    # every program but flock
for tool in sh basename dirname mkdir cat date sed tr grep find sort tail rm head; do ln -s "$(command -v $tool)" "$WORK/bin/$tool"; done
mkdir -p "$keep/lock.d"
echo $$ > "$keep/lock.d/pid"
run folder env "PATH=$WORK/bin" sh "$WORK/nightly.sh" -c "$WORK/config.yaml" -d "$keep" "$WORK/canary.yaml"
exits folder 4 'without flock a folder is the lock'
echo 999999999 > "$keep/lock.d/pid"
run stale env "PATH=$WORK/bin" sh "$WORK/nightly.sh" -c "$WORK/config.yaml" -d "$keep" --resume "$WORK/canary.yaml"
exits stale 0 'a lock whose night died is taken over'
if [ ! -e "$keep/lock.d" ]; then ok 'and given back'; else not_ok 'and given back'; fi
run unknown sh "$WORK/nightly.sh" --nonsense
exits unknown 2 'an unknown option is an error'
run keep sh "$WORK/nightly.sh" --keep none
exits keep 2 'a number that is none is an error'
run help sh "$WORK/nightly.sh" --help
says "$WORK/help.out" '^  --move-baseline ' 'its help is its first lines'
run wrong sh "$WORK/nightly.sh" -c "$WORK/nowhere.yaml" -d "$keep" "$WORK/canary.yaml"
exits wrong 2 'a configuration that is not there'

# ---- The units of docs/nightly.md ------------------------------------------------------------------------------------
awk -v out="$WORK" '/^`\/etc\/systemd/ { name = $1; sub(".*/", "", name); sub("`:?$", "", name) } /^```ini/ { on = 1; next } /^```/ { on = 0 } on { print > (out "/" name) }' "$ROOT/docs/nightly.md"
if command -v systemd-analyze > /dev/null; then
    sed -i 's/^User=.*//; s/^EnvironmentFile=.*//' "$WORK/gauntlet-night.service" # of the reader's machine
    run units systemd-analyze verify "$WORK/gauntlet-night.service" "$WORK/gauntlet-night.timer"
    same "$(grep -c 'gauntlet-night' "$WORK/units.err")" 0 'systemd has nothing to say about the units'
else
    skip 'systemd has nothing to say about the units' 'there is no systemd-analyze'
fi
same "$(grep -c '^ExecStart=.*suites/nightly.sh' "$WORK/gauntlet-night.service")$(grep -c '^OnCalendar=' "$WORK/gauntlet-night.timer")" 11 'the service runs the night, the timer says when'

# ---- As it stands ---------------------------------------------------------------------------------------------------
run demo sh "$ROOT/suites/nightly.sh" --db "$WORK/demo.db" -d "$WORK/demo" --move-baseline -- --sim=clean
exits demo 0 'suites/nightly.yaml runs as it stands'
run demo2 sh "$ROOT/suites/nightly.sh" --db "$WORK/demo.db" -d "$WORK/demo" -- --sim=clean
exits demo2 0 'and passes its own gate the next night'
done_testing
