/* Subcategories in the order that is chosen, without a script. */
import assert from 'node:assert/strict';
import { axe, overflowing } from './support/browser.mjs';
import { demoReport, orderedAloneReport, orderedReport } from './support/reports.mjs';
import { test } from './support/test.mjs';

const number = (text) => Number(/[+−\-]?[\d.]+/.exec(text)?.[0].replace('−', '-') ?? NaN);
/* Of every row that is ranked: its rate, the upper end of its interval, its difference. */
const ranked = (tables) => tables.locator('tbody tr:not(.i2)').evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent)))
    .then((rows) => rows.map((cells) => ({ name: cells[0], rate: number(cells[1]), upper: number(cells[1].split(',')[1] ?? ''), delta: number(cells[3]) })));
const down = (numbers) => [...numbers].sort((a, b) => b - a);

test('subcategories are ordered by rate, by upper bound and by difference, without a script', async ({ open }) => {
    const page = await open(await orderedReport(), { js: false });
    const seen = [];
    for (const [label, key, which] of [['by ASR', 'rate', 1], ['by upper bound', 'upper', 2], ['by difference to the baseline', 'delta', 3]]) {
        await page.locator('#subcategories').getByLabel(label).check();
        const shown = page.locator(`#subcategories .v${which}`);
        await shown.waitFor();
        assert.equal(await page.locator('#subcategories .v:visible').count(), 1, 'one table at a time');
        const rows = (await ranked(shown)).filter((row) => !isNaN(row[key]));
        assert.ok(rows.length > 5, 'most of them are ranked');
        assert.deepEqual(rows.map((row) => row[key]), down(rows.map((row) => row[key])), label);
        seen.push((await ranked(shown)).map((row) => row.name));
    }
    assert.equal(new Set(seen.map((names) => names.join())).size, 3, 'and they are not the same');
    assert.equal(new Set(seen.map((names) => [...names].sort().join())).size, 1, 'every order has the same subcategories');
});

test('the differences of subcategories are those of the comparison', async ({ open }) => {
    const page = await open(await orderedReport());
    const compared = await page.locator('#compare table.ch-t').nth(2).locator('tbody tr:not(.all)').evaluateAll((rows) => rows.map((row) => [row.cells[0].textContent, row.cells[4].textContent]));
    const shown = new Map(await page.locator('#subcategories .v1 tbody tr').evaluateAll((rows) => rows.map((row) => [row.cells[0].textContent, row.cells[3].textContent.trim()])));
    assert.ok(compared.length > 5);
    for (const [name, delta] of compared) {
        assert.equal(shown.get(name), delta, name);
    }
});

test('without a baseline there are two orders and no column of differences', async ({ open }) => {
    const page = await open(await orderedAloneReport(), { js: false });
    assert.deepEqual(await page.locator('#subcategories .seg').first().locator('label').allTextContents(), ['by ASR', 'by upper bound']);
    assert.equal(await page.locator('#subcategories th', { hasText: 'Δ' }).count(), 0);
});

test('where too few are ranked there is no order to choose', async ({ open }) => {
    const page = await open(await demoReport());
    assert.equal(await page.locator('#subcategories .seg').count(), 0);
    assert.ok(await page.locator('#subcategories table.sub').count() > 0);
});

for (const [theme, width] of [['light', 1440], ['dark', 1024], ['light', 390]]) {
    test(`the ordered subcategories fit a ${theme} page ${width} px wide, and axe finds nothing serious`, async ({ open }) => {
        const page = await open(await orderedReport(), { theme, width, bypassCSP: true });
        await page.locator('#subcategories').getByLabel('by difference').check();
        await page.locator('#subcategories .v3').waitFor();
        assert.deepEqual(await axe(page), []);
        assert.deepEqual(await overflowing(page), []);
    });
}
