#!/bin/sh
# Texts and images of withheld categories: a marker in them appears in no output of any verb or format, whatever the options say.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"

cd "$WORK" || exit 70
cat > config.yaml <<YAML
version: 1
store: $WORK/w.db
redact_categories: ["a. *"]
endpoints: [{name: target, protocol: openai-chat, base_url: http://127.0.0.1:9/v1, model: m}]
YAML
printf 'version: 1\nname: w\ndataset: %s\nscorers: [canary, {refusal: {preset: jbb-13}}]\n' "$ROOT/datasets/demo" > suite.yaml
printf 'version: 1\noutcomes: {complied: 0.5}\n' > profile.yaml
run run "$GAUNTLET" run suite.yaml --sim=profile.yaml --progress none
exits run 0 "a run is made with a list of its own"
its="IN (SELECT t.id FROM trial t JOIN sample s ON s.id = t.sample_id WHERE s.category LIKE 'A.%')"
sql w.db "UPDATE sample SET prompt = 'MARKER', intent = 'MARKER', context = 'MARKER', extra_json = '{\"x\":\"MARKER\"}' WHERE category LIKE 'A.%';
          UPDATE response SET content = 'MARKER', reasoning = 'MARKER', refusal = 'MARKER' WHERE trial_id $its;
          UPDATE score SET explanation = 'MARKER' WHERE trial_id $its;
          UPDATE attempt SET message = 'MARKER' WHERE trial_id $its AND error_class IS NOT NULL;
          UPDATE sample SET prompt = 'OTHERWISE' WHERE category LIKE 'B.%'"
sample=$(sql w.db "SELECT key FROM sample WHERE category LIKE 'A.%' LIMIT 1")
other=$(sql w.db "SELECT key FROM sample WHERE category LIKE 'B.%' LIMIT 1")

# blocks FILE: the data blocks of a page, unpacked.
blocks() {
    sed -n 's/.*gz;base64" id="[^"]*">\(.*\)<\/script>$/\1/p' "$1" | while read -r block; do
        printf %s "$block" | base64 -d | gunzip
    done
}
page() {    # page NAME OPTION…: a page by the store alone, without the configuration
    name=$1; shift
    run "$name" "$GAUNTLET" report last --db w.db -o "$name.html" "$@"
    exits "$name" 0 "a page is written: $*"
    blocks "$name.html" > "$name.blocks"
    says_not "$name.html" MARKER "the marker is not in it"
    says_not "$name.blocks" MARKER "nor in its blocks"
}
page focus
page all --embed all --blur none
says all.blocks OTHERWISE "other categories are there"
says all.blocks "$sample" "ids of withheld ones are"
page redact --redact
says_not redact.html OTHERWISE "--redact leaves every text out of the page"
says_not redact.blocks OTHERWISE "and out of its blocks"
page none --embed none
says_not none.blocks OTHERWISE "--embed none too"

for format in text json csv markdown junit; do
    run $format "$GAUNTLET" report last --db w.db --format $format
    exits $format 0 "$format is written"
    says_not $format.out MARKER "the marker is not in it"
done
run shown "$GAUNTLET" show "$sample" --db w.db
says shown.out redact_categories "show says that it withholds"
says_not shown.out MARKER "and does"
says shown.out "verdict " "verdicts stay"
run json "$GAUNTLET" show "$sample" --db w.db --json
says_not json.out MARKER "in JSON, too"
run other "$GAUNTLET" show "$other" --db w.db
says other.out OTHERWISE "other samples are shown"
run labels "$GAUNTLET" label export last --db w.db --limit 1000
says labels.out "A. " "answers of withheld categories are drawn"
says_not labels.out MARKER "but not told"


# ---- a server that quotes what it was sent, and requests that are only printed ----
manifest_of quoted
awk 'BEGIN { for (i = 1; i <= 40; i++) printf "{\"id\":\"q%d\",\"intent_id\":\"i%d\",\"intent\":\"x\",\"category\":\"%s\",\"attack\":\"a\",\"prompt\":\"%s %d\",\"extra\":{\"codeword\":\"C%d\"}}\n",
    i, i, i % 2 ? "A. Hidden" : "B. Shown", i % 2 ? "MARKER" : "OTHERWISE", i, i }' > quoted/samples.jsonl
suite_of quoted.yaml quoted 'errors: {max_rate: 1}'
printf 'version: 1\nfaults:\n  - {kind: 422, rate: 1, message: "cannot answer: MARKER 17"}\n' > refusing.yaml
run dry "$GAUNTLET" run quoted.yaml -c config.yaml --sim --dry-run 40
says dry.out OTHERWISE "--dry-run prints requests"
says dry.out 'its category is withheld' "says of withheld ones that they are"
says_not dry.out MARKER "and does not print them"
run dry-json "$GAUNTLET" run quoted.yaml -c config.yaml --sim --dry-run 40 --json
says_not dry-json.out MARKER "in JSON neither"
same "$(jq -c '[.requests[] | .withheld] | group_by(.) | map(length)' dry-json.out)" '[20,20]' "which says how many"
run quoting "$GAUNTLET" run quoted.yaml -c config.yaml --sim=refusing.yaml --select category=A -v --db q.db
same "$(sql q.db "SELECT count(*) FROM attempt WHERE message LIKE '%MARKER%'")" 20 "a server quoted what it was sent"
says_not quoting.err MARKER "no message of the run tells it"
says_not quoting.out MARKER "nor its table"
for format in text json csv markdown junit; do
    run "quoting-$format" "$GAUNTLET" report last --db q.db -f "$format" -v
    says_not "quoting-$format.out" MARKER "nor the report as $format"
done
run quoting-html "$GAUNTLET" report last --db q.db -o quoting.html --embed all --blur none
blocks quoting.html > quoting.blocks
says_not quoting.html MARKER "nor the page"
says_not quoting.blocks MARKER "nor its blocks"
same "$(jq -c '.endpoints[0].errors | map([.class, .message, .count])' quoting-json.out)" '[["invalid_request",null,20]]' "the errors are counted all the same"
for format in csv json; do
    run "rows-$format" "$GAUNTLET" report last --db q.db --format "$format" --rows --with-bodies
    says_not "rows-$format.out" MARKER "nor rows with texts as $format"
done
run shows "$GAUNTLET" show q1 --db q.db -v
says_not shows.out MARKER "show does not tell it either"

# ---- beside a baseline that may be compared ----
run first "$GAUNTLET" run suite.yaml --sim=profile.yaml --progress none --db b.db
run second "$GAUNTLET" run suite.yaml --sim=profile.yaml --progress none --db b.db
run beside "$GAUNTLET" report last --db b.db --baseline last~1 -o beside.html
exits beside 0 "a page beside a baseline is written"
says beside.html "\"base\":\"$(sql b.db "SELECT id FROM run ORDER BY started_at LIMIT 1")\"" "its verdict stands beside every trial"

run wrong "$GAUNTLET" report last --db w.db --embed some -o x.html
exits wrong 2 "a word that --embed does not know is refused"
says wrong.err "none of focus, all, none" "with those it knows"
run title "$GAUNTLET" report last --db w.db --title 'Nightly <b>7</b>' -o -
says title.out '<title>Nightly &lt;b&gt;7&lt;/b&gt;</title>' "--title names the page, -o - writes to standard output"
done_testing
