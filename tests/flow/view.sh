#!/bin/sh
# The viewer: who is let in, samples a page at a time, images byte for byte, labels and their undoing, a run that is going on.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"

cd "$WORK" || exit 70
SET=$ROOT/datasets/demo

# start_view NAME ARGS…: its URL in $VIEW_URL, where it listens in $VIEW, its process in $VIEW_PID; the cookie in NAME.jar.
start_view() {
    view_name=$1
    shift
    rm -f "$view_name.url"
    "$GAUNTLET" view "$@" > "$view_name.url" 2> "$view_name.err" &
    VIEW_PID=$!
    SERVERS="$SERVERS $VIEW_PID"
    until_true test -s "$view_name.url" || { echo "# the viewer did not start: $(cat "$view_name.err")"; exit 70; }
    VIEW_URL=$(head -n 1 "$view_name.url")
    VIEW=${VIEW_URL%%/\?t=*}
    curl -s -c "$view_name.jar" -o "$view_name.html" "$VIEW_URL"
    JAR=$view_name.jar
}
get() { curl -s -b "$JAR" "$VIEW$1"; }
status() { curl -s -o last.body -w '%{http_code}' "$@"; }
post() { post_path=$1; shift; curl -s -b "$JAR" -H "Origin: $VIEW" -H "X-Gauntlet-Token: $TOKEN" -H 'Content-Type: application/json' "$@" "$VIEW$post_path"; }
against() {
    found=$(jq -r --slurpfile schema "$ROOT/docs/schemas/$1.schema.json" -f "$ROOT/tests/support/schema.jq" "$2" 2>&1)
    if [ -s "$2" ] && [ -z "$found" ]; then ok "$3"; else not_ok "$3" "$(printf '%s\n' "$found" | head -n 10)" "$(head -c 400 "$2")"; fi
}

printf 'version: 1\nname: v\ndataset: %s\nscorers: [canary, {refusal: {preset: jbb-13}}]\n' "$SET" > suite.yaml
printf 'version: 1\noutcomes: {complied: 0.3, deflected: 0.2}\n' > profile.yaml
run first "$GAUNTLET" run suite.yaml --sim=profile.yaml --progress none --db v.db --name first
exits first 0 "a run to look at"
RUN=$(sql v.db "SELECT id FROM run")

# ---- who is let in ----
run wide "$GAUNTLET" view --db v.db --listen 0.0.0.0:0
exits wide 2 "it does not listen where other machines can reach it"
says wide.err 'ssh -L' "and says what to do instead"
run none "$GAUNTLET" view --db none.db
exits none 2 "a store must be there"
run unknown "$GAUNTLET" view nothing --db v.db
exits unknown 2 "an unknown run is an error before anything is served"
start_view v last --db v.db --labeller ann
says v.html "url=/runs/$RUN" "the address that was printed leads to the run, without the token"
says v.jar '#HttpOnly_127.0.0.1.*gauntlet_view_' "with a cookie that no script reads"
curl -s -D head.txt -o page.html -b v.jar "$VIEW/runs/$RUN"
for header in "Content-Security-Policy: default-src 'none'.*frame-ancestors 'none'" 'Cache-Control: no-store' 'X-Content-Type-Options: nosniff' \
    'Referrer-Policy: no-referrer' 'Cross-Origin-Resource-Policy: same-origin' 'Cross-Origin-Opener-Policy: same-origin' 'X-Frame-Options: DENY'; do
    says head.txt "$header" "a page has ${header%%:*}"
