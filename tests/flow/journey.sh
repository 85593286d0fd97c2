#!/bin/sh
# The way of a first user: init, check, run --sim, look, report in every form, rm.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70

run init "$GAUNTLET" init
exits init 0 "init works in an empty folder"
same "$(find . -type f -name '*.yaml' -o -name samples.jsonl | sort | tr '\n' ' ')" \
    './config.yaml ./datasets/first/dataset.yaml ./datasets/first/samples.jsonl ./suites/first.yaml ' "init writes what it says"
echo '# mine' >> config.yaml
run again "$GAUNTLET" init
exits again 2 "init a second time: exit 2"
says again.err 'config.yaml is there already; --force' "init a second time: says why"
says config.yaml '^# mine' "init a second time: overwrites nothing"

run check "$GAUNTLET" check first
exits check 2 "check says that the example's key is not set"
says check.out 'E2 .*HF_TOKEN' "check names the variable"
says check.out ': 3 samples' "check counts the samples"
run check env HF_TOKEN=canary-token-9876543210 "$GAUNTLET" check first
exits check 0 "check passes when the key is there"
says_not check.out canary-token "check does not print the key"
run doctor env HF_TOKEN=canary-token-9876543210 "$GAUNTLET" doctor first
same "$(cat doctor.out)" "$(cat check.out)" "doctor is check"

run run "$GAUNTLET" run first --sim=clean -o out/first.html --name "first try"
exits run 0 "run --sim needs no key"
says run.out '^planned 2 = scored 2 + unscored 0 + failed 0 + skipped 0 + pending 0' "run ends with the table and the books"
says run.err 'stored in results/gauntlet.db as run [0-9a-z]' "run says where it is stored"
id=$(sed -n 's/.* as run \([0-9a-z]*\)$/\1/p' run.err)
says out/first.html '<html' "run -o writes the page, and its folder"
sound results/gauntlet.db "the store is sound"

run show "$GAUNTLET" show "$id"
same "$(cat show.out)" "$(cat run.out)" "show RUN is the table that run ended with"
for name in last "first try" "$(echo "$id" | cut -c1-5)"; do
    run by-name "$GAUNTLET" report "$name" -f json
    same "$(jq -r .run.id by-name.out)" "$id" "a run is found as '$name'"
done
run sample "$GAUNTLET" show first-1
says sample.out '^| ' "show SAMPLE shows what was asked and answered"
says sample.out '^attempt 1 .*HTTP 200' "show SAMPLE shows the attempts"
run sample "$GAUNTLET" show "$id:first-3"
says sample.out '^expected *benign' "show RUN:SAMPLE shows one of that run"

run text "$GAUNTLET" report last -f text
same "$(cat text.out)" "$(cat run.out)" "report -f text is the same table"
run json "$GAUNTLET" report last -f json
same "$(jq -c '[.schema_version, .run.id, .run.name, .run.status, (.endpoints | length)]' json.out)" "[1,\"$id\",\"first try\",\"complete\",2]" "report -f json is the summary"
run csv "$GAUNTLET" report last -f csv
same "$(head -n 1 csv.out | tr -d '\r"' | tr , '\n' | grep -c '^endpoint$\|^planned$\|^asr$')" 3 "report -f csv has a heading"
run html "$GAUNTLET" report last -o page.html
exits html 0 "report -o writes the page"
same "$(cat html.out)" "" "report -o prints nothing on stdout"
says html.err 'wrote page.html' "report -o says what it wrote"
cmp -s page.html out/first.html
same $? 0 "run -o and report -o write the same page"
run stdout "$GAUNTLET" report last
cmp -s stdout.out page.html
same $? 0 "report without -o writes the page to stdout"
says_not page.html '<script[^>]*src=\|<link[^>]*href=.http\|<img[^>]*src=.http' "the page loads nothing from elsewhere"

run ls "$GAUNTLET" ls
says ls.out "^$id  *first try  *first  *complete .* 6  *0 *$" "ls lists the run"
run ls "$GAUNTLET" ls suites
says ls.out '^first  *canary  *suites/first.yaml' "ls suites lists the suite"
run ls "$GAUNTLET" ls endpoints
says ls.out '^candidate .*Qwen' "ls endpoints lists the endpoints"
run ls "$GAUNTLET" ls datasets
says ls.out '^first  *1 ' "ls datasets lists the data set"
run status "$GAUNTLET" status
says status.out "^run $id  complete" "status says that it is complete"

mkdir first
run folder "$GAUNTLET" run first --sim=clean --dry-run 0
exits folder 0 "a folder of the suite's name does not hide it"
run folder "$GAUNTLET" run datasets --sim=clean
exits folder 2 "a folder is no suite: exit 2"
says folder.err "'datasets' is a folder, not a suite" "a folder is no suite: said"

# What would be found out too late is found before anything is asked.
before=$("$GAUNTLET" ls --json | jq '.runs | length')
run blocked "$GAUNTLET" run first --sim=clean -o config.yaml/page.html
exits blocked 2 "run -o FILE that cannot be written: exit 2"
says blocked.err 'config.yaml: cannot make the directory' "run -o FILE that cannot be written: said"
says blocked.err 'nothing was sent' "run -o FILE that cannot be written: before anything is sent"
for verb in resume rescore; do
    run blocked "$GAUNTLET" $verb last -o config.yaml/page.html
    says blocked.err 'config.yaml: cannot make the directory\|nothing pending' "$verb -o FILE that cannot be written: said"
    exits blocked 2 "$verb -o FILE that cannot be written: exit 2"
done
for name in last 'last~1' 'baseline:x' "$(printf 'a\033[31mb')" "$(printf 'a\nb')" '' "$(printf '\377')" "$(printf '%0201d' 0)"; do
    run name "$GAUNTLET" run first --sim=clean --name "$name"
    exits name 2 "--name '$(printf '%s' "$name" | tr -cd 'a-z0-9~:' | cut -c1-20)' by which no run could be found: exit 2"
done
run none "$GAUNTLET" run first --sim=clean --select category=nothing
exits none 5 "a selection of nothing: exit 5"
says none.err "matches no sample of data set 'first'; .gauntlet show suites/../datasets/first. lists" "a selection of nothing: says where to look"
same "$("$GAUNTLET" ls --json | jq '.runs | length')" "$before" "none of that made a run"

run twice "$GAUNTLET" run first --sim=clean -q
run names "$GAUNTLET" report last~1 -f json
same "$(jq -r .run.id names.out)" "$id" "last~1 is the run before"
run keep "$GAUNTLET" rm "$id"
exits keep 2 "rm without --yes and without a terminal deletes nothing"
run keep "$GAUNTLET" rm "$id" --dry-run
exits keep 0 "rm --dry-run says what it would delete"
same "$(sql results/gauntlet.db 'SELECT count(*) FROM run')" 2 "nothing was deleted"
run rm "$GAUNTLET" rm "$id" --yes
exits rm 0 "rm --yes deletes"
same "$(sql results/gauntlet.db "SELECT (SELECT count(*) FROM run), (SELECT count(*) FROM trial), (SELECT count(*) FROM attempt), (SELECT count(*) FROM sample)")" \
    '1|6|6|3' "rm deletes the run's rows, and samples that another run uses stay"
run rm "$GAUNTLET" rm last --yes
same "$(sql results/gauntlet.db "SELECT (SELECT count(*) FROM run) + (SELECT count(*) FROM trial) + (SELECT count(*) FROM sample) + (SELECT count(*) FROM dataset)")" 0 \
    "rm of the last run leaves nothing"
sound results/gauntlet.db "the store is sound after all"
done_testing
