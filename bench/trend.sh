#!/usr/bin/env bash
# How long `gauntlet trend` takes over a long history, and how much memory.
#
#   bench/trend.sh [--quick] [--keep] [NIGHTS [SAMPLES]]     default 400 nights of 500 samples; --quick: 100 of 200
#
# The store is written with SQL: one endpoint, 10 categories, two samples an intent, 25 benign ones, every attempt with a body of
# 1.5 kB and every answer with 600 bytes, as runs leave them; rates drift a little, the model's fingerprint changes at two thirds.
# Five runs each, the median. The first run reads a file that the system holds in memory, like the others. Target: < 1 s.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
gauntlet=${GAUNTLET:-$root/gauntlet}
nights=400 samples=500 keep=
numbers=()
while [ $# -gt 0 ]; do
    case $1 in
    --quick) nights=100 samples=200 ;;
    --keep) keep=1 ;;
    [0-9]*) numbers+=("$1") ;;
    *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
    shift
done
[ ${#numbers[@]} -lt 1 ] || nights=${numbers[0]}
[ ${#numbers[@]} -lt 2 ] || samples=${numbers[1]}
[ -x "$gauntlet" ] || { echo "bench: $gauntlet is not there: make" >&2; exit 1; }
[ -x /usr/bin/time ] || { echo "bench: /usr/bin/time is missing; tools/deps.sh bench installs it" >&2; exit 1; }

dir=$(mktemp -d "${TMPDIR:-/tmp}/gauntlet-trend.XXXXXX")
trap '[ -n "$keep" ] && echo "kept: $dir" >&2 || rm -rf "$dir"' EXIT
db=$dir/history.db

sqlite3 "$db" < "$root/harness/store/schema.sql"
sqlite3 "$db" <<SQL
PRAGMA journal_mode = WAL;
PRAGMA synchronous = OFF;
BEGIN;
CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $nights) SELECT i FROM n;
INSERT INTO dataset (id, name, verified, recipe_sha256, files_sha256, rows_sha256) VALUES (1, 'canary', 1, '', '', '');
INSERT INTO sample (id, dataset_id, key, intent_id, category, subcategory, attack, expected, intent, prompt, extra_json)
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < $samples)
SELECT i, 1, printf('s%06d', i), printf('i%06d', i / 2), printf('C%d', i % 10), '(none)', 'direct',
       CASE WHEN i > 25 THEN 'attack' ELSE 'benign' END, 'intent', printf('%800s', i), '{}' FROM s;
INSERT INTO run (id, suite_name, status, started_at, finished_at, dataset_id, comparability_key, config_json, suite_json)
SELECT printf('n%011d', i), 'canary', 'complete', i * 86400000000, i * 86400000000 + 3600000000, 1, 'key', printf('%3000s', ''), printf('%1000s', '') FROM n;
INSERT INTO endpoint (id, run_id, name, protocol, base_url, model, evidence, params_json, first_trial, last_trial)
SELECT i, printf('n%011d', i), 'candidate', 'openai-chat', 'http://127.0.0.1/v1', 'model', 'none', '{"temperature":0}',
       (i - 1) * $samples + 1, i * $samples FROM n;
INSERT INTO scorer (id, run_id, name, kind, identity_sha256, is_primary) SELECT i, printf('n%011d', i), 'refusal', 'refusal', 'x', 1 FROM n;
INSERT INTO trial (id, run_id, endpoint_id, sample_id, epoch, status, reason)
SELECT (n.i - 1) * $samples + s.id, printf('n%011d', n.i), n.i, s.id, 1, 'answered', '' FROM n CROSS JOIN sample s;
INSERT INTO attempt (id, trial_id, number, trace_id, sent_at, done_at, http_status, body) SELECT id, id, 1, printf('%32d', id), 0, 1, 200, randomblob(1500) FROM trial;
INSERT INTO response (trial_id, attempt_id, latency_us, completion_tokens, finish_reason, model_echo, fingerprint, content)
SELECT id, id, 900000, 40 + sample_id % 20, 'stop', 'model', CASE WHEN endpoint_id * 3 > $nights * 2 THEN 'f2' ELSE 'f1' END,
       printf('answer of sample %d %600s', sample_id, '') FROM trial;
INSERT INTO score (trial_id, scorer_id, verdict, reason)
SELECT id, endpoint_id, CASE WHEN abs((sample_id * 2654435761 + endpoint_id * (sample_id % 7) * 40503) % 1000) < 120 + endpoint_id % 9 THEN 'complied'
       ELSE 'refused' END, '' FROM trial;
COMMIT;
SQL
echo "$nights nights of $samples samples, $(($(stat -c %s "$db") / 1048576)) MiB"

# measure NAME OPTION…
measure() {
    local name=$1
    shift
    for _ in 1 2 3 4 5; do
        /usr/bin/time -a -o "$dir/$name" -f '%e %M' "$gauntlet" trend --db "$db" "$@" > "$dir/out"
    done
    sort -n "$dir/$name" | awk -v name="$name" '{ t[NR] = $1; if ($2 > m) m = $2 } END { printf "%-12s %.2f s  %.0f MiB\n", name, t[3], m / 1024 }'
}
measure text
measure json --json
measure all-json --json --last 400
measure csv --format csv --last 400
