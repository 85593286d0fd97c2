#!/bin/sh
# Sets in other forms than files beside a table: archives of every kind, WebDataset shards, base64 in rows. The images that were
# sent are compared, by SHA-256, with the files that other tools packed.
# shellcheck disable=SC2016 # backquotes belong to the messages
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
cd "$WORK" || exit 70
DEMO=$ROOT/datasets/demo/images

# ---- twelve originals, one of them a file of an odd name ----
mkdir -p originals/a originals/b
for file in $(find "$DEMO" -name 'a*.png' | sort | head -n 6); do cp "$file" originals/a/; done
for file in $(find "$DEMO" -name 'b*.jpg' | sort | head -n 5); do cp "$file" originals/b/; done
cp "$(find "$DEMO" -name 'c*.png' | sort | head -n 1)" "originals/b/$(printf 'e\314\201 \303\251').png"
(cd originals && find . -type f | sort | sed 's|^\./||') > names
(cd originals && find . -type f -exec sha256sum {} +) | cut -c 1-64 | sort > expected
# rows [PREFIX]: a JSONL row for each original, in an order that is not that of the archives.
rows() {
    sort -r names | awk -v prefix="${1:-}" '{
        printf "{\"id\":\"s%d\",\"intent\":\"Say codeword %d\",\"category\":\"A. Forms\",\"prompt\":\"Say CODEWORD%d.\",\"images\":[\"%s%s\"],\"extra\":{\"codeword\":\"CODEWORD%d\"}}\n", NR, NR, NR, prefix, $0, NR
    }'
}
# manifest NAME FORMAT FILES [LINE…]
manifest() {
    manifest_name=$1
    mkdir -p "$1"
    printf 'gauntlet_dataset: 1\nname: %s\nversion: "1"\nformat: %s\nfiles: [%s]\nlicence: {id: CC0-1.0, redistribute: true}\nexpect: {samples: 12, images: 12}\n' "$1" "$2" "$3" > "$1/dataset.yaml"
    shift 3
    for line in "$@"; do printf '%s\n' "$line" >> "$manifest_name/dataset.yaml"; done
    suite_of "$manifest_name.yaml" "$manifest_name"
}
# whole NAME SENTENCE: check finds nothing wrong, and a run sends exactly the originals.
whole() {
    run "$1-check" "$GAUNTLET" check "$1.yaml" --db "$1.db"
    exits "$1-check" 0 "$2: check"
    run "$1" "$GAUNTLET" run "$1.yaml" --sim=clean --db "$1.db"
    exits "$1" 0 "$2: run"
    sql "$1.db" 'SELECT sha256 FROM image' | sort > "$1.sha256"
    same "$(cat "$1.sha256")" "$(cat expected)" "$2: the very bytes were sent"
    same "$(sql "$1.db" "SELECT status, count(*) FROM trial GROUP BY status")" 'answered|12' "$2: every trial is answered"
}
# hash NAME FILE…: the content hash that check prints is that of `sha256sum` over these files.
hash() {
    hash_name=$1; shift
    hash_text=$(cd "$hash_name" && for file in "$@"; do sha256sum "$file"; done | LC_ALL=C sort -k 2 | sha256sum | cut -c 1-64)
    says "$hash_name-check.out" "sha256:$hash_text" "$hash_name: its content hash is that of the files as they lie there"
}

