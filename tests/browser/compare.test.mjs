/* The comparison on the page. */
import assert from 'node:assert/strict';
import { axe, overflowing } from './support/browser.mjs';
import { compareReport } from './support/reports.mjs';
import { test } from './support/test.mjs';

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

for (const width of [1440, 1024, 390]) {
    test(`the comparison fits a page ${width} px wide, in both themes, and axe finds nothing serious`, async ({ open }) => {
        for (const theme of ['light', 'dark']) {
            const page = await open(await compareReport(), { width, theme, bypassCSP: true });
            assert.deepEqual(await overflowing(page), []);
            assert.deepEqual(await axe(page), []);
        }
    });
}
