#!/bin/sh
# `gauntlet pull` against a Hub on loopback: what it brings, what it says, and what survives a broken line, a lying server and kill -9.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
# shellcheck source=../support/hub.sh
. "$(dirname "$0")/../support/hub.sh"
cd "$WORK" || exit 70
mkdir -p hub/org && small_set hub/org/set
cp -R hub/org/set hub/org/set@v2
rm -r hub/org/set@v2/test
echo new > hub/org/set@v2/new.txt
mkdir -p hub/it4lia && cp -R hub/org/set@v2 hub/it4lia/PHANTOM
start_hub hub 5
meta 'org/set licence cc0-1.0'
main=$(commit_of org/set@main) v2=$(commit_of org/set@v2)
large=$(sha256sum hub/org/set/large.bin | cut -d' ' -f1)    # as the CDN calls it

# ---- A pull --------------------------------------------------------------------------------------------------------
run first "$GAUNTLET" pull hf:org/set
exits first 0 'a data set is pulled'
whole datasets/set hub/org/set 'every file is there, byte for byte, and nothing else'
says first.err "warning: no revision was named, and 'main' may move; pin this commit: hf:org/set@$main" 'without a revision the commit to pin is said'
says first.out "^# org/set at $main: 10 files, .*, every hash verified" 'the summary names the commit'
says first.out '^# licence cc0-1.0, gated no' 'the summary names the licence'
same "$(grep -c tree/ hub/.log)" 3 'the list came in pages'
same "$(grep -c HEAD hub/.log)" 0 'nothing was asked for only to learn a size'
same "$(jq -r '.files[] | "\(.sha256)  \(.path)"' datasets/set/dataset.lock)" "$(cd hub/org/set && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum)" \
    'dataset.lock has the hashes that sha256sum has'
if command -v git > /dev/null; then
    same "$(jq -r '.files[] | select(.path == "README.md").git_oid' datasets/set/dataset.lock)" "$(git hash-object hub/org/set/README.md)" 'and the id that git has'
else
    skip 'and the id that git has' 'git is not installed'
fi
same "$(jq -c '[.gauntlet_lock, .kind, .repo, .revision, .commit, .licence, .gated, .private, .listing]' datasets/set/dataset.lock)" \
    "[1,\"hf\",\"org/set\",\"main\",\"$main\",\"cc0-1.0\",\"no\",false,\"hub\"]" 'dataset.lock says what was pulled'

cp first.out datasets/set/dataset.yaml
printf 'version: 1\nname: pulled\ndataset: datasets/set\nscorers: [refusal: {preset: jbb-13}]\n' > suite.yaml
config_of config.yaml http://127.0.0.1:9/v1
run check "$GAUNTLET" check suite.yaml -c config.yaml --json
exits check 0 'what was printed is a dataset.yaml that loads'
same "$(jq -c '[.samples, .images, .fatal, .rejected]' check.out)" '[4,4,0,0]' 'with every sample and image'
rm datasets/set/dataset.yaml

run preset "$GAUNTLET" pull hf:it4lia/PHANTOM
exits preset 0 'a set that a preset is made for'
says preset.out '^# there is a preset for it; in a suite: dataset: {preset: phantom, path: datasets/PHANTOM}' 'is told of it'

# ---- Once more ------------------------------------------------------------------------------------------------------
forget_log
cp -p datasets/set/dataset.lock before.lock
run again "$GAUNTLET" pull "hf:org/set@$main" --json
exits again 0 'a pinned pull of a complete folder'
same "$(jq -c '[.complete, .already_complete, .files, .fetched_bytes]' again.out)" '[true,true,{"total":10,"kept":10,"cached":0,"fetched":0,"failed":0},0]' 'keeps everything'
same "$(wc -l < hub/.log)" 0 'asks nobody'
same "$(wc -c < again.err)" 0 'and has nothing to say'
if cmp -s before.lock datasets/set/dataset.lock; then ok 'the lock is left as it is'; else not_ok 'the lock is left as it is'; fi
printf X | dd of=datasets/set/large.bin bs=1 seek=1000 conv=notrunc 2> dd.err
rm datasets/set/train/img/1.png
run repair "$GAUNTLET" pull "hf:org/set@$main" --json
exits repair 0 'a damaged and a missing file'
same "$(jq -c '[.already_complete, .files.kept, .files.fetched]' repair.out)" '[false,8,2]' 'are brought again, the others kept'
whole datasets/set hub/org/set 'then all is whole again'

