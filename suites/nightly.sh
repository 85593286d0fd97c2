#!/bin/sh
# One night: runs a suite, compares it with the baseline, applies the gate, keeps the HTML report, prints a summary in Markdown.
#
#   suites/nightly.sh [OPTION...] [SUITE] [-- OPTION OF RUN...]
#
#   -c, --config FILE     the configuration (as gauntlet looks it up)
#   --db FILE             the store (the configuration's)
#   -d, --dir DIR         where reports, summaries and logs are kept (results/nightly)
#   --keep N              of each, keep the newest N (30); the store keeps every night
#   --baseline NAME       compare with this baseline (the suite's name)
#   --move-baseline       make this night the baseline, if its gate passed or there is none yet
#   --no-confirm          do not ask the night again when the trend raises an alarm
#   --fail-on-alarm       an alarm that holds fails the night, as a failed gate does (exit 1)
#   --resume              finish the night that was left unfinished, instead of beginning one
#   -h, --help            this text
#
# SUITE is a file or a name as `gauntlet run` takes it (suites/nightly.yaml). $GAUNTLET names the program (./gauntlet, else PATH).
# The summary goes to stdout and, in GitHub Actions, to $GITHUB_STEP_SUMMARY too; everything else to a log in DIR.
# The exit code is the night's, as gauntlet's own: 0 passed; 1 the gate failed, or with --fail-on-alarm an alarm holds; 2 the command line, configuration or data is wrong;
# 3 the endpoint cannot be reached; 4 incomplete, or another night is going: `--resume`; 5 no verdict: inconclusive, not comparable, or no
# baseline yet; 70 a bug; 130 and 143 interrupted: `--resume`. docs/nightly.md says what to do about each.
set -u

usage() { sed -n '2,/^set -u/p' "$0" | sed '/^set -u/d; s/^# \{0,1\}//'; }
say() { printf 'nightly: %s\n' "$*" >&2; }
wrong() { say "$*; --help tells more"; exit 2; }

config='' db='' dir=results/nightly keep=30 baseline='' move='' confirm=1 page_on='' resume='' suite=''
while [ $# -gt 0 ]; do
    case $1 in
    -c | --config | --db | -d | --dir | --keep | --baseline) [ $# -ge 2 ] || wrong "$1 wants a value" ;;
    esac
    case $1 in
    -c | --config) config=$2; shift ;;
    --db) db=$2; shift ;;
    -d | --dir) dir=$2; shift ;;
    --keep) keep=$2; shift ;;
    --baseline) baseline=$2; shift ;;
    --move-baseline) move=1 ;;
    --no-confirm) confirm='' ;;
    --fail-on-alarm) page_on=1 ;;
    --resume) resume=1 ;;
    -h | --help) usage; exit 0 ;;
    --) shift; break ;;
    -*) wrong "there is no option $1" ;;
    *) [ -z "$suite" ] || wrong "one suite a night, not '$suite' and '$1'"; suite=$1 ;;
    esac
    shift
done
# What is left in "$@" is for `gauntlet run`.
case $keep in '' | *[!0-9]* | 0) wrong "--keep: '$keep' is not a number above 0" ;; esac
here=$(cd "$(dirname "$0")" && pwd)
suite=${suite:-$here/nightly.yaml}
name=$(basename "$suite" .yaml)
baseline=${baseline:-$name}
gauntlet=${GAUNTLET:-}
[ -n "$gauntlet" ] || { [ -x ./gauntlet ] && gauntlet=./gauntlet; } || gauntlet=$(command -v gauntlet) || wrong 'there is no ./gauntlet and none in PATH: set GAUNTLET'
mkdir -p "$dir/logs" "$dir/reports" "$dir/summaries" || exit 2

# ---- One night at a time ---------------------------------------------------------------------------------------------
# The kernel forgets an flock with the process, whatever happens to it; where there is none, a folder with the process in it.
if command -v flock > /dev/null; then
    exec 9> "$dir/lock"
    flock -n 9 || { say "another night is going in $dir: nothing was done"; exit 4; }
else
    if ! mkdir "$dir/lock.d" 2> /dev/null; then
        other=$(cat "$dir/lock.d/pid" 2> /dev/null)
        if [ -n "$other" ] && kill -0 "$other" 2> /dev/null; then
            say "another night is going in $dir (process $other): nothing was done"
            exit 4
        fi
        say "a night that died had left its lock; taking over"
    fi
    echo $$ > "$dir/lock.d/pid"
    trap 'rm -rf "$dir/lock.d"' EXIT
fi

stamp=$(date -u +%Y-%m-%dT%H%M%SZ)
log=$dir/logs/$name-$stamp.log
page=$dir/reports/$name-$stamp.html
summary=$dir/summaries/$name-$stamp.md
unfinished=$dir/unfinished-$name # the run that --resume goes on with

# ask VERB…: gauntlet, with the configuration and the store of this night; its words go to the log
ask() {
    verb=$1
    shift
    "$gauntlet" "$verb" ${config:+--config "$config"} ${db:+--db "$db"} --color never "$@" 2>> "$log"
}

# rotate FOLDER: the newest $keep of its files stay; their names sort by time
rotate() {
    find "$dir/$1" -type f -name "$name-*" | sort -r | tail -n "+$((keep + 1))" | while IFS= read -r old; do rm -f "$old"; done
}

