#!/bin/sh
# The command line: mistakes with hints, one JSON document, quiet, colour, and a standard output that cannot be written.
# shellcheck disable=SC2016 # backquotes belong to the messages
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
mkdir suites
text_set set 6
suite_of suites/nightly.yaml ../set
suite_of suites/weekly.yaml ../set

# mistake PATTERN SENTENCE ARGUMENT…: exit 2, the pattern on stderr, nothing on stdout.
mistake() {
    mistake_pattern=$1 mistake_what=$2; shift 2
    run mistake "$GAUNTLET" "$@"
    exits mistake 2 "$mistake_what: exit 2"
    says mistake.err "$mistake_pattern" "$mistake_what: says why"
    same "$(wc -c < mistake.out)" 0 "$mistake_what: nothing on stdout"
}
mistake 'unknown option --limt; did you mean --limit?' "misspelt option" run nightly --limt 3
mistake 'usage: gauntlet run SUITE' "misspelt option, with usage" run nightly --limt 3
mistake '^  nothing was sent (exit 2)$' "misspelt option of a verb that sends" run nightly --limt 3
mistake '^  nothing was sent (exit 2)$' "wrong value of a verb that sends" run nightly --sim --limit many
says_not mistake.err 'usage:' "a wrong value needs no usage"
mistake "unknown option -x" "unknown letter" run nightly -qx
mistake '--format' "option of another verb" run nightly --format json
mistake 'an argument is missing' "missing argument" run
mistake 'too many arguments' "too many arguments" run nightly weekly
mistake '--limit needs a value' "option without its value" run nightly --limit
mistake '--quiet takes no value' "value for a flag" run nightly --quiet=1
mistake "'rnu' is not a gauntlet command; did you mean .run" "misspelt verb" rnu nightly
mistake "there is no suite 'nightli'; did you mean nightly" "misspelt suite" run nightli --sim
mistake 'suites/nightly.yaml suites/weekly.yaml' "unknown suite lists suites" run other --sim
mistake "'often' is none of auto, always, never" "wrong --color" run nightly --sim --color often
mistake "none of auto, tty, plain, json, none" "wrong --progress" run nightly --sim --progress bar
mistake "none of html, text, json, csv" "wrong --format" report last --format pdf
mistake "whole number" "--limit that is no number" run nightly --sim --limit many
mistake "whole number from 1 to" "--epochs 0" run nightly --sim --epochs 0
mistake "1 <= I <= N" "--shard out of range" run nightly --sim --shard 3/2
mistake "amount of USD" "--budget that is no number" run nightly --sim --budget lots
mistake "category, subcategory, attack, intent, sample" "--select with an unknown key" run nightly --sim --select colour=red
mistake "no profile 'stormy': .*demo, clean" "unknown profile" run nightly --sim=stormy
mistake 'no configuration: .*gauntlet init' "no configuration" run nightly
"$GAUNTLET" help rescor > misspelt.out 2> misspelt.err
same "$?" 2 "help of a misspelt verb: exit 2"
says misspelt.err "'rescor' is not a gauntlet command; did you mean .rescore" "help of a misspelt verb: the nearest one is offered"
run none "$GAUNTLET"
exits none 2 "no verb at all: exit 2"
says none.out '^usage: gauntlet VERB' "no verb at all: shows the list"
same "$(find . -name '*.db*')" "" "no mistake makes a store"
mistake "no endpoint is called 'candidate'; there are: simulated" "unknown endpoint" run nightly --sim --db nothing.db -e candidate
run nothing "$GAUNTLET" run nightly --sim --db nothing.db --select category=Z
exits nothing 5 "a selection of nothing: exit 5"
says nothing.err 'matches no sample' "a selection of nothing: said so"
same "$(sql nothing.db 'SELECT count(*) FROM run')" 0 "a selection of nothing: no run is left"

# ---- help ----
run help "$GAUNTLET" --help
exits help 0 "--help: exit 0"
sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' help.out | sort -u > verbs
while read -r verb; do
    run "help-$verb" "$GAUNTLET" help "$verb"
    run "flag-$verb" "$GAUNTLET" "$verb" --help
    if [ -s "help-$verb.out" ] && cmp -s "help-$verb.out" "flag-$verb.out"; then ok "help $verb and $verb --help say the same"
    else not_ok "help $verb and $verb --help say the same" "$(diff "help-$verb.out" "flag-$verb.out")"; fi
done < verbs
same "$(grep -c '^run$\|^sim$\|^help$' verbs)" 3 "the list of verbs was read"
run version "$GAUNTLET" --version
says version.out '^gauntlet [0-9]*\.[0-9]' "--version prints the version"