run other "$GAUNTLET" pull hf:org/set@v2
exits other 2 'another commit in the same folder is refused'
says other.err "already holds org/set at commit $main, not org/set at commit $v2" 'with both commits'
says other.err '\-\-force replaces what is there' 'and the way out'
whole datasets/set hub/org/set 'nothing was touched'
run force "$GAUNTLET" pull hf:org/set@v2 --force --json
exits force 0 '--force replaces it'
whole datasets/set hub/org/set@v2 'files that the other commit does not have are gone'
same "$(jq -c '[.revision, .commit]' force.out)" "[\"v2\",\"$v2\"]" 'the lock names revision and commit'
mkdir -p mine && echo 'my own notes' > mine/README.md
run mine "$GAUNTLET" pull hf:org/set --to mine
exits mine 2 'a file of somebody else is not overwritten'
says mine.err 'mine/README.md is there already, with other content; --force overwrites it' 'and named'
same "$(cat mine/README.md)" 'my own notes' 'it is as it was'

# ---- Whom the Hub does not let in -----------------------------------------------------------------------------------
# refused NAME CODE SENTENCE PATTERN…: the pull just run ended so and said all of that.
refused() {
    refused_name=$1
    exits "$1" "$2" "$3: exit $2"
    shift 3
    for pattern in "$@"; do says "$refused_name.err" "$pattern" "$refused_name says: $pattern"; done
    same "$(find no -type f -size +0 2> /dev/null)" '' "$refused_name: nothing is left"
    rm -rf no
}
meta 'org/set gated manual'
run gated "$GAUNTLET" pull hf:org/set --to no
refused gated 3 'a gated set without a token' 'org/set is gated: its terms have to be accepted' "visit $HUB/datasets/org/set, accept the terms there" 'set HF_TOKEN'
run ungranted env HF_TOKEN=hf_other "$GAUNTLET" pull hf:org/set --to no
refused ungranted 3 'a gated set with a token that has not been granted' 'is gated' 'with the account of the token in HF_TOKEN' "waits for its author's approval"
meta 'org/set gated manual' 'org/set granted hf_good'
run granted env HF_TOKEN=hf_good "$GAUNTLET" pull "hf:org/set@$main" --to granted
exits granted 0 'a gated set with a token that has been granted'
same "$(jq -r .gated granted/dataset.lock)" manual 'dataset.lock says that it is gated'
run missing "$GAUNTLET" pull hf:org/nothing --to no
refused missing 3 'a set that is not there, without a token' 'org/nothing is missing, private or gated' 'missing: is the name right?' 'private: set HF_TOKEN' 'gated:   accept its terms'
run absent env HF_TOKEN=hf_any "$GAUNTLET" pull hf:org/nothing --to no
refused absent 2 'a set that is not there, with a token' 'the Hub has no data set org/nothing that this token may see'
meta 'org/set private hf_owner'
run private "$GAUNTLET" pull hf:org/set --to no
refused private 3 'a private set without a token' 'org/set is missing, private or gated'
run owner env HF_TOKEN=hf_owner "$GAUNTLET" pull hf:org/set --to owner
exits owner 0 'a private set with its owner'"'"'s token'
meta 'org/set refuses hf_expired'
run expired env HF_TOKEN=hf_expired "$GAUNTLET" pull hf:org/set --to no
refused expired 3 'a token that the Hub does not accept' 'does not accept the token in HF_TOKEN' 'mistyped, expired or revoked'
meta
run revision "$GAUNTLET" pull hf:org/set@v9 --to no
refused revision 2 'a revision that is not there' "org/set has no revision 'v9'"
meta 'org/old renamed org/set' 'org/set licence mit'
run renamed "$GAUNTLET" pull hf:org/old@v2 --to renamed --json
exits renamed 0 'a renamed set is followed'
says renamed.err 'org/old is called org/set now' 'and the new name is said'
same "$(jq -c '[.repo, .renamed_from]' renamed.out)" '["org/set","org/old"]' 'and recorded'
meta
run nolicence "$GAUNTLET" pull hf:org/set --to nolicence
says nolicence.err 'the card of org/set names no licence' 'a card without a licence is warned of'
fault 'hub tree 0 status 500'
run trouble "$GAUNTLET" pull hf:org/set --to no
refused trouble 3 'a Hub with trouble of its own' 'the Hub has trouble of its own (500'
run nobody env HF_ENDPOINT=http://127.0.0.1:9 "$GAUNTLET" pull hf:org/set --to no
refused nobody 3 'a Hub that is not there' 'http://127.0.0.1:9 cannot be reached' 'HF_HUB_OFFLINE=1'
fault 'hub revision 1 ratelimit 1' 'hub README 1 retry 429 1'
run limited "$GAUNTLET" pull hf:org/set --to limited
exits limited 0 'a rate limit is waited for'
says limited.err 'the Hub limits the rate of requests: going on in 1.0s (with HF_TOKEN the limit is higher)' 'and said'
fault
for spec in org/set hf:a/b/c hf:org/set@ 'hf:org/set@a..b' 'hf:org/set@a b' hf:../x http://192.0.2.1/x ftp://h/x; do
    run usage "$GAUNTLET" pull "$spec"
    exits usage 2 "'$spec' is not pulled"