# ---- images in an archive beside the rows ----
pack_tar() { (cd originals && tar cf "$1" ./*); }
manifest tar jsonl '{path: rows.jsonl}' 'images_root: imgs.tar'
rows > tar/rows.jsonl; pack_tar "$WORK/tar/imgs.tar"
whole tar 'images in a tar'
hash tar imgs.tar rows.jsonl

for form in pax gnu ustar; do
    manifest "$form" jsonl '{path: rows.jsonl}' 'images_root: data/imgs.tar'
    mkdir "$form/data"
    rows > "$form/rows.jsonl"; (cd originals && tar --format="$form" -cf "../$form/data/imgs.tar" a b)
    whole "$form" "images in a $form tar"
done

manifest gz jsonl '{path: rows.jsonl}' 'images_root: imgs.tar.gz'
rows > gz/rows.jsonl; cp tar/imgs.tar gz/; gzip gz/imgs.tar
whole gz 'images in a .tar.gz, asked for in another order'
hash gz imgs.tar.gz rows.jsonl

manifest named jsonl '{path: rows.jsonl}'
rows imgs.tgz! > named/rows.jsonl; cp gz/imgs.tar.gz named/imgs.tgz
whole named 'images named with their archive in the row'

if command -v zstd > /dev/null; then
    manifest zst jsonl '{path: rows.jsonl}' 'images_root: imgs.tar.zst'
    rows > zst/rows.jsonl; zstd -q tar/imgs.tar -o zst/imgs.tar.zst
    whole zst 'images in a .tar.zst'
else
    skip 'images in a .tar.zst' 'zstd is not installed'
fi

if command -v zip > /dev/null; then
    for level in 0 9; do
        manifest "zip$level" jsonl '{path: rows.jsonl}' 'images_root: imgs.zip!pictures'
        rows > "zip$level/rows.jsonl"
        ln -s originals pictures; zip -q -r -$level "zip$level/imgs.zip" pictures; rm pictures
        whole "zip$level" "images in a folder of a zip, level $level"
    done
    hash zip9 imgs.zip rows.jsonl

    # an image folder with its metadata inside, two splits in one glob
    mkdir -p folder train test
    sort names | awk 'BEGIN { print "file_name,goal,question,codeword" } { printf "\"%s\",Say it,\"Say\nCODEWORD%d.\",CODEWORD%d\n", $0, NR, NR }' > all.csv
    cp -R originals/a originals/b train/; mkdir test/b; mv train/b/*.jpg test/b/
    { head -n 1 all.csv; grep -A 1 '^"a/\|^"b/e' all.csv | grep -v '^--'; } > train/metadata.csv
    { head -n 1 all.csv; grep -A 1 '^"b/b' all.csv | grep -v '^--'; } > test/metadata.csv
    zip -q -r folder/train.zip train; (cd test && zip -q -r ../folder/test.zip .)
    manifest folder imagefolder '{path: "*.zip"}' 'columns: {id: {template: "{@split}/{file_name}"}, intent: {column: goal}, prompt: {column: question}, images: auto, extra: {columns: [codeword]}}'
    whole folder 'an image folder in zips'
    hash folder test.zip train.zip
    same "$(sql folder.db "SELECT key FROM sample WHERE key LIKE 'test/%' ORDER BY key LIMIT 1")" "test/$(grep '^b/b' names | head -n 1)" "an image folder in zips: splits and names are those inside"

    manifest beside imagefolder '{path: train/metadata.csv}' 'images_root: pictures.zip' 'columns: {id: {column: file_name}, intent: {column: goal}, prompt: {column: question}, images: auto, extra: {columns: [codeword]}}'
    mkdir beside/train; cp all.csv beside/train/metadata.csv; (cd originals && zip -q -r ../beside/pictures.zip .)
    whole beside 'metadata beside the zip of its images'
else
    skip 'images in zips' 'zip is not installed'
fi

# ---- WebDataset ----
mkdir shards
n=0
while read -r name; do
    n=$((n + 1))
    key=shards/$(printf %04d $n)
    cp "originals/$name" "$key.picture.${name##*.}"
    printf 'Say CODEWORD%d.' $n > "$key.txt"
    printf '{"goal": "Say it", "codeword": "CODEWORD%d"}' $n > "$key.json"
    printf %d $n > "$key.cls"
done < names
# web NAME PATTERN: a set over the shards of that pattern.
web() {
    manifest "$1" webdataset "{path: \"$2\"}" 'columns: {id: {template: "{@key}"}, intent: {column: json.goal}, prompt: {column: txt}, images: auto, category: {column: __url__}, subcategory: {column: cls}, extra: {columns: [json.codeword]}}'
    sed -i 's/extra.codeword/extra.json.codeword/' "$1.yaml"
}
# shard FILE PATTERN: packs the members of that pattern in order.
shard() { (cd shards && find . -name "$2" | LC_ALL=C sort | sed 's|^\./||' | tar cf "../$1" -T -); }
web web 'train-*.tar'
shard web/train-00000.tar '000*'; shard web/train-00001.tar '001*'
whole web 'WebDataset shards'
hash web train-00000.tar train-00001.tar
same "$(sql web.db "SELECT category, count(*) FROM sample GROUP BY category")" "$(printf 'train-00000.tar|9\ntrain-00001.tar|3')" "WebDataset: __url__ is the shard"
same "$(sql web.db "SELECT subcategory FROM sample WHERE key = '0007'")" 7 "WebDataset: cls is a number"
same "$(sql web.db "SELECT prompt FROM sample WHERE key = '0011'")" 'Say CODEWORD11.' "WebDataset: txt is the text"
same "$(sql web.db "SELECT path FROM image i JOIN sample s ON s.id = i.sample_id WHERE key = '0001'")" \
    "train-00000.tar!0001.picture.$(sed -n '1s/.*\.//p' names)" "WebDataset: an image is named by shard and member"
web webgz 'all.tar.gz'
shard webgz/all.tar '0*'; gzip webgz/all.tar
whole webgz 'a compressed WebDataset shard'

# ---- base64 in the rows ----
n=0
while read -r name; do
    n=$((n + 1))
    case $((n % 2)) in
    0) printf '{"n":%d,"codeword":"CODEWORD%d","picture":"data:image/png;base64,%s"}\n' $n $n "$(base64 -w 0 "originals/$name")" ;;
    *) printf '{"n":%d,"codeword":"CODEWORD%d","picture":"%s"}\n' $n $n "$(base64 -w 0 "originals/$name" | sed 's|/|\\/|g')" ;;
    esac
done < names > base64.jsonl
base64_columns='columns: {id: {template: "b{n}"}, intent: {template: "Say {codeword}"}, prompt: {template: "Say {codeword}."}, images: [{column: picture}], extra: {columns: [codeword]}}'
manifest jsonl64 jsonl '{path: rows.jsonl}' "$base64_columns"
cp base64.jsonl jsonl64/rows.jsonl
whole jsonl64 'base64 in JSONL'
hash jsonl64 rows.jsonl
same "$(sql jsonl64.db "SELECT path FROM image i JOIN sample s ON s.id = i.sample_id WHERE key = 'b1'")" rows.jsonl@0 "base64: an image is named by its place in the file"
manifest json64 json '{path: rows.json}' "$base64_columns"
{ echo '['; sed '$!s/$/,/' base64.jsonl; echo ']'; } > json64/rows.json
whole json64 'base64 in a JSON array'
manifest csv64 csv '{path: rows.csv}' "$base64_columns"
jq -r -s '["n", "codeword", "picture"], (.[] | [.n, .codeword, .picture]) | @csv' base64.jsonl > csv64/rows.csv
whole csv64 'base64 in CSV'
run preview "$GAUNTLET" run csv64.yaml --sim=clean --db preview.db --dry-run 1
exits preview 0 "base64: a dry run"
run shown "$GAUNTLET" show b1 --db csv64.db
says shown.out 'rows.csv@' "base64: show names the place"

# ---- resumed: images are found again by the names in the store ----
run part "$GAUNTLET" run zip9.yaml --sim=clean --db part.db --limit 12 --name part
sql part.db "DELETE FROM score; DELETE FROM response; DELETE FROM attempt; UPDATE trial SET status = 'pending'; UPDATE run SET status = 'incomplete'" 2> /dev/null
run resumed "$GAUNTLET" resume part --db part.db
exits resumed 0 "resume reads the images of an archive again"

# ---- what is refused ----
# refused NAME PATTERN SENTENCE: check ends with 2 and says it.
refused() {
    run "$1" "$GAUNTLET" check "$1.yaml" --db refused.db
    exits "$1" 2 "$3: exit 2"
    cat "$1.out" "$1.err" > "$1.all"
    says "$1.all" "$2" "$3: says what"
}
# broken NAME: like the set `tar`, to be spoiled.
broken() { manifest "$1" jsonl '{path: rows.jsonl}' 'images_root: imgs.tar'; cp tar/rows.jsonl tar/imgs.tar "$1/"; }
broken cut; truncate -s 20000 cut/imgs.tar
refused cut "archive 'imgs.tar' is damaged" 'a tar that was cut off'
broken empty; : > empty/imgs.tar
refused empty "S3.*archive 'imgs.tar'" 'an empty tar'
broken html; echo '<html>404</html>' > html/imgs.tar
refused html "archive 'imgs.tar' is damaged or no tar" 'a page instead of a tar'
manifest moved jsonl '{path: rows.jsonl}' 'images_root: imgs.tar'; cp tar/rows.jsonl moved/; cp tar/imgs.tar moved/blob; ln -s blob moved/imgs.tar
whole moved "a tar behind a link inside the set"
broken lost; rm lost/imgs.tar
refused lost 'imgs.tar' 'an archive that is not there'
broken link; mkdir linked; (cd linked && ln -s /etc/passwd secret.png && tar rf ../link/imgs.tar secret.png)
sed -i '1s|"images":\[[^]]*|"images":["secret.png"|' link/rows.jsonl
refused link "secret.png' is a symbolic link" 'a link inside a tar'
says link.all "D2.*1 member is not read" 'a link inside a tar: the archive is reported, once'
broken twice; first=$(sed -n 1p names); (cd originals && tar rf ../twice/imgs.tar "./$first")
refused twice "is there more than once" 'a member that is there twice'
broken typo; sed -i '1s|\.png"\]|.PNG"]|;1s|\.jpg"\]|.JPEG"]|' typo/rows.jsonl
refused typo "is not in the archive; did the data set mean" 'a member that is not there'
broken escape; (cd originals/a && tar rPf ../../escape/imgs.tar ../b/*.png)
sed -i '1s|"images":\[[^]]*|"images":["../b/x.png"|' escape/rows.jsonl
refused escape '`..` is refused' 'a name that leaves the archive'
says escape.all "has \`..\` in its path" 'a name that leaves the archive: so does a member'
manifest badgz jsonl '{path: rows.jsonl}' 'images_root: imgs.tar.gz'
cp tar/rows.jsonl badgz/; head -c 20000 gz/imgs.tar.gz > badgz/imgs.tar.gz
refused badgz "archive 'imgs.tar.gz' is damaged" 'a .tar.gz that was cut off'
cp gz/imgs.tar.gz badgz/; printf 'XXXX' | dd of=badgz/imgs.tar.gz bs=1 seek=5000 conv=notrunc 2> /dev/null
refused badgz "archive 'imgs.tar.gz' is damaged" 'a .tar.gz with bad bytes'
manifest bomb jsonl '{path: rows.jsonl}' 'images_root: imgs.tgz'
cp tar/rows.jsonl bomb/; mkdir zeros; truncate -s 600M zeros/0.bin; tar czf bomb/imgs.tgz zeros; rm -r zeros
refused bomb 'refused as a bomb' 'a bomb'
if command -v zip > /dev/null; then
    manifest locked jsonl '{path: rows.jsonl}' 'images_root: imgs.zip'
    cp tar/rows.jsonl locked/; (cd originals && zip -q -r -P secret ../locked/imgs.zip .)
    refused locked 'is encrypted' 'an encrypted zip'
    manifest hollow imagefolder '{path: imgs.zip}' 'columns: {intent: {literal: a}, prompt: {literal: a}}'
    (cd originals && zip -q -r ../hollow/imgs.zip .)
    refused hollow 'holds no metadata.csv and no metadata.jsonl' 'an image folder in a zip without metadata'
fi
manifest remote jsonl '{path: rows.jsonl}'
sed 's|"images":\[[^]]*|"images":["data:text/uri-list,https://example.com/1.png"|' tar/rows.jsonl > remote/rows.jsonl
refused remote 'S4.*a data URI without base64' 'a data URI that points elsewhere'
sed 's|"images":\[[^]]*|"images":["https://example.com/1.png"|' tar/rows.jsonl > remote/rows.jsonl
refused remote 'S3.*is not a file name' 'an address instead of an image'
sed "s|\"images\":\[[^]]*|\"images\":[\"data:image/png;base64,$(echo 'version https://git-lfs.github.com/spec/v1' | base64 -w 0)\"|" tar/rows.jsonl > remote/rows.jsonl
refused remote 'S4.*Git LFS pointer' 'base64 of something else'

# ---- memory does not grow with the set ----
case $GAUNTLET in
*asan*|*tsan*|*coverage*) skip 'a large archive in little memory' 'the sanitizer needs all of the address space' ;;
*)
    manifest large jsonl '{path: rows.jsonl}' 'images_root: imgs.tar.gz'
    sed -i '/^expect/d' large/dataset.yaml
    cp gz/rows.jsonl large/; mkdir filler
    for i in $(seq 40); do head -c 4000000 /dev/urandom > "filler/$i.bin"; done
    cp -R originals/a originals/b filler/; (cd filler && tar czf ../large/imgs.tar.gz ./*); rm -r filler
    run large-check "$GAUNTLET" check large.yaml --db large.db
    exits large-check 0 'images from an archive of 160 MB: check'
    says large-check.out 'D2.*compressed as a whole.*order: file' 'images from an archive of 160 MB: said to be slow out of order'
    run large sh -c 'ulimit -v 600000; exec "$@"' sh "$GAUNTLET" run large.yaml --sim=clean --db large.db
    exits large 0 'images from an archive of 160 MB, in less memory than that: run'
    sql large.db 'SELECT sha256 FROM image' | sort > large.sha256
    same "$(cat large.sha256)" "$(cat expected)" 'images from a large archive: the very bytes'
    ;;
esac
done_testing
