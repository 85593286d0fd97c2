/* The comparison on the page. */
import assert from 'node:assert/strict';
import { axe, overflowing } from './support/browser.mjs';
import { compareReport, namesakesReport } from './support/reports.mjs';
import { eventually, test } from './support/test.mjs';

/* The parts of both texts that the marks say are the same in both. */
const spelled = (card, left) => card.locator('pre.text').first().evaluate((pre, gone) =>
    [...pre.childNodes].filter((n) => n.nodeName !== gone).map((n) => n.textContent).join(''), left);

test('the comparison adds up: every pair is in one of four fields, and the rows are sorted', async ({ open }) => {
    const page = await open(await compareReport());
    const number = (text) => Number(text.replaceAll(',', '').match(/\d+/)[0]);
    const flow = (await page.locator('#compare table.cm td[class]').allTextContents()).map(number);
    assert.equal(flow.length, 4);
    const rows = page.locator('#compare table.ch-t').first().locator('tbody tr');
    const [broken, fixed] = (await rows.first().locator('td').nth(5).textContent()).split('/').map(number);
    assert.deepEqual([flow[2], flow[1]], [broken, fixed]);
    const deltas = await rows.evaluateAll((all) => all.slice(1)
        .filter((r) => !/n\/t/.test(r.textContent)).map((r) => Number(r.children[4].textContent.replace('−', '-'))));
    assert.deepEqual(deltas, [...deltas].sort((a, b) => b - a));
});

test('the tiles show the baseline at first sight: its mark, its level, and how far the candidate is from it', async ({ open }) => {
    const page = await open(await compareReport(), { js: false });
    const tiles = page.locator('#summary .tiles').first().locator('.tile');
    assert.equal(await tiles.count(), 4);
    for (let i = 0; i < 4; i++) {
        const text = await tiles.nth(i).textContent();
        assert.match(text, /baseline [\d.]+\s% \[[\d.]+, [\d.]+\]/);
        assert.match(text, /Δ [+−]?[\d.]+\spp \[[+−]?[\d.]+, [+−]?[\d.]+\](better|worse|no change|inconclusive)\s*$/);
        assert.equal(await tiles.nth(i).locator('svg.di circle.dot').count(), 2);
        assert.match(await tiles.nth(i).locator('svg.di').getAttribute('aria-label'), /; baseline /);
    }
    assert.equal(await page.locator('#summary .stack .row').count(), 2);
    const asr = (await tiles.first().textContent()).match(/Δ ([+−]?[\d.]+)/)[1];
    assert.equal((await page.locator('#compare table.ch-t').first().locator('tbody tr').first().locator('td').nth(3).textContent()), asr,
        'the tile and the comparison have one number');
});

