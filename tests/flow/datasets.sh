#!/bin/sh
# Looking at data sets: ls datasets, show dataset:NAME, show PATH.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
CORPUS=$ROOT/tests/fuzz/corpus/image

mkdir -p datasets/mine/images datasets/broken
cp "$CORPUS/png" datasets/mine/images/a.png; cp "$CORPUS/jpeg" datasets/mine/images/b.jpg
cp "$CORPUS/lfs" datasets/mine/images/c.png
cat > datasets/mine/dataset.yaml <<'SET'
gauntlet_dataset: 1
name: mine
version: "3"
format: jsonl
files: [{path: samples.jsonl}]
licence: {id: CC0-1.0, file: LICENSE, redistribute: true}
source: {kind: github, id: some/where, path: data, revision: 0123456789abcdef0123456789abcdef01234567}
citation: "A. Author: A Set, 2026"
SET
# line ID INTENT CATEGORY SUBCATEGORY ATTACK IMAGES
line() { printf '{"id":"%s","intent_id":"%s","intent":"x","prompt":"p","category":"%s","subcategory":"%s","attack":"%s","images":[%s]}\n' "$@"; }
{ line 1 i1 A A1 typographic '"images/a.png"'
  line 2 i1 A A1 mirrored '"images/b.jpg"'
  line 3 i1 A A2 mirrored '"images/a.png","images/b.jpg"'
  line 4 i2 A A2 typographic ''
  line 5 i3 B B1 typographic '"images/a.png"'
  line 6 i4 B B1 typographic '"images/c.png"'; } > datasets/mine/samples.jsonl
echo 'gauntlet_dataset: 1' > datasets/broken/dataset.yaml

run ls "$GAUNTLET" ls datasets
exits ls 0 "ls datasets"
says ls.out '^mine  *3  *?  *CC0-1.0  *datasets/mine/dataset.yaml$' "ls datasets: a folder"
says ls.out '^datasets/broken/dataset.yaml .*needs the key' "ls datasets: a folder that does not load, and why"
says ls.out '^phantom  *0  *47524  *unknown  *preset:phantom (unverified)$' "ls datasets: a preset, and that nobody has checked it"
run lsj "$GAUNTLET" ls datasets --json
same "$(jq '[.datasets[] | select(.preset)] | length' lsj.out)" "$(find "$ROOT/datasets/presets" -name '*.yaml' | wc -l | tr -d ' ')" "ls datasets: every preset of the project"

run show "$GAUNTLET" show dataset:mine --json
exits show 0 "show dataset:NAME"
same "$(jq -c '[.samples, .rejected, .intents, .samples_per_intent.min, .samples_per_intent.median, .samples_per_intent.max]' show.out)" '[6,1,3,1,1,3]' \
    "show: samples, rejected ones, intents, samples of an intent"
same "$(jq -c '[.categories[] | [.key, .samples, .intents]]' show.out)" '[["A",4,2],["B",1,1]]' "show: categories of what can be sent"
same "$(jq -c '[.subcategories[] | [.key, .samples, .intents]]' show.out)" '[["A1",2,1],["A2",2,2],["B1",1,1]]' "show: subcategories"
same "$(jq -c '[.attacks[] | [.key, .samples]]' show.out)" '[["typographic",3],["mirrored",2]]' "show: attacks"
same "$(jq -c '[.images.references, .images.distinct, [.images.types[] | [.type, .count]]]' show.out)" '[5,2,[["image/png",1],["image/jpeg",1]]]' \
    "show: images, each once"
same "$(jq -r .content_hash show.out)" "$(cd datasets/mine && sha256sum images/a.png images/b.jpg samples.jsonl | sha256sum | cut -d' ' -f1)" "show: the content hash is that of sha256sum"
run text "$GAUNTLET" show datasets/mine
exits text 0 "show PATH"
says text.out '^licence  *CC0-1.0 (LICENSE), may be passed on$' "show: the licence"
says text.out '^source  *github: some/where, data @ 0123456789abcdef' "show: the source"
says text.out '^cite  *A. Author: A Set, 2026$' "show: what to cite"
says text.out '^samples  *6; 1 cannot be sent' "show: what cannot be sent"
says text.out '^per intent  *1 / 1 / 3 ' "show: samples of an intent"
says text.out '^A2  *2  *2$' "show: a subcategory"

run preset "$GAUNTLET" show dataset:figstep
exits preset 0 "show of a preset without data"
says preset.out '^samples  *500, as published$' "a preset: how many were published"
says preset.out 'show dataset:figstep DIR' "a preset: how to look into a copy"
mkdir -p folder; cp datasets/mine/images/a.png folder/
printf 'file_name,intent,question\na.png,x,y\n' > folder/metadata.csv
run data "$GAUNTLET" show dataset:imagefolder folder --map prompt=question
exits data 0 "show of a preset with a folder of data"
says data.out '^samples  *1$' "a preset with data: what is in it"
run nothing "$GAUNTLET" show dataset:nothing
exits nothing 2 "show of a data set that there is not"
says nothing.err "no preset is called 'nothing'" "show of a data set that there is not: says so"
run folder "$GAUNTLET" show last folder
exits folder 2 "a folder beside something that is no data set"
done_testing
