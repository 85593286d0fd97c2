/* The sample browser of the report: found, narrowed, opened, covered, searched, by mouse, keyboard and address. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { addressOf, axe, overflowing } from './support/browser.mjs';
import { demoReport, demoStore, gauntlet, hostileReport, modelsReport, scratch } from './support/reports.mjs';
import { eventually, test } from './support/test.mjs';

const opened = (open, file, options) => open(file, options);
const total = (page) => page.locator('#browser-count b').textContent().then((text) => Number(text.replace(/,/g, '')));
const settled = async (page, expected) => {
    await page.waitForFunction((n) => document.querySelector('#browser-count b')?.textContent.replace(/,/g, '') === String(n), expected);
};
const rows = (page) => page.locator('#browser tbody tr[id]');
const hash = (page) => addressOf(page).then((href) => new URL(href).hash);
/* How often something stands in the page, once that is so often. */
const times = (page, selector, n) => page.waitForFunction(([what, wanted]) => document.querySelectorAll(what).length === wanted, [selector, n]);
/* The row that is chosen has been read. `place`: which one, from 0. */
const shows = (page, place) => page.waitForFunction((index) => document.querySelector('#browser .det[aria-busy=false]') &&
    document.querySelector('#browser tr[aria-selected=true]')?.getAttribute('aria-rowindex') === String(index + 2), place);
/* The status row of the store, as the summary counts it. */
const summary = async () => JSON.parse((await gauntlet(['report', 'last', '--db', await demoStore(), '--json'])).stdout);

/* A report of the demo run, made with other options. */
const made = new Map();
async function report(...options) {
    const name = options.join('_').replaceAll(/[^a-z]/g, '') || 'plain';
    if (!made.has(name)) {
        const file = path.join(scratch, `samples-${name}.html`);
        await gauntlet(['report', 'last', '--db', await demoStore(), '-o', file, '-q', ...options]);
        made.set(name, file);
    }
    return made.get(name);
}

test('the browser takes the place of the first samples and has every trial', async ({ open }) => {
    const page = await opened(open, await demoReport());
    const planned = (await summary()).endpoints.reduce((n, e) => n + e.counts.planned + (e.benign?.counts.planned ?? 0), 0);
    assert.equal(await total(page), planned);
    assert.ok(await page.locator('#browser').isVisible());
    assert.ok(!await page.locator('#first-samples').isVisible());
    assert.ok(await rows(page).count() <= 60);
    assert.equal(await page.locator('#browser-grid').getAttribute('aria-rowcount'), String(planned + 1));
});

test('without scripts the first samples are there and the browser is not', async ({ open }) => {
    const page = await open(await demoReport(), { js: false });
    assert.ok(await page.locator('#first-samples').isVisible());
    assert.ok(!await page.locator('#browser').isVisible());
});

test('a browser that cannot unpack says so and shows the first samples', async ({ open }) => {
    const page = await open(await demoReport(), { before: () => { delete window.DecompressionStream; } });
    assert.match(await page.locator('#browser').textContent(), /DecompressionStream is missing/);
    assert.ok(await page.locator('#first-samples').isVisible());
});

test('filters narrow each other, count live, and stand in the address', async ({ open }) => {
    const page = await opened(open, await demoReport());
    const run = await summary();
    const complied = run.endpoints.reduce((n, e) => n + e.counts.complied + (e.benign?.counts.complied ?? 0), 0);
    await page.check('#browser-f-verdict-0');
    await settled(page, complied);
    await eventually(async () => assert.equal(await hash(page), '#f=verdict:complied'));

    const category = page.locator('fieldset', { has: page.locator('legend', { hasText: /^Category$/ }) });
    const first = category.locator('label').first();
    const promised = Number(await first.locator('.n').textContent());
    await first.locator('input').check();
    await settled(page, promised);
    await times(page, '.chip', 2);

    await page.locator('.chip .drop').first().click();
    await times(page, '.chip', 1);
    await page.locator('.chip .drop').first().click();
    await times(page, '.chip', 0);
    await eventually(async () => assert.equal(await hash(page), ''));
});

