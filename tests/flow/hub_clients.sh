#!/bin/sh
# The Hub's own clients pull from the fake Hub what `gauntlet pull` pulls: so the fake one is honest, and their cache serves us.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"
# shellcheck source=../support/hub.sh
. "$(dirname "$0")/../support/hub.sh"
# shellcheck source=../support/clients.sh
. "$(dirname "$0")/../support/clients.sh"
cd "$WORK" || exit 70
mkdir -p hub/org && small_set hub/org/set
start_hub hub 5
meta 'org/set licence cc0-1.0' 'org/set gated auto' 'org/set granted hf_test'
export HF_TOKEN=hf_test HF_HUB_DISABLE_TELEMETRY=1
commit=$(commit_of org/set@main)

run ours "$GAUNTLET" pull "hf:org/set@$commit" --to ours
exits ours 0 'gauntlet pulls it'
whole ours hub/org/set 'and has every file'

# ---- huggingface_hub (Python) ---------------------------------------------------------------------------------------
if python_clients; then
    forget_log
    HF_HOME=$WORK/theirs run theirs timeout 60 "$CLIENTS/python/venv/bin/python" -c 'from huggingface_hub import snapshot_download
print(snapshot_download("org/set", repo_type="dataset"))'
    exits theirs 0 'huggingface_hub pulls it from the same server'
    same "$(diff -r hub/org/set "$(tail -n 1 theirs.out)" 2>&1)" '' 'and has the same files'
    says_not hub/.log 'LEAK' 'it too keeps its token from the CDN'
    forget_log
    HF_HOME=$WORK/theirs run cached "$GAUNTLET" pull "hf:org/set@$commit" --to cached --json
    same "$CODE/$(jq -c '[.files.cached, .files.fetched]' cached.out)/$(grep -c resolve hub/.log)" '0/[10,0]/0' 'gauntlet takes every file from its cache'
    whole cached hub/org/set 'and has the same files'
    HF_HOME=$WORK/theirs HF_HUB_OFFLINE=1 HF_ENDPOINT=http://127.0.0.1:9 run offline "$GAUNTLET" pull hf:org/set --to offline
    exits offline 0 'and needs no network with it'
    whole offline hub/org/set 'and has the same files'
else
    skip 'huggingface_hub pulls it from the same server' "$WHY_NOT"
fi

# ---- @huggingface/hub (JavaScript) ----------------------------------------------------------------------------------
# It asks for the first byte of an empty file and does not encode names, so these two stay out.
if javascript_clients; then
    cat > pull.mjs <<'JS'
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { listFiles, downloadFile } from "@huggingface/hub";
const at = { repo: { type: "dataset", name: "org/set" }, hubUrl: process.env.HF_ENDPOINT, accessToken: process.env.HF_TOKEN, revision: process.argv[2] };
for await (const file of listFiles({ ...at, recursive: true })) {
    if (file.type !== "file" || file.path.startsWith("sub dir/")) continue;
    const target = `${process.argv[3]}/${file.path}`;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, Buffer.from(await (await downloadFile({ ...at, path: file.path })).arrayBuffer()));
}
JS
    run js timeout 60 node pull.mjs "$commit" js.got
    exits js 0 '@huggingface/hub pulls it from the same server'
    same "$(diff -r -x 'sub dir' hub/org/set js.got 2>&1)" '' 'and has the same files'
else
    skip '@huggingface/hub pulls it from the same server' "$WHY_NOT"
fi
done_testing
