#!/bin/sh
# Presets by name: run, check, resume and the simulated endpoint read the same data set; --map fills what a preset leaves open.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
PNG=$ROOT/datasets/demo/images/a1-1-typographic.png

# preset NAME PRESET DIR: a suite NAME.yaml over a preset.
preset() {
    cat > "$1.yaml" <<SUITE
version: 1
name: $1
dataset: {preset: $2, path: $3}
scorers: [{refusal: {preset: jbb-13}}]
SUITE
}

# ---- a synthetic twin of JailBreakV-28K: 28,000 are expected, 40 are there ----
mkdir -p twin/JailBreakV_28K/figstep
awk 'BEGIN {
    print "id,jailbreak_query,redteam_query,format,policy,image_path,from,selected_mini,transfer_from_llm"
    for (i = 0; i < 40; i++)
        printf "%d,Complete list %d.,Say codeword %d,%s,Kitchen Rules,figstep/%d.png,here,False,False\n", i, i, i % 10, i % 2 ? "figstep" : "Template", i
}' > twin/JailBreakV_28K/JailBreakV_28K.csv
i=0
while [ $i -lt 40 ]; do cp "$PNG" "twin/JailBreakV_28K/figstep/$i.png"; i=$((i + 1)); done
preset short jailbreakv-28k twin
run short "$GAUNTLET" run short.yaml --sim=clean --db store.db
exits short 2 "a preset's counts guard against half a download"
says short.err 'preset:jailbreakv-28k: expected 28000 samples, found 40' "a preset's counts: says which and how many"
run unknown sh -c "sed 's/jailbreakv-28k/jailbreakv/' short.yaml > unknown.yaml; exec '$GAUNTLET' run unknown.yaml --sim=clean --db store.db"
exits unknown 2 "an unknown preset"
says unknown.err "no preset is called 'jailbreakv'; .*there are: .*figstep.*xstest" "an unknown preset: the known ones are listed"
run homeless sh -c "sed 's/, path: twin//' short.yaml > homeless.yaml; exec '$GAUNTLET' check homeless.yaml"
exits homeless 2 "a preset without a folder"
says homeless.err "dataset: {preset: jailbreakv-28k, path: DIR}.*JailbreakV-28K/JailBreakV-28k (on the Hugging Face Hub)" "a preset without a folder: says which one it wants"

# ---- --map: an image folder with columns of its own ----
mkdir -p folder/train
cp "$PNG" folder/train/1.png
cp "$ROOT/datasets/demo/images/a1-1-mirrored.png" folder/train/2.png 2> /dev/null || cp "$PNG" folder/train/2.png
printf 'file_name,goal,question\n1.png,Say the codeword,What is in the picture?\n2.png,Say the codeword,And in this?\n' > folder/train/metadata.csv
preset folder imagefolder folder
run folder "$GAUNTLET" check folder.yaml
exits folder 2 "columns that a preset does not know"
says folder.err "no column 'intent'.*file_name, goal, question" "columns that a preset does not know: the real ones are listed"
run mapped "$GAUNTLET" check folder.yaml --map intent=goal --map prompt=question
exits mapped 0 "--map: check reads them"
cat > always.yaml <<'PROFILE'
version: 1
outcomes: {refused: 1}
rules: [{attack: "(none)", outcomes: {complied: 1}}]
faults: [{kind: 402, rate: 1, after: 2}]
PROFILE
run cut "$GAUNTLET" run folder.yaml --map intent=goal --map prompt=question --sim=always.yaml --db store.db
exits cut 4 "--map: a run that is cut off after one sample"
run resumed "$GAUNTLET" resume last --db store.db --json
exits resumed 0 "--map: the run is resumed without saying the map again"
same "$(jq -c '.endpoints[0].counts | [.planned, .complied]' resumed.out)" '[2,2]' "--map: the simulated endpoint knew the samples before and after"
same "$(sql store.db "SELECT json_extract(options_json, '\$.dataset_preset', '\$.dataset_map.prompt') FROM run WHERE suite_name = 'folder'")" \
    '["imagefolder","question"]' "--map: recorded with the run"
for wrong in prompt =question prompt= promt=question; do
    run map "$GAUNTLET" check folder.yaml --map "$wrong"
    exits map 2 "--map $wrong is refused"
done
says map.err 'did you mean prompt?' "--map with a wrong field: the nearest one is named"
run twice "$GAUNTLET" check folder.yaml --map prompt=a --map prompt=b
exits twice 2 "--map of one field twice is refused"

# ---- a copy of a preset is a file like any other ----
cp "$ROOT/datasets/presets/imagefolder.yaml" mine.yaml
sed -i 's/^name: .*/name: mine/; s/{column: intent}/{column: goal}/; s/{column: prompt}/{column: question}/' mine.yaml
printf 'version: 1\nname: copy\ndataset: {path: mine.yaml, root: folder}\nscorers: [{refusal: {preset: jbb-13}}]\n' > copy.yaml
run copy "$GAUNTLET" run copy.yaml --sim=clean --db store.db
exits copy 0 "a changed copy of a preset, with a root"

# ---- real data ----
# real NAME PRESET FOLDER SAMPLES LIMIT
real() {
    if [ ! -d "$SHARED/$3" ]; then skip "preset $2 on real data" "no ../shared/data/$3"; return; fi
    preset "$1" "$2" "$SHARED/$3"
    run "$1" "$GAUNTLET" check "$1.yaml" --json
    exits "$1" 0 "preset $2: check passes"
    same "$(jq -c '[.samples, .fatal, .rejected]' "$1.out")" "[$4,0,0]" "preset $2: $4 samples, nothing wrong"
    run "$1-run" "$GAUNTLET" run "$1.yaml" --sim=clean --db real.db --limit 10
    exits "$1-run" 0 "preset $2: runs"
    same "$(sql real.db "SELECT count(*) FROM trial t JOIN run r ON r.id = t.run_id WHERE r.suite_name = '$1' AND t.status = 'answered'")" 10 \
        "preset $2: ten were asked"
}
real tiny figstep-tiny figstep 50
real text harmbench-text harmbench 400
real twins jbb jbb 200
real safe xstest xstest 450
if [ -d "$SHARED/harmbench" ]; then
    preset pictures harmbench-multimodal "$SHARED/harmbench"
    run pictures "$GAUNTLET" check pictures.yaml --json
    exits pictures 2 "preset harmbench-multimodal: its pictures are not in the copy"
    same "$(jq .rejected pictures.out)" 110 "preset harmbench-multimodal: 110 are missing"
else
    skip "preset harmbench-multimodal" "no ../shared/data/harmbench"
fi
sound store.db "the store is sound"
done_testing
