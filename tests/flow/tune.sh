#!/bin/sh
# Limits of a run that is going now: by `gauntlet tune`, by SIGHUP, and what is refused.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
text_set set 240 && suite_of suite.yaml set

# Two requests a minute: without a new limit this run would take two hours.
printf 'version: 1\noutcomes: {complied: 0.3, refused: 0.7}\n' > profile.yaml
start_sim --profile profile.yaml
config_of config.yaml "$SIM_URL" 'limits: {max_in_flight: 4, requests_per_minute: 2}'

# begin NAME: a run in the background that has its first answer; its process in $RUNNING.
begin() {
    "$GAUNTLET" run suite.yaml -c config.yaml --db "$1.db" --name "$1" --progress plain > "$1.out" 2> "$1.err" &
    RUNNING=$!
    SERVERS="$SERVERS $RUNNING"
    if until_true answered_one "$1"; then ok "$1: the run waits for its second minute"; else not_ok "$1: the run waits" "$(cat "$1.err")"; fi
}
answered_one() { [ "$(sql "$1.db" "SELECT count(*) >= 1 FROM trial WHERE status = 'answered'" 2> /dev/null)" = 1 ]; }
tuned() { grep -q -e "$2" "$1.err"; }
# ended NAME: all of it was answered, long before two hours are over.
ended() {
    wait "$RUNNING"
    same $? 0 "$1: the run ends by itself, soon"
    same "$(sql "$1.db" 'SELECT status, count(*) FROM trial GROUP BY 1')" 'answered|240' "$1: every trial is answered"
}

begin tuned
run status "$GAUNTLET" status tuned --json --db tuned.db
same "$(jq -c '[.live, .endpoints[0].recent.rate_limited]' status.out)" '[true,0]' 'status says how the run goes'
same "$(jq -r --slurpfile schema "$ROOT/docs/schemas/status.schema.json" -f "$ROOT/tests/support/schema.jq" status.out)" '' 'as its schema has it'
endpoint=$(sql tuned.db 'SELECT name FROM endpoint')
run near "$GAUNTLET" tune tuned "${endpoint}x.max_in_flight=8" -c config.yaml --db tuned.db
exits near 2 'an endpoint that is not there is an error'
says near.err "did you mean .$endpoint" 'and the nearest is named'
run key "$GAUNTLET" tune tuned "$endpoint.max_in_fligth=8" -c config.yaml --db tuned.db
exits key 2 'so is a limit that is not there'
says key.err 'did you mean .max_in_flight' 'and the nearest is named'
for value in 0 -1 1.5 nan 1e9 '' 8x; do
    run value "$GAUNTLET" tune tuned "$endpoint.max_in_flight=$value" -c config.yaml --db tuned.db
    exits value 2 "max_in_flight=$value is refused"
done
run form "$GAUNTLET" tune tuned 'max_in_flight' -c config.yaml --db tuned.db
exits form 2 'so is what is no key and value'
says form.err 'NAME.KEY=VALUE' 'which says how it is written'
same "$(sql tuned.db "SELECT count(*) FROM event WHERE kind = 'tune'")" 0 'nothing of that reached the run'

run budget "$GAUNTLET" tune tuned "$endpoint.budget_usd=5" -c config.yaml --db tuned.db
exits budget 0 'a budget is asked for'
until_true tuned tuned 'budget_usd stays'
says tuned.err 'budget_usd stays: a budget needs the endpoint.s price' 'the run cannot hold one without a price, and says so'
run tune "$GAUNTLET" tune tuned "$endpoint.max_in_flight=8" "$endpoint.requests_per_minute=0" dispatch.max_in_flight=100 -c config.yaml --db tuned.db --json
exits tune 0 'three limits are asked for at once'
same "$(jq -c '.changes' tune.out)" \
    "[{\"endpoint\":\"$endpoint\",\"key\":\"max_in_flight\",\"value\":8},{\"endpoint\":\"$endpoint\",\"key\":\"requests_per_minute\",\"value\":0},{\"endpoint\":null,\"key\":\"max_in_flight\",\"value\":100}]" \
    'the document says which'
same "$(jq -r --slurpfile schema "$ROOT/docs/schemas/tune.schema.json" -f "$ROOT/tests/support/schema.jq" tune.out)" '' 'as its schema has it'
ended tuned
says tuned.err "$endpoint.max_in_flight is now 8, was 4" 'the run says what it took'
says tuned.err "$endpoint.requests_per_minute is now 0, was 2" 'all of it'
says tuned.err 'dispatch.max_in_flight is now 100, was 256' 'and of dispatch'
same "$(sql tuned.db "SELECT kind, count(*) FROM event WHERE kind IN ('tune', 'limits') GROUP BY 1 ORDER BY 1")" 'limits|4
tune|4' 'wishes and what became of them are events'
run after "$GAUNTLET" tune tuned "$endpoint.max_in_flight=8" -c config.yaml --db tuned.db
exits after 2 'a run that is over cannot be tuned'
says after.err 'is not going now' 'and that is said'

begin hup
printf 'version: 1\nendpoints: nonsense\n' > good.saved && mv config.yaml good.yaml && mv good.saved config.yaml
kill -HUP "$RUNNING"
until_true tuned hup 'limits stay as they were'
says hup.err 'limits stay as they were' 'SIGHUP with a broken configuration changes nothing'
says hup.err 'config.yaml:2:' 'and says where it is broken'
sed 's/max_in_flight: 4, requests_per_minute: 2/max_in_flight: 6/' good.yaml > config.yaml
kill -HUP "$RUNNING"
ended hup
says hup.err "$endpoint.max_in_flight is now 6, was 4" 'SIGHUP takes a limit whose line has changed'
says hup.err "$endpoint.requests_per_minute is now 0, was 2" 'and one whose line is gone'
same "$(sql hup.db "SELECT count(*) FROM event WHERE kind = 'limits'")" 2 'both are events of the run'
sound hup.db 'the store is sound'
done_testing
