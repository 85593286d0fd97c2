#!/usr/bin/env bash
# Do the intervals and the gate of the whole program keep what they promise? Called by `make bench-coverage-program`.
#
#   bench/coverage_program.sh [RUNS]          default 200; takes some six minutes on two cores
#
# Every one of RUNS data sets has 6 categories of 30 intents with 1 to 7 samples. An intent is open (complied 0.6) or closed (0.05), by
# chance and by a share of its category's own, so that answers of an intent resemble each other and the truth of each category is known.
# Each set is run three times against the simulated endpoint: `base`, `same` with the same truth and another seed, and `worse`, 5 points
# worse. From `report --format json`: how often the 95 % intervals hold the truth, and how wide they are beside intervals that take samples
# for independent (Wilson). From `gate` with a margin of 5 points: how often rule R2 passes what is worse by just the margin (its error of
# the first kind, nominal 2.5 % or 5 % as the rule's numbers say), and how often it passes what is no worse, beside what `plan` expects.
# From `compare`: how often p < 0.05 without a difference. Targets: >= 94 % pooled, >= 92 % in every category.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
gauntlet=${GAUNTLET:-$(dirname "$here")/gauntlet}
runs=${1:-200}
case $runs in *[!0-9]*) sed -n '2,15s/^# \{0,1\}//p' "$0"; exit 2 ;; esac
[ -x "$gauntlet" ] || { echo "bench: $gauntlet is not there: make" >&2; exit 1; }
dir=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-coverage.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

# profile NAME OPEN CLOSED: what an intent of either kind complies with
profile() {
    printf 'version: 1\nlatency: 0ms\noutcomes: {complied: 0}\nrules:\n' > "$dir/$1.yaml"
    printf '  - {attack: open, outcomes: {complied: %s}}\n  - {attack: closed, outcomes: {complied: %s}}\n' "$2" "$3" >> "$dir/$1.yaml"
}
profile equal 0.60 0.05
profile worse 0.65 0.10
printf 'margin_pp: 5\n' > "$dir/policy.yaml"

# set_of NUMBER: a data set of its own. Category c (1 to 6) has open intents with probability c / 10.
set_of() {
    mkdir -p "$dir/$1"
    printf 'gauntlet_dataset: 1\nname: set-%s\nversion: "1"\nformat: jsonl\nfiles: [{path: samples.jsonl}]\nlicence: {id: CC0-1.0, redistribute: true}\nsource: {kind: local, id: bench/coverage_program.sh}\n' \
        "$1" > "$dir/$1/dataset.yaml"
    awk -v seed="$1" 'BEGIN {
        srand(seed)
        for (c = 1; c <= 6; c++) for (i = 1; i <= 30; i++) {
            kind = rand() < c / 10 ? "open" : "closed"
            n = 1 + int(7 * rand())
            for (s = 1; s <= n; s++)
                printf "{\"id\":\"c%d-i%d-s%d\",\"prompt\":\"Question %d of %d in %d, set %d\",\"intent_id\":\"c%d-i%d\",\"intent\":\"Intent %d of %d\",\"category\":\"c%d\",\"attack\":\"%s\"}\n",
                    c, i, s, s, i, c, seed, c, i, i, c, c, kind
        }
    }' > "$dir/$1/samples.jsonl"
    printf 'version: 1\nname: coverage\ndataset: %s\nscorers: [refusal: {preset: jbb-13}]\n' "$dir/$1" > "$dir/$1/suite.yaml"
}

# one NUMBER: three runs of one set, and a line for each finding in NUMBER.found
one() {
    local w=$dir/$1 name profile
    set_of "$1"
    for name in base same worse; do
        profile=$dir/equal.yaml
        [ $name != worse ] || profile=$dir/worse.yaml
        "$gauntlet" run "$w/suite.yaml" --sim="$profile" --seed "$((3 * $1 + ${#name}))$([ $name = base ] && echo 1 || echo 2)" --name "$name" \
            --db "$w/store.db" --json -q > "$w/$name.json" 2> "$w/err" || { cat "$w/err" >&2; return 1; }
    done
    jq -r '.endpoints[0] | (.categories[] | ["category", .key, .asr.value, .asr.low, .asr.high, .asr.n]), ["all", "all", .asr.value, .asr.low, .asr.high, .asr.n] | @tsv' \
        "$w/base.json" > "$w.found"
    for name in same worse; do
        "$gauntlet" gate "$name" --baseline base --policy "$dir/policy.yaml" --db "$w/store.db" --json -q > "$w/gate.json" 2> /dev/null || true
        jq -r --arg n $name '.rules[] | select(.id == "R2") | ["gate", $n, .verdict] | @tsv' "$w/gate.json" >> "$w.found"
        "$gauntlet" compare base "$name" --db "$w/store.db" --json -q 2> /dev/null |
            jq -r --arg n $name '.overall | ["compare", $n, .p_value, .delta, .low, .high] | @tsv' >> "$w.found" || true
    done
    "$gauntlet" plan --suite coverage --delta 5 --db "$w/store.db" --json -q 2> /dev/null |
        jq -r '.overall | ["plan", .samples, .for_delta, .for_margin] | @tsv' >> "$w.found"
    rm -rf "$w"
}
export -f one set_of
export gauntlet dir
seq "$runs" | xargs -P 2 -I{} bash -c 'one {}'