done
run plain env HF_ENDPOINT=http://192.0.2.1 "$GAUNTLET" pull hf:org/set
refused plain 2 'an endpoint that would see the token unencrypted' 'would send the token unencrypted'

# ---- A line that breaks, a server that lies -------------------------------------------------------------------------
# survives NAME FAULT…: with these faults a pull ends whole.
survives() {
    survives_name=$1
    shift
    fault "$@"
    forget_log
    run "$survives_name" "$GAUNTLET" pull "hf:org/set@$main" --to "$survives_name" --json
    exits "$survives_name" 0 "$survives_name: the pull succeeds"
    whole "$survives_name" hub/org/set "$survives_name: and is whole"
}
survives cut "cdn $large 1 cut 400000"
says hub/.log "cdn GET 206 auth=none range=bytes=400000- " 'cut: the rest is asked for'
same "$(jq '.fetched_bytes == .bytes and .retries == 1' cut.out)" true 'cut: no byte comes twice'
survives cut-small 'hub metadata 2 cut 10'
survives norange "cdn $large 1 cut 400000" "cdn $large 1 norange"
same "$(jq '.fetched_bytes - .bytes' norange.out)" 400000 'norange: a 200 starts again'
survives wrongrange "cdn $large 1 cut 400000" "cdn $large 1 wrongrange"
survives range-refused "cdn $large 1 cut 400000" "cdn $large 1 status 416"
survives corrupt 'cdn * 1 corrupt' 'hub README 1 corrupt'
survives longer 'hub README 1 longer 5' 'cdn * 1 longer 1000'
survives shorter 'hub README 1 shorter 5' 'cdn * 1 shorter 1000'
survives html 'hub README 1 html' 'cdn * 1 html'
survives server-error 'hub README 1 status 500' 'cdn * 1 retry 503 0'
survives signature 'cdn * 1 status 403'
same "$(grep -c 'hub GET 302' hub/.log)/$(grep -c 'cdn GET 403' hub/.log)" 6/1 'signature: the Hub is asked for another address'
export HF_HUB_DOWNLOAD_TIMEOUT=1
survives stalled "cdn $large 1 hang 300000"
unset HF_HUB_DOWNLOAD_TIMEOUT
says hub/.log 'range=bytes=300000- ' 'stalled: goes on where it stood still'