test('no match says so, with the filters still there', async ({ open }) => {
    const page = await opened(open, await demoReport(), { hash: '#q=there-is-no-such-text' });
    await page.getByText('No sample matches. Remove a filter.').waitFor();
});

test('a row opens covered, and only its own text is revealed', async ({ open }) => {
    const page = await opened(open, await demoReport(), { hash: '#f=verdict:complied' });
    await rows(page).first().click();
    await shows(page, 0);
    assert.ok(await page.locator('#browser .cov .reveal').count() > 0);
    assert.equal(await page.locator('#browser pre.text').count(), 0, 'what is covered is not in the document');
    await page.getByRole('button', { name: 'Reveal answer' }).first().click();
    await times(page, '#browser pre.text', 1);
    await page.getByRole('button', { name: 'Reveal prompt' }).waitFor();
    await rows(page).nth(1).click();
    await shows(page, 1);
    assert.ok(await page.locator('#browser .cov .reveal').count() > 0);
    assert.equal(await page.locator('#browser pre.text').count(), 0, 'the next row is covered again');
});

test('an image shows its thumbnail when it is asked for, enlarged by a click, and its address ends with the row', async ({ open }) => {
    const page = await opened(open, await demoReport(), { hash: '#f=verdict:complied' });
    await rows(page).first().click();
    await page.getByRole('button', { name: 'Reveal image' }).first().click();
    const image = page.locator('#browser img.thumb').first();
    await image.waitFor();
    await page.waitForFunction(() => document.querySelector('#browser img.thumb').naturalWidth > 0);
    assert.ok(await image.evaluate((i) => Math.max(i.naturalWidth, i.naturalHeight)) <= 160);
    const url = await image.getAttribute('src');
    assert.match(url, /^blob:/);
    assert.match(await page.locator('#browser figcaption').first().textContent(), /sha256 [0-9a-f]{12}…\. The thumbnail is encoded anew: an adversarial perturbation/);
    await image.click();
    await page.waitForSelector('dialog.lightbox[open] img');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog.lightbox'));
    await page.evaluate(() => { window.revoked = []; const old = URL.revokeObjectURL; URL.revokeObjectURL = (u) => { window.revoked.push(u); old.call(URL, u); }; });
    await rows(page).nth(1).click();
    await eventually(async () => assert.deepEqual(await page.evaluate(() => window.revoked), [url]));
});

test('everything is shown only after a question, and hidden again', async ({ open }) => {
    const page = await opened(open, await demoReport(), { hash: '#f=verdict:complied' });
    await rows(page).first().click();
    await page.waitForSelector('#browser .cov .reveal');
    page.expectDialog = true;
    await page.keyboard.press('b');
    await page.waitForSelector('#browser pre.text');
    await times(page, '#browser .cov .reveal', 0);
    await page.keyboard.press('b');
    await times(page, '#browser pre.text', 0);
});

test('the browser is walked by keyboard', async ({ open }) => {
    const page = await opened(open, await demoReport());
    const at = (index) => page.waitForFunction((n) => document.querySelector('#browser tr[aria-selected=true]')?.getAttribute('aria-rowindex') === String(n), index);
    const focused = (id) => page.waitForFunction((name) => document.activeElement.id === name, id);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await at(4);
    await page.keyboard.press('k');
    await at(3);
    const verdict = () => page.locator('#browser tr[aria-selected=true] .vh').textContent();
    const before = await verdict();
    await page.keyboard.press('n');
    await page.waitForFunction(() => Number(document.querySelector('#browser tr[aria-selected=true]')?.getAttribute('aria-rowindex')) > 3);
    assert.equal(await verdict(), before);
    await page.keyboard.press('p');
    await at(3);

    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.classList.contains('det'));
    await page.keyboard.press('Escape');
    await focused('browser-grid');
    await page.keyboard.press('/');
    await focused('browser-q');
    await page.keyboard.type('j?b');
    await eventually(async () => assert.equal(await page.inputValue('#browser-q'), 'j?b', 'no key acts while somebody types'));
    await page.waitForFunction(() => /q=j/.test(location.hash)); // what was typed is searched a moment later
    await page.fill('#browser-q', '');
    await page.waitForFunction(() => location.hash && !/q=/.test(location.hash));
    await page.keyboard.press('Escape');
    await focused('browser-grid');
    await page.keyboard.press('Control+j');
    await at(3);
    await page.keyboard.press('?');
    await page.locator('dialog.keys').waitFor();
    await page.keyboard.press('Escape');
    await times(page, 'dialog', 0);
});

