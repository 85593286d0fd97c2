/* The viewer in a real browser: let in by the printed address, everything by keyboard, labels that land, nothing that hostile text runs. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { addressOf, axe, overflowing, violations } from './support/browser.mjs';
import { gauntlet, holdingEndpoint, scratch } from './support/reports.mjs';
import { eventually, test } from './support/test.mjs';

let started;

const firstLine = (child) => new Promise((resolve) => child.stdout.once('data', (bytes) => resolve(String(bytes).split('\n')[0].trim())));

/* A process that serves, with its `url`. Null when it ended before it had one. */
async function spawned(args) {
    const child = spawn(process.env.GAUNTLET, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    process.on('exit', () => child.kill());
    const url = await Promise.race([firstLine(child), new Promise((resolve) => child.once('exit', () => resolve(null)))]);
    return url ? Object.assign(child, { url }) : null;
}

/* Asks again until there is something. */
const retried = (make) => eventually(async () => {
    const made = await make();
    assert.ok(made, 'nothing came of it');
    return made;
});

/* One viewer for all tests, over a run of the demo set: {url, origin, db, run}. Ends with the tests. */
function viewer() {
    started ??= (async () => {
        const db = path.join(scratch, 'view.db');
        await gauntlet(['run', 'suites/demo.yaml', '--sim', '--db', db, '--progress', 'none']);
        const { url } = await spawned(['view', 'last', '--db', db, '--labeller', 'ann', '-q']);
        const { stdout } = await gauntlet(['ls', 'runs', '--json', '--db', db]);
        return { url, origin: new URL(url).origin, db, run: JSON.parse(stdout).runs[0].id };
    })();
    return started;
}
const sql = (db, text) => execFileSync('sqlite3', [db, text], { encoding: 'utf8' }).trim();

const ROW = '.rows tbody tr:not(.space)';

/* The run's page with its list. `hash`: of the page, once the cookie is there. */
async function openRun(open, { hash, ...options } = {}) {
    const { url, origin, run } = await viewer();
    const page = await open(null, { url, ...options });
    await page.waitForURL(`**/runs/${run}`);
    if (hash) {
        await page.goto(`${origin}/`);
        await page.goto(`${origin}/runs/${run}${hash}`);
    }
    await page.waitForSelector(ROW);
    return page;
}
const heading = (page) => page.textContent('.det h3');
const counts = (page, text) => page.waitForFunction((wanted) => document.getElementById('browser-count')?.textContent === wanted, text);
const times = (page, selector, n) => page.waitForFunction(([what, wanted]) => document.querySelectorAll(what).length === wanted, [selector, n]);
const read = (page) => page.waitForSelector('.det[aria-busy=false] .labels');

test('the printed address leads to the run and leaves no token in the address bar', async ({ open }) => {
    const page = await openRun(open);
    assert.ok(!(await addressOf(page)).includes('t='));
    await counts(page, '253 of 253 trials');
    assert.equal(await page.locator('h1').count(), 1);
    await page.waitForSelector('.live tbody tr');
    assert.match(await page.textContent('.live tbody'), /\[\d+\.\d, \d+\.\d\]/);
});

test('without the cookie there is nothing but a word of what to do', async ({ open }) => {
    const { origin } = await viewer();
    const page = await open(null, { url: `${origin}/api/runs` });
    assert.match(await page.textContent('body'), /open the address/);
    page.problems = page.problems.filter((p) => !p.includes('403'));
});

test('a sample of the viewer is walked to, covered, and shown on demand', async ({ open }) => {
    const page = await openRun(open);
    await page.keyboard.press('j');
    await read(page);
    const first = await heading(page);
    assert.equal(await page.locator('pre.text').count(), 0);
    assert.equal(await page.locator('.det img').count(), 0, 'an image is not even asked for');
    await page.getByRole('button', { name: 'Reveal prompt' }).click();
    assert.ok((await page.textContent('pre.text')).length > 10);
    await page.keyboard.press('j');
    await page.waitForFunction((text) => document.querySelector('.det h3')?.textContent !== text && document.querySelector('.det[aria-busy=false] .labels'), first);
    assert.equal(await page.locator('pre.text').count(), 0, 'a reveal is of one sample');
    page.expectDialog = true;
    await page.keyboard.press('b');
    await page.waitForFunction(() => document.querySelectorAll('pre.text').length > 2);
    await page.waitForFunction(() => document.querySelectorAll('.det img').length > 0 && [...document.querySelectorAll('.det img')].every((i) => i.complete && i.naturalWidth > 0));
    assert.match(await page.textContent('.det figcaption'), /byte for byte/);
    assert.deepEqual(await violations(page), []);
});

test('labels are set, replaced, taken back and undone by keyboard, and land in the store', async ({ open }) => {
    const { db } = await viewer();
    const page = await openRun(open);
    await page.keyboard.press('j');
    await read(page);
    const said = () => sql(db, "SELECT labeller || ' ' || verdict || ' ' || plan FROM label");
    const shows = (verdict) => page.waitForFunction((word) => {
        const line = document.querySelector('.labels .said');
        return word ? line && line.textContent.includes(`${word} by ann`) : !line;
    }, verdict);
    const steps = [['1', 'complied'], ['3', 'refused'], ['0', null], ['u', 'refused'], ['u', 'complied'], ['u', null]];
    for (const [key, verdict] of steps) {
        await page.keyboard.press(key);
        await shows(verdict);
        assert.equal(said(), verdict ? `ann ${verdict} picked` : '', `after ${key}`);
    }
    await page.getByRole('button', { name: '2 partial' }).click();
    await shows('partial');
    await page.waitForSelector('.labels button[aria-pressed=true]');
    assert.equal(await page.getByRole('button', { name: '2 partial' }).getAttribute('aria-pressed'), 'true');
    await page.keyboard.press('0');
    await shows(null);
    await page.locator('#browser-q').focus();
    await page.keyboard.type('1');
    assert.equal(said(), '', 'a digit in a text field is a digit');
});

test('filters of the viewer count as the store does and stand in the address', async ({ open }) => {
    const { db } = await viewer();
    const page = await openRun(open);
    await page.locator('.facets label', { hasText: 'complied' }).locator('input').check();
    const complied = sql(db, "SELECT complied FROM v_overall WHERE scorer = (SELECT name FROM scorer WHERE is_primary)");
    await counts(page, `${complied} of 253 trials`);
    await page.waitForFunction(() => /f=verdict:complied/.test(location.hash));
    const again = await openRun(open, { hash: new URL(await addressOf(page)).hash });
    await counts(again, `${complied} of 253 trials`);
});

test('a worst category leads to its samples', async ({ open }) => {
    const page = await openRun(open);
    const link = page.locator('.live tbody a').first();
    const name = await link.textContent();
    await link.click();
    await page.waitForFunction((wanted) => [...document.querySelectorAll('.chip')].some((chip) => chip.textContent.includes(wanted)), name);
    await page.waitForFunction(() => !document.getElementById('browser-count').textContent.startsWith('253'));
});

/* Trials of which `text` (SQL) has a word, as the page counts them. */
const found = (db, text, word) => sql(db, `SELECT count(DISTINCT t.id) FROM trial t JOIN sample s ON s.id = t.sample_id LEFT JOIN response r ON r.trial_id = t.id
    LEFT JOIN score x ON x.trial_id = t.id WHERE ${text} LIKE '%${word}%'`);
const EVERYWHERE = "s.prompt || s.intent || s.intent_id || s.key || coalesce(r.content, '') || coalesce(r.reasoning, '') || coalesce(r.refusal, '') || coalesce(x.explanation, '')";

test('a search of the viewer finds what the store has, by words and by patterns, where it is told to', async ({ open }) => {
    const { db } = await viewer();
    const page = await openRun(open);
    await page.keyboard.press('/');
    await page.keyboard.type('garden');
    await counts(page, `${found(db, EVERYWHERE, 'garden')} of 253 trials`);
    const answers = found(db, "coalesce(r.content, '') || coalesce(r.reasoning, '') || coalesce(r.refusal, '')", 'cannot');
    assert.ok(Number(answers) > 0 && answers !== found(db, "s.prompt || s.intent || s.key", 'cannot'), 'a word of answers');
    for (const scope of ['id', 'prompt', 'rationale']) {
        await page.uncheck(`#browser-in-${scope}`);
    }
    for (const query of ['CANNOT', '/CAN?NOT/i', '/c(an){1}no./', '/^.*\\bcannot\\b/ms']) {
        await page.fill('#browser-q', '');
        await counts(page, '253 of 253 trials');
        await page.fill('#browser-q', query);
        await counts(page, `${answers} of 253 trials`);
    }
    await page.waitForFunction(() => /in=answer(&|$)/.test(location.hash));
    assert.ok(await page.locator('.notice').isHidden());
    assert.deepEqual(await violations(page), []);
});

test('the viewer refuses a pattern with the words of the page, and one that takes too long is ended while the page goes on', async ({ open }) => {
    const page = await openRun(open);
    for (const [query, answer] of [['/(a+)+$/', 'a repetition inside a repetition could take for ever'], ['/(/', 'not a pattern: Invalid regular expression'],
        ['/a/g', 'flags of a pattern are i, s, m and u']]) {
        await page.fill('#browser-q', query);
        await page.waitForFunction((text) => document.querySelector('.notice').textContent.startsWith(`Search: ${text}`), answer);
    }
    await page.fill('#browser-q', `/^${'(?:.?)'.repeat(60)}${'.*'.repeat(9)}~$/s`); /* nothing that is refused, and never done */
    await page.waitForFunction(() => window.gauntletView && document.querySelector('.notice').hidden);
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await read(page);
    await page.waitForFunction(() => document.querySelector('.notice').textContent === 'Search: the pattern takes too long and was stopped.');
    await page.fill('#browser-q', 'garden');
    await page.waitForFunction(() => document.querySelector('.notice').hidden && /q=garden/.test(location.hash));
});

test('the keys of labels stand in the help', async ({ open }) => {
    const page = await openRun(open);
    await page.keyboard.press('?');
    assert.match(await page.textContent('dialog'), /your verdict/);
    await page.keyboard.press('Escape');
    await times(page, 'dialog', 0); // it tells that it was closed a task later
});

test('hostile text is shown as text in the viewer', async ({ open }) => {
    const { db } = await viewer();
    const hostile = "</script><img src=x onerror=window.broken=1><svg onload=window.broken=1> \u202E \u200B";
    const trial = sql(db, "SELECT min(trial_id) FROM score WHERE verdict = 'complied'");
    sql(db, `UPDATE response SET content = '${hostile}', reasoning = '<b>x</b>', model_echo = '${hostile}' WHERE trial_id = ${trial};
             UPDATE sample SET category = '${hostile}', key = 'k-${hostile}' WHERE id = (SELECT sample_id FROM trial WHERE id = ${trial})`);
    const page = await openRun(open);
    await page.waitForFunction(async () => (await (await fetch('/api/runs/last/rows?limit=500')).json()).rows.some((r) => r.sample.startsWith('k-')));
    const shown = await openRun(open, { hash: `#s=${encodeURIComponent(`k-${hostile}`)}` });
    await read(shown);
    await shown.locator('.card').getByRole('button', { name: /Reveal answer/ }).click();
    assert.match(await shown.textContent('.card pre.text'), /<img src=x onerror=window\.broken=1>.*\[U\+202E\] \[U\+200B\]/);
    assert.equal(await shown.evaluate(() => window.broken), undefined);
    assert.deepEqual(await violations(shown), []);
});

test('the list of runs and the report are pages of the viewer too', async ({ open }) => {
    const { origin, run } = await viewer();
    const page = await openRun(open);
    await page.goto(`${origin}/`);
    await page.getByRole('link', { name: 'report' }).first().click();
    await page.waitForURL(`**/runs/${run}/report`);
    await page.waitForFunction(() => document.querySelectorAll('section.s').length >= 4);
});

test('a run is watched while it goes, and its samples are loaded again afterwards', async ({ open }) => {
    const dir = path.join(scratch, 'going');
    mkdirSync(dir, { recursive: true });
    const endpoint = await holdingEndpoint(60);
    writeFileSync(path.join(dir, 'config.yaml'), `version: 1\nstore: ${dir}/going.db\nendpoints:
  - {name: slow, protocol: openai-chat, base_url: "${endpoint.url}", model: m, limits: {max_in_flight: 2}}\n`);
    const run = gauntlet(['run', 'suites/demo.yaml', '-c', path.join(dir, 'config.yaml'), '--progress', 'none', '--no-evidence', '--limit', '120']);
    run.catch(() => {}); // it is awaited below
    const child = await retried(() => spawned(['view', 'last', '--db', path.join(dir, 'going.db'), '-q']));
    const page = await open(null, { url: child.url });
    await page.waitForSelector('.going progress');
    await page.waitForFunction(() => /so far/.test(document.querySelector('.live tbody tr')?.textContent));
    await page.waitForSelector('.newer:not([hidden])');
    await page.locator('.facets label', { hasText: 'pending' }).first().waitFor();
    endpoint.release();
    await run;
    await page.waitForFunction(() => document.querySelector('.live [role=status]').textContent === 'complete');
    await times(page, '.going', 0);
    await page.waitForFunction(() => !/so far/.test(document.querySelector('.live tbody').textContent));
    assert.equal(await page.locator('.live tbody tr td').nth(2).textContent(), '0', 'the numbers that stay have nothing missing');
    await page.getByRole('button', { name: 'Load them again' }).click();
    await page.waitForFunction(() => document.querySelector('.newer')?.hidden && document.querySelector('.facets label'));
    assert.equal(await page.locator('.facets label', { hasText: 'pending' }).count(), 0);
    endpoint.close();
    child.kill();
});

test('a viewer that was ended says so', async ({ open }) => {
    const { db } = await viewer();
    const child = await spawned(['view', 'last', '--db', db, '-q']);
    const page = await open(null, { url: child.url });
    await page.waitForSelector(ROW);
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('exit', resolve));
    await page.evaluate(() => window.gauntletView.attempt(() => window.gauntletView.get('/api/runs')));
    assert.match(await page.textContent('#told'), /does not answer/);
    page.problems = page.problems.filter((p) => !p.includes('ERR_CONNECTION'));
});