# broken NAME CODE PATTERN FAULT…: with these faults a pull ends so, without a lock, and nothing wrong is kept.
broken() {
    broken_name=$1 broken_code=$2 broken_pattern=$3
    shift 3
    fault "$@"
    run "$broken_name" "$GAUNTLET" pull "hf:org/set@$main" --to "$broken_name"
    exits "$broken_name" "$broken_code" "$broken_name: exit $broken_code"
    says "$broken_name.err" "$broken_pattern" "$broken_name: says why"
    same "$(ls "$broken_name/dataset.lock" 2> /dev/null)" '' "$broken_name: there is no lock"
    same "$(cd "$broken_name" && find . -type f ! -name '*.incomplete' -exec sh -c 'cmp -s "$1" "../hub/org/set/$1" || echo "$1"' sh {} \;)" '' \
        "$broken_name: no file stands there that is not the Hub's"
}
broken forged 4 'README.md: what came is not the file that the Hub lists' 'hub README 0 corrupt'
same "$(find forged -name 'README*')" '' 'forged: what came was removed'
says forged.err 'the same command goes on' 'forged: says that it can go on'
fault
run forged "$GAUNTLET" pull "hf:org/set@$main" --to forged --json
same "$CODE/$(jq -c '[.files.kept, .files.fetched]' forged.out)" '0/[9,1]' 'forged: the next pull brings only what is missing'
broken gone 4 'the Hub lists the file but does not have it' 'hub README 0 status 404 EntryNotFound'
broken loop 4 'more than 5 redirects in a row\|answered with status 302' "hub README 0 redirect $HUB/datasets/org/set/resolve/$main/README.md"
broken downgrade 4 'a redirect away from https:// is not followed' 'hub README 0 redirect http://192.0.2.1/README.md'
broken scheme 4 'a redirect that cannot be followed' 'hub README 0 redirect file:///etc/passwd'
fault
for name in ../evil /tmp/evil 'a/../b' 'a\b' dataset.lock large.bin.incomplete .gauntlet-pull 'a//b' README.md/x; do
    meta "org/set extra $name"
    run evil "$GAUNTLET" pull hf:org/set --to evil
    exits evil 2 "a file called '$name' is refused"
    same "$(ls -A evil 2> /dev/null)" '' 'and nothing was written'
done
meta
(
    ulimit -f 500
    run full "$GAUNTLET" pull "hf:org/set@$main" --to full
    echo "$CODE" > full.code
)
same "$(cat full.code)" 4 'a disk that takes no more: exit 4'
says full.err 'large.bin.incomplete: cannot write' 'a disk that takes no more: said so'
run full "$GAUNTLET" pull "hf:org/set@$main" --to full
whole full hub/org/set 'a disk that takes no more: the next pull goes on'
if mkdir -p tiny && mount -t tmpfs -o size=1m flow tiny 2> /dev/null; then
    MOUNTS="$MOUNTS $WORK/tiny"
    run room "$GAUNTLET" pull "hf:org/set@$main" --to tiny/set
    exits room 4 'not enough room: exit 4'
    says room.err 'not enough room: .* are still to come, .* are free' 'not enough room: said before anything comes'
else
    skip 'not enough room: exit 4' 'this user cannot mount a small disk'
fi

# ---- Killed, interrupted, twice at once -----------------------------------------------------------------------------
# begin_large NAME: a pull in the background that stands still after 300000 bytes of the larger file; its process in $PULL.
begin_large() {
    fault "cdn $large 0 hang 300000"
    "$GAUNTLET" pull "hf:org/set@$main" --to "$1" > "$1.out" 2> "$1.err" &
    PULL=$!
    SERVERS="$SERVERS $PULL"
    until_true come "$1" || not_ok "the pull of $1 came to its larger file" "$(cat "$1.err")"
}
come() { [ "$(stat -c %s "$1/large.bin.incomplete" 2> /dev/null)" = 300000 ] && [ -s "$1/README.md" ]; }
begin_large killed
run second "$GAUNTLET" pull "hf:org/set@$main" --to killed
exits second 2 'a second pull into the same folder is refused'
says second.err "killed: another pull goes on in this folder (process $PULL)" 'and names the first'
kill -9 "$PULL"
wait "$PULL" 2> /dev/null
same "$(ls killed/dataset.lock 2> /dev/null)" '' 'after kill -9 there is no lock'
fault
forget_log
run killed "$GAUNTLET" pull "hf:org/set@$main" --to killed --json
exits killed 0 'after kill -9 the same command goes on'
whole killed hub/org/set 'and all is whole'
says hub/.log 'cdn GET 206 auth=none range=bytes=300000- ' 'from where it broke off'
same "$(jq '.fetched_bytes <= .bytes - 300000' killed.out)" true 'what had come was not asked for again'

