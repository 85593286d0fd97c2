#!/bin/sh
# check: every code on small crafted sets, the limits of endpoints, the identities, and what a run makes of them.
# shellcheck disable=SC2016,SC2129 # backquotes belong to the messages; one row a line is clearer
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
HERE=$(cd "$(dirname "$0")" && pwd)
cd "$WORK" || exit 70
CORPUS=$ROOT/tests/fuzz/corpus/image

# image SET NAME KIND: a picture of the corpus as a file of the set.
image() { mkdir -p "$1/images"; cp "$CORPUS/$3" "$1/images/$2"; }
# row SET ID IMAGE [MEMBERS]: one line of samples.jsonl.
row() {
    printf '{"id":"%s","intent_id":"i-%s","intent":"Say codeword %s","category":"A. Rows","prompt":"Say %s."%s%s}\n' \
        "$2" "$2" "$2" "$2" "${3:+,\"images\":[\"images/$3\"]}" "${4:+,$4}" >> "$1/samples.jsonl"
}
suite() {
    printf 'version: 1\nname: %s\ndataset: %s\nscorers: [{refusal: {preset: jbb-13}}]\n%s\n' "$1" "$2" "${3:-}" > "$1.yaml"
}
# fatal NAME CODE PATTERN SENTENCE: check of NAME.yaml ends at once.
fatal() {
    run "$1" "$GAUNTLET" check "$1.yaml" --json
    exits "$1" 2 "$4: exit 2"
    says "$1.err" "$3" "$4: says where and what"
    same "$(jq -r '[.findings[] | select(.outcome == "fatal").code] | join(",")' "$1.out")" "$2" "$4: $2"
}

# ---- a set with everything wrong that can be sent nevertheless, or not ----
text_set all 0
printf 'taxonomy: taxonomy.yaml\ncontent_hash: "sha256:%064d"\nexpect: {samples: 99}\nverified: false\n' 0 >> all/dataset.yaml
printf -- '- {category: A. Rows, subcategories: [A1. First]}\n' > all/taxonomy.yaml
image all good.png png; image all web.png webp; image all cut.png png_cut; image all lfs.png lfs; image all page.png html
image all huge.png png_huge; image all moving.png apng; image all turned.jpg jpeg_exif; image all inks.jpg jpeg_cmyk
image all tail.png png_trailing; image all error.jpg json; image all empty.png empty; image all frames.gif gif_animated
row all good good.png '"twin":"alone"'
row all extension web.png
row all truncated cut.png
row all pointer lfs.png
row all page page.png
row all error error.jpg
row all empty empty.png
row all huge huge.png
row all animated moving.png
row all frames frames.gif
row all turned turned.jpg
row all inks inks.jpg
row all tail tail.png
row all missing good.jpg
row all same good.png
printf '["no object"]\n' >> all/samples.jsonl
printf '{"id":"bytes","intent":"x","prompt":"a\377b"}\n{"id":"wish","prompt":"no intent"}\n{"id":"nothing","intent":"x"}\n' >> all/samples.jsonl
printf '{"id":"bell","intent":"x","prompt":"a\\u0007b"}\n{"id":"bell2","intent":"x","prompt":"a\\u0007b"}\n' >> all/samples.jsonl
printf '{"id":"odd","intent_id":"i-good","intent":"another","prompt":"y","category":"A. Row"}\n' >> all/samples.jsonl
suite all all
cat > limits.yaml <<'CONFIG'
version: 1
endpoints:
  - {name: roomy, protocol: openai-chat, base_url: "http://127.0.0.1:9/v1", model: m}
  - {name: tight, protocol: openai-chat, base_url: "http://127.0.0.1:9/v1", model: m, limits: {max_request_bytes: 330, max_images: 1}}
  - {name: choosy, protocol: openai-chat, base_url: "http://127.0.0.1:9/v1", model: m, limits: {image_formats: [png, jpeg]}}
CONFIG
run all "$GAUNTLET" check all.yaml -c limits.yaml -e roomy
exits all 2 "a set with everything wrong"
golden all.out "$HERE/check.table.exact" "the table: problems, worst first, with three examples"
run verbose "$GAUNTLET" check all.yaml -c limits.yaml -e roomy -v
golden verbose.out "$HERE/check.verbose.exact" "-v: more examples, and notes"
run machine "$GAUNTLET" check all.yaml -c limits.yaml -e roomy --json
exits machine 2 "--json: the same exit"
same "$(jq -r '.problems[] | [.code, .outcome, .count] | join(" ")' machine.out)" \
    "$(awk '/^[EDS][0-9]/ { print $1, $2, $3 }' verbose.out)" "--json: the counts of the table"