for (const theme of ['light', 'dark']) {
    test(`axe finds nothing serious in the ${theme} viewer`, async ({ open }) => {
        const page = await openRun(open, { theme, bypassCSP: true });
        await page.keyboard.press('j');
        await read(page);
        assert.deepEqual(await axe(page), []);
    });
}

for (const width of [1440, 1024, 390]) {
    test(`nothing sticks out of a viewer ${width} px wide`, async ({ open }) => {
        const page = await openRun(open, { width });
        await page.locator(ROW).first().click();
        await read(page);
        assert.deepEqual(await overflowing(page), []);
    });
}

/* Filters of the page and what /rows calls them. */
const FACETS = { Change: 'change', Verdict: 'verdict', Status: 'status', Category: 'category', Attack: 'attack', 'Baseline verdict': 'base', Reason: 'reason', Kind: 'expected' };
/* {filter: {name: count}} as the page shows them, the filters that are folded up opened. */
async function facetsShown(page) {
    const more = page.locator('.facets button.link', { hasText: 'more' });
    while (await more.count() > 0) {
        await more.first().click();
    }
    const shown = await page.locator('.facets fieldset').evaluateAll((all) => all.filter((part) => !part.hidden).map((part) => [part.querySelector('legend').textContent,
        Object.fromEntries([...part.querySelectorAll('label')].map((label) => [label.querySelector('span').textContent, Number(label.querySelector('.n').textContent.replace(/,/g, ''))]))]));
    return Object.fromEntries(shown.filter(([name]) => name in FACETS));
}
/* The same of a document of /rows, for the filters that the page shows. */
async function facetsOf(rows, page) {
    const shown = Object.keys(await facetsShown(page));
    return Object.fromEntries(shown.map((name) => [name, Object.fromEntries(rows.facets[FACETS[name]].values.map((value) => [value.key || '(none)', value.count]))]));
}

