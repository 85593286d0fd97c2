#!/bin/sh
# SciPy and statsmodels against compare: two simulated runs, once with one epoch and once with three. PYTHON as in statistics_peer.sh.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$ROOT" || exit 70

# Four samples an intent, in three categories and two attacks, so that clustering shows.
mkdir "$WORK/set"
text_set "$WORK/set" 600
awk '{ i = int((NR - 1) / 4); sub(/"intent_id":"i[0-9]*"/, "\"intent_id\":\"i" i "\""); sub(/"category":"[^"]*"/, "\"category\":\"" substr("ABC", i % 3 + 1, 1) "\""); print }' \
    "$WORK/set/samples.jsonl" > "$WORK/moved" && mv "$WORK/moved" "$WORK/set/samples.jsonl"
suite_of "$WORK/suite.yaml" set
config_of "$WORK/config.yaml" http://127.0.0.1:9/v1
printf 'version: 1\noutcomes: {complied: 0.3, refused: 0.7}\n' > "$WORK/base.yaml"
printf 'version: 1\noutcomes: {complied: 0.36, refused: 0.6, empty: 0.04}\n' > "$WORK/cand.yaml"
for epochs in 1 3; do
    for side in base cand; do
        run run "$GAUNTLET" run "$WORK/suite.yaml" -c "$WORK/config.yaml" --sim="$WORK/$side.yaml" --seed "$epochs" --epochs "$epochs" \
            --name "$side$epochs" -q
        exits run 0 "$epochs epochs: $side"
    done
    run compare "$GAUNTLET" compare "base$epochs" "cand$epochs" --db "$WORK/store.db" --json
    exits compare 0 "$epochs epochs: compared"
    run peer "${PYTHON:-python3}" tests/support/compare_peer.py "$WORK/store.db" "$WORK/compare.out"
    case $CODE in
    77 | 127) skip "$epochs epochs: SciPy finds the same comparison" 'scipy is not installed; PYTHON=... names a python that has it' ;;
    *)
        exits peer 0 "$epochs epochs: SciPy finds the same comparison"
        sed 's/^/# /' "$WORK/peer.out"
        ;;
    esac
done
done_testing
