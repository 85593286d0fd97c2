/* The viewer in a real browser: let in by the printed address, everything by keyboard, labels that land, nothing that hostile text runs. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { axe, overflowing, violations } from './support/browser.mjs';
import { gauntlet, scratch } from './support/reports.mjs';
import { test } from './support/test.mjs';

let started;

/* One viewer for all tests, over a run of the demo set: {url, origin, db, run}. Ends with the tests. */
function viewer() {
    started ??= (async () => {
        const db = path.join(scratch, 'view.db');
        await gauntlet(['run', 'suites/demo.yaml', '--sim', '--db', db, '--progress', 'none']);
        const child = spawn(process.env.GAUNTLET, ['view', 'last', '--db', db, '--labeller', 'ann'], { stdio: ['ignore', 'pipe', 'inherit'] });
        process.on('exit', () => child.kill());
        const url = await new Promise((resolve) => child.stdout.once('data', (bytes) => resolve(String(bytes).trim())));
        const { stdout } = await gauntlet(['ls', 'runs', '--json', '--db', db]);
        return { url, origin: new URL(url).origin, db, run: JSON.parse(stdout).runs[0].id };
    })();
    return started;
}
const sql = (db, text) => execFileSync('sqlite3', [db, text], { encoding: 'utf8' }).trim();

/* The run's page with its list. `hash`: of the page, once the cookie is there. */
async function openRun(open, { hash, ...options } = {}) {
    const { url, origin, run } = await viewer();
    const page = await open(null, { url, ...options });
    await page.waitForURL(`**/runs/${run}`);
    if (hash) {
        await page.goto(`${origin}/runs/${run}${hash}`);
    }
    await page.waitForSelector('.row');
    return page;
}

test('the printed address leads to the run and leaves no token in the address bar', async ({ open }) => {
    const page = await openRun(open);
    assert.ok(!page.url().includes('t='));
    assert.equal(await page.locator('.row').count(), 100);
    assert.match(await page.locator('.tools [role=status]').textContent(), /^253 of 253 trials$/);
    assert.equal(await page.locator('h1').count(), 1);
});

test('without the cookie there is nothing but a word of what to do', async ({ open }) => {
    const { origin } = await viewer();
    const page = await open(null, { url: `${origin}/api/runs` });
    assert.match(await page.textContent('body'), /open the address/);
    page.problems = page.problems.filter((p) => !p.includes('403'));
});

test('a sample is walked to, covered, and shown on demand', async ({ open }) => {
    const page = await openRun(open);
    await page.keyboard.press('j');
    await page.waitForSelector('.detail h2');
    const first = await page.textContent('.detail h2');
    assert.equal(await page.locator('pre.text:visible').count(), 0);
    assert.equal(await page.locator('.detail img[src]').count(), 0, 'an image is not even asked for');
    await page.locator('.cover', { hasText: 'Prompt as sent' }).getByRole('button', { name: 'Reveal' }).click();
    assert.ok((await page.textContent('pre.text:visible')).length > 10);
    await page.keyboard.press('j');
    await page.waitForFunction((text) => document.querySelector('.detail h2').textContent !== text, first);
    assert.equal(await page.locator('pre.text:visible').count(), 0, 'a reveal is of one sample');
    page.expectDialog = true;
    await page.keyboard.press('b');
    assert.ok(await page.locator('pre.text:visible').count() >= 2);
    await page.waitForFunction(() => [...document.querySelectorAll('.detail img')].every((i) => i.complete && i.naturalWidth > 0));
    await page.keyboard.press('k');
    await page.waitForFunction((text) => document.querySelector('.detail h2').textContent === text, first);
    assert.deepEqual(await violations(page), []);
});

test('labels are set, replaced, taken back and undone by keyboard, and land in the store', async ({ open }) => {
    const { db } = await viewer();
    const page = await openRun(open);
    await page.keyboard.press('j');
    await page.waitForSelector('.labels');
    const said = () => sql(db, "SELECT labeller || ' ' || verdict || ' ' || plan FROM label");
    await page.keyboard.press('1');
    await page.waitForSelector('.said .w-complied');
    assert.equal(said(), 'ann complied picked');
    assert.equal(await page.locator('.row .mark').first().textContent(), '◆');
    await page.keyboard.press('3');
    await page.waitForSelector('.said .w-refused');
    assert.equal(said(), 'ann refused picked');
    await page.keyboard.press('0');
    await page.waitForSelector('.said', { state: 'detached' });
    assert.equal(said(), '');
    await page.keyboard.press('u');
    await page.waitForSelector('.said .w-refused');
    await page.keyboard.press('u');
    await page.waitForSelector('.said .w-complied');
    await page.keyboard.press('u');
    await page.waitForSelector('.said', { state: 'detached' });
    assert.equal(said(), '');
});