same "$(jq '.findings | length' machine.out)" "$(jq '[.problems[].count] | add' machine.out)" "--json: every finding is listed"
same "$(jq -c '[.samples, .rejected_samples, .sample_set_sha256]' machine.out)" '[22,11,null]' "--json: rejected samples leave the sample set open"
run relaxed "$GAUNTLET" check all.yaml -c limits.yaml -e roomy --json --accept-changed --strict-taxonomy
same "$(jq -r '[.findings[] | select(.code == "D4").outcome] | join(",")' relaxed.out)" warn "--accept-changed: another content hash is a warning"
same "$(jq -r '[.findings[] | select(.code == "D8") | .outcome + " " + .sample] | join(",")' relaxed.out)" 'reject bell,reject bell2,reject odd' \
    "--strict-taxonomy: a sample of an unknown category is rejected"

# ---- what ends a check ----
text_set yaml 1 && suite yaml yaml && echo 'colums: {}' >> yaml/dataset.yaml
fatal yaml D1 'yaml/dataset.yaml:8:1: unknown key `colums`' "an unknown key in dataset.yaml"
text_set column 0 && suite column column
sed -i 's/jsonl$/csv/; s/samples.jsonl/rows.csv/' column/dataset.yaml
echo 'columns: {id: {column: id}, prompt: {column: promt}}' >> column/dataset.yaml
printf 'id,prompt\na,b\n' > column/rows.csv
fatal column D1 "no column 'promt'.*there are: id, prompt" "a column that is not there"
text_set file 0 && suite file file && rm file/samples.jsonl
fatal file D2 'samples.jsonl' "a data file that is not there"
cp -r column quote && suite quote quote && sed -i 's/promt/prompt/; s/^name.*/name: quote/' quote/dataset.yaml
printf 'id,prompt\na,"never closed\n' > quote/rows.csv
fatal quote D2 'rows.csv:2: .*quote' "a quote that is never closed"
text_set twice 2 && suite twice twice && sed 's/s2/s1/' twice/samples.jsonl > t && mv t twice/samples.jsonl
fatal twice D6 "samples.jsonl:2: the id is there twice: 's1', first at samples.jsonl:1" "an id twice"

# ---- endpoints ----
text_set sizes 0
image sizes good.png png; image sizes web.webp webp
row sizes small ''
row sizes one good.png
row sizes web web.webp
printf '{"id":"two","intent":"x","prompt":"p","images":["images/good.png","images/web.webp"]}\n' >> sizes/samples.jsonl
suite sizes sizes
run sizes "$GAUNTLET" check sizes.yaml -c limits.yaml --json
exits sizes 2 "samples that an endpoint does not take"
same "$(jq -r '.findings[] | select(.code == "S9" and .outcome == "reject") | .subject + " " + .sample + ": " + .message' sizes.out)" \
"choosy web: image 'images/web.webp' is image/webp, which endpoint 'choosy' does not take: it would be skipped there
tight two: 2 images, and endpoint 'tight' takes 1: it would be skipped there
choosy two: image 'images/web.webp' is image/webp, which endpoint 'choosy' does not take: it would be skipped there" "which, where and why"
same "$(jq -c '[.endpoints[] | [.name, .skipped]]' sizes.out)" '[["roomy",0],["tight",1],["choosy",2]]' "how many would be skipped where"
run roomy "$GAUNTLET" check sizes.yaml -c limits.yaml -e roomy --json
exits roomy 0 "-e: an endpoint that takes all of them"
same "$(jq -r '[.findings[] | select(.code == "S9") | .outcome] | join(",")' roomy.out)" note "an endpoint without a limit: a note with the largest request"
largest=$(jq '.endpoints[0].largest_request_bytes' roomy.out)
sed "s/max_request_bytes: 330, max_images: 1/max_request_bytes: $largest/" limits.yaml > exact.yaml
run near "$GAUNTLET" check sizes.yaml -c exact.yaml -e tight --json
exits near 0 "a limit that is just enough"
same "$(jq -r '[.findings[] | select(.code == "S9") | .outcome + " " + .sample] | join(",")' near.out)" 'warn one,warn two' "a limit that is just enough: a warning"
sed "s/max_request_bytes: 330, max_images: 1/max_request_bytes: $((largest - 1))/" limits.yaml > short.yaml
run over "$GAUNTLET" check sizes.yaml -c short.yaml -e tight --json
exits over 2 "a limit that is a byte short"
run stranger "$GAUNTLET" check sizes.yaml -c limits.yaml -e tigt
exits stranger 2 "-e with an unknown name"
says stranger.err "no endpoint is called 'tigt'; did you mean tight?" "-e with an unknown name: the nearest one is named"
run stranger "$GAUNTLET" check sizes.yaml -c limits.yaml -e somebody
says stranger.err "no endpoint is called 'somebody'; there are: .*tight" "-e with a name like no other: the known ones are listed"
# The very bytes: a server that logs what it gets.
start_sim --profile clean
sed "s|http://127.0.0.1:9/v1|$SIM_URL|; s/max_request_bytes: 330, max_images: 1/max_request_bytes: $largest/" limits.yaml > real.yaml
run real "$GAUNTLET" run sizes.yaml -c real.yaml --db real.db
exits real 0 "the same samples are asked"
same "$(curl -s "${SIM_URL%/v1}/sim/log" | jq '[.[].body_bytes] | max')" "$largest" "the largest request is the one that check told, to the byte"
same "$(sql real.db "SELECT e.name, s.key, t.reason FROM trial t JOIN endpoint e ON e.id = t.endpoint_id JOIN sample s ON s.id = t.sample_id WHERE t.status = 'skipped' ORDER BY 2")" \
"choosy|two|image_format
choosy|web|image_format" "what check rejected for an endpoint is skipped there"