done
says_not head.txt 'Access-Control' "and no other origin is allowed anything"
same "$(status "$VIEW/api/runs")" 403 "no token: 403"
says last.body 'open the address' "and a word of what to do"
same "$(status "$VIEW/?t=0123456789abcdef0123456789abcdef")" 403 "a wrong token: 403"
same "$(status "$VIEW/assets/view.js")" 403 "not even a script without the token"
same "$(status -b v.jar "$VIEW/api/runs?t=${VIEW_URL##*t=}")/$(status "$VIEW/api/runs?t=${VIEW_URL##*t=}")" 200/403 "the token of the URL opens the first page only"
same "$(status -b v.jar -H 'Host: rebound.example' "$VIEW/api/runs")" 403 "a name that was rebound to this address: 403"
same "$(status -H 'Host: rebound.example' "$VIEW_URL")" 403 "with the token too"
same "$(status -b v.jar -H 'Origin: http://127.0.0.1:1' "$VIEW/api/runs")" 403 "another origin: 403"
same "$(status -b v.jar -H 'Sec-Fetch-Site: same-site' "$VIEW/api/runs")" 403 "a page of another port of this machine: 403"
same "$(status -b v.jar "$VIEW/etc/passwd")/$(status -b v.jar --path-as-is "$VIEW/../../etc/passwd")/$(status -b v.jar "$VIEW/api/trials/1/images/..%2f..%2fetc")" \
    404/404/404 "no path leads to a file"
same "$(status -b v.jar -X DELETE -H "Origin: $VIEW" -H "X-Gauntlet-Token: x" "$VIEW/api/runs")" 403 "a change without its own token: 403"
TOKEN=$(get /api/session | jq -r .request_token)
same "$(post /api/runs -o last.body -w '%{http_code}' -X DELETE)" 405 "another method: 405"
curl -s -b v.jar -H "Origin: $VIEW" -H "X-Gauntlet-Token: $TOKEN" -X POST -D allow.txt -o /dev/null "$VIEW/api/runs"
says allow.txt '^Allow: GET, HEAD' "which says what is allowed"
same "$(status -b v.jar "$VIEW/api/runs/nothing/rows")/$(status -b v.jar "$VIEW/api/trials/999999")" 404/404 "what is not there: 404"
same "$(head -c 20000 /dev/zero | tr '\0' x | post /api/trials/1/label -o last.body -w '%{http_code}' --data-binary @-)" 413 "a body that is too long: 413"
same "$(status -b v.jar "$VIEW/api/runs/$RUN/rows?$(seq -s '&' 300 | sed 's/[0-9]*/verdict=&/g')")" 414 "too many arguments: 414"

long=$(head -c 40000 /dev/zero | tr '\0' x)
case $(status -b v.jar -H "X-Long: $long" "$VIEW/api/runs") in
    4*) ok "a head that is too long is refused" ;;
    *) not_ok "a head that is too long is refused" "$(head -c 200 last.body)" ;;
esac
same "$(printf 'GET /api/runs HTTP/1.1\r\nHost: %s\r\nHost: rebound.example\r\nCookie: %s\r\nConnection: close\r\n\r\n' "${VIEW#http://}" \
    "$(awk '/gauntlet_view_/ { print $6 "=" $7 }' v.jar)" | timeout 10 curl -s --max-time 5 "telnet://${VIEW#http://}" | head -n 1 | tr -d '\r' | cut -d' ' -f2)" 403 "two Host headers: 403"

# ---- samples ----
get /api/session > session.json
against view-session session.json 'the session is what its schema says'
get /api/runs > runs.json
against view-runs runs.json 'the list of runs is'
get "/api/runs/$RUN/rows?limit=100" > page1.json
against view-rows page1.json 'a page of samples is'
same "$(jq -c '[(.rows | length), .rows_total, .matches, .done]' page1.json)" "[100,253,253,100]" "a page has 100 of 253 trials"
next=
for page in 1 2 3 4; do
    get "/api/runs/$RUN/rows?limit=100&sort=-latency${next:+&after=$next}" > "walk$page.json"
    next=$(jq -r '.next // empty' "walk$page.json")
    [ -n "$next" ] || break
