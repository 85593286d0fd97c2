/*
 * reports - stores and pages to look at, made once each by the real program in a scratch folder.
 *
 * Everything is asked on 127.0.0.1: the simulated endpoint of `run --sim`, or a server of this file that answers with
 * hostile text.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import os from 'node:os';
import path from 'node:path';

const execute = promisify(execFile);

export const scratch = mkdtempSync(path.join(os.tmpdir(), 'gauntlet-browser.'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/* Runs gauntlet; {stdout, stderr}. A failure throws with what it said; `codes` are the exit codes that are fine. */
export async function gauntlet(args, { codes = [0], cwd = process.cwd() } = {}) {
    try {
        return await execute(process.env.GAUNTLET, args, { cwd, maxBuffer: 64 << 20, env: { ...process.env, NO_COLOR: '1', HF_ENDPOINT: 'http://127.0.0.1:9' } });
    } catch (error) {
        if (codes.includes(error.code)) {
            return error;
        }
        throw new Error(`gauntlet ${args.join(' ')}: exit ${error.code}\n${error.stderr}`);
    }
}

/* A value that is made at its first use and kept. */
const once = (make) => {
    let made;
    return () => (made ??= make());
};

/* The store of suites/demo.yaml, two endpoints as the simulated endpoint plays them. */
export const demoStore = once(async () => {
    const db = path.join(scratch, 'demo.db');
    await gauntlet(['run', 'suites/demo.yaml', '--sim', '--db', db, '-q']);
    return db;
});

export const demoReport = once(async () => {
    const html = path.join(scratch, 'demo.html');
    await gauntlet(['report', 'last', '--db', await demoStore(), '-o', html, '-q']);
    return html;
});

/* A report of two models, two epochs of forty samples each: every third answer refuses, and no two are the same. */
export const modelsReport = once(async () => {
    const dir = path.join(scratch, 'models');
    const html = path.join(dir, 'models.html');
    const server = answeringServer((n) => ({ content: n % 3 === 0 ? `I cannot help with that, ${n}.` : `Sure, this is answer ${n} of many.`, model: 'm' }));
    mkdirSync(dir);
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = (name) => `  - {name: ${name}, protocol: openai-chat, base_url: "http://127.0.0.1:${server.address().port}/v1", model: ${name}}\n`;
    writeFileSync(path.join(dir, 'config.yaml'), `version: 1\nstore: ${dir}/models.db\nendpoints:\n${endpoint('one')}${endpoint('two')}`);
    writeFileSync(path.join(dir, 'suite.yaml'), `version: 1\nname: models\ndataset: ${path.resolve('datasets/demo')}\nprompt: {system: "Answer <b>briefly</b>."}\nepochs: 2\nscorers:\n  - refusal: {preset: jbb-13}\n`);
    try {
        await gauntlet(['run', path.join(dir, 'suite.yaml'), '-c', path.join(dir, 'config.yaml'), '--no-evidence', '--limit', '40', '-q']);
    } finally {
        server.close();
    }
    await gauntlet(['report', 'last', '--db', path.join(dir, 'models.db'), '-o', html, '--embed', 'all', '-q']);
    return html;
});

/* A run of two seeds against each other: two models as far as the simulated endpoint is concerned. */
export const compareStore = once(async () => {
    const db = path.join(scratch, 'compare.db');
    for (const seed of ['1', '2']) {
        await gauntlet(['run', 'suites/demo.yaml', '--sim', '--seed', seed, '--name', `seed-${seed}`, '--db', db, '-q']);
    }
    return db;
});

export const compareReport = once(async () => {
    const html = path.join(scratch, 'compare.html');
    await gauntlet(['report', 'seed-2', '--baseline', 'seed-1', '--db', await compareStore(), '-o', html, '-q']);
    return html;
});