# ---- Run, or go on ---------------------------------------------------------------------------------------------------
# A signal goes to gauntlet as well: it stops in order, and its exit code says so.
trap : INT TERM
if [ -n "$resume" ]; then
    [ -s "$unfinished" ] || { say "no night of $name was left unfinished in $dir"; exit 0; }
    run=$(cat "$unfinished")
    say "going on with $run; log $log"
    ask resume "$run" --retry-failed --progress plain >> "$log"
    code=$?
else
    run=$name-$stamp
    say "night $run; log $log"
    ask run "$suite" --name "$run" --progress plain "$@" >> "$log"
    code=$?
fi
case $code in
0) rm -f "$unfinished" ;;
3 | 4 | 130 | 143) if ask show "$run" --json > /dev/null; then echo "$run" > "$unfinished"; fi ;;
esac

# ---- Gate ------------------------------------------------------------------------------------------------------------
verdict='' gate='' against='' # against: what the page compares with
has_baseline() { ask ls baselines --json | tr -d ' \n' | grep -qF "\"name\":\"$baseline\""; }
# The second column of the trend: the run's endpoints, one a line.
endpoints() { ask trend "$run" --last 1 --format csv | sed -n '2,$s/^"[^"]*","\([^"]*\)".*/\1/p' | sort -u; }
# A failed gate outweighs what could not be judged, and that a pass.
rank() { case $1 in 0) echo 0 ;; 5) echo 1 ;; 4) echo 2 ;; 1) echo 4 ;; *) echo 3 ;; esac; }
worse() { [ "$(rank "$1")" -gt "$(rank "$2")" ]; }

if [ $code -ne 0 ]; then
    verdict="no verdict: the run ended with exit $code"
elif has_baseline; then
    against=baseline:$baseline
    for endpoint in $(endpoints); do # each against itself; names have no spaces
        gate="$gate
$(ask gate "$run:$endpoint" --baseline "baseline:$baseline:$endpoint" --format markdown)"
        of=$?
        if worse $of $code; then code=$of; fi
        ask compare "baseline:$baseline:$endpoint" "$run:$endpoint" >> "$log"
    done
    case $code in
    0) verdict='the gate passed' ;;
    1) verdict='THE GATE FAILED' ;;
    4) verdict='no verdict: too much is missing' ;;
    5) verdict='no verdict: inconclusive or not comparable' ;;
    *) verdict="the gate could not be asked (exit $code)" ;;
    esac
elif [ -n "$move" ]; then
    verdict='no gate: this night is the first baseline'
else
    code=5
    verdict="no verdict: there is no baseline '$baseline' yet; --move-baseline makes a night one"
fi

# ---- Alarms ----------------------------------------------------------------------------------------------------------
# An alarm may be chance, or a bad hour: the night is asked once more, and what that run does not show is no alarm.
alarm=''
hear() { trend=$(ask trend "$run" --format markdown --fail-on-alarm); alarmed=$?; }
hear
case $code in
0 | 1 | 5) finished=1 ;;
*) finished='' ;; # what is missing is the news of such a night
esac
if [ -n "$finished" ] && [ $alarmed -eq 1 ]; then
    alarm='an alarm is open'
    if [ -n "$confirm" ] && printf '%s' "$trend" | grep -q 'has not been asked again'; then
        say "the trend raises an alarm: asking again, as $run-again"
        ask run "$suite" --name "$run-again" --confirm "$run" --progress plain "$@" >> "$log"
        again=$?
        hear
        case $alarmed in
        0) alarm='an alarm did not hold when asked again' ;;
        *) alarm='AN ALARM HOLDS when asked again' ;;
        esac
        case $again in
        0) ;;
        130 | 143) code=$again; alarm='an alarm is open: asking again was interrupted' ;;
        *) alarm="an alarm is open: asking again ended with exit $again" ;;
        esac
    fi
    if [ -n "$page_on" ] && [ $alarmed -eq 1 ] && worse 1 $code; then code=1; fi
fi

if [ -n "$move" ] && [ $code -eq 0 ]; then
    ask baseline set "$baseline" "$run" >> "$log" || code=$?
fi

# ---- What stays ------------------------------------------------------------------------------------------------------
ask report "$run" --format html --last 30 ${against:+--baseline "$against"} -o "$page" >> "$log" || rm -f "$page"
# shellcheck disable=SC2016 # the backquotes are Markdown's
{
    printf '## %s: %s\n\n' "$name" "$verdict${alarm:+; $alarm}"
    printf 'Night `%s`, exit %s. ' "$run" "$code"
    [ -e "$page" ] && printf 'Report `%s`, ' "$page"
    printf 'log `%s`.\n' "$log"
    [ -z "$move" ] || [ $code -ne 0 ] || printf '\nThis night is the baseline `%s` now.\n' "$baseline"
    [ ! -s "$unfinished" ] || printf '\nUnfinished: `%s%s --resume` goes on with it.\n' "$0" "${config:+ -c $config}"
    [ -z "$gate" ] || printf '\n%s\n' "$gate"
    printf '\n'
    ask report "$run" --format markdown
    printf '\n'
    printf '%s\n' "$trend"
} > "$summary" 2>> "$log"
cat "$summary"
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$summary" >> "$GITHUB_STEP_SUMMARY"; fi
for folder in logs reports summaries; do rotate $folder; done
exit $code