begin_large stopped
kill -INT "$PULL"
wait "$PULL"
same "$?" 130 'Ctrl-C ends with 130'
says stopped.err 'interrupted; what has come is kept' 'and says that it can go on'
same "$(stat -c %s stopped/large.bin.incomplete)" 300000 'what had come is there'
fault
forget_log
run stopped "$GAUNTLET" pull "hf:org/set@$main" --to stopped
whole stopped hub/org/set 'the next pull makes it whole'
says hub/.log 'range=bytes=300000- ' 'from where it was'
begin_large damaged
kill -9 "$PULL"
wait "$PULL" 2> /dev/null
printf X | dd of=damaged/large.bin.incomplete bs=1 seek=5 conv=notrunc 2> dd.err
fault
run damaged "$GAUNTLET" pull "hf:org/set@$main" --to damaged --json
exits damaged 0 'a part that was damaged meanwhile'
whole damaged hub/org/set 'is found out by its hash and brought anew'

# ---- The cache of the Hub's own clients -----------------------------------------------------------------------------
# cache_of COMMIT SOURCE: as they lay it out
cache_of() {
    cache=$HF_HOME/hub/datasets--org--set
    mkdir -p "$cache/refs" "$cache/blobs" "$cache/snapshots/$1"
    printf '%s' "$1" > "$cache/refs/main"
    (cd "$2" && find . -type f -printf '%P\n') | while IFS= read -r file; do
        case $file in *.png | *.bin) hash=$(sha256sum "$2/$file" | cut -d' ' -f1) ;;
        *) hash=$( (printf 'blob %d\0' "$(stat -c %s "$2/$file")"; cat "$2/$file") | sha1sum | cut -d' ' -f1) ;; esac
        cp "$2/$file" "$cache/blobs/$hash"
        mkdir -p "$cache/snapshots/$1/$(dirname "$file")"
        ln -sfn "$cache/blobs/$hash" "$cache/snapshots/$1/$file"
    done
}
cache_of "$main" "$WORK/hub/org/set"
forget_log
run cached "$GAUNTLET" pull "hf:org/set@$main" --to cached --json
exits cached 0 'what is in the cache is taken from there'
same "$(jq -c '[.files.cached, .files.fetched, .fetched_bytes]' cached.out)" '[10,0,0]' 'all of it'
same "$(grep -c resolve hub/.log)" 0 'and nothing is asked for'
whole cached hub/org/set 'it is whole'
large_blob=$HF_HOME/hub/datasets--org--set/blobs/$large
rm "$large_blob" && printf 'damaged' > "$large_blob"
run half "$GAUNTLET" pull "hf:org/set@$main" --to half --json
same "$CODE/$(jq -c '[.files.cached, .files.fetched]' half.out)" '0/[9,1]' 'a damaged blob is brought from the Hub'
whole half hub/org/set 'and the rest taken'
same "$(cat "$large_blob")" damaged 'the cache is never written to'
run offline env HF_HUB_OFFLINE=1 HF_ENDPOINT=http://127.0.0.1:9 "$GAUNTLET" pull hf:org/set --to offline
exits offline 4 'offline, a damaged blob cannot be made good'
says offline.err 'large.bin: is neither in .* nor in the cache, and HF_HUB_OFFLINE is set' 'and is named'
cp hub/org/set/large.bin "$large_blob"
run offline env HF_HUB_OFFLINE=1 HF_ENDPOINT=http://127.0.0.1:9 "$GAUNTLET" pull hf:org/set --to offline
exits offline 0 'offline, a snapshot in the cache is enough'
whole offline hub/org/set 'it is whole'
says offline.err 'the list of files is that of the cache, which may hold only part' 'its list is said to be the cache'"'"'s'
rm -r "$HF_HOME/hub"
run offline env HF_HUB_OFFLINE=1 HF_ENDPOINT=http://127.0.0.1:9 "$GAUNTLET" pull hf:org/set --to cached --json
same "$CODE/$(jq -c .already_complete offline.out)" 2/false 'offline, a folder of another revision word is not taken for it'
run offline env HF_HUB_OFFLINE=1 HF_ENDPOINT=http://127.0.0.1:9 "$GAUNTLET" pull "hf:org/set@$main" --to cached --json
same "$CODE/$(jq -c .already_complete offline.out)" 0/true 'offline, a complete folder is verified'
run offline env HF_HUB_OFFLINE=1 HF_ENDPOINT=http://127.0.0.1:9 "$GAUNTLET" pull hf:org/other
exits offline 2 'offline, what is nowhere cannot be pulled'
says offline.err 'HF_HUB_OFFLINE is set, and neither datasets/other nor the cache' 'and both places are named'

