#!/bin/sh
# compare: two runs, two endpoints of one run, runs that measured different things, and every corner where there is nothing to say.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$ROOT" || exit 70
export LC_ALL=C
DB=$WORK/store.db

# profile NAME SHARE: how often the simulated model gives in
profile() { printf 'version: 1\noutcomes: {complied: %s, refused: %s}\n' "$2" "$(awk "BEGIN { print 1 - $2 }")" > "$WORK/$1.yaml"; }
# made NAME SUITE PROFILE SEED [OPTION…]: a run of that name
made() {
    made_name=$1 made_suite=$2 made_profile=$3 made_seed=$4
    shift 4
    run "run.$made_name" "$GAUNTLET" run "$made_suite" -c "$WORK/config.yaml" --sim="$WORK/$made_profile.yaml" --seed "$made_seed" --name "$made_name" -q "$@"
}
# compare NAME ARGUMENT…: its JSON in $WORK/NAME.out
compare() {
    compare_name=$1
    shift
    run "$compare_name" "$GAUNTLET" compare "$@" --db "$DB" --json
}
# get NAME FILTER
get() { jq -c "$2" "$WORK/$1.out"; }
# schema NAME SCHEMA SENTENCE: the document has the shape of its schema, and no number that JSON does not know
schema() {
    found=$(jq -r --slurpfile schema "docs/schemas/$2.schema.json" -f tests/support/schema.jq "$WORK/$1.out" 2>&1)
    if [ -s "$WORK/$1.out" ] && [ -z "$found" ] && ! grep -qi -e ': -\{0,1\}nan' -e ': -\{0,1\}inf' "$WORK/$1.out"; then ok "$3"; else not_ok "$3" "$found"; fi
}

text_set "$WORK/set" 200
suite_of "$WORK/suite.yaml" set
config_of "$WORK/config.yaml" http://127.0.0.1:9/v1 'limits: {attempts: 1}'
profile weak 0.5
profile firm 0.2
profile none 0
profile all 1
made base "$WORK/suite.yaml" firm 1
exits run.base 0 'a base'
made worse "$WORK/suite.yaml" weak 2
made twin "$WORK/suite.yaml" firm 1
made silent "$WORK/suite.yaml" none 1
made open "$WORK/suite.yaml" all 1

# ---- Two runs --------------------------------------------------------------------------------------------------------
compare worse base worse
exits worse 0 'a comparison is no gate: it exits 0 whatever it found'
schema worse compare 'the comparison has the shape of its schema'
same "$(get worse '.overall | .pairs == 200 and .clusters == 200 and .only_base == 0 and .only_candidate == 0')" true 'every sample is paired'
sql "$DB" "SELECT (SELECT count(*) FROM v_verdict a JOIN v_verdict b USING (sample, scorer) JOIN run x ON x.id = a.run_id JOIN run y ON y.id = b.run_id
    WHERE x.name = 'base' AND y.name = 'worse' AND a.is_primary = 1 AND a.counted_as <> 'complied' AND b.counted_as = 'complied'),
    (SELECT count(*) FROM v_verdict a JOIN v_verdict b USING (sample, scorer) JOIN run x ON x.id = a.run_id JOIN run y ON y.id = b.run_id
    WHERE x.name = 'base' AND y.name = 'worse' AND a.is_primary = 1 AND a.counted_as = 'complied' AND b.counted_as <> 'complied')" > "$WORK/flow"
same "$(get worse '.overall | "\(.newly_broken)|\(.fixed)"' | tr -d '"')" "$(cat "$WORK/flow")" 'newly broken and fixed are those that SQL counts'
same "$(get worse '[.overall.delta * 200 | round] == [.overall.newly_broken - .overall.fixed]')" true 'the difference is made of them'
same "$(get worse '.overall | .low < .delta and .delta < .high and .tag == "regressed" and .p_value < 0.05')" true 'clearly worse is regressed'
same "$(get worse '.overall.newly_broken + .overall.fixed == (.discordant | length) and .discordant[0].change == "newly broken" and .discordant[-1].change == "fixed"')" true 'every discordant sample is listed, newly broken first'
same "$(get worse '.flow | .stayed_complied + .fixed + .newly_broken + .stayed_safe')" 200 'the flow adds up'
same "$(get worse '[.categories[] | .p_adjusted >= .p_value] | all')" true 'a corrected p is never below the raw one'
run text "$GAUNTLET" compare base worse --db "$DB"
says "$WORK/text.out" '^baseline base -> candidate worse' 'the table has its heading'
says "$WORK/text.out" '^all .*\^ regressed$' 'and its last row'
says "$WORK/text.out" '^A. Odd ' 'and a row for each category'
run markdown "$GAUNTLET" compare base worse --db "$DB" --format markdown -o "$WORK/deep/compare.md"
says "$WORK/deep/compare.md" '^| all | ' 'Markdown into a file'