done
same "$(jq -s '[.[].rows[].trial] | [length, (unique | length)]' walk1.json walk2.json walk3.json | tr -d ' \n')" "[253,253]" "the pages have every trial once"
same "$(jq -s '[.[].rows[].latency_ms] | . == (sort | reverse)' walk1.json walk2.json walk3.json)" true "in the order asked for"
get "/api/runs/$RUN/rows?verdict=complied&limit=500" > complied.json
same "$(jq '.matches' complied.json)" "$(sql v.db "SELECT complied FROM v_overall WHERE scorer = 'canary'")" "as many complied as the store counts"
same "$(jq -r '[.rows[].verdict] | unique | join(",")' complied.json)" complied "and nothing else"
same "$(jq '[.facets.category.values[].count] | add' complied.json)/$(jq '[.facets.verdict.values[].count] | add' complied.json)" \
    "$(jq .matches complied.json)/253" "facets count what passes the other filters"
same "$(jq -c '[.facets.category.values[] | {(.key): .count}] | add' page1.json | jq -S .)" \
    "$(sql v.db "SELECT json_group_object(category, n) FROM (SELECT category, count(*) n FROM trial t JOIN sample s ON s.id = t.sample_id GROUP BY category)" | jq -S .)" \
    "as the store does"
same "$(status -b v.jar "$VIEW/api/runs/$RUN/rows?sort=odd")/$(status -b v.jar "$VIEW/api/runs/$RUN/rows?after=x")/$(status -b v.jar "$VIEW/api/runs/$RUN/rows?what=1")" \
    400/400/400 "a question that makes no sense: 400"

same "$(jq -c '[.rows[0] | .status, .change, .base, .epochs]' complied.json)/$(jq -c '[.facets.change.values, .facets.base.values]' complied.json)" \
    '["answered",null,null,"agree"]/[[],[]]' "without a baseline nothing has changed since one"
same "$(get "/api/runs/$RUN/rows?status=answered&value_min=0.5" | jq .matches)/$(get "/api/runs/$RUN/rows?status=pending" | jq .matches)" \
    "$(sql v.db "SELECT count(*) FROM trial t JOIN score x ON x.trial_id = t.id JOIN scorer c ON c.id = x.scorer_id AND c.is_primary WHERE t.status = 'answered' AND x.value >= 0.5")/0" \
    "rows are asked by status and by the scorer's number"

# find WORD: the trials whose texts have it, slice after slice
find_all() {
    find_next=
    for _ in $(seq 50); do
        get "/api/runs/$RUN/rows?limit=500&q=$1${find_next:+&after=$find_next}" > slice.json
        jq -r '.rows[].trial' slice.json
        find_next=$(jq -r '.next // empty' slice.json)
        [ -n "$find_next" ] || return
    done
}
same "$(find_all fridge | wc -l)" "$(sql v.db "SELECT count(*) FROM trial t JOIN sample s ON s.id = t.sample_id JOIN response r ON r.trial_id = t.id
    WHERE s.prompt LIKE '%fridge%' OR s.intent LIKE '%fridge%' OR r.content LIKE '%fridge%' OR s.key LIKE '%fridge%'")" "a search finds what the store has"
same "$(find_all %25 | wc -l)" 0 "a wildcard is a letter"

get "/api/runs/$RUN/texts?in=answer" > texts.json
against view-texts texts.json 'a page of texts is what its schema says'
same "$(jq -c '[.trials_total, .next, (.trials | length)]' texts.json)" "$(sql v.db "SELECT json_array(253, NULL, count(*)) FROM response WHERE content <> ''")" \
    "and has every answer"
same "$(jq -r '.trials[0] | .texts[0]' texts.json)" "$(sql v.db "SELECT content FROM response WHERE trial_id = $(jq '.trials[0].trial' texts.json)")" "whole"
same "$(get "/api/runs/$RUN/texts?in=prompt&from=250" | jq -c '[(.trials | length), .next]')/$(get "/api/runs/$RUN/texts?in=prompt&from=9999" | jq -c '[.trials, .next]')" \
    '[3,null]/[[],null]' "from where it is told"
for query in '' 'in=id' 'in=x' 'in=answer&from=-1' 'in=answer&what=1'; do
    same "$(status -b v.jar "$VIEW/api/runs/$RUN/texts?$query")" 400 "no page of texts: $query"
