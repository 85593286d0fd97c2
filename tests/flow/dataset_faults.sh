#!/bin/sh
# Data sets that are not what they should be: found before anything is sent, with file and line; --skip-invalid leaves out and counts.
# shellcheck disable=SC2016 # backquotes belong to the messages
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
PNG=$ROOT/datasets/demo/images/a1-1-typographic.png
OTHER=$ROOT/datasets/demo/images/b1-1-typographic.png

# set_of NAME: an empty native set with a suite NAME.yaml; its rows are written by row.
set_of() {
    text_set "$1" 0
    mkdir -p "$1/images"
    suite_of "$1.yaml" "$1"
}
# row ID [IMAGE]
row() {
    printf '{"id":"%s","intent_id":"i-%s","intent":"Say the codeword","category":"A. Rows","prompt":"Say GINGER.","extra":{"codeword":"GINGER"}' "$1" "$1"
    if [ $# -gt 1 ]; then printf ',"images":["%s"]' "$2"; fi
    echo '}'
}
# try NAME [OPTION…]: runs NAME.yaml against the simulated endpoint.
try() {
    try_name=$1; shift
    run "$try_name" "$GAUNTLET" run "$try_name.yaml" --sim=clean --db store.db "$@"
}
# rejected NAME PATTERN SENTENCE: the run refuses to start and leaves nothing behind.
rejected() {
    try "$1"
    exits "$1" 2 "$3: exit 2"
    says "$1.err" "$2" "$3: says where and what"
    same "$(sql store.db "SELECT count(*) FROM run WHERE suite_name = '$1'")" 0 "$3: no run is left"
}
run empty "$GAUNTLET" ls --db store.db
exits empty 2 "there is no store yet"
text_set first 1 && suite_of first.yaml first
try first
exits first 0 "a good set runs"

# ---- rows ----
set_of json; { row a; row b; echo '{"id":"c", oops'; row d; } > json/samples.jsonl
rejected json '^error: samples.jsonl:3: \[D3\] ' "JSON that breaks off"
says json.err 'skip-invalid' "JSON that breaks off: says what to do"
try json --skip-invalid
exits json 0 "--skip-invalid runs the rest"
says json.err '^warning: samples.jsonl:3: ' "--skip-invalid names what it left out"
says json.out '1 samples excluded as invalid' "--skip-invalid: the table says how many are missing"
same "$(sql store.db "SELECT excluded, (SELECT count(*) FROM trial WHERE run_id = run.id) FROM run WHERE suite_name = 'json'")" '1|3' "--skip-invalid: one counted, three planned"
same "$(sql store.db "SELECT json_extract(detail_json, '\$.code') FROM event WHERE kind = 'excluded'")" D3 "--skip-invalid: the row and its code are recorded"
run json-report "$GAUNTLET" report last --db store.db -f json
same "$(jq .run.excluded json-report.out)" 1 "--skip-invalid: the JSON summary counts it"

set_of bytes; { row a; row b | sed "s/GINGER\\./$(printf '\377\376')/"; } > bytes/samples.jsonl
rejected bytes 'samples.jsonl:2: \[S2\] .*FF at offset' "bytes that are not UTF-8"
sed -i 's/^format/on_bad_utf8: replace\nformat/' bytes/dataset.yaml
try bytes
exits bytes 0 "on_bad_utf8: replace sends them repaired"
same "$(sql store.db "SELECT hex(substr(prompt, 5)) FROM sample WHERE key = 'b' AND prompt LIKE 'Say _%' AND instr(prompt, 'GINGER') = 0")" EFBFBDEFBFBD "on_bad_utf8: replace: stored as U+FFFD"

set_of twice; { row a; row b; row a; } > twice/samples.jsonl
rejected twice "samples.jsonl:3: .*'a', first at samples.jsonl:1" "duplicate id"
try twice --skip-invalid
exits twice 2 "duplicate id: not even --skip-invalid runs it"
run twice-check "$GAUNTLET" check twice.yaml --json
exits twice-check 2 "duplicate id: check finds it too"
same "$(jq -r '.fatal, (.findings[] | select(.outcome == "fatal").message)' twice-check.out | grep -c "^1$\|samples.jsonl:3")" 2 "duplicate id: check --json names it"

set_of bom; { printf '\357\273\277'; row a; echo; row b; } | sed 's/$/\r/' > bom/samples.jsonl
try bom
exits bom 0 "BOM, CRLF and blank lines are read"
same "$(sql store.db "SELECT group_concat(key || ':' || row || ':' || length(prompt)) FROM (SELECT s.* FROM sample s JOIN dataset d ON d.id = dataset_id WHERE d.name = 'bom' ORDER BY row)")" \
    'a:1:11,b:3:11' "BOM, CRLF and blank lines: nothing of them in the samples, lines counted"

# ---- CSV ----
text_set csv 0; rm csv/samples.jsonl; suite_of csv.yaml csv
sed -i 's/^format.*/format: csv/; s/samples.jsonl/rows.csv/' csv/dataset.yaml
cat >> csv/dataset.yaml <<'COLUMNS'
columns:
  id: {column: id}
  intent: {column: intent}
  category: {column: category}
  prompt: {column: prompt}
  extra: {columns: [codeword]}
COLUMNS
printf '\357\273\277id,intent,category,prompt,codeword\r\na,i1,c,"one\n""two""\r\nthree",X\r\nb,i2,c,plain,Y' > csv/rows.csv
try csv
exits csv 0 "CSV with BOM, CRLF, quoted newlines and no last line end is read"
same "$(sql store.db "SELECT group_concat(hex(prompt)) FROM (SELECT s.prompt FROM sample s JOIN dataset d ON d.id = dataset_id WHERE d.name = 'csv' ORDER BY s.key)")" \
    6F6E650A2274776F220D0A7468726565,706C61696E "CSV: newlines in cells are kept as they are"
printf 'id,intent,category,prompt,codeword\na,i1,c,p,X\nb,i2,c,p\nc,i3,c,p,X\n' > csv/rows.csv
try csv
exits csv 2 "CSV row with a missing field: exit 2"
says csv.err 'rows.csv:3: \[D3\] ' "CSV row with a missing field: says where"
printf 'id,intent,category,prompt,codeword\na,i1,c,"never closed,X\nb,i2,c,p,Y\n' > csv/rows.csv
try csv
exits csv 2 "CSV quote that never closes: exit 2"
says csv.err 'rows.csv:2: .*quote' "CSV quote that never closes: says where it opened"
printf 'id,intent,category,text,codeword\na,i1,c,p,X\n' > csv/rows.csv
try csv
exits csv 2 "CSV without a mapped column: exit 2"
says csv.err "prompt.*text\|text.*prompt" "CSV without a mapped column: lists the real ones"

# ---- where it is from ----
set_of hub; row a > hub/samples.jsonl
echo 'source: {kind: hf, id: org/set}' >> hub/dataset.yaml
sed -i '/^source: {kind: local/d' hub/dataset.yaml
rejected hub 'dataset.yaml:[0-9]*:1: a set of the Hub needs its .revision.' "a set of the Hub without its commit"
sed -i 's|org/set|org/set, revision: 0123456789abcdef0123456789abcdef01234567|' hub/dataset.yaml
try hub
exits hub 0 "a set of the Hub with its commit runs"

# ---- images ----
set_of images; cp "$PNG" images/images/good.png; cp "$PNG" outside.png
: > images/images/zero.png
ln -s ../../outside.png images/images/link.png
printf 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n' > images/images/lfs.png
{ row good images/good.png; row missing images/none.png; row dots ../outside.png; row absolute "$WORK/outside.png"
  row link images/link.png; row zero images/zero.png; row lfs images/lfs.png; } > images/samples.jsonl
rejected images 'samples.jsonl:2: \[S3\] .*none.png.* is not there' "missing image"
says images.err 'samples.jsonl:3: \[S3\] .*`\.\.` is refused' "image path that climbs out: refused"
says images.err 'samples.jsonl:4: \[S3\] .*absolute paths are refused' "absolute image path: refused"
says images.err 'samples.jsonl:5: \[S3\] .*leads outside' "symbolic link that leads out: refused"
says images.err 'samples.jsonl:6: \[S4\] .*empty file' "image of 0 bytes: refused"
run images-check "$GAUNTLET" check images.yaml
exits images-check 2 "check refuses the same images"
says images-check.out 'samples.jsonl:7: .*Git LFS pointer' "a Git LFS pointer is no image"
try images --skip-invalid
exits images 0 "--skip-invalid sends the good image"
same "$(sql store.db "SELECT s.key, t.status FROM trial t JOIN run r ON r.id = t.run_id JOIN sample s ON s.id = t.sample_id WHERE r.suite_name = 'images'")" \
    'good|answered' "--skip-invalid: nothing but the good one was asked"
same "$(sql store.db "SELECT i.sha256 FROM image i JOIN sample s ON s.id = sample_id WHERE s.key = 'good'")" "$(openssl dgst -sha256 -r "$PNG" | cut -d' ' -f1)" \
    "the image's SHA-256 is stored"

# A whole WebP of one pixel.
set_of webp
printf 'RIFF\044\000\000\000WEBPVP8 \030\000\000\000\060\001\000\235\001\052\001\000\001\000\002\000\064\045\244\000\003\160\000\376\373\224\000\000' > webp/images/pixel.png
row pixel images/pixel.png > webp/samples.jsonl
run webp-check "$GAUNTLET" check webp.yaml
exits webp-check 0 "WebP under .png: check passes"
says webp-check.out 'pixel.png. is image/webp by its bytes' "WebP under .png: check warns"
run webp-body "$GAUNTLET" run webp.yaml --sim=clean --db store.db --dry-run
says webp-body.out 'data:image/webp;base64' "WebP under .png: the request says image/webp"
try webp
exits webp 0 "WebP under .png is sent"
same "$(sql store.db "SELECT mime, width, height FROM image WHERE path LIKE '%pixel.png'")" 'image/webp|1|1' "WebP under .png: stored as what it is"

# ---- a line of 1 GB: refused at once, in bounded memory ----
set_of line
{ row a; head -c 20000000 /dev/zero | tr '\0' x; } > line/samples.jsonl
truncate -s 1G line/samples.jsonl
case $GAUNTLET in
*asan*|*tsan*|*coverage*) memory=unlimited; skip "a line of 1 GB: memory is limited" "the sanitizer needs all of the address space" ;;
*) memory=300000; ok "a line of 1 GB: memory is limited to $memory KiB" ;;
esac
run line timeout 10 sh -c 'ulimit -v "$1"; shift; exec "$@"' sh "$memory" "$GAUNTLET" run line.yaml --sim=clean --db store.db
exits line 2 "a line of 1 GB: exit 2"
says line.err 'samples.jsonl:2: .*longer than' "a line of 1 GB: says where and the limit"
rm line/samples.jsonl
try line
exits line 2 "a data file that is not there: exit 2"
says line.err 'samples.jsonl' "a data file that is not there: named"
rm -r line
try line
exits line 2 "a data set that is not there: exit 2"

