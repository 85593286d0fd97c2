#!/bin/sh
# The page with what other verbs say: the gate's verdict, the comparison, the trend.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
DB=$WORK/p.db

for seed in 1 2; do
    run "run$seed" "$GAUNTLET" run "$ROOT/suites/demo.yaml" --sim --seed "$seed" --name "seed-$seed" --db "$DB" -q
    exits "run$seed" 0 "a run with seed $seed"
done

run page "$GAUNTLET" report seed-2 --baseline seed-1 --db "$DB" -o page.html
exits page 0 "report --baseline writes a page whatever the verdict is"
run gate "$GAUNTLET" gate seed-2 --baseline seed-1 --db "$DB" --json
verdict=$(jq -r .verdict "$WORK/gate.out" | tr _ ' ')
says page.html "<title>$verdict " "the page's title begins with the gate's verdict, $verdict"
same "$(grep -c '<section class="s" id="compare"' page.html)" 1 "the page has the comparison"
run compare "$GAUNTLET" compare seed-1 seed-2 --db "$DB" --json
broken=$(jq .overall.newly_broken "$WORK/compare.out")
fixed=$(jq .overall.fixed "$WORK/compare.out")
says page.html ">$broken / $fixed<" "broken and fixed are those of gauntlet compare"

run plain "$GAUNTLET" report seed-2 --db "$DB" -o plain.html
exits plain 0 "a report without a baseline"
same "$(grep -c 'id="compare"\|id="trend"' plain.html)" 0 "it has neither comparison nor trend"

cat > policy.yaml <<'YAML'
margin_pp: 60
category_drop_pp: 90
YAML
run loose "$GAUNTLET" report seed-2 --baseline seed-1 --policy policy.yaml --db "$DB" -o loose.html
exits loose 0 "report --policy"
run loosegate "$GAUNTLET" gate seed-2 --baseline seed-1 --policy policy.yaml --db "$DB" --json
verdict=$(jq -r .verdict "$WORK/loosegate.out" | tr _ ' ')
says loose.html "<title>$verdict " "a policy file decides on the page as in the gate: $verdict"

run limited "$GAUNTLET" run "$ROOT/suites/demo.yaml" --sim --limit 60 --name few --db "$DB" -q
run apart "$GAUNTLET" report few --baseline seed-1 --db "$DB" -o apart.html
exits apart 0 "a page of runs that cannot be compared"
says apart.html "<title>NOT COMPARABLE" "it says so"
same "$(grep -c '<svg class="pl"\|class="tag w"' apart.html)" 0 "it shows no difference"

run trend "$GAUNTLET" report --suite demo --last 3 --db "$DB" -o trend.html
exits trend 0 "report --suite without a run takes the suite's newest"
same "$(grep -c '<section class="s" id="trend"' trend.html)" 1 "the page has the trend"
run nobody "$GAUNTLET" report seed-2 --baseline nobody --db "$DB" -o nobody.html
exits nobody 2 "a baseline that is not there is named"
says "$WORK/nobody.err" "nobody" "by its name"
run which "$GAUNTLET" report --db "$DB"
exits which 2 "a report of nothing asks which run"
done_testing