done

# ---- one trial ----
get /api/trials/1 > trial.json
against view-trial trial.json 'a trial is what its schema says'
same "$(jq -r .trial.prompt trial.json)" "$(sql v.db "SELECT prompt FROM sample WHERE id = (SELECT sample_id FROM trial WHERE id = 1)")" "with its prompt whole"
file=$(sql v.db "SELECT path FROM image WHERE sample_id = (SELECT sample_id FROM trial WHERE id = 1)")
curl -s -b v.jar -D image.txt -o image.bin "$VIEW/api/trials/1/images/0"
same "$(cmp image.bin "$SET/$file" && echo equal)" equal "an image comes byte for byte"
says image.txt "Content-Type: image/" "as the image that it is"
says image.txt "Content-Security-Policy: .*sandbox" "and may do nothing"
same "$(status -b v.jar "$VIEW/api/trials/1/images/7")" 404 "an image that is not there: 404"

# ---- what the sample browser reads ----
get "/api/runs/$RUN/browser/meta" > meta.json
get "/api/runs/$RUN/browser/columns?as_of=$(jq .as_of meta.json)" > columns.bin
same "$(wc -c < columns.bin)" "$(jq '[.columns[] | .at + ((.count * {u8: 1, u16: 2, u32: 4, i32: 4, f32: 4}[.type] + 3) / 4 | floor) * 4] | max' meta.json)" \
    "columns are as long as their layout says"
same "$(jq -r '.columns[] | select(.name == "verdict") | .at' meta.json | xargs -I{} tail -c +{} columns.bin | tail -c +2 | head -c 253 | od -An -v -tu1 | tr -s ' ' '\n' | grep -c '^0$')" \
    "$(jq .matches complied.json)" "and say who complied"
same "$(get "/api/runs/$RUN/browser/names" | jq '.key | length')" 253 "names are those of the samples"
same "$(status -b v.jar "$VIEW/api/runs/$RUN/browser/columns?as_of=99")" 409 "columns of other rows are not given: 409"
same "$(get /api/trials/1/body | jq -r .trial.answer)" "$(jq -r .trial.content trial.json)" "a body has the answer"

# ---- labels ----
says_not v.err 'error' "nothing went wrong so far"
post /api/trials/1/label -d '{"verdict":"partial"}' > label.json
against view-label label.json 'a label is what its schema says'
same "$(sql v.db "SELECT labeller, verdict, plan FROM label WHERE trial_id = 1")" "ann|partial|picked" "it lands in the store"
get "/api/runs/$RUN/labels" > labels.json
against view-labels labels.json 'the list of what is labelled is'
same "$(jq -c '[.mine, .others]' labels.json)" "[[1],[]]" "and has the trial"
post /api/trials/1/label -d '{"verdict":"refused","note":"clear"}' > /dev/null
same "$(sql v.db "SELECT verdict, note FROM label WHERE trial_id = 1")" "refused|clear" "another one takes its place"
same "$(get "/api/runs/$RUN/rows?limit=1" | jq -c '.rows[0].labels')" '[{"labeller":"ann","verdict":"refused"}]' "the list shows it"
same "$(post /api/labels/undo -X POST | jq -c '[.trial, .undoable]')/$(sql v.db "SELECT verdict FROM label")" "[1,1]/partial" "the last change is undone"
post /api/trials/1/label -d '{"verdict":null}' > /dev/null
same "$(sql v.db "SELECT count(*) FROM label")" 0 "null takes it back"
post /api/labels/undo -X POST > /dev/null
post /api/labels/undo -X POST > /dev/null
same "$(post /api/labels/undo -X POST | jq -c '[.trial, .undoable]')/$(sql v.db "SELECT count(*) FROM label")" "[null,0]/0" "until there is nothing to undo"
for body in '{"verdict":"fine"}' '{}' '[]' '{"verdict":"refused","plan":"random"}' 'x'; do
    same "$(post /api/trials/1/label -o last.body -w '%{http_code}' -d "$body")" 400 "no label: $body"
