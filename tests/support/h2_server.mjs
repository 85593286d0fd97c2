// An HTTP/2 server that misbehaves as its path says: https://127.0.0.1:PORT/MODE/v1/chat/completions.
// usage: node h2_server.mjs KEY.pem CERT.pem LOG. Prints its port; appends "MODE TRACE_ID" to LOG as soon as a request's head is
// there, before anything else is done with it.
import http2 from 'node:http2';
import fs from 'node:fs';
import { createHash } from 'node:crypto';

const [key, cert, log] = process.argv.slice(2);
const { NGHTTP2_NO_ERROR, NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM, NGHTTP2_CANCEL } = http2.constants;
const answer = Buffer.from(JSON.stringify({
    id: '1', object: 'chat.completion', model: 'flow/model', choices: [
        { index: 0, message: { role: 'assistant', content: 'I cannot help with that.' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 1 } }));
const refusal = Buffer.from(JSON.stringify({ error: { message: 'no', type: 'invalid_request_error' } }));
const times = new Map(); // how often a mode saw this very body

// The whole reply at once. Without a length the end of the stream is all that marks its end.
function reply(stream, status, body, withLength = true) {
    const head = { ':status': status, 'content-type': 'application/json' };
    if (withLength) head['content-length'] = body.length;
    stream.respond(head);
    stream.end(body);
}

// Answers and does not read: what is not consumed opens no window, so the client's upload stands still.
const early = {
    'early': stream => { reply(stream, 200, answer); stream.close(NGHTTP2_NO_ERROR); },
    'early-unsaid': stream => { reply(stream, 200, answer, false); stream.close(NGHTTP2_NO_ERROR); },
    'early-open': stream => { reply(stream, 200, answer); },
    'early-head': stream => { stream.respond({ ':status': 200, 'content-type': 'application/json', 'content-length': 1000 }); },
    'early-413': stream => { reply(stream, 413, refusal); stream.close(NGHTTP2_NO_ERROR); },
    'early-413-open': stream => { reply(stream, 413, refusal); },
};

// Reads everything, then does this to the first sight of each request; the second is answered.
const first = {
    'reset': stream => stream.close(NGHTTP2_INTERNAL_ERROR),
    'refuse': stream => stream.close(NGHTTP2_REFUSED_STREAM),
    'cut': stream => {
        stream.respond({ ':status': 200, 'content-type': 'application/json', 'content-length': answer.length });
        stream.write(answer.subarray(0, answer.length / 2), () => stream.close(NGHTTP2_CANCEL));
    },
    'cut-unsaid': stream => {
        stream.respond({ ':status': 200, 'content-type': 'application/json' });
        stream.write(answer.subarray(0, answer.length / 2), () => stream.close(NGHTTP2_INTERNAL_ERROR));
    },
    'lose': (stream, session) => session.destroy(),
    'trickle': stream => {
        stream.respond({ ':status': 200, 'content-type': 'application/json' });
        let at = 0;
        const drop = () => {
            if (at === answer.length) stream.end();
            else stream.write(answer.subarray(at, ++at), drop);
        };
        drop();
    },
};

const server = http2.createSecureServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) });
server.on('sessionError', () => {});
server.on('stream', (stream, headers) => {
    const mode = headers[':path'].split('/')[1];
    const session = stream.session;
    stream.on('error', () => {});
    fs.appendFileSync(log, `${mode} ${headers['x-amzn-trace-id']}\n`);
    if (early[mode]) {
        early[mode](stream);
        return;
    }
    if (mode === 'goaway' && !session.leaving) {
        session.leaving = true;
        session.close(); // GOAWAY; what was accepted is still answered
    }
    const hash = createHash('sha256');
    stream.on('data', bytes => hash.update(bytes));
    stream.on('end', () => {
        const id = mode + hash.digest('hex');
        times.set(id, (times.get(id) ?? 0) + 1);
        const misbehave = times.get(id) === 1 && first[mode];
        if (misbehave) misbehave(stream, session);
        else if (!stream.destroyed) reply(stream, 200, answer);
    });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