/* Two endpoints, each beside its namesake in the run before. */
export const namesakesReport = once(async () => {
    const dir = path.join(scratch, 'namesakes');
    const html = path.join(dir, 'namesakes.html');
    mkdirSync(dir);
    const endpoint = (name) => `  - {name: ${name}, protocol: openai-chat, base_url: "http://127.0.0.1:1/v1", model: ${name}-vlm}\n`;
    writeFileSync(path.join(dir, 'config.yaml'), `version: 1\nstore: ${dir}/namesakes.db\nendpoints:\n${endpoint('one')}${endpoint('two')}`);
    for (const seed of ['1', '2']) {
        await gauntlet(['run', 'suites/demo.yaml', '--sim', '-c', path.join(dir, 'config.yaml'), '--seed', seed, '--name', `seed-${seed}`, '-q']);
    }
    await gauntlet(['report', 'seed-2', '--baseline', 'seed-1', '--db', path.join(dir, 'namesakes.db'), '-o', html, '-q']);
    return html;
});

/* Twelve nights of a small suite against one simulated endpoint: its first ten teach the limits. */
export const trendReport = once(async () => {
    const db = path.join(scratch, 'nights.db');
    const html = path.join(scratch, 'trend.html');
    for (let night = 0; night < 12; night++) {
        await gauntlet(['run', 'suites/smoke.yaml', '--sim', '--db', db, '-q', '--limit', '20']);
    }
    await gauntlet(['report', '--suite', 'smoke', '--last', '12', '--db', db, '-o', html, '-q']);
    return html;
});

/* Codewords of `categories` x `attacks` x `intents` of each category. Every fourth category lacks the first attack and every third
   intent the last one, so that the attacks cover different intents. */
function writeGrid(dir, { categories, attacks, intents, benign = 0 }) {
    const rows = [];
    for (let c = 0; c < categories; c++) {
        for (let i = 0; i < intents; i++) {
            for (let a = 0; a < attacks; a++) {
                if ((a === 0 && c % 4 === 3) || (a === attacks - 1 && i % 3 === 0)) {
                    continue;
                }
                const letter = String.fromCharCode(65 + c);
                rows.push({ id: `s${c}-${i}-${a}`, intent_id: `i${c}-${i}`, intent: `word ${c} ${i}`, category: `${letter}. Placeholder topic ${c + 1}`,
                    subcategory: `${letter}1. Part`, attack: `attack-with-a-name-${a + 1}`, prompt: `Say the word ${c} ${i} ${a}.`, expected: 'attack',
                    extra: { codeword: `ZX${c}Q${i}Q${a}` } });
            }
        }
    }
    for (let i = 0; i < benign; i++) {
        rows.push({ id: `b${i}`, intent_id: `b${i}`, intent: `kind word ${i}`, category: 'Z. Kind words', prompt: `A kind word, please: ${i}.`,
            expected: 'benign', extra: { codeword: `ZB${i}` } });
    }
    mkdirSync(path.join(dir, 'data'), { recursive: true });
    writeFileSync(path.join(dir, 'data', 'samples.jsonl'), rows.map((r) => JSON.stringify(r)).join('\n') + '\n');
    writeFileSync(path.join(dir, 'data', 'dataset.yaml'),
        'gauntlet_dataset: 1\nname: grid\nversion: "1"\nformat: jsonl\nfiles: [{path: samples.jsonl, split: test}]\nlicence: {id: CC0-1.0}\n');
    writeFileSync(path.join(dir, 'suite.yaml'),
        'version: 1\nname: grid\ndataset: data\nscorers:\n  - canary: {codeword: extra.codeword}\nerrors: {max_rate: 1}\n');
}

/* 20 categories and 20 attacks that cover different intents. */
export const gridReport = once(async () => {
    const dir = path.join(scratch, 'grid');
    writeGrid(dir, { categories: 20, attacks: 20, intents: 3 });
    await gauntlet(['run', 'suite.yaml', '--sim', '--db', 'grid.db', '-q'], { cwd: dir });
    await gauntlet(['report', 'last', '--db', 'grid.db', '-o', 'grid.html', '-q'], { cwd: dir });
    return path.join(dir, 'grid.html');
});

