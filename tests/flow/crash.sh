#!/bin/sh
# kill -9 at many points, resume, and compare the store with the server's own log: nothing acknowledged is lost, nothing
# that was answered is asked twice, and every request that the server saw has its row in `attempt`.
# CRASH_POINTS sets how many kills (default 50).
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"

POINTS=${CRASH_POINTS:-50}
DB=$WORK/crash.db
cd "$WORK" || exit 70

cat > profile.yaml <<'YAML'
version: 1
latency: 25ms
faults:
  - {kind: 500, rate: 0.05}
  - {kind: reset, rate: 0.03}
YAML
start_sim --profile profile.yaml --seed 11 --log "$WORK/server.log"
cat > config.yaml <<YAML
version: 1
store: $DB
endpoints:
  - {name: target, protocol: openai-chat, base_url: "$SIM_URL", model: sim/vlm, limits: {max_in_flight: 6}}
YAML
cat > suite.yaml <<YAML
version: 1
name: crash
dataset: $ROOT/datasets/demo
select: {limit: 120}
scorers: [{canary: {codeword: extra.codeword}}]
YAML

# How long to let it live: spread over start, planning, the middle and the end of a run of about 0.6 s.
delay() { awk -v n="$1" 'BEGIN { srand(n); printf "%.3f", 0.005 + rand() * 0.5 }'; }

kills=0 runs=0 open=0 broken=
while [ "$kills" -lt "$POINTS" ]; do
    if [ "$open" -eq 0 ]; then
        "$GAUNTLET" run suite.yaml --no-evidence --progress none > run.out 2> run.err &
        runs=$((runs + 1))
    else
        "$GAUNTLET" resume last --no-evidence --progress none > run.out 2> run.err &
    fi
    victim=$!
    sleep "$(delay "$kills")"
    if kill -9 "$victim" 2> /dev/null; then
        kills=$((kills + 1))
        open=1
    fi
    wait "$victim" 2> /dev/null && open=0
    [ -f "$DB" ] || { open=0; continue; }
    check=$(sql "$DB" 'PRAGMA integrity_check' 2>&1)
    [ "$check" = ok ] || broken="$broken [$kills: $check]"
    # Killed before the plan was committed: there is no run to resume.
    [ "$(sql "$DB" "SELECT count(*) FROM run WHERE status = 'started'" 2> /dev/null)" = 1 ] || open=0
done
same "$broken" "" "the store is whole after each of $kills kills ($runs runs)"

run finish "$GAUNTLET" resume last --no-evidence --progress none
if [ "$CODE" -eq 0 ]; then ok "the last run is finished by resume"; else not_ok "the last run is finished by resume" "$(cat finish.err)"; fi
for id in $(sql "$DB" "SELECT id FROM run WHERE status = 'started'"); do
    "$GAUNTLET" resume "$id" --no-evidence --progress none > /dev/null 2>&1
done

same "$(sql "$DB" "SELECT count(*) FROM trial WHERE status = 'pending'")" 0 "no trial is pending"
same "$(sql "$DB" "SELECT count(*) FROM trial t WHERE status IN ('answered', 'blocked') AND
                   (SELECT count(*) FROM response r WHERE r.trial_id = t.id) <> 1")" 0 "every answered trial has exactly one answer"
same "$(sql "$DB" "SELECT count(*) FROM trial t WHERE status IN ('answered', 'blocked') AND
                   (SELECT count(*) FROM score s WHERE s.trial_id = t.id) <> 1")" 0 "and exactly one verdict"
same "$(sql "$DB" "SELECT count(*) FROM (SELECT trial_id FROM attempt WHERE http_status = 200 GROUP BY trial_id HAVING count(*) > 1)")" 0 \
    "no trial was asked again after its answer was stored"

jq -r '.trace_id' "$WORK/server.log" | sort > all.txt
sort -u all.txt > seen.txt
sql "$DB" 'SELECT trace_id FROM attempt' | sort > stored.txt
same "$(comm -23 seen.txt stored.txt | wc -l)" 0 "every request that the server saw is in attempt"
comm -13 seen.txt stored.txt > unseen.txt
unseen=0
while read -r trace; do
    class=$(sql "$DB" "SELECT coalesce(error_class, '') FROM attempt WHERE trace_id = '$trace'")
    [ "$class" = lost ] || unseen=$((unseen + 1))
done < unseen.txt
same "$unseen" 0 "an attempt that the server never saw is marked lost ($(wc -l < unseen.txt) of them)"
# libcurl sends a request again by itself when a kept-alive connection dies before the first byte; the attempt says so.
# An attempt that was lost in the crash cannot.
twice=0
for trace in $(uniq -d all.txt); do
    [ -n "$(sql "$DB" "SELECT 1 FROM attempt WHERE trace_id = '$trace' AND (resent = 1 OR error_class = 'lost')")" ] || twice=$((twice + 1))
done
same "$twice" 0 "a request that the server saw twice is marked resent ($(uniq -d all.txt | wc -l) of them)"
done_testing