# ---- The token ------------------------------------------------------------------------------------------------------
secret=hf_ThisIsTheTokenOfTheTest
forget_log
fault "hub 2.png 0 redirect $CDN/blob/$(sha256sum hub/org/set/train/img/2.png | cut -d' ' -f1)"
run token env HF_TOKEN=$secret "$GAUNTLET" pull hf:org/set --to token --json -v --progress json
exits token 0 'a pull with a token'
says hub/.log 'hub GET 302 auth=ok .*large.bin' 'the Hub gets it'
says_not hub/.log 'LEAK\|cdn .* auth=ok' 'the CDN does not'
for where in README revision; do
    fault "hub $where 0 echo 403"
    run echo env HF_TOKEN=$secret "$GAUNTLET" pull hf:org/set --to token2 -v --json
    exits echo 3 'a Hub that echoes the token'
    says echo.err 'no entry for \*\*\*\*' 'is quoted without it'
    cat echo.out echo.err >> echoes
done
fault
same "$(grep -rl $secret token token token.out token.err token2 echoes hub/.log 2> /dev/null)" '' 'it is in no file, no message and no log'
mkdir -p "$HF_HOME" && echo $secret > "$HF_HOME/token" && echo hf_path > token.file
forget_log
run home "$GAUNTLET" pull hf:org/set --to home
says hub/.log 'hub GET 200 auth=ok .*revision' 'the token of HF_HOME/token is used'
meta 'org/set refuses hf_path'
run path env HF_TOKEN_PATH=token.file "$GAUNTLET" pull hf:org/set --to path
says path.err 'does not accept the token in token.file' 'that of HF_TOKEN_PATH goes before it'
meta 'org/set refuses hf_env'
run both env HF_TOKEN=hf_env HF_TOKEN_PATH=token.file "$GAUNTLET" pull hf:org/set --to path
says both.err 'does not accept the token in HF_TOKEN' 'and HF_TOKEN before both'
run bad env HF_TOKEN='two words' "$GAUNTLET" pull hf:org/set --to path
exits bad 2 'a token with a blank is no token'
says_not bad.err 'two words' 'and is not shown'
meta
rm "$HF_HOME/token"

