#!/bin/sh
# HTTP conformance: the same samples through the official `openai` client, byte for byte the same JSON but for key order.
# Needs node and npm; the client is installed into a scratch folder, pinned. Skips visibly where it cannot be had.
# shellcheck source=../support/flow.sh
. "$(dirname "$0")/../support/flow.sh"

CLIENT=openai@6.49.0
cd "$WORK" || exit 70
give_up() { skip "the official openai client sends the same bodies" "$1"; done_testing; exit 0; }
if ! command -v node > /dev/null || ! command -v npm > /dev/null; then give_up "node and npm are not installed"; fi
npm install --silent --no-audit --no-fund --ignore-scripts "$CLIENT" > npm.out 2>&1 || give_up "npm could not install $CLIENT"

mkdir -p set/images
cp "$ROOT"/datasets/demo/images/*.png "$ROOT"/datasets/demo/images/*.jpg set/images/ 2> /dev/null
first=$(find set/images -name '*.png' | sort | head -n 1)
second=$(find set/images -name '*.jpg' | sort | head -n 1)
cat > set/dataset.yaml <<'YAML'
gauntlet_dataset: 1
name: set
version: "1"
format: jsonl
files: [{path: samples.jsonl}]
licence: {id: CC0-1.0, redistribute: true}
source: {kind: local, id: test}
YAML
cat > set/samples.jsonl <<JSON
{"id":"one","intent":"i","category":"C","prompt":"Plain text, ünïcödé, \"quotes\", a \\\\ and a\ttab — and 日本語 👍","extra":{"codeword":"XKCDWORD"}}
{"id":"two","intent":"i","category":"C","prompt":"One picture.","images":["${first#set/}"],"extra":{"codeword":"XKCDWORE"}}
{"id":"three","intent":"i","category":"C","prompt":"Two pictures of two kinds.","images":["${first#set/}","${second#set/}"],"extra":{"codeword":"XKCDWORF"}}
JSON
cat > suite.yaml <<'YAML'
version: 1
name: conformance
dataset: set
prompt: {system: "You are a careful assistant.", order: image-first}
scorers: [{canary: {codeword: extra.codeword}}]
YAML

cat > record.mjs <<'JS'
// Records every request as one JSON line and answers a fixed completion.
import http from 'node:http';
import fs from 'node:fs';
const answer = JSON.stringify({ id: 'x', object: 'chat.completion', created: 1, model: 'm', choices: [{ index: 0,
  message: { role: 'assistant', content: 'XKCDWORD' }, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } });
const server = http.createServer((req, res) => {
  const parts = [];
  req.on('data', (c) => parts.push(c));
  req.on('end', () => {
    fs.appendFileSync('record.jsonl', JSON.stringify({ method: req.method, path: req.url, headers: req.headers, body: Buffer.concat(parts).toString() }) + '\n');
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => fs.writeFileSync('port', String(server.address().port)));
JS
cat > client.mjs <<'JS'
// Sends the same samples with the official client, in the same order.
import fs from 'node:fs';
import OpenAI from 'openai';
const client = new OpenAI({ apiKey: 'conformance-key', baseURL: process.argv[2], maxRetries: 0, defaultHeaders: { 'X-HF-Bill-To': 'an-org' } });
const mime = (p) => (p.endsWith('.png') ? 'image/png' : 'image/jpeg');
for (const line of fs.readFileSync('set/samples.jsonl', 'utf8').trim().split('\n')) {
  const sample = JSON.parse(line);
  const images = (sample.images ?? []).map((p) => ({ type: 'image_url', image_url: { url: `data:${mime(p)};base64,${fs.readFileSync('set/' + p).toString('base64')}` } }));
  await client.chat.completions.create({ model: 'org/model', temperature: 0, seed: 7, max_tokens: 512, stop: ['END'], chat_template_kwargs: { enable_thinking: false },
    messages: [{ role: 'system', content: 'You are a careful assistant.' },
      { role: 'user', content: images.length ? [...images, { type: 'text', text: sample.prompt }] : sample.prompt }] });
}
JS
cat > compare.mjs <<'JS'
// First half of the record is ours, second half the client's. Prints what differs; nothing when all is equal.
import fs from 'node:fs';
import assert from 'node:assert';
const all = fs.readFileSync('record.jsonl', 'utf8').trim().split('\n').map((l) => JSON.parse(l));
const ours = all.slice(0, all.length / 2).sort((a, b) => a.body.length - b.body.length), theirs = all.slice(all.length / 2).sort((a, b) => a.body.length - b.body.length);
const say = (text) => console.log(text);
if (ours.length !== 3 || theirs.length !== 3) say(`expected 3 requests each, got ${ours.length} and ${theirs.length}`);
for (let i = 0; i < ours.length; i++) {
  const a = JSON.parse(ours[i].body), b = JSON.parse(theirs[i].body);
  try { assert.deepStrictEqual(a, b); } catch (e) { say('body: ' + e.message.slice(0, 600)); }
  if (Object.keys(a)[0] !== 'model') say('model is not the first key');
  if (ours[i].path !== theirs[i].path || ours[i].method !== theirs[i].method) say(`path: ${ours[i].method} ${ours[i].path}, theirs ${theirs[i].method} ${theirs[i].path}`);
  for (const h of ['authorization', 'content-type', 'x-hf-bill-to'])
    if (ours[i].headers[h] !== theirs[i].headers[h]) say(`${h}: ${ours[i].headers[h]}, theirs ${theirs[i].headers[h]}`);
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(ours[i].headers['x-amzn-trace-id'])) say('no trace id');
  if (!/^gauntlet\/[0-9.]+ \(libcurl\//.test(ours[i].headers['user-agent'])) say('user agent: ' + ours[i].headers['user-agent']);
}
JS

node record.mjs > record.out 2>&1 &
SERVERS="$SERVERS $!"
for _ in $(seq 100); do [ -s port ] && break; sleep 0.05; done
URL=http://127.0.0.1:$(cat port)/v1
cat > config.yaml <<YAML
version: 1
store: run.db
endpoints:
  - name: target
    protocol: openai-chat
    base_url: $URL
    model: org/model
    api_key: env:CONFORMANCE_KEY
    headers: {X-HF-Bill-To: an-org}
    params: {temperature: 0, seed: 7, max_tokens: 512, stop: [END], extra: {chat_template_kwargs: {enable_thinking: false}}}
YAML

run ours env CONFORMANCE_KEY=conformance-key "$GAUNTLET" run suite.yaml --progress none
exits ours 0 "gauntlet runs the three samples against the recording server"
run theirs node client.mjs "$URL"
exits theirs 0 "the official client sends the same three"
run compare node compare.mjs
same "$(cat compare.out compare.err)" "" "bodies, path and headers are equal; model is the first key"
done_testing