test('c leads to the same sample at the next endpoint and back', async ({ open }) => {
    const page = await opened(open, await modelsReport());
    await page.keyboard.press('j');
    await shows(page, 0);
    const key = await page.locator('#browser .dh h3').textContent();
    const first = await hash(page);
    const seen = new Set();
    for (let i = 0; i < 2; i++) {
        const before = await hash(page);
        seen.add(before);
        await page.keyboard.press('c');
        await page.waitForFunction((was) => location.hash !== was && document.querySelector('#browser .det[aria-busy=false]'), before);
        assert.equal(await page.locator('#browser .dh h3').textContent(), key);
    }
    assert.equal(seen.size, 2);
    assert.equal(await hash(page), first);
});

test('epochs stand side by side, and what differs between them is marked', async ({ open }) => {
    const page = await opened(open, await modelsReport(), { hash: '#f=flake:differ' });
    page.expectDialog = true;
    await page.keyboard.press('j');
    await shows(page, 0);
    assert.equal(await page.locator('#browser .card').count(), 2);
    await page.keyboard.press('b');
    await page.waitForSelector('#browser .card:not([aria-current]) pre.text ins');
    assert.equal(await page.locator('#browser .card[aria-current] ins').count(), 0, 'the chosen one is what the others are held against');
});

test('any column sorts, both ways and stable', async ({ open }) => {
    const page = await opened(open, await demoReport());
    const ids = () => page.locator('#browser tbody .id').allTextContents();
    await page.getByRole('button', { name: /^Sample/ }).click();
    await page.waitForFunction(() => /sort=id/.test(location.hash));
    const up = await ids();
    assert.deepEqual(up, [...up].sort());
    await page.getByRole('button', { name: /^Sample/ }).click();
    await page.waitForFunction(() => /sort=-id/.test(location.hash));
    const down = await ids();
    assert.deepEqual(down, [...down].sort().reverse());
    await page.selectOption('#browser-sort', 'lat');
    await page.waitForFunction(() => /sort=lat/.test(location.hash));
    const seconds = (await page.locator('#browser tbody td:nth-child(4)').allTextContents()).map(Number);
    assert.deepEqual(seconds, [...seconds].sort((a, b) => a - b));
});

test('a list that scrolls keeps the rows that stay in view, and has them in order and without a gap', async ({ open }) => {
    const page = await opened(open, await demoReport());
    const place = (n) => page.evaluate((top) => { document.querySelector('#browser .rows').scrollTop = top * 57; }, n);
    const seen = () => page.evaluate(() => Array.from(document.querySelectorAll('#browser tbody tr[id]'), (tr) => Number(tr.getAttribute('aria-rowindex')) - 2));
    const until = (n) => page.waitForFunction((first) => document.querySelector('#browser .lfoot').textContent.startsWith(`rows ${first + 1}–`), n);
    const count = Number(await page.locator('#browser-grid').getAttribute('aria-rowcount')) - 1;
    assert.ok(count > 60);
    for (const n of [7, 12, 11, 40, 3, count - 30, 0]) {
        const before = new Set(await seen());
        await page.evaluate(() => document.querySelectorAll('#browser tbody tr[id]').forEach((tr) => { tr.marked = true; }));
        await place(n);
        await until(n);
        const after = await seen();
        after.forEach((row, i) => assert.equal(row, after[0] + i));
        assert.ok(after[0] <= n && after.at(-1) > n);
        const kept = await page.evaluate(() => Array.from(document.querySelectorAll('#browser tbody tr[id]')).filter((tr) => tr.marked).length);
        assert.equal(kept, after.filter((row) => before.has(row)).length);
        const height = await page.evaluate(() => document.querySelector('#browser-grid tbody').offsetHeight);
        assert.equal(Math.round(height), count * 57);
    }
});