# ---- One file -------------------------------------------------------------------------------------------------------
url=$HUB/datasets/org/set/resolve/main/large.bin
forget_log
run file env HF_TOKEN=$secret "$GAUNTLET" pull "$url?key=value" --sha256 "$large" --to file
exits file 0 'one file by its address and hash'
if cmp -s file/large.bin hub/org/set/large.bin; then ok 'it is the file'; else not_ok 'it is the file'; fi
same "$(jq -c '[.kind, .url, .files[0].path, .files[0].sha256]' file/dataset.lock)" "[\"url\",\"$url\",\"large.bin\",\"$large\"]" 'dataset.lock has no query of it'
same "$(grep -c auth=ok hub/.log)" 0 'it gets no token, wherever it is'
run file "$GAUNTLET" pull "$url" --sha256 "$large" --to file --json
same "$CODE/$(jq -c .already_complete file.out)" 0/true 'once more it is only verified'
run wrong "$GAUNTLET" pull "$url" --sha256 "$(echo | sha256sum | cut -d' ' -f1)" --to wrong
exits wrong 4 'a file of another hash is not kept'
says wrong.err 'what came is another file than the one of SHA-256' 'and said so'
same "$(find wrong -type f 2> /dev/null)" '' 'nothing is left of it'
fault "cdn $large 1 cut 400000"
run cutfile "$GAUNTLET" pull "$url" --sha256 "$large" --to cutfile --json
same "$CODE/$(jq -c '.fetched_bytes == .bytes' cutfile.out)" 0/true 'one file is resumed, too'
fault
run nohash "$GAUNTLET" pull "$url"
refused nohash 2 'a file without a hash' 'a file is pulled only with its hash: --sha256 HEX'
run badhash "$GAUNTLET" pull "$url" --sha256 abc
refused badhash 2 'a hash that is none' 'is not 64 hex digits'
run repohash "$GAUNTLET" pull hf:org/set --sha256 "$large"
refused repohash 2 'a hash for a data set' '--sha256 is for a https:// file'
run nofile "$GAUNTLET" pull "$HUB/datasets/org/set/resolve/main/nothing" --sha256 "$large" --to nofile
refused nofile 2 'a file that is not there' 'the server answered with status 404'

# ---- JSON, progress -------------------------------------------------------------------------------------------------
for document in again.out force.out cut.out cutfile.out; do
    found=$(jq -r --slurpfile schema "$ROOT/docs/schemas/pull.schema.json" -f "$ROOT/tests/support/schema.jq" $document 2>&1)
    same "$found" '' "$document is what docs/schemas says"
done
run failed "$GAUNTLET" pull hf:org/nothing --json
found=$(jq -r --slurpfile schema "$ROOT/docs/schemas/pull.schema.json" -f "$ROOT/tests/support/schema.jq" failed.out 2>&1)
same "$CODE/$found/$(jq -c '.complete, (.error | length > 0)' failed.out | tr '\n' ' ')" '3//false true ' 'a failed pull has its document, too'
run jsonl "$GAUNTLET" pull hf:org/set --to jsonl --progress json
same "$(jq -r .event jsonl.err | sort -u | tr '\n' ' ')" 'no_licence not_pinned ' 'notices are JSON lines with --progress json'
if command -v script > /dev/null; then
    fault 'hub README 1 retry 500 0'
    env -u CI TERM=xterm script -qec "'$GAUNTLET' pull hf:org/set --to painted" painted.tty > /dev/null 2>&1 < /dev/null
    says painted.tty 'pulling  .*/10 files' 'a terminal gets one line that is painted over'
    fault
else
    skip 'a terminal gets one line that is painted over' 'script is not installed'
fi
run quiet "$GAUNTLET" pull hf:org/set --to quiet -q
same "$CODE/$(wc -c < quiet.err)" 0/0 '-q says nothing when all is well'
same "$("$GAUNTLET" pull hf:org/set --to quiet --json 2> /dev/null | jq -c .already_complete)" true 'and the folder is complete'

# ---- Many files -----------------------------------------------------------------------------------------------------
kill "$HUB_PID"
mkdir -p many/org/many/images
seq 2000 | awk '{ file = "many/org/many/images/" $1 ".txt"; print "picture", $1 > file; close(file) }'
start_hub many 300 5
run many "$GAUNTLET" pull hf:org/many --to many.got --json
exits many 0 'a set of 2,000 files'
same "$(jq -c .files many.out)" '{"total":2000,"kept":0,"cached":0,"fetched":2000,"failed":0}' 'comes whole'
whole many.got many/org/many 'every one is right'
stats=$(curl -s "$HUB/fake/stats")
same "$(printf %s "$stats" | jq '.most_together > 4')" true "requests overlap: $stats"
same "$(printf %s "$stats" | jq '.connections <= 64')" true 'on connections that are kept'
done_testing
