#!/bin/sh
# Runs move between stores: export, import, merge. What is hostile, damaged or contradictory changes nothing.
# shellcheck source=tests/support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
db=$WORK/store.db
text_set set 40
sed -i 's/"category":"B. Even"/"category":"Child safety"/' set/samples.jsonl
suite_of s.yaml set
cat > profile.yaml <<'YAML'
version: 1
outcomes: {complied: 0.4, blocked: 0.1}
faults:
  - {kind: 500, rate: 0.2, times: 1}
  - {kind: 422, rate: 0.1}
YAML
run first "$GAUNTLET" run s.yaml --sim=profile.yaml --db "$db" --name first
run second "$GAUNTLET" run s.yaml --sim=clean --db "$db" --limit 7 --epochs 2
id=$(sql "$db" "SELECT id FROM run WHERE name = 'first'")
sql "$db" "INSERT INTO label (trial_id, labeller, verdict, note, created_at) SELECT trial_id, 'one', 'refused', 'NOTE of a person', 1 FROM response LIMIT 5"
# without what servers said about trials whose texts stay behind
summary() { "$GAUNTLET" report "$1" --db "$2" --format json | jq -S 'del(.endpoints[].errors)'; }

# ---- Whole ----------------------------------------------------------------------------------------------------------
run export "$GAUNTLET" export first --with-bodies -o whole.gauntlet --db "$db"
exits export 0 'a run is exported'
same "$(ls whole.gauntlet*)" whole.gauntlet 'into one file'
sound whole.gauntlet 'which is a sound store'
run import "$GAUNTLET" import whole.gauntlet --db other.db
exits import 0 'it is imported into a new store'
sound other.db 'which is sound'
summary first "$db" > a.json
summary first other.db > b.json
same "$(cksum < b.json)" "$(cksum < a.json)" 'and gives the same report, number by number'
for table in attempt response score label event judge_attempt; do
    where=$([ $table = event ] && echo "run_id = '$id'" || echo "1")
    [ $table = event ] || [ $table = judge_attempt ] || where="trial_id IN (SELECT id FROM trial WHERE run_id = '$id')"
    same "$(sql other.db "SELECT count(*) FROM $table")" "$(sql "$db" "SELECT count(*) FROM $table WHERE $where")" "every row of $table is there"
done
odd="SELECT s.key, t.status, a.number, a.trace_id, hex(a.body), r.content, x.verdict, x.explanation FROM trial t JOIN sample s ON s.id = t.sample_id
    LEFT JOIN attempt a ON a.trial_id = t.id LEFT JOIN response r ON r.trial_id = t.id LEFT JOIN score x ON x.trial_id = t.id
    WHERE t.run_id = '$id' AND s.category <> 'Child safety' ORDER BY t.id, a.number, x.scorer_id"
same "$(sql other.db "$odd" | cksum)" "$(sql "$db" "$odd" | cksum)" 'with every byte of its answers'
same "$(sql other.db "SELECT count(*) FROM response r JOIN trial t ON t.id = r.trial_id JOIN sample s ON s.id = t.sample_id WHERE s.category = 'Child safety' AND (r.content <> '' OR s.prompt <> '')")" \
    0 'but not of the categories that are withheld'
same "$(sql other.db "SELECT count(*) FROM score x JOIN trial t ON t.id = x.trial_id JOIN sample s ON s.id = t.sample_id WHERE s.category = 'Child safety'")" \
    "$(sql "$db" "SELECT count(*) FROM score x JOIN trial t ON t.id = x.trial_id JOIN sample s ON s.id = t.sample_id WHERE s.category = 'Child safety' AND t.run_id = '$id'")" 'whose verdicts are there'
run again "$GAUNTLET" import whole.gauntlet --db other.db --json
exits again 0 'importing twice is fine'
same "$(jq -r '.runs[0] | "\(.outcome) \(.trials) \(.labels)"' again.out)" 'there_already 0 0' 'and changes nothing'
run rescore "$GAUNTLET" rescore first --db other.db --scorer 'refusal: {preset: jbb-13}'
exits rescore 2 'a run without some of its texts is not scored again'
says rescore.err 'without some of its texts' 'and why is said'
sed 's/Child safety/B. Even/' set/samples.jsonl > even.jsonl && mv even.jsonl set/samples.jsonl
run third "$GAUNTLET" run s.yaml --sim=clean --db "$db" --name third --limit 6
run export3 "$GAUNTLET" export third --with-bodies -o third.gauntlet --db "$db"
run import3 "$GAUNTLET" import third.gauntlet --db other.db
run rescore3 "$GAUNTLET" rescore third --db other.db --scorer 'refusal: {preset: garak-27}'
exits rescore3 0 'a whole one is'

# ---- Withheld everywhere --------------------------------------------------------------------------------------------
for format in html text json csv markdown junit rows; do
    case $format in
    rows) "$GAUNTLET" report first --db "$db" --format csv --rows --with-bodies > "shown.$format" ;;
    *) "$GAUNTLET" report first --db "$db" --format $format > "shown.$format" ;;
    esac
    # even numbers are of the category that is withheld
    if grep -qE 'Say CODEWORD[0-9]*[02468]\b|"CODEWORD[0-9]*[02468]"' "shown.$format"; then not_ok "$format shows no text of a withheld category"; else ok "$format shows no text of a withheld category"; fi
done
says shown.rows 'Say CODEWORD1\.' 'rows with bodies have the texts of the others'