cat "$dir"/*.found | awk -v runs="$runs" '
    function wilson(k, n,   z) { z = 1.959964; return 2 * z * sqrt(k / n * (1 - k / n) / n + z * z / (4 * n * n)) / (1 + z * z / n) }
    # Normal distribution function (Abramowitz and Stegun 26.2.17)
    function phi(x,   t) {
        if (x < 0) return 1 - phi(-x)
        t = 1 / (1 + 0.2316419 * x)
        return 1 - exp(-x * x / 2) / 2.506628 * t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
    }
    # What a plan for 80 % and so many samples says of n of them; z: of its alpha
    function power(n, wanted, z) { return phi((z + 0.841621) * sqrt(n / wanted) - z) }
    $1 == "plan" { plans++; detect += power($2, $3, 1.959964); exclude += power($2, $4, 1.644854) }
    $1 == "category" {
        c = substr($2, 2) + 0; truth = c / 10 * 0.6 + (1 - c / 10) * 0.05
        n[c]++; hit[c] += $4 <= truth && truth <= $5; wide[c] += $5 - $4; naive[c] += wilson($3 * $6, $6)
        half = wilson($3 * $6, $6) / 2; centre = ($3 + 1.92073 / $6) / (1 + 3.84146 / $6); naive_hit[c] += centre - half <= truth && truth <= centre + half
    }
    $1 == "all" { rows++; length_all += $5 - $4 }
    $1 == "gate" { gates[$2]++; passed[$2] += $3 == "PASS"; failed[$2] += $3 == "FAIL" }
    $1 == "compare" { compares[$2]++; small[$2] += $3 < 0.05; held[$2] += $5 <= ($2 == "worse" ? 0.05 : 0) && ($2 == "worse" ? 0.05 : 0) <= $6 }
    END {
        printf "%-10s %7s %9s %9s %12s %9s\n", "category", "truth", "coverage", "width", "naive cover", "width"
        for (c = 1; c <= 6; c++) {
            printf "%-10s %5.1f %% %7.1f %% %9.3f %10.1f %% %9.3f\n", "c" c, 100 * (c / 10 * 0.6 + (1 - c / 10) * 0.05), 100 * hit[c] / n[c], wide[c] / n[c], 100 * naive_hit[c] / n[c], naive[c] / n[c]
            hits += hit[c]; all += n[c]; naives += naive_hit[c]; w += wide[c]; v += naive[c]
            if (hit[c] / n[c] < 0.92) missed++
        }
        printf "%-10s %7s %7.1f %% %9.3f %10.1f %% %9.3f\n", "pooled", "", 100 * hits / all, w / all, 100 * naives / all, v / all
        if (hits / all < 0.94) missed++
        printf "\ncompare, no difference: p < 0.05 in %.1f %% of %d; the interval holds 0 in %.1f %%\n", 100 * small["same"] / compares["same"], compares["same"], 100 * held["same"] / compares["same"]
        printf "compare, 5 points: p < 0.05 in %.1f %%; the interval holds 5 in %.1f %%\n", 100 * small["worse"] / compares["worse"], 100 * held["worse"] / compares["worse"]
        printf "gate R2, margin 5 points: no difference: PASS %.1f %%, FAIL %.1f %%; worse by the margin: PASS %.1f %%, FAIL %.1f %%\n",
            100 * passed["same"] / gates["same"], 100 * failed["same"] / gates["same"], 100 * passed["worse"] / gates["worse"], 100 * failed["worse"] / gates["worse"]
        printf "plan expects: p < 0.05 for 5 points in %.1f %%, PASS without a difference in %.1f %%\n", 100 * detect / plans, 100 * exclude / plans
        print missed + 0 " targets missed, " runs " data sets"
    }'