# ---- identities ----
content=$(jq -r .content_hash roomy.out) set=$(jq -r .sample_set_sha256 roomy.out)
same "$(cd sizes && sha256sum images/good.png images/web.webp samples.jsonl | sha256sum | cut -d' ' -f1)" "$content" "the content hash is that of sha256sum"
sed "s|http://127.0.0.1:9/v1|$SIM_URL|" limits.yaml > whole.yaml
run whole "$GAUNTLET" run sizes.yaml -c whole.yaml --db real.db -e roomy
same "$(sql real.db "SELECT DISTINCT sample_set_sha256 FROM run")" "$set" "the sample set is that of the run"
suite part "$ROOT/datasets/demo" 'select: {limit: 40, order: stratified, seed: 3}'
run part "$GAUNTLET" check part.yaml --json
exits part 0 "a selection"
same "$(jq -c '[.selected.samples, .samples]' part.out)" '[40,253]' "a selection: 40 of 253"
run part-run "$GAUNTLET" run part.yaml --sim=clean --db real.db
same "$(sql real.db "SELECT sample_set_sha256 FROM run WHERE suite_name = 'part'")" "$(jq -r .sample_set_sha256 part.out)" "a selection: the sample set of the run"

# ---- what a scorer needs ----
text_set words 3 && sed -i 's/,"extra":{"codeword":"CODEWORD2"}//' words/samples.jsonl && suite_of words.yaml words
run words "$GAUNTLET" check words.yaml --json
exits words 2 "a sample without the codeword that its scorer looks for"
same "$(jq -r '.findings[] | select(.outcome == "reject") | [.code, .where, .subject] | join(" ")' words.out)" 'S1 samples.jsonl:2 canary' "found by check as by run"
says_not all.out "$(printf '\a')" "no control character of the data reaches the terminal"
# ---- judges: not under test, and what they will be asked ----
cat > "$WORK/judged.yaml" <<YAML
version: 1
store: $WORK/none.db
endpoints:
  - {name: target, protocol: openai-chat, base_url: "http://127.0.0.1:9/v1", model: m, price: {input: 1, output: 1}}
  - {name: judge-a, protocol: openai-chat, base_url: "http://127.0.0.1:9/v1", model: ja, price: {input: 1, output: 1}}
  - {name: judge-b, protocol: openai-chat, base_url: "http://127.0.0.1:9/v1", model: jb}
YAML
printf 'version: 1\nname: judged\ndataset: %s\nselect: {limit: 10}\nscorers:\n  - strongreject: {judges: [judge-a], fallback: [judge-b]}\n' "$ROOT/datasets/demo" > "$WORK/judged-suite.yaml"
run judged "$GAUNTLET" check "$WORK/judged-suite.yaml" -c "$WORK/judged.yaml" --json
same "$(jq -c '[[.endpoints[].name], [.judges[] | [.name, .estimate.questions, .estimate.cost_usd.high > 0]]]' judged.out)" '[["target"],[["judge-a",10,true]]]' \
    "what the suite names as judges is not under test, and their questions are estimated"
run judged "$GAUNTLET" check "$WORK/judged-suite.yaml" -c "$WORK/judged.yaml"
says judged.out 'estimate    judge-a, judging: 10 questions, [$]' "in words, too"
done_testing