# ---- one JSON document, and nothing else, on stdout ----
# document NAME SENTENCE ARGUMENT…
document() {
    document_name=$1 document_what=$2; shift 2
    run "$document_name" "$GAUNTLET" "$@" --json
    exits "$document_name" 0 "$document_what --json: exit 0"
    same "$(jq -s -c '[length, (.[0] | type), .[0].schema_version]' "$document_name.out" 2>&1)" '[1,"object",1]' "$document_what --json: one document on stdout"
}
document run run run nightly --sim=clean --db store.db --progress json
same "$(jq -c '[.run.status, .endpoints[0].counts.planned]' run.out)" '["complete",6]' "run --json is the summary"
same "$(grep '^{' run.err | jq -s -c 'map(.event) | [first, last]' 2>&1)" '["start","end"]' "--progress json: events as JSON lines on stderr"
document dry 'run --dry-run' run nightly --sim --dry-run 2
same "$(jq -c '[.plan.trials, (.requests | length), .requests[0].body.model]' dry.out)" '[6,2,"gauntlet/simulated-vlm"]' "run --dry-run --json is the plan"
document report report report last --db store.db
same "$(cksum < run.out)" "$(cksum < report.out)" "run --json and report --json say the same"
document resume resume resume last --db store.db
document show 'show RUN' show last --db store.db
document sample 'show SAMPLE' show s1 --db store.db
same "$(jq -r '[.. | objects | select(has("status")) | .status][0]' sample.out)" answered "show SAMPLE --json has the trial"
document status status status --db store.db
document ls ls ls --db store.db
document suites 'ls suites' ls suites
document datasets 'ls datasets' ls datasets
document check check check nightly
document version version version
document help help help
document init init init fresh
document rm rm rm last --yes --db store.db
same "$(sql store.db 'SELECT count(*) FROM run')" 0 "rm deleted it"

# ---- quiet, colour ----
run quiet "$GAUNTLET" run nightly --sim=clean --db store.db -q
same "$(wc -c < quiet.err)" 0 "-q: nothing on stderr when all is well"
says quiet.out '^planned 6 = scored 6' "-q: the results are there"
run quiet "$GAUNTLET" report nowhere --db store.db -q
says quiet.err "^error: " "-q: errors are there"
run loud "$GAUNTLET" run nightly --sim=clean --db store.db -v
exits loud 0 "-v runs"
escape=$(printf '\033')
run colour env -u NO_COLOR TERM=xterm "$GAUNTLET" show last --db store.db
says_not colour.out "$escape" "no colour where stdout is a file"
run colour env -u NO_COLOR TERM=xterm "$GAUNTLET" show last --db store.db --color always
says colour.out "$escape" "--color always: colour"
run colour env -u NO_COLOR TERM=xterm CLICOLOR_FORCE=1 "$GAUNTLET" show last --db store.db
says colour.out "$escape" "CLICOLOR_FORCE: colour"
run colour env NO_COLOR=1 TERM=xterm CLICOLOR_FORCE=1 "$GAUNTLET" show last --db store.db
says_not colour.out "$escape" "NO_COLOR: none"

# ---- standard output that cannot be written ----
"$GAUNTLET" run nightly --sim=clean --db closed.db > closed.out 2> closed.err >&-
same $? 4 "stdout closed: exit 4"
says closed.err 'cannot write to standard output' "stdout closed: said so"
"$GAUNTLET" run nightly --sim=clean --db closed.db >&- 2>&- <&-
same $? 4 "all standard streams closed: exit 4"
same "$(sql closed.db 'SELECT DISTINCT status FROM run')$(sql closed.db "SELECT count(*) FROM trial WHERE status = 'answered'")" complete12 \
    "streams closed: both runs are complete all the same"
sound closed.db "streams closed: the store is sound, no output went into it"
if [ -w /dev/full ]; then
    "$GAUNTLET" report last --db closed.db -f json > /dev/full 2> full.err
    same $? 4 "stdout full: exit 4"
    says full.err 'cannot write to standard output: No space' "stdout full: said so"
    run full "$GAUNTLET" report last --db closed.db -f json -o /dev/full
    exits full 4 "report -o onto a full disk: exit 4"
else
    skip "stdout full" "there is no /dev/full"
fi
"$GAUNTLET" report last --db closed.db -f json 2> pipe.err | head -c 1 > /dev/null
says_not pipe.err . "a pipe that is closed early: no noise"
sound store.db "after all of it the store is sound"
done_testing