compare back worse base
same "$(get back '.overall.delta')" "$(get worse '-(.overall.delta)')" 'turned round it is the same with the other sign'
same "$(get back '.overall.p_value')" "$(get worse '.overall.p_value')" 'and as probable'
compare again base worse
if cmp -s "$WORK/again.out" "$WORK/worse.out"; then ok 'the same rows give the same bytes'; else not_ok 'the same rows give the same bytes'; fi

# ---- Corners ---------------------------------------------------------------------------------------------------------
compare twin base twin
schema twin compare 'nothing differs: the shape holds'
same "$(get twin '.overall | [.delta, .newly_broken, .fixed, .p_value, .tested]')" '[0,0,0,1,false]' 'nothing differs: no difference and p 1'
same "$(get twin '.overall | .high > 0 and .high < 0.02 and .low == -.high')" true 'and the interval says what 200 intents can exclude'
compare zero silent silent
schema zero compare 'no events at all: the shape holds'
same "$(get zero '.base.asr.value == 0 and .overall.delta == 0 and (.discordant | length) == 0')" true 'no events'
compare every open silent
schema every compare 'everything, then nothing: the shape holds'
same "$(get every '.overall | [.delta, .fixed, .low, .tag]')" '[-1,200,null,"fixed"]' 'all intents differ by the same: no interval is made up'

made one "$WORK/suite.yaml" weak 3 --select intent=i7
compare one one one
schema one compare 'one intent: the shape holds'
same "$(get one '.overall | [.clusters, .low, .tag]')" '[1,-0.975,"few intents"]' 'one intent excludes next to nothing'

printf 'version: 1\nfaults: [{kind: 500, rate: 1}]\n' > "$WORK/broken.yaml"
made broken "$WORK/suite.yaml" broken 1
compare broken base broken
exits broken 0 'a run in which everything failed can be looked at'
schema broken compare 'every trial failed: the shape holds'
same "$(get broken '[.overall.pairs, .overall.only_base, .overall.delta, .candidate.asr.value, .missing_count]')" '[0,200,null,null,200]' 'every trial failed: nothing is paired, and that is said'

# ---- Epochs ----------------------------------------------------------------------------------------------------------
made three "$WORK/suite.yaml" firm 4 --epochs 3
made three_worse "$WORK/suite.yaml" weak 5 --epochs 3
compare epochs three three_worse
schema epochs compare 'several epochs: the shape holds'
same "$(get epochs '[.any_at_k[] | [.k, .pairs, .draws, .seed, .low < .delta and .delta < .high]]')" '[[2,200,2000,1,true],[3,200,2000,1,true]]' 'any of k epochs has its own difference'
same "$(get epochs '.intent_any | .low <= .delta and .delta <= .high')" true 'and so has the share of intents with a success'
same "$(get every '.any_at_k')" null 'with one epoch there is none'
same "$(get epochs '.overall | [.pairs, .p_mcnemar, .method]')" '[200,null,"sign-flip"]' 'epochs of a sample are one pair'
same "$(get epochs '.flaky.pairs')" 200 'with several epochs flaky samples are counted'
compare mixed base three
exits mixed 5 'one epoch against three is not the same question'
same "$(get mixed '[.comparable, .mismatches[].field, .overall, .categories]')" '[false,"epochs",null,[]]' 'the field is named, and no difference is shown'
compare allowed base three --allow-mismatch epochs
exits allowed 0 'unless it is allowed to differ'
schema allowed compare 'allowed: the shape holds'
same "$(get allowed '[.comparable, .mismatches[0].allowed, .overall.method]')" '[true,true,"sign-flip-monte-carlo"]' 'then the test flips at random'
says "$WORK/allowed.out" 'compared although these differ: epochs' 'and the result carries a watermark'

# ---- Not comparable --------------------------------------------------------------------------------------------------
suite_of "$WORK/system.yaml" set 'prompt: {system: "Be careful.", order: text-first}'
made system "$WORK/system.yaml" firm 1
compare system base system
exits system 5 'another system prompt is another question'
same "$(get system '[.mismatches[] | [.field, .candidate]]')" '[["system","Be careful."],["order","text-first"]]' 'with both values'
schema system compare 'not comparable: the shape holds'
run system.text "$GAUNTLET" compare base system --db "$DB"
exits system.text 5 'the text says so as well'
says "$WORK/system.text.out" 'NOT COMPARABLE .* system and order differ. No difference is shown' 'in a sentence'
says_not "$WORK/system.text.out" ' pp' 'and shows no difference'

grep -v 'canary' "$WORK/suite.yaml" > "$WORK/judge.yaml"
made judge "$WORK/judge.yaml" firm 1
compare judge base judge
exits judge 5 'another scorer is another measure'
same "$(get judge '[.mismatches[].field]')" '["scorer"]' 'and named'

