#!/bin/sh
# One run in every format: the numbers are the same, wherever they stand.
# shellcheck source=tests/support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$ROOT" || exit 70
db=$WORK/store.db
cat > "$WORK/profile.yaml" <<'YAML'
version: 1
outcomes: {complied: 0.3, partial: 0.1, blocked: 0.1, empty: 0.1}
faults:
  - {kind: 422, rate: 0.1}
YAML
run first "$GAUNTLET" run suites/demo.yaml "--sim=$WORK/profile.yaml" --db "$db" --seed 3 --epochs 2
says "$WORK/first.err" 'stored in\|next' 'a rough run of two epochs'
for format in html text json csv markdown junit; do
    run "$format" "$GAUNTLET" report last --db "$db" --format "$format"
    exits "$format" 0 "the report as $format"
done

# ---- The same numbers -----------------------------------------------------------------------------------------------
json=$WORK/json.out
columns='planned scored complied partial refused deflected blocked unscored failed skipped pending'
wanted=$(for column in $columns; do jq -r ".endpoints[0].counts.$column" "$json"; done | paste -sd,)
same "$(sql "$db" "SELECT planned, scored, complied, partial, refused, deflected, blocked, unscored, failed, skipped, pending
    FROM v_overall WHERE scorer = '$(jq -r '.endpoints[0].scorer' "$json")'" | tr '|' ,)" "$wanted" 'JSON has the counts of the SQL view'
same "$(sed -n 's/.*,"overall","all",//p' "$WORK/csv.out" | cut -d, -f 1-11)" "$wanted" 'CSV has the same counts'
same "$(sed -n '2,/<\/properties>/p' "$WORK/junit.out" | sed -n 's/.*<property name="\(.*\)" value="\(.*\)".*/\1 \2/p' |
    awk -v wanted="$columns" '{ value[$1] = $2 } END { n = split(wanted, c, " "); for (i = 1; i <= n; i++) printf "%s%s", value[c[i]], (i < n ? "," : "\n") }')" \
    "$wanted" 'JUnit has the same counts'
missing=$(jq -r '.endpoints[0].counts | .planned - .scored' "$json")
same "$(sed -n 's/^| all | //p' "$WORK/markdown.out" | tr -d ' ' | tr '|' , | cut -d, -f 1-7)" \
    "$(jq -r '.endpoints[0].counts | [.scored, .complied, .partial, .refused, .deflected, .blocked] | join(",")' "$json"),$missing" 'Markdown has the same counts'
same "$(awk '$1 == "all" { print $2 "," $3 "," $4 "," $5 "," $6 "," $7 "," $8 }' "$WORK/text.out")" \
    "$(jq -r '.endpoints[0].counts | [.scored, .complied, .partial, .refused, .deflected, .blocked] | join(",")' "$json"),$missing" 'the text has the same counts'
identity=$(grep '^planned ' "$WORK/text.out" | sed 's/    deff.*//')
says "$WORK/markdown.out" "^- $identity\$" 'Markdown has the identity of the text'
says "$WORK/junit.out" "^$identity\$" 'JUnit has the identity of the text'
says "$WORK/html.out" "$identity" 'the page has the identity of the text'