test('search finds ids and texts, by words and by patterns, where it is told to', async ({ open }) => {
    const page = await opened(open, await demoReport());
    await page.keyboard.press('j');
    await shows(page, 0);
    const key = await page.locator('#browser .dh h3').textContent();
    const endpoints = (await summary()).endpoints.length;
    await page.fill('#browser-q', key.toUpperCase());
    await page.waitForFunction(() => /q=/.test(location.hash));
    assert.ok(await total(page) >= endpoints && await total(page) < 20);
    await page.fill('#browser-q', 'codeword');
    await page.waitForFunction(() => /q=codeword/.test(location.hash));
    const words = await total(page);
    assert.ok(words > 0);
    await page.fill('#browser-q', '/CODE.ord/i');
    await page.waitForFunction(() => /q=%2F/.test(location.hash));
    assert.equal(await total(page), words);
    await page.uncheck('#browser-in-prompt');
    await page.uncheck('#browser-in-answer');
    await page.uncheck('#browser-in-rationale');
    await page.waitForFunction(() => /in=id(&|$)/.test(location.hash));
    assert.equal(await total(page), 0);
});

test('what a text holds is found however JSON writes it, by words as by a pattern that reads every text', async ({ open }) => {
    const page = await opened(open, await hostileReport());
    const found = async (query) => {
        await page.fill('#browser-q', query);
        await page.waitForFunction((q) => new URLSearchParams(location.hash.slice(1)).get('q') === q, query);
        return total(page);
    };
    for (const text of ['"', '\\', '<!--<SCRIPT>', '</script>', 'onerror=ALERT(1)', '\uFFFD', 'Σ', '\u200B', '\u202E', 'no such text']) {
        const pattern = text.replace(/[\\/()]/g, '\\$&');
        assert.equal(await found(text), await found(`/${pattern}/iu`), JSON.stringify(text));
    }
    assert.ok(await found('<!--<SCRIPT>') > 0);
    assert.ok(await found('"') > 0);
});

test('a pattern that would take for ever is refused, and a wrong one explained', async ({ open }) => {
    const page = await opened(open, await demoReport());
    for (const [query, answer] of [['/(a+)+$/', 'repetition inside a repetition'], ['/(/', 'not a pattern'], ['/a/g', 'flags']]) {
        await page.fill('#browser-q', query);
        await page.waitForFunction((text) => document.querySelector('#browser .notice').textContent.includes(text), answer);
    }
});

test('a link brings the whole state back and reveals nothing', async ({ open }) => {
    const first = await opened(open, await demoReport(), { hash: '#f=verdict:complied&sort=-lat' });
    await rows(first).nth(2).click();
    await shows(first, 2);
    const link = await hash(first);
    const second = await opened(open, await demoReport(), { hash: link });
    await shows(second, 2);
    assert.equal(await second.locator('#browser .dh h3').textContent(), await first.locator('#browser .dh h3').textContent());
    assert.equal(await total(second), await total(first));
    assert.equal(await second.locator('#browser tr[aria-selected=true]').getAttribute('aria-rowindex'), '4');
    assert.equal(await second.locator('#browser pre.text').count(), 0);
    assert.equal(await hash(second), link);
});

