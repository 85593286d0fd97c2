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

for (const width of [1440, 1024, 390]) {
    test(`the comparison fits a page ${width} px wide, in both themes, and axe finds nothing serious`, async ({ open }) => {
        for (const theme of ['light', 'dark']) {
            const page = await open(await compareReport(), { width, theme, bypassCSP: true });
            assert.deepEqual(await overflowing(page), []);
            assert.deepEqual(await axe(page), []);
        }
    });
}