# ---- files that change between planning and sending: what was planned is not quietly replaced ----
set_of moved
for name in keeps goes changes empties; do cp "$PNG" "moved/images/$name.png"; row "$name" "images/$name.png"; done > moved/samples.jsonl
start_sim --profile "$ROOT/tests/profiles/401.yaml"
echo wrong-key-0123456789 > key
config_of moved-config.yaml "$SIM_URL" 'api_key: file:key'
run moved "$GAUNTLET" run moved.yaml -c moved-config.yaml --db moved.db -q
exits moved 3 "planned, and turned away by the endpoint: exit 3"
rm moved/images/goes.png
cp "$OTHER" moved/images/changes.png
: > moved/images/empties.png
echo test-key > key
run moved "$GAUNTLET" resume last -c moved-config.yaml --db moved.db
exits moved 0 "the resume goes on without the files that changed"
same "$(sql moved.db "SELECT s.key || ' ' || t.status || ' ' || coalesce(t.reason, '') FROM trial t JOIN sample s ON s.id = sample_id ORDER BY 1")" \
    "$(printf 'changes skipped image_changed\nempties skipped not_an_image\ngoes skipped image_missing\nkeeps answered ')" \
    "each is skipped with its reason"
same "$(sql moved.db "SELECT count(*) FROM event WHERE kind IN ('image_changed', 'not_an_image', 'image_missing')")" 3 "each is explained among the events"
sound moved.db "the store with skipped trials is sound"
cp "$PNG" moved/images/goes.png
cp "$PNG" moved/images/changes.png
run moved "$GAUNTLET" resume last -c moved-config.yaml --db moved.db
says moved.err 'nothing pending' "a resume leaves what was skipped alone"
says moved.err '0 trials failed and 3 were skipped; --retry-failed' "and says how to take it up again"
run moved "$GAUNTLET" resume last --retry-failed -c moved-config.yaml --db moved.db
exits moved 0 "--retry-failed takes up what was skipped"
same "$(sql moved.db "SELECT group_concat(s, ' ') FROM (SELECT s.key || ' ' || t.status AS s FROM trial t JOIN sample s ON s.id = sample_id ORDER BY 1)")" \
    'changes answered empties skipped goes answered keeps answered' "files that are back are sent, the others skipped again"

