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