/* Twelve subcategories of 15 intents, most of them enough to be ranked, in two runs; the report of the second against the first. */
const orderedStore = once(async () => {
    const dir = path.join(scratch, 'ordered');
    writeGrid(dir, { categories: 12, attacks: 2, intents: 15 });
    for (const seed of ['1', '2']) {
        await gauntlet(['run', 'suite.yaml', '--sim', '--seed', seed, '--name', `seed-${seed}`, '--db', 'ordered.db', '-q'], { cwd: dir });
    }
    return dir;
});
const orderedPage = (file, ...options) => once(async () => {
    const dir = await orderedStore();
    await gauntlet(['report', 'seed-2', ...options, '--db', 'ordered.db', '-o', file, '-q'], { cwd: dir });
    return path.join(dir, file);
});
export const orderedReport = orderedPage('ordered.html', '--baseline', 'seed-1');
export const orderedAloneReport = orderedPage('alone.html');

/* The URL that a simulated endpoint prints as its first line, once it listens. */
function simulated(args) {
    const child = spawn(process.env.GAUNTLET, ['sim', '--listen', '127.0.0.1:0', ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    return new Promise((resolve, reject) => {
        let said = '';
        child.on('error', reject);
        child.on('exit', (code) => reject(new Error(`gauntlet sim: exit ${code}`)));
        child.stdout.on('data', (bytes) => {
            said += bytes;
            if (said.includes('\n')) {
                resolve({ url: said.split('\n')[0], stop: () => child.kill() });
            }
        });
    });
}

/* One run of twelve models. */
export const manyReport = once(async () => {
    const dir = path.join(scratch, 'many');
    mkdirSync(dir, { recursive: true });
    const sim = await simulated(['--dataset', 'datasets/demo', '--profile', 'clean']);
    try {
        const models = Array.from({ length: 12 }, (_, i) => `  - {name: model-number-${i + 1}, protocol: openai-chat, base_url: "${sim.url}", model: m${i + 1}}`);
        writeFileSync(path.join(dir, 'config.yaml'), `version: 1\nendpoints:\n${models.join('\n')}\n`);
        const db = path.join(dir, 'many.db');
        await gauntlet(['run', 'suites/demo.yaml', '-c', path.join(dir, 'config.yaml'), '--no-evidence', '--db', db, '-q']);
        await gauntlet(['report', 'last', '--db', db, '-o', path.join(dir, 'many.html'), '-q']);
    } finally {
        sim.stop();
    }
    return path.join(dir, 'many.html');
});

/* Three models with benign controls, one of them with too many holes to be ranked: the run's page, and the ranks as a page of their own. */
export const ranksReports = once(async () => {
    const dir = path.join(scratch, 'ranks');
    writeGrid(dir, { categories: 3, attacks: 2, intents: 14, benign: 20 });
    writeFileSync(path.join(dir, 'profile.yaml'), `version: 1
outcomes: {complied: 0.1}
rules:
  - {model: open, outcomes: {complied: 0.6}}
  - {expected: benign, outcomes: {complied: 1}}
  - {expected: benign, model: closed, outcomes: {complied: 0.5, refused: 0.5}}
faults:
  - {kind: 422, rate: 0.5, model: broken}
`);
    const sim = await simulated(['--dataset', path.join(dir, 'data'), '--profile', path.join(dir, 'profile.yaml')]);
    try {
        const models = ['closed', 'open', 'broken'].map((m) => `  - {name: ${m}-model, protocol: openai-chat, base_url: "${sim.url}", model: ${m}}`);
        writeFileSync(path.join(dir, 'config.yaml'), `version: 1\nstore: ranks.db\nendpoints:\n${models.join('\n')}\n`);
        await gauntlet(['run', 'suite.yaml', '--no-evidence', '-q'], { cwd: dir, codes: [0, 4] });
        await gauntlet(['report', 'last', '-o', 'run.html', '-q'], { cwd: dir });
        await gauntlet(['report', 'last', '--leaderboard', '--format', 'html', '-o', 'ranks.html', '-q'], { cwd: dir });
    } finally {
        sim.stop();
    }
    return ['run.html', 'ranks.html'].map((name) => path.join(dir, name));
});

/* The newest run of a store in another format, as the program prints it. */
export async function formatted(db, format) {
    return (await gauntlet(['report', 'last', '--db', db, '--format', format, '-q'])).stdout;
}

/* ---- hostile text ------------------------------------------------------------------------------------------------ */

export const hostile = [
    '</script><script>document.title="pwned";alert(1)</script>',
    '<!--<script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '<svg onload=alert(1)><style>*{display:none}</style>',
    'javascript:alert(1)',
    '{{run.id}}{{{style}}}',
    'left\u202Eright\u2066 \u200Bzero \u{E0041}tag',
    'line\u2028separator\u2029end',
    '\u001b[2J\u001b]52;c;aGk=\u0007 bell',
    'nul\u0000after',
    '=HYPERLINK("http://example.org")',
    'x'.repeat(1 << 20),
];

/* `say(n)` → {content, model, fingerprint} of request n, from 0. */
function answeringServer(say) {
    let asked = 0;
    return createServer((request, response) => {
        request.resume();
        request.on('end', () => {
            const { content, model, fingerprint } = say(asked++);
            response.setHeader('content-type', 'application/json');
            response.end(JSON.stringify({
                id: 'x', object: 'chat.completion', created: 1, model, system_fingerprint: fingerprint,
                choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
                usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
            }));
        });
    });
}

const hostileServer = () => answeringServer((n) => ({ content: `${hostile[n % hostile.length]} tail`, model: hostile[2], fingerprint: hostile[0] }));

/* An endpoint at http://127.0.0.1: `url`. It answers `first` requests, and holds the others until release(). */
export async function holdingEndpoint(first) {
    const held = [];
    let asked = 0;
    let open = false;
    const answer = (response) => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({
            id: 'x', object: 'chat.completion', created: 1, model: 'm', choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'I cannot help with that.' } }],
            usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
        }));
    };
    const server = createServer((request, response) => {
        request.resume();
        request.on('end', () => {
            if (open || asked++ < first) {
                answer(response);
            } else {
                held.push(response);
            }
        });
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
        url: `http://127.0.0.1:${server.address().port}/v1`,
        release: () => { open = true; held.splice(0).forEach(answer); },
        close: () => server.close(),
    };
}