test('the change matrix has every category and attack, neutral where few intents stand behind it, and links to the samples', async ({ open }) => {
    const page = await open(await compareReport(), { js: false });
    const rows = page.locator('#compare table.mx.chg tbody tr');
    assert.equal(await rows.count(), 11);
    const cells = await page.locator('#compare table.mx.chg tbody td').evaluateAll((all) => all.map((td) => ({
        level: td.className, text: td.textContent, title: td.firstElementChild.title, href: td.firstElementChild.getAttribute('href') })));
    assert.equal(cells.length, 55);
    for (const cell of cells) {
        assert.match(cell.level, /^(none|z0|[np][1-4]|z0 few)$/, 'few intents keep the neutral ground');
        assert.match(cell.text, /^([+−]?\d+\.\d+|—)$/);
        assert.match(cell.title, /: (no pair|[+−]?[\d.]+\spp.* → .*, \d+ broken \/ \d+ fixed, p .*, \d+ intents?)$/);
        assert.match(cell.href, /^#f=.*att:/);
    }
    const attacks = await page.locator('#compare table.ch-t').nth(1).locator('tbody tr').evaluateAll((all) => all.slice(1)
        .map((r) => `${r.cells[0].textContent} ${r.cells[4].textContent}`).sort());
    const heads = await page.locator('#compare table.mx.chg thead th.c').allTextContents();
    assert.deepEqual(heads.map((name, i) => `${name.trim()} ${cells[50 + i].text}`).sort(), attacks, 'the last line is the table of attacks');
});

for (const width of [1440, 1024, 390]) {
    test(`the comparison fits a page ${width} px wide, in both themes, and axe finds nothing serious`, async ({ open }) => {
        for (const theme of ['light', 'dark']) {
            const page = await open(await compareReport(), { width, theme, bypassCSP: true });
            assert.deepEqual(await overflowing(page), []);
            assert.deepEqual(await axe(page), []);
        }
    });
}

test('each of several endpoints is compared with its namesake, and the banner leads to all of them', async ({ open }) => {
    const page = await open(await namesakesReport(), { js: false });
    assert.deepEqual(await page.locator('section[id^=compare] h2').allTextContents().then((all) => all.sort()), ['Compare: one', 'Compare: two']);
    const decides = page.locator('#verdict p.because', { hasText: 'decides' });
    const [name, other] = await decides.locator('bdi').allTextContents();
    assert.deepEqual([name, other].sort(), ['one', 'two']);
    assert.equal(await page.locator('#compare h2').textContent(), `Compare: ${name}`);
    const link = await decides.locator('a').getAttribute('href');
    assert.equal(await page.locator(`${link} h2`).textContent(), `Compare: ${other}`);
    for (const section of ['#compare', link]) {
        assert.match(await page.locator(`${section} p.say`).textContent(), new RegExp(`endpoint ${section === '#compare' ? name : other}.*endpoint ${section === '#compare' ? name : other}`, 's'));
    }
});

for (const width of [1440, 390]) {
    test(`the comparisons of several endpoints fit a page ${width} px wide, and axe finds nothing serious`, async ({ open }) => {
        const page = await open(await namesakesReport(), { width, bypassCSP: true });
        assert.deepEqual(await overflowing(page), []);
        assert.deepEqual(await axe(page), []);
    });
}

test('a sample that changed opens below its row: both answers covered, and their words marked where they differ', async ({ open }) => {
    const page = await open(await compareReport(), { bypassCSP: true });
    const row = page.locator('#compare tr[data-trial]').first();
    await row.getByRole('button', { name: 'Answers' }).click();
    const below = page.locator('#compare tr.below');
    const base = below.locator('.card.base');
    const candidate = below.locator('.card:not(.base)');
    await candidate.getByRole('button', { name: 'Reveal answer' }).waitFor();
    await base.waitFor();
    assert.equal(await candidate.locator('pre.text').count(), 0, 'what is covered is not in the document');
    await candidate.getByRole('button', { name: 'Reveal answer' }).click();
    if (await base.getByRole('button', { name: /Reveal/ }).count()) {
        await base.getByRole('button', { name: /Reveal/ }).first().click();
    }
    await base.locator('pre.text').first().waitFor();
    await candidate.locator('pre.text ins').first().waitFor();
    assert.ok(await base.locator('pre.text del').count() > 0);
    assert.equal(await spelled(base, 'DEL'), await spelled(candidate, 'INS'), 'without the marked words both are the same');
    const look = await candidate.locator('ins').first().evaluate((e) => getComputedStyle(e).textDecorationLine);
    assert.equal(look, 'underline', 'marked by more than colour');
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(await overflowing(page), []);
    await row.getByRole('button', { name: 'Answers' }).click();
    await eventually(async () => assert.equal(await page.locator('#compare tr.below').count(), 0));
});

test('the sample browser shows the baseline\u2019s answer beside the candidate\u2019s, and leaves the marks away when told', async ({ open }) => {
    const page = await open(await compareReport(), { hash: '#f=change:newly%20broken' });
    page.expectDialog = true;
    await page.keyboard.press('j');
    await page.waitForSelector('#browser .det[aria-busy=false] .card.base');
    await page.keyboard.press('b');
    await page.waitForSelector('#browser .card:not(.base) pre.text ins');
    assert.match(await page.locator('#browser .card.base .vd').textContent(), /baseline/);
    await page.getByRole('button', { name: 'Differences' }).click();
    await page.waitForFunction(() => document.querySelector('#browser .det[aria-busy=false] .card.base pre.text') && !document.querySelector('#browser .det ins, #browser .det del'));
});

test('words are compared the shortest way, and texts that are too long or too different stand unmarked', async ({ open }) => {
    const page = await open(await compareReport());
    const wrong = await page.evaluate(() => {
        const B = window.gauntletBrowser;
        const side = (pieces, gone) => pieces.filter((p) => p.kind !== gone).map((p) => p.text).join('');
        const cases = [['', ''], ['a', ''], ['', 'b'], ['a b c', 'a c'], ['one two', 'two one'], ['x'.repeat(50), 'x'.repeat(51)], ['q w e r t y', 'w q r e y t'], ['\u202Ea', 'a']];
        return cases.filter(([a, b]) => { const p = B.wordDiff(a, b); return side(p, B.ADDED) !== a || side(p, B.REMOVED) !== b; });
    });
    assert.deepEqual(wrong, []);
    assert.equal(await page.evaluate(() => window.gauntletBrowser.wordDiff('a b c', 'a c').filter((p) => p.kind).length), 1);
    assert.deepEqual(await page.evaluate(() => window.gauntletBrowser.wordDiff('so I am here', 'so we were here').map((p) => [p.kind, p.text])),
        [[0, 'so '], [1, 'I am'], [2, 'we were'], [0, ' here']], 'the space between two replaced words goes with them');
    const far = await page.evaluate(() => {
        const words = (from) => Array.from({ length: 1200 }, (_, i) => from + i).join(' ');
        return [window.gauntletBrowser.wordDiff(words('a'), words('b')), window.gauntletBrowser.wordDiff('y '.repeat(40000), 'y')];
    });
    assert.deepEqual(far, [null, null]);
});