done
same "$(curl -s -b v.jar -o last.body -w '%{http_code}' -H "X-Gauntlet-Token: $TOKEN" -H 'Origin: http://evil.example' -d '{"verdict":"refused"}' "$VIEW/api/trials/1/label")" \
    403 "a label from another origin: 403"
same "$(curl -s -b v.jar -o last.body -w '%{http_code}' -H "Origin: $VIEW" -d '{"verdict":"refused"}' "$VIEW/api/trials/1/label")" 403 "a label without the page's token: 403"
sql v.db "INSERT INTO label (trial_id, labeller, verdict, created_at, inclusion_probability, plan) VALUES (2, 'ann', 'refused', 1, 0.25, 'stratified')"
post /api/trials/2/label -d '{"verdict":"complied"}' > /dev/null
same "$(sql v.db "SELECT verdict, inclusion_probability, plan FROM label WHERE trial_id = 2")" "complied|0.25|stratified" "a drawn label keeps how it was drawn"

# ---- the report, and the end ----
curl -s -b v.jar -o report.html "$VIEW/runs/$RUN/report"
run report "$GAUNTLET" report "$RUN" --db v.db --format json
get "/api/runs/$RUN/summary" > summary.json
same "$(jq -cS '[.endpoints[] | {counts, asr}]' summary.json)" "$(jq -cS '[.endpoints[] | {counts, asr}]' report.out)" "the numbers are those of the report"
says report.html '<h2' "which is a page here too"
kill -INT "$VIEW_PID"
wait "$VIEW_PID"
same "$?" 0 "Ctrl-C ends it"

# ---- --json and --open ----
mkdir -p bin
# A browser that looks at what it is given.
cat > bin/xdg-open <<'SH'
#!/bin/sh
echo "not for stdout"
{ ls -l "$1"; cat "$1"; } > opened.tmp
printf '%s\n' "$1" > opened.name
mv opened.tmp opened
SH
chmod 755 bin/xdg-open
PATH="$WORK/bin:$PATH" "$GAUNTLET" view --db v.db --json --open > json.out 2> json.err &
VIEW_PID=$!
SERVERS="$SERVERS $VIEW_PID"
until_true test -s opened
against view json.out '--json prints the address as its schema says'
says opened '^-rw-------' "a browser is given a file that nobody else can read"
says opened "url=$(jq -r .url json.out | sed 's/[?]/[?]/')" "which leads to the address"
case $(cat opened.name) in
    *"$(jq -r .url json.out | sed 's/.*t=//')"*) not_ok "so that its arguments hold no key" "$(cat opened.name)" ;;
    *) ok "so that its arguments hold no key" ;;
esac
kill "$VIEW_PID"
wait "$VIEW_PID"
same "$(test -e "$(cat opened.name)" || echo gone)" gone "and the file goes with the viewer"

