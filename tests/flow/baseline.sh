#!/bin/sh
# Baselines: names for runs, set, moved, listed, forgotten, and what becomes of them when their run is deleted.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 3
suite_of suite.yaml set
db=store.db
for name in first second; do
    run "$name" "$GAUNTLET" run suite.yaml --sim=clean --name "$name" --db $db
    exits "$name" 0 "run $name"
done
id_of() { sql $db "SELECT id FROM run WHERE name = '$1'"; }

run none "$GAUNTLET" report baseline:main --format text --db $db
exits none 2 'a baseline that is not there: exit 2'
says none.err "no baseline 'main', nor any other; .*baseline set" 'a baseline that is not there: says how to set one'
run set "$GAUNTLET" baseline set main first --db $db
exits set 0 'baseline set'
run report "$GAUNTLET" report baseline:main --format json --db $db
same "$(jq -r .run.id report.out)" "$(id_of first)" 'baseline:NAME is the run'
run move "$GAUNTLET" baseline set main second --json --db $db
same "$(jq -r '[.name, .run, .before] | join(" ")' move.out)" "main $(id_of second) $(id_of first)" 'a name moves, and says from where'
run list "$GAUNTLET" ls baselines --db $db
says list.out "^main *$(id_of second) " 'ls baselines lists it'
run list2 "$GAUNTLET" baseline list --db $db
same "$(cat list2.out)" "$(cat list.out)" 'baseline list lists the same'
for bad in 'set main' 'set main nope' 'set bad/name first' 'rm other' 'list it' 'sett main first'; do
    # shellcheck disable=SC2086 # words
    run bad "$GAUNTLET" baseline $bad --db $db
    exits bad 2 "baseline $bad: exit 2"
done
says bad.err 'did you mean set' 'a wrong word: the nearest one'
run gone "$GAUNTLET" rm second --yes --db $db
run after "$GAUNTLET" report baseline:main --format text --db $db
exits after 2 'the run of a baseline was deleted: exit 2'
says after.err "no baseline 'main'" 'the run of a baseline was deleted: says so'
run again "$GAUNTLET" baseline set main first --db $db
run forget "$GAUNTLET" baseline rm main --db $db
exits forget 0 'baseline rm'
same "$(sql $db 'SELECT count(*) FROM baseline')" 0 'baseline rm: the name is gone'
same "$(sql $db 'SELECT count(*) FROM run')" 1 'baseline rm: the run stays'
done_testing
