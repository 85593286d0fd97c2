// A server that appends every request to record.jsonl in the folder it is started in, and answers a fixed completion, as a
// stream when asked so. Its port is written to the file `port`.
import http from 'node:http';
import fs from 'node:fs';

const head = { id: 'x', created: 1, model: 'm' }, usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
const whole = JSON.stringify({ ...head, object: 'chat.completion', usage,
  choices: [{ index: 0, message: { role: 'assistant', content: 'CANARYWORD' }, finish_reason: 'stop' }] });
const events = [{ choices: [{ index: 0, delta: { role: 'assistant', content: 'CANARYWORD' }, finish_reason: 'stop' }] }, { choices: [], usage }]
  .map((event) => `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...event })}\n\n`).join('') + 'data: [DONE]\n\n';

const server = http.createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const body = Buffer.concat(parts).toString();
    fs.appendFileSync('record.jsonl', JSON.stringify({ method: request.method, path: request.url, headers: request.headers, body }) + '\n');
    const stream = JSON.parse(body).stream === true;
    response.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' });
    response.end(stream ? events : whole);
  });
});
server.listen(0, '127.0.0.1', () => fs.writeFileSync('port', String(server.address().port)));