test('filters count, combine and stand in the address', async ({ open }) => {
    const page = await openRun(open);
    const complied = page.locator('fieldset', { hasText: 'verdict' }).locator('label', { hasText: 'complied' });
    const count = Number(await complied.locator('.num').textContent());
    await complied.locator('input').check();
    await page.waitForFunction((n) => document.querySelector('.tools [role=status]').textContent.startsWith(`${n} of`), count);
    assert.match(page.url(), /verdict=complied/);
    assert.deepEqual([...new Set(await page.locator('.row .word').allTextContents())], ['✗complied']);
    const again = await openRun(open, { hash: new URL(page.url()).hash });
    await again.waitForFunction((n) => document.querySelector('.tools [role=status]').textContent.startsWith(`${n} of`), count);
});

test('a link leads to a sample, and reveals nothing', async ({ open }) => {
    const page = await openRun(open, { hash: '#verdict=refused&t=5' });
    await page.waitForSelector('.detail h2');
    assert.match(await page.textContent('.cmd code'), /:5$/);
    assert.equal(await page.locator('pre.text:visible').count(), 0);
});

test('a search finds ids and texts, and says when it finds none', async ({ open }) => {
    const page = await openRun(open);
    await page.keyboard.press('/');
    await page.keyboard.type('garden');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => /found among/.test(document.querySelector('.tools [role=status]').textContent));
    await page.fill('input[type=search]', 'zzzz-nothing');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.none');
    assert.match(await page.textContent('.none'), /No sample matches/);
});

test('keys do nothing while somebody types, and help lists them', async ({ open }) => {
    const page = await openRun(open);
    await page.focus('input[type=search]');
    await page.keyboard.type('j1u');
    assert.equal(await page.locator('.detail h2').count(), 0);
    await page.locator('body').click({ position: { x: 5, y: 5 } });
    await page.keyboard.press('?');
    assert.ok(await page.locator('dialog').isVisible());
    await page.keyboard.press('Escape');
    assert.ok(!await page.locator('dialog').isVisible());
});

test('an address that asks for nonsense gives a notice, not an empty page', async ({ open }) => {
    const page = await openRun(open);
    await page.evaluate(() => { location.hash = '#sort=odd'; });
    await page.waitForFunction(() => !document.getElementById('notice').hidden);
    assert.match(await page.textContent('#notice'), /sort/);
    assert.ok(await page.locator('.row').count() > 0);
    page.problems = page.problems.filter((p) => !p.includes('400'));
});

test('hostile text is shown as text', async ({ open }) => {
    const { db, run } = await viewer();
    const hostile = "</script><img src=x onerror=window.broken=1><svg onload=window.broken=1> \u202E \u200B";
    sql(db, `UPDATE response SET content = '${hostile}', reasoning = '<b>x</b>', model_echo = '${hostile}' WHERE trial_id = 7;
             UPDATE sample SET category = '${hostile}', key = 'k' || '${hostile}' WHERE id = (SELECT sample_id FROM trial WHERE id = 7)`);
    const page = await openRun(open, { hash: '#t=7' });
    await page.waitForSelector('.detail h2');
    await page.locator('.cover', { hasText: /^Answer/ }).getByRole('button', { name: 'Reveal' }).click();
    assert.match(await page.textContent('pre.text:visible'), /<img src=x onerror=window\.broken=1>.*\[U\+202E\] \[U\+200B\]/);
    assert.match(await page.locator('.cover', { hasText: /^Answer/ }).locator('.lbl').textContent(), /2 hidden characters/);
    assert.equal(await page.evaluate(() => window.broken), undefined);
    assert.deepEqual(await violations(page), []);
    assert.ok(run);
});

test('the list of runs and the report are pages of the viewer too', async ({ open }) => {
    const { origin, run } = await viewer();
    const page = await openRun(open);
    await page.goto(`${origin}/`);
    await page.getByRole('link', { name: 'report' }).first().click();
    await page.waitForURL(`**/runs/${run}/report`);
    assert.ok(await page.locator('section.s').count() >= 4);
});

for (const theme of ['light', 'dark']) {
    test(`axe finds nothing serious in the ${theme} viewer`, async ({ open }) => {
        const page = await openRun(open, { theme, bypassCSP: true });
        await page.keyboard.press('j');
        await page.waitForSelector('.detail h2');
        assert.deepEqual(await axe(page), []);
    });
}

for (const width of [1440, 1024, 390]) {
    test(`nothing sticks out of a viewer ${width} px wide`, async ({ open }) => {
        const page = await openRun(open, { width });
        await page.locator('.row').first().click();
        await page.waitForSelector('.detail h2');
        assert.deepEqual(await overflowing(page), []);
    });
}
