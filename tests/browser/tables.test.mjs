/* Tables that are sorted by a click and show the columns that are chosen. */
import assert from 'node:assert/strict';
import { axe, overflowing } from './support/browser.mjs';
import { compareReport, demoReport, modelsReport } from './support/reports.mjs';
import { test } from './support/test.mjs';

/* What a column says, row by row, as numbers. */
const numbers = (table, column) => table.locator('tbody tr:not(.all)').evaluateAll((rows, at) =>
    rows.map((row) => Number(/[-−\d.,]+/.exec(row.cells[at].textContent)?.[0].replace(/,/g, '').replace('−', '-'))), column);
const names = (table) => table.locator('tbody tr th').allTextContents();
const sorted = (page, what, order) => page.waitForFunction(([selector, wanted]) =>
    document.querySelector(`${selector} th[aria-sort]`)?.getAttribute('aria-sort') === wanted || (!wanted && !document.querySelector(`${selector} th[aria-sort]`)), [what, order]);

test('a click on a heading sorts a table, a second one the other way, a third one gives the first order back', async ({ open }) => {
    const page = await open(await demoReport());
    const table = page.locator('#categories table.dp').first();
    const before = await names(table);
    const heading = table.getByRole('button', { name: 'refused' });
    await heading.click();
    await sorted(page, '#categories table.dp', 'descending');
    const down = await numbers(table, 4);
    assert.deepEqual(down, [...down].sort((a, b) => b - a));
    assert.ok((await names(table)).join() !== before.join());
    assert.equal(await table.locator('tbody tr').evaluateAll((rows) => rows.findIndex((r) => r.classList.contains('all'))),
        before.findIndex((name) => /^(all|overall)/i.test(name)), 'the row of the whole stays in its place');
    await heading.press('Enter');
    await sorted(page, '#categories table.dp', 'ascending');
    const up = await numbers(table, 4);
    assert.deepEqual(up, [...up].sort((a, b) => a - b));
    await heading.press('Enter');
    await sorted(page, '#categories table.dp', null);
    assert.deepEqual(await names(table), before);
});

test('equal rows keep their order, and names sort from A to Z first', async ({ open }) => {
    const page = await open(await demoReport());
    const table = page.locator('#categories table.dp').first();
    const before = await names(table);
    await table.getByRole('button', { name: 'blocked' }).click();
    await sorted(page, '#categories table.dp', 'descending');
    const values = await table.locator('tbody tr:not(.all)').evaluateAll((rows) => rows.map((row) => [row.cells[6].textContent, row.cells[0].textContent]));
    for (let i = 1; i < values.length; i++) {
        if (values[i][0] === values[i - 1][0]) {
            assert.ok(before.indexOf(values[i - 1][1]) < before.indexOf(values[i][1]), values[i][1]);
        }
    }
    await table.getByRole('button', { name: 'Category' }).click();
    await sorted(page, '#categories table.dp', 'ascending');
    const rows = await table.locator('tbody tr:not(.all) th').allTextContents();
    assert.deepEqual(rows, [...rows].sort());
});

test('a table that goes on in a fold is sorted as one', async ({ open }) => {
    const page = await open(await demoReport());
    const tables = page.locator('#subcategories table.sub');
    assert.ok(await tables.count() >= 2, 'the subcategories go on in a fold');
    await tables.first().getByRole('button', { name: 'ASR' }).click();
    await sorted(page, '#subcategories table.sub', 'descending');
    const all = [...await numbers(tables.first(), 1), ...await numbers(tables.nth(1), 1)].filter((n) => !isNaN(n));
    assert.deepEqual(all, [...all].sort((a, b) => b - a));
    assert.equal(await page.locator('#subcategories th[aria-sort=descending]').count(), 2);
});

test('the comparison is sorted by its difference, and what was not tested comes last', async ({ open }) => {
    const page = await open(await compareReport());
    const table = page.locator('#compare table.ch-t').first();
    await table.getByRole('button', { name: 'Δ pp' }).click();
    await table.getByRole('button', { name: 'Δ pp' }).click();
    await sorted(page, '#compare table.ch-t', 'ascending');
    const deltas = (await numbers(table, 4)).filter((n) => !isNaN(n));
    assert.ok(deltas.length > 3);
    assert.deepEqual(deltas, [...deltas].sort((a, b) => a - b));
    assert.ok(await table.locator('tbody tr').first().evaluate((row) => row.classList.contains('all')));
});

test('columns are hidden and shown again, and nothing moves when a table is sorted', async ({ open }) => {
    const page = await open(await demoReport());
    const table = page.locator('#categories table.dp').first();
    const box = () => table.evaluate((t) => [...t.querySelectorAll('thead th')].filter((th) => th.offsetParent).map((th) => [th.textContent, Math.round(th.getBoundingClientRect().width), t.offsetHeight]));
    const first = await box();
    await table.getByRole('button', { name: 'refused' }).click();
    await sorted(page, '#categories table.dp', 'descending');
    assert.deepEqual(await box(), first);
    const picker = page.locator('#categories .colpick', { hasText: 'deflected' }).first();
    await picker.locator('summary').click();
    await picker.getByLabel('deflected').uncheck();
    await page.waitForFunction(() => [...document.querySelectorAll('#categories table.dp th.gone')].length === 1);
    assert.equal((await box()).length, first.length - 1);
    assert.equal(await table.locator('tbody tr').first().locator('td:visible').count(), first.length - 2);
    assert.equal(await table.evaluate((t) => [...t.tFoot.rows[0].cells].reduce((n, cell) => n + cell.colSpan, 0)), first.length - 1);
    await picker.getByLabel('deflected').check();
    await page.waitForFunction(() => !document.querySelector('#categories table.dp .gone'));
    assert.deepEqual(await box(), first);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('.colpick[open]'));
});

test('the heat map of two models is sorted by either', async ({ open }) => {
    const page = await open(await modelsReport());
    const table = page.locator('table.heat');
    await table.getByRole('button', { name: 'two' }).click();
    await sorted(page, 'table.heat', 'descending');
    const values = (await table.locator('tbody tr:not(.all) td:nth-child(3) b').allTextContents()).map(parseFloat).filter((n) => !isNaN(n));
    assert.deepEqual(values, [...values].sort((a, b) => b - a));
});

test('without scripts the tables have plain headings', async ({ open }) => {
    const page = await open(await demoReport(), { js: false });
    assert.equal(await page.locator('.colpick').count(), 0);
    assert.equal(await page.locator('thead button').count(), 0);
});

for (const [theme, width] of [['light', 1440], ['dark', 390]]) {
    test(`axe finds nothing serious in a sorted ${theme} comparison, ${width} px wide`, async ({ open }) => {
        const page = await open(await compareReport(), { theme, width, bypassCSP: true });
        if (width > 720) {
            await page.locator('#compare table.ch-t').first().getByRole('button', { name: 'Δ pp' }).click();
            await sorted(page, '#compare table.ch-t', 'descending');
        }
        await page.locator('#compare .colpick summary').first().click();
        await page.waitForSelector('#compare .colpick[open]');
        assert.deepEqual(await axe(page), []);
        assert.deepEqual(await overflowing(page), []);
    });
}