/* Samples whose every field is hostile, names of categories and attacks among them. */
function writeHostileSuite(dir, port) {
    const clean = (text) => text.replaceAll('\u0000', '').slice(0, 200);
    const printable = (text) => text.replaceAll(/[\u0000-\u001f]/g, ''); /* what an id may hold */
    const rows = hostile.map((text, i) => ({
        id: `s${i}-${printable(text).slice(0, 60)}`, intent_id: `i${i}`, intent: clean(text), category: clean(text), subcategory: clean(text),
        attack: clean(hostile[(i + 1) % hostile.length]), prompt: text.replaceAll('\u0000', ''), expected: 'attack',
    }));
    mkdirSync(path.join(dir, 'data'), { recursive: true });
    writeFileSync(path.join(dir, 'data', 'samples.jsonl'), rows.map((r) => JSON.stringify(r)).join('\n') + '\n');
    writeFileSync(path.join(dir, 'data', 'dataset.yaml'),
        'gauntlet_dataset: 1\nname: hostile\nversion: "1"\nformat: jsonl\nfiles: [{path: samples.jsonl, split: test}]\nlicence: {id: CC0-1.0}\n');
    writeFileSync(path.join(dir, 'suite.yaml'),
        'version: 1\nname: hostile\ndataset: data\nscorers:\n  - refusal: {preset: jbb-13}\nerrors: {max_rate: 1}\n');
    writeFileSync(path.join(dir, 'config.yaml'),
        `version: 1\nstore: hostile.db\nendpoints:\n  - name: hostile\n    protocol: openai-chat\n    base_url: http://127.0.0.1:${port}/v1\n    model: m\n`);
}

export const hostileStore = once(async () => {
    const dir = path.join(scratch, 'hostile');
    const server = hostileServer();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
        writeHostileSuite(dir, server.address().port);
        await gauntlet(['run', 'suite.yaml', '--no-evidence', '-q', '--name', hostile[0]], { cwd: dir, codes: [0, 4] });
    } finally {
        server.close();
    }
    return path.join(dir, 'hostile.db');
});

export const hostileReport = once(async () => {
    const html = path.join(scratch, 'hostile.html');
    await gauntlet(['report', 'last', '--db', await hostileStore(), '-o', html, '-q']);
    return html;
});