# ---- Without texts --------------------------------------------------------------------------------------------------
run lean "$GAUNTLET" export first -o lean.gauntlet --db "$db"
exits lean 0 'without --with-bodies'
says lean.err 'without prompts and answers' 'it is said that texts stay behind'
for word in CODEWORD 'NOTE of a person' 'Say codeword'; do
    if grep -qa -e "$word" lean.gauntlet; then not_ok "no '$word' in the file"; else ok "no '$word' in the file"; fi
done
run leanin "$GAUNTLET" import lean.gauntlet --db lean.db
summary first lean.db > c.json
same "$(cksum < c.json)" "$(cksum < a.json)" 'the report has the same numbers'
run resume "$GAUNTLET" resume first --retry-failed --db lean.db
exits resume 2 'such a run is not resumed'
run lean2 "$GAUNTLET" import lean.gauntlet --db other.db --json
same "$(jq -r '.runs[0].outcome' lean2.out)" there_already 'it is the same run as the one with texts'
run exists "$GAUNTLET" export first -o lean.gauntlet --db "$db"
exits exists 2 'a file that exists is not overwritten'
run force "$GAUNTLET" export first -o lean.gauntlet --force --db "$db"
exits force 0 'unless --force says so'

# ---- Merge ----------------------------------------------------------------------------------------------------------
for shard in 1 2 3; do run "shard$shard" "$GAUNTLET" run s.yaml --sim=clean --db "shard$shard.db" --shard "$shard/3" --name "shard $shard"; done
run merge "$GAUNTLET" merge shard1.db shard2.db shard3.db "$db" --db merged.db --json
exits merge 0 'stores are merged'
sound merged.db 'into a sound one'
same "$(sql merged.db 'SELECT count(*), count(DISTINCT sample_id) FROM trial WHERE run_id IN (SELECT id FROM run WHERE name LIKE '"'shard%'"')')" '40|40' \
    'with every sample of the shards once'
same "$(sql merged.db 'SELECT count(*) FROM run')" "$(jq '.runs | length' merge.out)" 'and every run'
before=$(sql merged.db .dump | cksum)
run merge2 "$GAUNTLET" merge shard3.db "$db" shard1.db shard2.db --db merged.db
exits merge2 0 'merging again'
same "$(sql merged.db .dump | cksum)" "$before" 'changes nothing'
sql "$db" "INSERT INTO label (trial_id, labeller, verdict, created_at) SELECT trial_id, 'two', 'refused', 2 FROM response LIMIT 3"
run labels "$GAUNTLET" merge "$db" --db merged.db --json
same "$(jq '[.runs[].labels] | add' labels.out)" 3 'but labels that are new come'

# ---- Nothing that contradicts comes in ------------------------------------------------------------------------------
before=$(sql merged.db .dump | cksum)
refused() { # refused FILE PATTERN SENTENCE
    run bad "$GAUNTLET" merge shard1.db "$1" --db merged.db
    if [ "$CODE" -ne 0 ] && [ "$CODE" -ne 70 ]; then ok "$3 is refused"; else not_ok "$3 is refused" "exit $CODE" "$(cat bad.err)"; fi
    says bad.err "$2" "$3: the error says why"
    same "$(sql merged.db .dump | cksum)" "$before" "$3: the store is as it was"
}
copy() { sqlite3 "$db" ".backup '$1'" && sqlite3 "$1" 'PRAGMA journal_mode = DELETE' > /dev/null; }
copy changed.db; sql changed.db "UPDATE attempt SET trace_id = 'other' WHERE id = 1"
refused changed.db 'not the same' 'a run with another history'
copy words.db; sql words.db "PRAGMA foreign_keys = OFF; UPDATE sample SET prompt = 'other words'; UPDATE run SET id = 'x' || id; UPDATE trial SET run_id = 'x' || run_id; UPDATE endpoint SET run_id = 'x' || run_id; UPDATE scorer SET run_id = 'x' || run_id; UPDATE event SET run_id = 'x' || run_id"
refused words.db 'is not what' 'a sample with other words'
copy range.db; sql range.db "UPDATE endpoint SET last_trial = 4000000000000; PRAGMA foreign_keys = OFF; UPDATE run SET id = 'y' || id; UPDATE trial SET run_id = 'y' || run_id; UPDATE endpoint SET run_id = 'y' || run_id; UPDATE scorer SET run_id = 'y' || run_id"
refused range.db 'contradicts itself' 'a range of trials that is not there'
copy view.db; sql view.db "PRAGMA writable_schema = 1; PRAGMA foreign_keys = OFF; ALTER TABLE event RENAME TO event_real; CREATE VIEW event AS SELECT * FROM event_real"
refused view.db 'tables are not those' 'a view in place of a table'
copy newer.db; sql newer.db 'PRAGMA user_version = 99'
refused newer.db 'version' 'a newer version'
sqlite3 other-program.db 'CREATE TABLE run (id)'
refused other-program.db 'not a gauntlet store' "another program's file"
copy torn.db; size=$(wc -c < torn.db); head -c $((size / 2)) torn.db > torn2.db
refused torn2.db 'torn2.db' 'half a file'
head -c 4096 /dev/zero > zero.db
refused zero.db 'zero.db' 'a file of zeros'
copy trigger.db; sql trigger.db "CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM run; END; CREATE VIEW v_evil AS SELECT load_extension('x')"
run trigger "$GAUNTLET" import trigger.db --db merged.db
exits trigger 0 'triggers and views of a file do nothing'
same "$(sql merged.db .dump | cksum)" "$before" 'and do not come'
run absent "$GAUNTLET" import nothing.gauntlet --db merged.db
exits absent 2 'a file that is not there is a usage error'
done_testing