# rate of a file: "20.9 [20.0, 21.9]"
percent=$(jq -r '.endpoints[0].asr | [.value, .low, .high] | map(. * 1000 | round / 10) | "\(.[0]) [\(.[1]), \(.[2])]"' "$json")
# in the form of C's %.1f
percent=$(echo "$percent" | tr -d '[],' | awk '{ printf "%.1f [%.1f, %.1f]", $1, $2, $3 }')
same "$(awk '$1 == "all" { print $9 " " $10 " " $11 }' "$WORK/text.out")" "$percent" 'the text has the rate of JSON'
same "$(sed -n 's/^\*\*ASR \(.*\)\*\* by.*/\1/p' "$WORK/markdown.out" | sed 's/ %//')" "$percent" 'Markdown has the rate of JSON'
same "$(sed -n 's/.*<system-out>ASR \(.*\)/\1/p' "$WORK/junit.out" | head -n 1 | sed 's/ %//')" "$percent" 'JUnit has the rate of JSON'
says "$WORK/html.out" "$(echo "$percent" | sed 's/.*\[/\\[/; s/\]/\\]/')" 'the page has the interval of JSON'
exact=$(jq -r '.endpoints[0].asr | [.value, .low, .high] | map(. * 1e9 | round) | join(",")' "$json")
to_int() { tr ',' '\n' | awk '{ printf "%s%.0f", (NR > 1 ? "," : ""), $1 * 1e9 } END { print "" }'; }
same "$(sed -n 's/.*,"overall","all",//p' "$WORK/csv.out" | cut -d, -f 12-14 | to_int)" "$exact" 'CSV has the rate of JSON, all digits'
same "$(for key in asr asr_low asr_high; do sed -n "s/.*name=\"$key\" value=\"\(.*\)\".*/\1/p" "$WORK/junit.out" | head -n 1; done | paste -sd, | to_int)" \
    "$exact" 'JUnit has the rate of JSON, all digits'
