// A server that appends every request to record.jsonl in the folder it is started in, and answers a fixed completion, or a
// message at paths that end in /messages; as a stream when asked so. Its port is written to the file `port`.
import http from 'node:http';
import fs from 'node:fs';

const head = { id: 'x', created: 1, model: 'm' }, usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
const whole = JSON.stringify({ ...head, object: 'chat.completion', usage,
  choices: [{ index: 0, message: { role: 'assistant', content: 'CANARYWORD' }, finish_reason: 'stop' }] });
const events = [{ choices: [{ index: 0, delta: { role: 'assistant', content: 'CANARYWORD' }, finish_reason: 'stop' }] }, { choices: [], usage }]
  .map((event) => `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...event })}\n\n`).join('') + 'data: [DONE]\n\n';

// The same in the words of the Messages API.
const empty = { id: 'x', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 } };
const block = { type: 'text', text: 'CANARYWORD' }, end = { stop_reason: 'end_turn', stop_sequence: null };
const message = JSON.stringify({ ...empty, content: [block], ...end });
const messageEvents = [{ type: 'message_start', message: empty }, { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: block.text } }, { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: end, usage: { output_tokens: 1 } }, { type: 'message_stop' }]
  .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('');

const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts).toString();
    fs.appendFileSync('record.jsonl', JSON.stringify({ method: request.method, path: request.url, headers: request.headers, body }) + '\n');
    const stream = JSON.parse(body).stream === true;
    response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
    if (new URL(request.url, 'http://localhost').pathname.endsWith('/messages')) response.end(stream ? messageEvents : message);
    else response.end(stream ? events : whole);
  });
});
server.listen(0, '127.0.0.1', () => fs.writeFileSync('port', String(server.address().port)));
