/* Sections whose tables grow with the run: many attacks, many categories. */
import assert from 'node:assert/strict';
import { axe, overflowing } from './support/browser.mjs';
import { gridReport, manyReport, ranksReports } from './support/reports.mjs';
import { test } from './support/test.mjs';

test('twenty categories by twenty attacks are one matrix, and every figure fits its cell', async ({ open }) => {
    const page = await open(await gridReport());
    const rows = page.locator('#attacks table.mx tbody tr');
    assert.equal(await rows.count(), 21);
    assert.equal(await rows.first().locator('td').count(), 20);
    const cut = await page.locator('#attacks table.mx td a').evaluateAll((all) => all.filter((a) => a.scrollWidth > a.clientWidth).length);
    assert.equal(cut, 0);
    assert.match(await rows.first().locator('td a').first().getAttribute('title'), /\(\d+\/\d+\), \d+ intents?$/);
    assert.equal(await page.locator('#attacks table.mx td.few').count() > 300, true, 'cells of three intents are hatched');
});

test('the attacks are shown over all or over common intents, without a script', async ({ open }) => {
    const page = await open(await gridReport(), { js: false });
    const all = page.locator('#attacks .v1'), common = page.locator('#attacks .v2');
    assert.ok(await all.isVisible() && !(await common.isVisible()));
    await page.getByLabel('common intents only').check();
    assert.ok(!(await all.isVisible()) && await common.isVisible());
    const intents = await common.locator('tbody tr td:last-child').allTextContents();
    assert.equal(new Set(intents).size, 1, `every attack is counted over the same intents: ${intents}`);
    const said = await page.locator('#attacks .cover').textContent();
    assert.ok(said.includes(`only ${parseInt(intents[0], 10)} of 60`), said);
});

for (const width of [1440, 1024, 390]) {
    test(`many attacks fit a page ${width} px wide, in both themes, and axe finds nothing serious`, async ({ open }) => {
        for (const theme of ['light', 'dark']) {
            const page = await open(await gridReport(), { width, theme, bypassCSP: true });
            assert.deepEqual(await overflowing(page), []);
            assert.deepEqual(await axe(page), []);
        }
    });
}

test('twelve models are small multiples: the same categories on the same axis, every figure with its title', async ({ open }) => {
    const page = await open(await manyReport(), { js: false });
    assert.equal(await page.locator('#categories table.heat').count(), 0);
    const panels = page.locator('#categories table.mu');
    assert.equal(await panels.count(), 12);
    const shapes = await panels.evaluateAll((all) => all.map((t) => [...t.querySelectorAll('tbody th, tfoot text')].map((e) => e.textContent).join('|')));
    assert.equal(new Set(shapes).size, 1, 'one order of categories and one axis');
    const cells = page.locator('#categories table.mu tbody td a');
    assert.equal(await cells.count(), 12 * 11);
    assert.ok((await cells.evaluateAll((all) => all.map((a) => `${a.textContent} ${a.title}`))).every((t) => /^[\d./]+ .*\(\d+\/\d+\), \d+ intents?$/.test(t)));
});

test('what is said of each of many models is folded below what is said of all', async ({ open }) => {
    const page = await open(await manyReport());
    assert.equal(await page.locator('#summary .stack .row').count(), 12);
    const folds = page.locator('#summary details.fold');
    assert.equal(await folds.count(), 12);
    assert.equal(await page.locator('#summary .tile:visible').count(), 0);
    await folds.first().locator('summary').click();
    assert.equal(await page.locator('#summary .tile:visible').count(), 8);
});

for (const width of [1440, 1024, 390]) {
    test(`many models fit a page ${width} px wide, in both themes, and axe finds nothing serious`, async ({ open }) => {
        for (const theme of ['light', 'dark']) {
            const page = await open(await manyReport(), { width, theme, bypassCSP: true });
            assert.deepEqual(await overflowing(page), []);
            assert.deepEqual(await axe(page), []);
        }
    });
}

test('the ranks stand on the page of a run with several endpoints and on a page of their own, in the same words', async ({ open }) => {
    const [run, ranks] = await ranksReports();
    const texts = [];
    for (const file of [run, ranks]) {
        const page = await open(file, { js: false });
        const rows = page.locator('#leaderboard table.lb tbody tr');
        assert.equal(await rows.count(), 2);
        assert.match(await rows.first().textContent(), /^1.*closed-model/s);
        assert.match(await rows.last().textContent(), /^2.*open-model/s);
        assert.match(await page.locator('#leaderboard table.err').textContent(), /broken-model.*more than 5 % of its trials/s);
        assert.equal(await page.locator('#leaderboard svg.sc circle.dot').count(), 2);
        assert.match(await page.locator('#leaderboard svg.sc circle').first().locator('xpath=..').textContent(), /closed-model: attack success .*, over-refusal /);
        assert.equal(await page.locator('h1').count(), 1);
        texts.push(await page.locator('#leaderboard').textContent());
    }
    assert.equal(texts[0], texts[1]);
});

test('a page of one endpoint has no ranks', async ({ open }) => {
    const page = await open(await gridReport());
    assert.equal(await page.locator('#leaderboard').count(), 0);
});

for (const width of [1440, 1024, 390]) {
    test(`the ranks fit a page ${width} px wide, in both themes, and axe finds nothing serious`, async ({ open }) => {
        for (const file of await ranksReports()) {
            for (const theme of ['light', 'dark']) {
                const page = await open(file, { width, theme, bypassCSP: true });
                assert.deepEqual(await overflowing(page), []);
                assert.deepEqual(await axe(page), []);
            }
        }
    });
}

test('the methods tell in numbers what the rates leave out, and the seeds', async ({ open }) => {
    const [run] = await ranksReports();
    const page = await open(run, { js: false });
    const left = await page.locator('#methods').textContent();
    assert.match(left, /60\s*benign trials/, 'twenty controls of each of three models');
    assert.match(left, /failed trials\s*no answer after all attempts/);
    const provenance = await page.locator('#provenance').textContent();
    assert.match(provenance, /Selection\s*order of the file, all that the suite selects/);
    assert.match(provenance, /System prompt\s*none/);
    assert.match(provenance, /Calibration\s*closed-model: not calibrated/);
});