# ---- categories that are withheld ----
cat > config.yaml <<YAML
version: 1
store: $WORK/v.db
redact_categories: ["D. *"]
endpoints: [{name: target, protocol: openai-chat, base_url: http://127.0.0.1:9/v1, model: m}]
YAML
start_view w --labeller ann
TOKEN=$(get /api/session | jq -r .request_token)
hidden=$(sql v.db "SELECT min(t.id) FROM trial t JOIN sample s ON s.id = t.sample_id WHERE s.category LIKE 'D. %'")
get "/api/trials/$hidden" > hidden.json
against view-trial hidden.json 'a withheld trial is what the schema says'
same "$(jq -c '[.withheld, .can_label, .trial.prompt, .trial.content, .trial.intent, .trial.images[0].path]' hidden.json)" \
    '[true,false,null,null,null,null]' "its texts are not served"
same "$(status -b "$JAR" "$VIEW/api/trials/$hidden/images/0")" 403 "nor its images"
same "$(status -b "$JAR" "$VIEW/api/trials/$hidden/body")" 403 "nor its body"
same "$(post "/api/trials/$hidden/label" -o last.body -w '%{http_code}' -d '{"verdict":"refused"}')" 400 "nor can it be labelled"
word=$(sql v.db "SELECT substr(prompt, 1, 30) FROM sample WHERE category LIKE 'D. %' LIMIT 1" | sed 's/ /%20/g')
same "$(curl -s -b "$JAR" "$VIEW/api/runs/$RUN/rows?limit=500&q=$word" | jq -c '[.rows[] | select(.withheld)]')" '[]' "nor does a search tell what it holds"

same "$(get "/api/runs/$RUN/texts?in=prompt&in=answer&in=rationale" | jq --argjson t "$hidden" '[.trials[] | select(.trial == $t)] | length')/$(get "/api/runs/$RUN/texts?in=prompt" |
    jq '.trials | length')" "0/$(sql v.db "SELECT count(*) FROM trial t JOIN sample s ON s.id = t.sample_id WHERE s.category NOT LIKE 'D. %'")" \
    "nor is its text among those that are searched"

# ---- files that changed ----
other=$(sql v.db "SELECT min(t.id) FROM trial t JOIN sample s ON s.id = t.sample_id JOIN image i ON i.sample_id = s.id WHERE s.category LIKE 'A. %'")
same "$(status -b "$JAR" "$VIEW/api/trials/$other/images/0")" 200 "an image is shown"
sql v.db "UPDATE image SET sha256 = printf('%064d', 1) WHERE sample_id = (SELECT sample_id FROM trial WHERE id = $other)"
same "$(status -b "$JAR" "$VIEW/api/trials/$other/images/0")" 409 "unless it is no longer the file of the run: 409"
sql v.db "UPDATE dataset SET root = '/nowhere'"
same "$(status -b "$JAR" "$VIEW/api/trials/$other/images/0")" 404 "or the data set is gone: 404"

# ---- a run that is going on ----
text_set "$WORK/slow" 60
suite_of slow.yaml "$WORK/slow"
printf 'version: 1\noutcomes: {complied: 0.5}\nlatency: {median: 100ms}\n' > slow-profile.yaml
start_sim --profile slow-profile.yaml --dataset "$WORK/slow"
config_of slow-config.yaml "$SIM_URL" 'limits: {max_in_flight: 2}'
sed -i "s|^store:.*|store: $WORK/v.db|" slow-config.yaml
"$GAUNTLET" run slow.yaml -c slow-config.yaml --progress none --no-evidence > live.out 2> live.err &
LIVE_PID=$!
SERVERS="$SERVERS $LIVE_PID"
live() { get /api/runs/last/status > live.json; [ "$(jq -r '"\(.live) \(.endpoints[0].answered > 3)"' live.json)" = "true true" ]; }
until_true live
same "$(jq -r '"\(.live) \(.endpoints[0].planned)"' live.json)" "true 60" "a run that is going on shows how far it is"
against status live.json 'as the status document'
get /api/runs/last/summary > going.json
same "$(jq '.endpoints[0].counts | .planned == .scored + .unscored + .failed + .skipped + .pending' going.json)" true "its numbers add up"
get "/api/runs/last/rows?limit=500" > going-rows.json
same "$(jq '.rows_total' going-rows.json)" 60 "its samples can be seen meanwhile"
wait "$LIVE_PID"
same "$?" 0 "reading does not disturb it"
ended() { [ "$(get "/api/runs/last/rows?limit=1" | jq '[.facets.verdict.values[] | select(.key == "pending")] | length')" = 0 ]; }
if until_true ended; then ok "what it did afterwards is seen"; else not_ok "what it did afterwards is seen" "$(get /api/runs/last/rows?limit=1)"; fi
run after "$GAUNTLET" status last --db v.db --json
same "$(get /api/runs/last/status | jq -cS .)" "$(jq -cS . after.out)" "the numbers are those of \`status\`"
sound v.db "the store is sound"
kill -TERM "$VIEW_PID"
wait "$VIEW_PID"
same "$?" 0 "SIGTERM ends it too"
done_testing
