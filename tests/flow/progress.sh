#!/bin/sh
# What is shown while a run goes: a repainted terminal, lines off one, a snapshot on SIGUSR1; and the thresholds at the end.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 60 && suite_of suite.yaml set
start_sim --dataset set
config_of config.yaml "$SIM_URL"
escape=$(printf '\033')

# ---- a terminal ----
if command -v script > /dev/null; then
    run tty env TERM=xterm CI= LC_ALL=C.UTF-8 script -qec "stty cols 44 rows 20; '$GAUNTLET' run suite.yaml -c config.yaml --name nightly --progress tty" /dev/null
    exits tty 0 "a run on a terminal"
    tr '\r' '\n' < tty.out | sed "s/$escape\\[[0-9]*[AJK]//g" | grep -e '^run .* ETA' -e '^ASR .* so' -e '^in flight' -e '^p50' > lines
    says lines '^run [a-z0-9]* nightly  [0-9]*/60 [0-9]*%' "a repainted line says how far it is"
    says lines '^ASR [0-9.]*% \[[0-9., ]*\] so fa' "and the rate so far with its interval"
    same "$(awk 'length($0) > 43' lines | head -n 3)" "" "no repainted line is as wide as the terminal"
    same "$(grep -o "$escape\\[[0-9]*A" tty.out | tr -cd '0-9\n' | awk '$1 > 4 { print }' | head -n 1)" "" "at most four lines are repainted"
    same "$(grep -c "$escape\\[?25l" tty.out)" 0 "the cursor is never hidden"
    run colour env -u NO_COLOR TERM=xterm CI= script -qec "'$GAUNTLET' show last -c config.yaml" /dev/null
    says colour.out "$escape\\[" "a table on a terminal is coloured"
    run plain env NO_COLOR=1 CLICOLOR_FORCE=1 TERM=xterm CI= script -qec "'$GAUNTLET' show last -c config.yaml" /dev/null
    says_not plain.out "$escape" "NO_COLOR wins over CLICOLOR_FORCE"
    run always env NO_COLOR=1 "$GAUNTLET" show last -c config.yaml --color always
    says always.out "$escape\\[" "--color wins over the environment"
    run dumb env -u NO_COLOR TERM=dumb CI= script -qec "'$GAUNTLET' show last -c config.yaml" /dev/null
    says_not dumb.out "$escape" "TERM=dumb has no colour"
    run ci env TERM=xterm CI=1 script -qec "'$GAUNTLET' run suite.yaml -c config.yaml 2> ci.lines" /dev/null
    says_not ci.lines "$escape" "with a CI variable nothing is repainted"
    says ci.lines '^time=.* event=start ' "but told in lines"
else
    skip "a run on a terminal" "script is not installed"
fi

# ---- asked how far it is ----
printf 'version: 1\nfaults: [{kind: stall, rate: 1}]\n' > stall.yaml
start_sim --profile stall.yaml
config_of slow.yaml "$SIM_URL"
# asked NAME HOW: a run whose server says nothing is asked, then cut off.
asked() {
    "$GAUNTLET" run suite.yaml -c slow.yaml --db "$1.db" --progress "$2" > "$1.out" 2> "$1.err" &
    pid=$!
    SERVERS="$SERVERS $pid"
    until_true sqlite3 "$1.db" "SELECT 1 / (count(*) > 0) FROM attempt WHERE sent_at > 0 LIMIT 1" > /dev/null
    until_true grep -q . "$1.err"
    kill -USR1 "$pid"
    until_true grep -q -e "$3" "$1.err" || not_ok "$4" "$(cat "$1.err")"
    says "$1.err" "$3" "$4"
    kill -INT "$pid"
    until_true grep -q 'stopping: ' "$1.err" # two signals at once may be one
    kill -INT "$pid"
    wait "$pid"
    same "$?" 130 "and the run goes on until it is interrupted ($2)"
}
asked lines plain ' event=progress done=0 planned=60 ' "SIGUSR1: a line says how far the run is"
asked json json '"event":"progress".*"planned":60' "SIGUSR1: an event says how far the run is"
asked quiet none '^run [a-z0-9]*  0/60 0%' "SIGUSR1: without progress it is said all the same"

# ---- thresholds at the end ----
suite_of strict.yaml set 'gate: {asr_upper: 0.01}'
suite_of loose.yaml set 'gate: {asr_upper: 1}'
run strict "$GAUNTLET" run strict.yaml -c config.yaml --sim
exits strict 1 "a threshold of the suite that fails: exit 1"
says strict.err '^error: [x✗] R4 target: FAIL: ' "says which, with the numbers"
says strict.err '^stored in ' "after everything is stored"
run loose "$GAUNTLET" run loose.yaml -c config.yaml --sim
exits loose 0 "a threshold that holds: exit 0"
says loose.err '^[+✓] R4 target: PASS: ' "says so, too"
run none "$GAUNTLET" run suite.yaml -c config.yaml --sim
exits none 0 "a suite without thresholds fails none"
says_not none.err ' R4 ' "and says nothing of them"
done_testing