same "$(sed -n 's/^\(.*\),"category","\([^"]*\)",\([^"]*\),[^,]*,[^,]*,[^,]*,[^,]*,[^,]*,[^,]*,"[^"]*".*/\2|\3/p' "$WORK/csv.out" | cut -d, -f 1-11 | sort)" \
    "$(jq -r '.endpoints[0].categories[] | "\(.key)|" + (.counts | [.planned, .scored, .complied, .partial, .refused, .deflected, .blocked, .unscored, .failed, .skipped, .pending] | map(tostring) | join(","))' "$json" | sort)" \
    'CSV has every category of JSON'

# Every category in every format. cells: "key|scored|complied|partial|refused|deflected|blocked|missing|ASR|low|high", in percent with one digit;
# where nothing or everything complied the formats say k/n and one limit, so that k/n stands for the rate here.
jq -r '.endpoints[0].categories[] | [.key, .counts.scored, .counts.complied, .counts.partial, .counts.refused, .counts.deflected, .counts.blocked,
    .counts.planned - .counts.scored, .asr.value, .asr.low, .asr.high] | map(. // "") | join("|")' "$json" |
    awk -F '|' '{ if ($3 == 0 || $3 == $2) printf "%s|%s|%s|%s|%s|%s|%s|%s|%s/%s\n", $1, $2, $3, $4, $5, $6, $7, $8, $3, $2
                  else if ($10 == "") printf "%s|%s|%s|%s|%s|%s|%s|%s|%.1f||\n", $1, $2, $3, $4, $5, $6, $7, $8, 100 * $9
                  else printf "%s|%s|%s|%s|%s|%s|%s|%s|%.1f|%.1f|%.1f\n", $1, $2, $3, $4, $5, $6, $7, $8, 100 * $9, 100 * $10, 100 * $11 }' | sort > "$WORK/cells"
# short: what a table shows, in the form of the cells
short() { sed 's/ few *$//; s/ *(≤[^)]*)//; s/ *(≥[^)]*)//; s/ *(1 intent)//; s/\[//; s/\]//; s/, /|/' | sed 's/|*$//' | sort; }
sed 's/||*$//' "$WORK/cells" > "$WORK/cells.short"
same "$(wc -l < "$WORK/cells" | tr -d ' ')/$(sed -n '/^| :--/,/^| all /p' "$WORK/markdown.out" | sed '1d; $d' | wc -l | tr -d ' ')" \
    "$(jq '.endpoints[0].categories | length | "\(.)/\(.)"' -r "$json")" 'there are as many categories'
sed -n '/^| :--/,/^| all /p' "$WORK/markdown.out" | sed '1d; $d; s/^| //; s/ |$//; s/ | /|/g' | short > "$WORK/markdown.cells"
same "$(diff "$WORK/cells.short" "$WORK/markdown.cells")" '' 'Markdown has every category of JSON, with rates and intervals'
sed -n '/scored compl /,/^all /p' "$WORK/text.out" | sed '1d; $d' |
    sed -E 's/^(.*[^ ]) +([0-9]+) +([0-9]+) +([0-9]+) +([0-9]+) +([0-9]+) +([0-9]+) +([0-9]+) +([0-9.\/]+) */\1|\2|\3|\4|\5|\6|\7|\8|\9|/; s/\| *\[/|/; s/ +few$//' | short > "$WORK/text.cells"
same "$(diff "$WORK/cells.short" "$WORK/text.cells")" '' 'so has the text'
# junit_categories FILE: the properties of each suite of a category
junit_categories() {
    awk -F '"' '/<testsuite / { key = ""; split("", v) } /<property / { v[$2] = $4 }
        /<\/properties>/ && v["category"] != "" { print v["category"] "|" v["scored"] "|" v["complied"] "|" v["partial"] "|" v["refused"] "|" v["deflected"] "|" v["blocked"] "|" v["asr"] "|" v["asr_low"] "|" v["asr_high"] "|" v["asr_n"] "|" v["asr_clusters"] }' "$1" | sort
}
digits() { awk -F '|' '{ printf "%s|%s|%s|%s|%s|%s|%s|%.9f|%.9f|%.9f|%s|%s\n", $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 }' | sort; }
jq -r '.endpoints[0].categories[] | [.key, .counts.scored, .counts.complied, .counts.partial, .counts.refused, .counts.deflected, .counts.blocked, .asr.value, .asr.low, .asr.high, .asr.n, .asr.clusters] | map(. // "") | join("|")' "$json" |
    digits > "$WORK/cells.exact"
junit_categories "$WORK/junit.out" | digits > "$WORK/junit.cells"
same "$(diff "$WORK/cells.exact" "$WORK/junit.cells")" '' 'so has JUnit, all digits'
if command -v python3 > /dev/null; then
    for table in category:categories subcategory:subcategories attack:attacks; do
        python3 -c 'import csv, sys
for r in csv.DictReader(open(sys.argv[1], newline="")):
    if r["table"] == sys.argv[2]:
        print("|".join([r["key"], *(r[k] for k in "scored complied partial refused deflected blocked asr asr_low asr_high asr_n asr_clusters".split())]))' "$WORK/csv.out" "${table%:*}" | digits > "$WORK/csv.cells"
        jq -r ".endpoints[0].${table#*:}[]"' | [.key, .counts.scored, .counts.complied, .counts.partial, .counts.refused, .counts.deflected, .counts.blocked, .asr.value, .asr.low, .asr.high, .asr.n, .asr.clusters] | map(. // "") | join("|")' "$json" | digits > "$WORK/json.cells"
        same "$(diff "$WORK/json.cells" "$WORK/csv.cells")" '' "CSV has every row of ${table#*:}, all digits"
    done
fi
awk -F '|' 'NF == 11 && $10 != "" { print "[" $10 ", " $11 "]" }' "$WORK/cells" | while read -r interval; do
    grep -qF -e "$interval" "$WORK/html.out" || echo "$interval"
done > "$WORK/html.missing"
same "$(cat "$WORK/html.missing")" '' 'the page has the interval of every category'

# ---- What is missing, and what is repeated --------------------------------------------------------------------------
label=$(jq -r '.endpoints[0].missing.label' "$json")
same "$label" UNUSABLE 'a tenth is missing: UNUSABLE'
outer=$(jq -r '.endpoints[0].missing | [.low, .high] | map(. * 1000 | round / 10) | join(" ")' "$json" | awk '{ printf "\\[%.1f, %.1f\\] %%", $1, $2 }')
for format in text markdown junit; do
    says "$WORK/$format.out" "$label: .*ASR lies in $outer" "$format has the label and the outer range"
    says_not "$WORK/$format.out" 'NOT A RESULT' "$format has no watermark"
done
same "$(sed -n 's/.*,"overall","all",//p' "$WORK/csv.out" | cut -d, -f 19 | tr -d '"')" "$label" 'CSV has the label'
run whole "$GAUNTLET" run suites/smoke.yaml --sim=clean --db "$db" --epochs 3
for format in text markdown; do
    run "whole.$format" "$GAUNTLET" report last --db "$db" --format "$format"
    says "$WORK/whole.$format.out" 'COMPLETE: every trial has a verdict' "$format says that a whole run is one"
    says "$WORK/whole.$format.out" '3 epochs of [0-9]* samples: ASR@1 .* any@3 .* all@3 .* flaky' "$format has any@k, all@k and the flake rate"
done
errors=$(jq -r '.endpoints[0].counts | .failed + .unscored' "$json")
skipped=$(jq -r '.endpoints[0].counts | .skipped + .pending' "$json")
says "$WORK/junit.out" "^<testsuites .* failures=\"0\" errors=\"$errors\" skipped=\"$skipped\">" 'JUnit has an error for each failed or unscored trial'
same "$(grep -c '<error ' "$WORK/junit.out")" "$errors" 'and lists each of them'
if command -v xmllint > /dev/null; then
    run xmllint xmllint --noout "$WORK/junit.out"
    exits xmllint 0 'JUnit is well-formed XML'
elif command -v python3 > /dev/null; then
    run parse python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$WORK/junit.out"
    exits parse 0 'JUnit is well-formed XML'
else
    skip 'JUnit is well-formed XML' 'neither xmllint nor python3 is installed'
fi

# ---- One row a trial ------------------------------------------------------------------------------------------------
run rows "$GAUNTLET" report last~1 --db "$db" --format csv --rows
exits rows 0 'one row a trial'
same "$(($(wc -l < "$WORK/rows.out") - 1))" "$(sql "$db" "SELECT count(*) FROM trial WHERE run_id = '$(jq -r .run.id "$json")'")" 'and every trial'
same "$(awk -F'","' 'NR > 1 && $11 ~ /^attack"/ { print }' "$WORK/rows.out" | sed 's/.*","\([a-z]*\)",[0-9.]*,[0-9.]*,.*/\1/' | sort | uniq -c | awk '{ print $2 "=" $1 }' | paste -sd' ')" \
    "$(jq -r '.endpoints[0].counts | to_entries[] | select(.value > 0 and .key != "planned" and .key != "scored") | "\(.key)=\(.value)"' "$json" | sort | paste -sd' ')" \
    'which add up to the counts of JSON'
run jsonl "$GAUNTLET" report last~1 --db "$db" --format json --rows
exits jsonl 0 'the rows as JSON Lines'
same "$(wc -l < "$WORK/jsonl.out" | tr -d ' ')" "$(($(wc -l < "$WORK/rows.out") - 1))" 'a line for each row of CSV'
if command -v python3 > /dev/null; then
    run twins python3 -c 'import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
lines = [json.loads(line) for line in open(sys.argv[2])]
def same(cell, value):
    return cell == "" if value is None else float(cell) == value if isinstance(value, (int, float)) else cell.lstrip("\x27") == value
assert len(rows) == len(lines) > 0
for row, line in zip(rows, lines):
    assert list(row) == list(line) and all(same(row[k], line[k]) for k in row), (row, line)' "$WORK/rows.out" "$WORK/jsonl.out"
    exits twins 0 'with the same members, order and values'
fi
run bodies-json "$GAUNTLET" report last~1 --db "$db" --format json --rows --with-bodies
same "$(jq -s 'map(has("prompt") and has("explanation")) | all' "$WORK/bodies-json.out")" true 'texts come when they are asked for, in JSON Lines too'
run one "$GAUNTLET" report last --db "$db" --json --rows
exits one 2 '--json is one document: rows have no place there'
run bodies "$GAUNTLET" report last~1 --db "$db" --format csv --rows --with-bodies
says "$WORK/bodies.out" ',"prompt","content","reasoning","explanation"' 'texts come when they are asked for'
run misplaced "$GAUNTLET" report last~1 --db "$db" --format json --with-bodies
exits misplaced 2 'and only there'
if command -v python3 > /dev/null; then
    run reader python3 -c 'import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
assert len({r["trial"] for r in rows}) == len(rows) and all(None not in r and None not in r.values() for r in rows)' "$WORK/bodies.out"
    exits reader 0 'a CSV reader reads every row whole'
fi

# ---- What-if --------------------------------------------------------------------------------------------------------
for format in html text json csv markdown junit; do
    run "if.$format" "$GAUNTLET" report last~1 --db "$db" --format "$format" --errors-as complied
    exits "if.$format" 0 "the what-if as $format"
done
for format in html text markdown junit; do
    says "$WORK/if.$format.out" "WHAT-IF, NOT A RESULT: $errors trials" "$format says that it is one"
done
same "$(jq -c .errors_as "$WORK/if.json.out")" "{\"as\":\"complied\",\"trials\":$errors}" 'JSON says that it is one'
same "$(awk -F, 'NR > 1 && $NF !~ /^"complied"/' "$WORK/if.csv.out" | wc -l | tr -d ' ')" 0 'every row of CSV says that it is one'
same "$(jq '.endpoints[0].counts | .complied' "$WORK/if.json.out")" "$(($(jq '.endpoints[0].counts.complied' "$json") + errors))" 'the errors count as complied'
same "$(jq -c '.endpoints[0].missing' "$WORK/if.json.out")" "$(jq -c '.endpoints[0].missing' "$json")" 'the label and the bounds stay those of the run'
run wrong "$GAUNTLET" report last --db "$db" --format text --errors-as refusals
exits wrong 2 'an unknown what-if is refused'
says "$WORK/wrong.err" 'none of missing, complied, refused' 'with the words there are'

# ---- With a baseline ------------------------------------------------------------------------------------------------
printf 'version: 1\noutcomes: {complied: 0.02}\n' > "$WORK/safe.yaml"
printf 'version: 1\noutcomes: {complied: 0.6}\n' > "$WORK/open.yaml"
run safe "$GAUNTLET" run suites/smoke.yaml "--sim=$WORK/safe.yaml" --db "$db" --name safe
run open "$GAUNTLET" run suites/smoke.yaml "--sim=$WORK/open.yaml" --db "$db" --name open
run gate "$GAUNTLET" gate open --baseline safe --db "$db" --json
verdict=$(jq -r .verdict "$WORK/gate.out")
for format in markdown junit; do
    run "beside.$format" "$GAUNTLET" report open --baseline safe --db "$db" --format "$format"
    exits "beside.$format" 0 "$format beside a baseline"
    says "$WORK/beside.$format.out" "$verdict" "$format has the gate's verdict"
    says "$WORK/beside.$format.out" "$(jq -r '.newly_broken[0].sample' "$WORK/gate.out")" "$format has a sample that is newly broken"
done
says "$WORK/beside.junit.out" '<testsuite name="newly broken"' 'JUnit has a suite of them'
says "$WORK/beside.junit.out" 'testcase name="R2"' 'and a case for each rule'
run nowhere "$GAUNTLET" report open --baseline safe --db "$db" --format text
exits nowhere 2 'a format without a place for it says so'

# ---- No text of a sample or an answer -------------------------------------------------------------------------------
marker=$(sql "$db" "SELECT substr(prompt, 1, 40) FROM sample WHERE prompt <> '' LIMIT 1")
for format in json csv markdown junit text; do
    if grep -qF -e "$marker" "$WORK/$format.out"; then not_ok "$format has no prompt"; else ok "$format has no prompt"; fi
done
done_testing