test('a link that asks for what is not here gives a notice and the rest', async ({ open }) => {
    const page = await opened(open, await demoReport(), {
        hash: '#s=no-such&f=verdict:complied,verdict:sideways,nothing:1,lat:x..y&sort=colour&t=99&q=%E0%A4%A',
    });
    const notice = await page.locator('#browser .notice').textContent();
    for (const part of ['sample no-such', 'filter verdict:sideways', 'filter nothing:1', 'filter lat:x..y', 'order colour']) {
        assert.ok(notice.includes(part), `${part}: ${notice}`);
    }
    assert.ok(await total(page) > 0);
    await page.evaluate(() => { location.hash = '#f=verdict:refused'; });
    await page.waitForFunction(() => !document.querySelector('#browser .chip')?.textContent.includes('complied') && document.querySelector('#browser .chip'));
});

test('a page without texts has the numbers and says why', async ({ open }) => {
    for (const options of [['--embed', 'none'], ['--redact']]) {
        const page = await opened(open, await report(...options), { hash: '#f=verdict:complied' });
        await rows(page).first().click();
        await shows(page, 0);
        assert.match(await page.locator('#browser .note').textContent(), /made without texts/);
        assert.equal(await page.locator('#browser .cov').count(), 0);
    }
});

test('what is hidden is a choice of the report', async ({ open }) => {
    const none = await opened(open, await report('--blur', 'none', '--embed', 'all'), { hash: '#f=verdict:complied' });
    await rows(none).first().click();
    await none.waitForSelector('#browser pre.text');
    assert.equal(await none.locator('#browser .cov .reveal').count(), 0);
    const all = await opened(open, await report('--blur', 'all', '--embed', 'all'), { hash: '#f=verdict:refused' });
    await rows(all).first().click();
    await all.waitForSelector('#browser .cov .reveal');
    assert.equal(await all.locator('#browser pre.text').count(), 0);
    const harmful = await opened(open, await report('--embed', 'all'), { hash: '#f=verdict:refused' });
    await rows(harmful).first().click();
    await harmful.waitForSelector('#browser .card pre.text');
    assert.ok(await harmful.getByRole('button', { name: 'Reveal prompt' }).isVisible());
});

test('hostile text is shown as text, its invisible characters by number, and raw on demand', async ({ open }) => {
    const page = await opened(open, await hostileReport());
    const count = await total(page);
    page.expectDialog = true;
    await page.keyboard.press('b');
    let text = '';
    for (let i = 0; i < count; i++) {
        await page.keyboard.press('j');
        await shows(page, i);
        text += await page.locator('#browser .det').textContent();
    }
    for (const shown of ['</script><script>document.title="pwned"', '<!--<script>', '"><img src=x onerror=alert(1)>', '[U+202E]', '[U+E0041]', 'hidden characters', '\uFFFD[2J', '␀', 'characters more']) {
        assert.ok(text.includes(shown), shown);
    }
    assert.notEqual(await page.title(), 'pwned');
    assert.equal(await page.locator('img').count(), 0);
    await page.getByRole('button', { name: 'Raw' }).click();
    await page.waitForFunction(() => document.querySelector('#browser .dh button[aria-pressed=true]:nth-of-type(2)') && document.querySelector('#browser .det[aria-busy=false] .card pre.text'));
    assert.equal(await page.locator('#browser .det .hid').count(), 0);
});

for (const [theme, width] of [['light', 1440], ['dark', 390]]) {
    test(`axe finds nothing serious in the ${theme} sample browser, ${width} px wide`, async ({ open }) => {
        const page = await opened(open, await demoReport(), { theme, width, bypassCSP: true, hash: '#f=verdict:complied' });
        await rows(page).first().click();
        await page.waitForSelector('#browser .cov .reveal');
        await page.getByRole('button', { name: 'Reveal answer' }).first().click();
        await page.waitForSelector('#browser pre.text');
        assert.deepEqual(await axe(page), []);
        assert.deepEqual(await overflowing(page), []);
    });
}
