/* The trend on the page. */
import assert from 'node:assert/strict';
import { axe, overflowing } from './support/browser.mjs';
import { trendReport } from './support/reports.mjs';
import { test } from './support/test.mjs';

test('the trend draws one mark for each night and lists them newest first', async ({ open }) => {
    const page = await open(await trendReport());
    assert.equal(await page.locator('#trend svg.big').first().locator('circle.night').count(), 12);
    const dates = await page.locator('#trend table.t').first().locator('tbody th').allTextContents();
    assert.equal(dates.length, 10);
    assert.deepEqual(dates, [...dates].sort().reverse());
    assert.ok(await page.locator('.toc a[href="#trend"]').count());
});

for (const width of [1440, 1024, 390]) {
    test(`the trend fits a page ${width} px wide, in both themes, and axe finds nothing serious`, async ({ open }) => {
        for (const theme of ['light', 'dark']) {
            const page = await open(await trendReport(), { width, theme, bypassCSP: true });
            assert.deepEqual(await overflowing(page), []);
            assert.deepEqual(await axe(page), []);
        }
    });
}