# ---- a whole folder that is not there today: nothing is skipped for good ----
set_of away
for i in $(seq 30); do cp "$PNG" "away/images/$i.png"; row "$i" "images/$i.png"; done > away/samples.jsonl
echo wrong-key-0123456789 > key
start_sim --profile "$ROOT/tests/profiles/401.yaml"
config_of away-config.yaml "$SIM_URL" 'api_key: file:key'
run away "$GAUNTLET" run away.yaml -c away-config.yaml --db away.db -q
exits away 3 "planned, and turned away by the endpoint: exit 3"
echo test-key > key
mv away/images elsewhere && mkdir away/images
sum=$(sql away.db .dump | cksum)
run away "$GAUNTLET" resume last -c away-config.yaml --db away.db
exits away 2 "a resume without its folder of images: exit 2"
says away.err "none of the images .* is in '.*/away', where data set 'away' was: bring the folder back" "a resume without its folder of images: says which"
same "$(sql away.db .dump | cksum)" "$sum" "a resume without its folder of images: the store is as it was"
rmdir away/images && mv elsewhere away/images
run away "$GAUNTLET" resume last -c away-config.yaml --db away.db
exits away 0 "once the folder is back the run is finished"
same "$(sql away.db "SELECT status, count(*) FROM trial GROUP BY 1")" 'answered|30' "once the folder is back every trial is answered"
sound away.db "the store whose folder was away is sound"

sound store.db "after all of it the store is sound"
done_testing