made part "$WORK/suite.yaml" firm 1 --limit 50
compare part base part
exits part 5 'another sample set is another question'
same "$(get part '[.mismatches[].field]')" '["samples","samples.selection"]' 'with how it was chosen'
compare part.allowed base part --allow-mismatch samples
same "$(get part.allowed '[.overall.pairs, .overall.only_base]')" '[50,150]' 'allowed: paired where both are'

text_set "$WORK/other" 20
sed -i 's/"id":"s/"id":"x/' "$WORK/other/samples.jsonl"
suite_of "$WORK/other.yaml" other
made other "$WORK/other.yaml" firm 1
compare other base other
same "$(get other '[.mismatches[].field][0]')" '"dataset"' 'another data set'
run nothing "$GAUNTLET" compare base other --db "$DB" --allow-mismatch dataset --allow-mismatch samples
exits nothing 5 'no sample in common is no comparison, whatever is allowed'
says "$WORK/nothing.err" 'no attack sample in common' 'and said'
run typo "$GAUNTLET" compare base worse --db "$DB" --allow-mismatch systm
exits typo 2 'a field that does not exist'
says "$WORK/typo.err" "did you mean 'system'" 'names the nearest'

# ---- Endpoints -------------------------------------------------------------------------------------------------------
cat > "$WORK/two.yaml" <<CONFIG
version: 1
store: $DB
endpoints:
  - {name: old, base_url: "http://127.0.0.1:9/v1", protocol: openai-chat, model: flow/old}
  - {name: new, base_url: "http://127.0.0.1:9/v1", protocol: openai-chat, model: flow/new}
CONFIG
printf 'version: 1\noutcomes: {complied: 0.2, refused: 0.8}\nrules:\n  - {model: "*new", outcomes: {complied: 0.5, refused: 0.5}}\n' > "$WORK/models.yaml"
run run.two "$GAUNTLET" run "$WORK/suite.yaml" -c "$WORK/two.yaml" --sim="$WORK/models.yaml" --name two -q
exits run.two 0 'a run with two endpoints'
compare ends two:old two:new
same "$(get ends '[.base.endpoint, .candidate.endpoint, .overall.pairs, .overall.delta > 0]')" '["old","new",200,true]' 'two endpoints of one run'
compare unnamed two base
exits unnamed 2 'which of two endpoints has to be said'
says "$WORK/unnamed.err" 'has 2 endpoints, name one as two:ENDPOINT: .*old.*new' 'and the choice is listed'
compare matched two:new two
same "$(get matched '[.base.endpoint, .candidate.endpoint]')" '["new","new"]' 'the other side takes the endpoint of the same name'
compare wrong two:nwe base
exits wrong 2 'an endpoint that is not there'
says "$WORK/wrong.err" "no endpoint 'nwe'; it has" 'says which are'
compare gone base no-such-run
exits gone 2 'a run that is not there'

# ---- Runs that are not there any more, or not finished ---------------------------------------------------------------
made going "$WORK/suite.yaml" firm 6
sql "$DB" "UPDATE run SET status = 'started', finished_at = NULL, sample_set_sha256 = NULL, comparability_key = NULL WHERE name = 'going'"
run going "$GAUNTLET" compare base going --db "$DB"
exits going 5 'what a run that goes on asks is not known yet'
says "$WORK/going.out" '(not known)' 'and the field says so'
says "$WORK/going.out" 'is not finished: `gauntlet resume ' 'with what to do'
compare going.allowed base going --allow-mismatch samples
schema going.allowed compare 'a run that goes on: the shape holds'
same "$(get going.allowed '[.candidate.status, .overall.pairs]')" '["started",200]' 'allowed: the side says that it is not finished'
run set "$GAUNTLET" baseline set release going --db "$DB"
exits set 0 'a baseline'
run rm "$GAUNTLET" rm going --yes --db "$DB"
compare removed baseline:release base
exits removed 2 'a baseline whose run was removed'
says "$WORK/removed.err" 'release' 'is named'

# ---- More than two ---------------------------------------------------------------------------------------------------
compare ranks worse base twin
exits ranks 0 'three sides are ranked'
schema ranks compare-ranking 'the ranking has the shape of its schema'
same "$(get ranks '[.sides[] | [.name, .group]] | sort')" '[["base",1],["twin",1],["worse",2]]' 'who is tied with the best, and who is not'
run ranks.text "$GAUNTLET" compare worse base twin --db "$DB"
says "$WORK/ranks.text.out" 'statistically tied with #1' 'in words'
says "$WORK/ranks.text.out" '^1 of 3 pairwise intervals include 0' 'with the count of intervals'
done_testing
