#!/bin/sh
# Runs at the edge of what a number can be made of: no event, nothing but events, one intent, nothing answered, not finished. Every verb
# that makes numbers says what it can, in every format, and never a number that is none.
# shellcheck source=tests/support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
db=$WORK/store.db
text_set set 40
suite_of s.yaml set
# profile NAME LINE…
profile() {
    profile_name=$1
    shift
    { echo 'version: 1'; printf '%s\n' "$@"; } > "$profile_name.yaml"
}
# made NAME PROFILE [OPTION…]
made() {
    made_name=$1 made_profile=$2
    shift 2
    run made "$GAUNTLET" run s.yaml "--sim=$made_profile.yaml" --db "$db" --name "$made_name" "$@"
}
profile some 'outcomes: {complied: 0.3}'
profile none 'outcomes: {complied: 0}'
profile every 'outcomes: {complied: 1}'
profile down 'faults: [{kind: 422, rate: 1}]'
made base some
made some some --seed 2
made none none
made every every
made one some --select intent=i1
made epochs some --epochs 3
made down down
made going some
sql "$db" "UPDATE run SET status = 'started', finished_at = NULL WHERE name = 'going';
UPDATE trial SET status = 'pending', reason = NULL WHERE run_id = (SELECT id FROM run WHERE name = 'going') AND id % 2;
DELETE FROM score WHERE trial_id IN (SELECT id FROM trial WHERE status = 'pending');
DELETE FROM response WHERE trial_id IN (SELECT id FROM trial WHERE status = 'pending')"

# A number that is none, as C prints it: in JSON a value, in text a word.
no_number='(^|[^a-zA-Z_])-?(nan|inf)([^a-zA-Z_]|$)'
# tells NAME CODES COMMAND…: exits with one of CODES, says something, and nothing of it is no number
tells() {
    tells_name=$1 tells_codes=$2
    shift 2
    run told "$@"
    case " $tells_codes " in
    *" $CODE "*) ok "$tells_name" ;;
    *) not_ok "$tells_name" "exit $CODE, expected one of $tells_codes" "$(head -n 3 told.err)" ;;
    esac
    # a page's own code may speak of them, and base64 holds any three letters
    sed -e '/^<script>/,/<\/script>/d' -e '/^<script type="application\/octet-stream+gz;base64"/d' told.out > told.words
    if grep -qiE "$no_number" told.words; then not_ok "$tells_name: every number is one" "$(grep -iE "$no_number" told.words | head -n 3)"; fi
    case " $* " in
    *' json '* | *' --json '*) [ "$CODE" -eq 2 ] || jq -e . told.out > /dev/null 2>&1 || not_ok "$tells_name: one JSON document" "$(head -c 200 told.out)" ;;
    esac
}
for name in some none every one epochs down going; do
    for format in text json csv markdown junit html; do tells "report $name, $format" 0 "$GAUNTLET" report $name --format $format --db "$db"; done
    tells "report $name, rows" 0 "$GAUNTLET" report $name --format csv --rows --db "$db"
    tells "leaderboard $name" '0 5' "$GAUNTLET" report base $name --format json --db "$db"
    for side in "base $name" "$name base"; do
        # shellcheck disable=SC2086 # two words
        for format in text json markdown; do tells "compare $side, $format" '0 5' "$GAUNTLET" compare $side --format $format --db "$db"; done
        tells "compare $side, allowed" '0 5' "$GAUNTLET" compare "${side% *}" "${side#* }" --json --allow-mismatch samples --allow-mismatch epochs --allow-mismatch order --db "$db"
    done
    for format in text json markdown junit; do tells "gate $name, $format" '0 1 4 5' "$GAUNTLET" gate $name --baseline base --format $format --db "$db"; done
    tells "show $name" 0 "$GAUNTLET" show $name --json --db "$db"
    tells "calibrate $name" '0 5' "$GAUNTLET" calibrate $name --json --db "$db"
    tells "page of $name beside base" 0 "$GAUNTLET" report $name --baseline base -o page.html --db "$db"
done
for format in text json csv markdown; do tells "trend, $format" 0 "$GAUNTLET" trend --format $format --db "$db"; done
tells 'plan' 0 "$GAUNTLET" plan --json --db "$db"
tells 'plan as text' 0 "$GAUNTLET" plan --db "$db"

# ---- What they say --------------------------------------------------------------------------------------------------
# asr NAME: value, low and high
asr() { "$GAUNTLET" report "$1" --format json --db "$db" | jq -c '.endpoints[0].asr | [.value, .low, .high, .n] | map(if . then . * 1000 | round / 1000 else . end)'; }
same "$(asr none)" '[0,0,0.088,40]' 'no event: 0 of 40, up to 1 - .025^(1/40)'
same "$(asr every)" '[1,0.912,1,40]' 'nothing but events: from .025^(1/40) on'
same "$(asr one | jq -c '.[1:3]')" '[null,null]' 'one intent has no interval'
same "$(asr down)" '[null,null,null,0]' 'nothing was scored: no rate'
run none_text "$GAUNTLET" report none --format text --db "$db"
says none_text.out '0/40 .*8.8' 'no event is never a bare 0 %'
run gate_down "$GAUNTLET" gate down --baseline base --db "$db"
exits gate_down 4 'every trial failed: no verdict'
run gate_one "$GAUNTLET" gate one --baseline base --db "$db"
exits gate_one 5 'another selection: not comparable'
run apart "$GAUNTLET" compare one none --db "$db" --allow-mismatch samples
exits apart 0 'one intent in common can be looked at'
done_testing