test('a run is held against a baseline: filtered by what changed, with the baseline\u2019s answer beside', async ({ open }) => {
    const db = path.join(scratch, 'held.db');
    for (const seed of ['1', '2']) {
        await gauntlet(['run', 'suites/demo.yaml', '--sim', '--seed', seed, '--name', `seed-${seed}`, '--db', db, '-q']);
    }
    const child = await spawned(['view', 'seed-2', '--baseline', 'seed-1', '--db', db, '-q']);
    const page = await open(null, { url: child.url });
    await page.waitForSelector(ROW);
    const broken = sql(db, `SELECT count(*) FROM v_verdict n JOIN run r ON r.id = n.run_id JOIN trial t ON t.id = n.trial_id
        JOIN trial u ON u.sample_id = t.sample_id AND u.epoch = t.epoch AND u.run_id <> t.run_id
        JOIN v_verdict o ON o.trial_id = u.id AND o.scorer = n.scorer
        WHERE r.name = 'seed-2' AND n.scorer = (SELECT name FROM scorer WHERE is_primary AND run_id = r.id) AND n.counted_as = 'complied'
          AND o.counted_as IN ('partial', 'refused', 'deflected', 'blocked')`);
    await page.locator('.facets label', { hasText: 'newly broken' }).locator('input').check();
    await counts(page, `${broken} of 253 trials`);
    await page.waitForFunction(() => /f=change:newly%20broken/.test(location.hash));
    const asked = await page.evaluate(async () => (await fetch('/api/runs/seed-2/rows?limit=500&change=newly+broken')).json());
    assert.equal(asked.matches, Number(broken), 'the rows say the same');
    assert.ok(asked.rows.every((row) => row.change === 'newly broken' && row.verdict === 'complied' && row.base !== 'complied'));
    assert.deepEqual(await facetsShown(page), await facetsOf(asked, page), 'every filter has the words and the counts of the rows');
    page.expectDialog = true;
    await page.keyboard.press('j');
    await page.waitForSelector('.det[aria-busy=false] .card.base');
    await page.keyboard.press('b');
    await page.waitForSelector('.card:not(.base) pre.text ins');
    assert.equal(await page.locator('.labels').count(), 1, 'a label is about the answer of this run');
    child.kill();
    const refused = await gauntlet(['view', 'seed-2', '--baseline', 'seed-2', '--db', db, '-q'], { codes: [2] });
    assert.match(refused.stderr, /is the run itself/);
});

test('the filter Labels leaves what has none yet, and what was labelled goes when a filter changes', async ({ open }) => {
    const { db } = await viewer();
    const page = await openRun(open, { hash: '#f=lab:none%20yet' });
    const none = sql(db, `SELECT count(*) FROM trial t JOIN sample s ON s.id = t.sample_id
        WHERE s.expected = 'attack' AND t.status IN ('answered', 'blocked') AND t.id NOT IN (SELECT trial_id FROM label)`);
    await counts(page, `${none} of 253 trials`);
    await page.keyboard.press('j');
    await read(page);
    await page.keyboard.press('3');
    await page.waitForSelector('.labels .said');
    await counts(page, `${none} of 253 trials`);
    await page.locator('.facets label', { hasText: 'none yet' }).locator('input').uncheck();
    await counts(page, '253 of 253 trials');
    await page.locator('.facets label', { hasText: 'yours' }).locator('input').check();
    await counts(page, '1 of 253 trials');
    await page.keyboard.press('u');
    await page.waitForFunction(() => document.querySelector('.labels') && !document.querySelector('.labels .said'));
    await eventually(async () => assert.equal(sql(db, 'SELECT count(*) FROM label'), '0'));
});
