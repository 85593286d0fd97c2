#!/bin/sh
# Data set, suite, run, server and answers are hostile: no verb and no format gives a terminal, a CI log, a spreadsheet or a forge a command.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
LC_ALL=C.UTF-8 && export LC_ALL
mkdir set
cat > set/dataset.yaml <<'SET'
gauntlet_dataset: 1
name: hostile
version: "1\e[2J"
format: jsonl
files: [{path: samples.jsonl}]
licence: {id: "::error::CC0 \e[2J", redistribute: true}
source: {kind: local, id: "::error::source \e]0;t\a ##[error]z"}
SET
# one category for each way to give a command
n=0
while IFS= read -r text; do
    n=$((n + 1))
    for k in 1 2 3; do
        printf '{"id":"%s","intent_id":"i%d.%d","intent":"%s","category":"%s","subcategory":"%s sub","attack":"%s atk","prompt":"%s\\nSay CODEWORD%d.","extra":{"codeword":"CODEWORD%d"}}\n' \
            "s$n.$k" "$n" "$k" "$text" "$text" "$text" "$text" "$text" "$n" "$n"
    done
done > set/samples.jsonl <<'TEXTS'
\u001b]52;c;aGk=\u0007ok\u001b[2Jx
::error::boom
 \u00a0::error::blank
x ##vso[task.complete]y ##[error]z ##TeamCity[w]
a\u202eb\u200b\ufeff:\u200b:error::hidden
q\u009b2Jz\u009d0;t\u009cw
a\r\n::error::crlf\rb
a|b `c` <d> @team
=1+1
\t@SUM(1)
\"><img src=x onerror=alert(1)></script><!--
l\u2028::warning::m
TEXTS
printf '{"id":"::error::id =1 <b>","intent_id":"::error::i","intent":"::error::x","category":"::error::boom","subcategory":"s","attack":"a","prompt":"p","extra":{"codeword":"CODEWORD99"}}\n' >> set/samples.jsonl
cat > profile.yaml <<'PROFILE'
version: 1
outcomes: {complied: 0.4, partial: 0.1}
answers: {complied: "::error::yes \e[2J\r::error::z ##[error]", refused: "::error::I cannot \e]0;t\a\n::error::no"}
faults:
  - {kind: 422, rate: 0.1, message: "::error::bad \e[2J ##[error]x\r::error::y\n::error::z"}
PROFILE
start_sim --dataset set --profile profile.yaml
suite_of suite.yaml "{path: set}" 'errors: {max_rate: 1}'
sed -i 's/^name: .*/name: "::error::suite ##[x]"/' suite.yaml
config_of config.yaml "$SIM_URL"
name=$(printf '::error::name \033[2J')

# tame FILE SENTENCE: no control character but the line end, and no line that a runner obeys.
tame() {
    tame_left=$(LC_ALL=C tr -cd '\000-\011\013-\037\177' < "$1" | od -An -c | head -n 2)
    tame_c1=$(LC_ALL=C grep -a -c "$(printf '\302[\200-\237]')" "$1")
    tame_lines=$(LC_ALL=C sed 's/'"$(printf '\302\240')"'/ /g' "$1" | LC_ALL=C grep -a -E '^[[:space:]]*::' | head -n 3)
    tame_runner=$(LC_ALL=C grep -a -i -E '##(vso|teamcity)?\[' "$1" | head -n 3)
    tame_bidi=$(LC_ALL=C grep -a -c "$(printf '\342\200\256')" "$1")
    if [ -z "$tame_left$tame_lines$tame_runner" ] && [ "$tame_c1$tame_bidi" = 00 ]; then ok "$2"; else
        not_ok "$2" "control characters: $tame_left, C1 $tame_c1, bidi $tame_bidi" "$tame_lines" "$tame_runner"
    fi
}
# quiet NAME SENTENCE COMMAND…: what the command writes, on both streams, is tame.
quiet() {
    quiet_name=$1 quiet_sentence=$2; shift 2
    run "$quiet_name" "$@"
    if [ "$CODE" -gt 5 ]; then not_ok "$quiet_name ends well" "exit $CODE" "$(tail -n 5 "$quiet_name.err")"; fi
    tame "$quiet_name.out" "$quiet_sentence: results"
    tame "$quiet_name.err" "$quiet_sentence: messages"
}

quiet run "run" "$GAUNTLET" run suite.yaml -c config.yaml -v
same "$(sql store.db 'SELECT count(*) > 0 FROM attempt WHERE http_status = 422')" 1 "the server said something hostile"
quiet json-progress "run --progress json" "$GAUNTLET" run suite.yaml -c config.yaml --progress json --seed 4
sql store.db "UPDATE run SET name = '$name', suite_path = '$name'" # a store that came from elsewhere
for verb in "show last -v" "show ::error::id" "show s7.1" "ls" "ls datasets" "ls suites" "ls endpoints" "status" "compare last~1 last" "gate last --baseline last~1" \
    "trend" "check suite.yaml -v" "run suite.yaml --dry-run 3" "resume last --retry-failed" "baseline set ::error::b last" "ls baselines" "show hostile" \
    "calibrate last" "label export last -o labels.jsonl --limit 5" "rescore last --scorer refusal" "rm last --dry-run" "report last -f text -v" "report last~1 last -f text --leaderboard"; do
    # shellcheck disable=SC2086 # words
    quiet verb "$verb" "$GAUNTLET" $verb -c config.yaml
done
run shown "$GAUNTLET" show '::error::id =1 <b>' -c config.yaml
tame shown.out "show of a sample whose id is hostile"

# ---- formats ----
for format in json markdown junit csv; do
    run "$format" "$GAUNTLET" report last~1 --baseline last -c config.yaml -f "$format"
    [ "$CODE" = 0 ] || run "$format" "$GAUNTLET" report last~1 -c config.yaml -f "$format"
    exits "$format" 0 "report as $format"
done
tame markdown.out "markdown"
says_not markdown.out '[^\\]|b' "markdown: no cell breaks out of its table"
says_not markdown.out '@team' "markdown: nobody is mentioned"
says_not markdown.out '<img' "markdown: no HTML"
same "$(LC_ALL=C tr -cd '\000-\011\013-\037\177' < json.out | wc -c | tr -d ' ')" 0 "JSON: no control characters"
same "$(LC_ALL=C grep -a -c "$(printf '\302[\200-\237]\|\342\200[\250\251]')" json.out)" 0 "JSON: no C1 and no line separator"
same "$(jq -r '[.endpoints[0].categories[].key] | map(select(. == "::error::boom" or . == "=1+1")) | length' json.out)" 2 "JSON keeps the texts as they are"
says_not csv.out '[",]"[=@]' "CSV: no cell begins a formula"
says csv.out "\"'=1+1\"" "CSV: it is disarmed"
if command -v xmllint > /dev/null; then run xml xmllint --noout junit.out; exits xml 0 "JUnit is well-formed"; fi
same "$(LC_ALL=C tr -cd '\000-\010\013\014\016-\037\177' < junit.out | wc -c | tr -d ' ')" 0 "JUnit: no control characters"
run html "$GAUNTLET" report last~1 -c config.yaml -o page.html
says_not page.html '<img src=x' "HTML: no element is made"
same "$(grep -c '</script>' page.html)" "$(grep -c '<script' page.html)" "HTML: no script is closed by a text"
same "$(LC_ALL=C tr -cd '\000-\010\013-\037\177' < page.html | wc -c | tr -d ' ')" 0 "HTML: no control characters"

# ---- a terminal that knows no UTF-8 ----
for verb in help "help run" "help merge" "help tune" "show last~1" "ls" "compare last~1 last"; do
    # shellcheck disable=SC2086 # words
    run ascii env LC_ALL=C "$GAUNTLET" $verb -c config.yaml
    same "$(LC_ALL=C grep -a -c "$(printf '\342\200\246\|\342\211\244\|\303\227')" ascii.out)" 0 "LC_ALL=C: $verb has no glyph of our own"
done

# ---- a terminal that is repainted ----
if command -v script > /dev/null; then
    run tty env TERM=xterm CI= script -qec "stty cols 60; '$GAUNTLET' resume last -c config.yaml --retry-failed --progress tty" /dev/null
    says tty.out 'error::name' "a repainted terminal shows the name"
    same "$(LC_ALL=C tr -cd '\007' < tty.out | wc -c | tr -d ' ')" 0 "a repainted terminal: no title, no clipboard"
    same "$(LC_ALL=C grep -a -c "$(printf '\033')\[2J" tty.out)" 0 "a repainted terminal: it is not cleared by a name"
fi
done_testing
