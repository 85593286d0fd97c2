/* A walk through the sample browser as people use it: revealing, going back, reloading, printing, and runs of which there is little to show. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { addressOf, axe, overflowing } from './support/browser.mjs';
import { compareReport, demoReport, gauntlet, modelsReport, scratch } from './support/reports.mjs';
import { eventually, test } from './support/test.mjs';

const hash = (page) => addressOf(page).then((href) => new URL(href).hash);
const hashIs = (page, wanted) => page.waitForFunction((text) => location.hash === text, wanted);
const count = (page, n) => page.waitForFunction((wanted) => document.querySelector('#browser-count b')?.textContent.replace(/,/g, '') === String(wanted), n);
const total = (page) => page.locator('#browser-count b').textContent().then((text) => Number(text.replace(/,/g, '')));
const rows = (page) => page.locator('#browser tbody tr[id]');
const chips = (page, n) => page.waitForFunction((wanted) => document.querySelectorAll('#browser .chip').length === wanted, n);
const opened = (page, place) => page.waitForFunction((index) => document.querySelector('#browser .det[aria-busy=false]') &&
    document.querySelector('#browser tr[aria-selected=true]')?.getAttribute('aria-rowindex') === String(index + 2), place);
const noticeHas = (page, text) => page.waitForFunction((wanted) => !document.querySelector('#browser .notice').hidden && document.querySelector('#browser .notice').textContent.includes(wanted), text);
/* What has the focus: the label of a button, or the kind of an element. */
const focused = (page, wanted) => page.waitForFunction((what) => what === (document.activeElement.tagName === 'BUTTON' ? document.activeElement.textContent : document.activeElement.className), wanted);

test('what is revealed has the focus, stays while the row is drawn anew, and is hidden again', async ({ open }) => {
    const page = await open(await demoReport(), { hash: '#f=verdict:complied' });
    await rows(page).first().click();
    await opened(page, 0);
    await page.getByRole('button', { name: 'Reveal answer' }).press('Enter');
    await focused(page, 'text');
    for (const label of ['Raw', 'Wrap']) {
        await page.getByRole('button', { name: label, exact: true }).press('Enter');
        await page.waitForFunction(() => document.querySelector('#browser .det[aria-busy=false] .card pre.text'));
        await focused(page, label);
        assert.equal(await page.locator('#browser pre.text').count(), 1, 'and nothing else was revealed');
    }
    await page.getByRole('button', { name: 'Hide answer' }).press('Enter');
    await focused(page, 'Reveal answer');
    assert.equal(await page.locator('#browser pre.text').count(), 0);
    await page.getByRole('button', { name: 'Reveal image' }).first().press('Enter');
    await focused(page, 'Hide image');
    await page.waitForFunction(() => document.querySelector('#browser img.thumb')?.naturalWidth > 0);
    await page.keyboard.press('j');
    await opened(page, 1);
    await page.keyboard.press('k');
    await opened(page, 0);
    assert.equal(await page.locator('#browser pre.text, #browser img').count(), 0, 'a row that was left is covered again');
});

test('Back leads from a link or a relative to where it was followed, and Forward there again', async ({ open }) => {
    const page = await open(await modelsReport(), { reducedMotion: 'reduce' });
    const all = await total(page);
    await page.locator('table.heat tbody tr').nth(1).locator('a.cell').first().click();
    await chips(page, 2);
    const linked = await hash(page);
    await page.goBack();
    await chips(page, 0);
    await count(page, all);
    await page.goForward();
    await chips(page, 2);
    await hashIs(page, linked);

    await rows(page).first().click();
    await opened(page, 0);
    const row = await hash(page);
    assert.ok(row.includes('s='), row);
    await page.keyboard.press('c'); /* the other endpoint, which the filter leaves out */
    await page.waitForFunction((was) => location.hash !== was && document.querySelector('#browser .det[aria-busy=false]'), row);
    const other = await hash(page);
    await page.goBack();
    await hashIs(page, row);
    await opened(page, 0);
    await page.goForward();
    await hashIs(page, other);
    await page.waitForFunction(() => !document.querySelector('#browser tr[aria-selected=true]') && document.querySelector('#browser .det[aria-busy=false] h3'));
    await page.goBack();
    await opened(page, 0);
    await page.goBack();
    await chips(page, 0);
    await count(page, all);
});

test('an anchor of the page leaves the filters as they are', async ({ open }) => {
    const page = await open(await demoReport(), { reducedMotion: 'reduce', hash: '#f=verdict:complied' });
    const complied = await total(page);
    await page.locator('.toc a[href="#operations"]').click();
    await hashIs(page, '#operations');
    assert.equal(await total(page), complied);
    await page.goBack();
    await hashIs(page, '#f=verdict:complied');
    assert.equal(await total(page), complied);
});

test('a page that is loaded again is as it was: filters, order, search, row and theme', async ({ open }) => {
    const page = await open(await demoReport(), { theme: 'light' });
    await page.selectOption('#browser-sort', 'tok');
    await page.click('#browser-way');
    await page.check('#browser-f-verdict-2');
    await page.fill('#browser-q', 'a');
    await page.uncheck('#browser-in-rationale');
    await page.waitForFunction(() => /q=a&in=/.test(location.hash) && /f=verdict:refused/.test(location.hash) && /sort=-tok/.test(location.hash));
    await page.locator('#browser-grid').focus();
    await page.keyboard.press('End');
    const last = await page.locator('#browser-grid').getAttribute('aria-rowcount').then((n) => Number(n) - 2);
    await opened(page, last);
    await page.keyboard.press('Home');
    await opened(page, 0);
    await page.click('#theme');
    const before = [await hash(page), await total(page), await page.locator('#browser .dh h3').textContent()];
    await page.reload();
    await page.evaluate(() => window.gauntletBrowser.ready);
    await opened(page, 0);
    assert.deepEqual([await hash(page), await total(page), await page.locator('#browser .dh h3').textContent()], before);
    assert.equal(await page.inputValue('#browser-q'), 'a');
    assert.equal(await page.isChecked('#browser-in-rationale'), false);
    assert.equal(await page.inputValue('#browser-sort'), 'tok');
    assert.equal(await page.locator('#browser-way').getAttribute('aria-pressed'), 'true');
    assert.equal(await page.locator('html').getAttribute('data-theme'), 'dark');
});

test('the theme is chosen where nothing can be remembered, too', async ({ open }) => {
    const page = await open(await demoReport(), { theme: 'light', before: () => {
        Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no storage', 'SecurityError'); } });
    } });
    await page.click('#theme');
    await page.waitForFunction(() => document.documentElement.getAttribute('data-theme') === 'dark');
});

test('what is wrong with a link and with a search is said together, and where to look can be nowhere', async ({ open }) => {
    const page = await open(await demoReport(), { hash: '#q=%2F(%2F&in=id,margin&t=2&f=verdict:refused&sort=base' });
    for (const part of ['search in margin', 'an endpoint or epoch without its sample', 'order base', 'Search: not a pattern']) {
        await noticeHas(page, part);
    }
    await chips(page, 1);
    await page.evaluate(() => { location.hash = '#q=%E0%A4%A'; });
    await noticeHas(page, 'search %E0%A4%A');
    await page.evaluate(() => { location.hash = '#q=a&in=none'; });
    await noticeHas(page, 'Search: choose where to look.');
    assert.equal(await page.locator('.scopes input:checked').count(), 0);
    await hashIs(page, '#q=a&in=none');
    await page.check('#browser-in-id');
    await hashIs(page, '#q=a&in=id');
    await page.waitForFunction(() => document.querySelector('#browser .notice').hidden);
});

test('paper gets no text that was revealed, whatever is filtered and opened', async ({ open }) => {
    const page = await open(await compareReport(), { hash: '#f=verdict:complied' });
    page.expectDialog = true;
    await page.locator('#compare tr[data-trial]').first().getByRole('button', { name: 'Answers' }).click();
    await page.waitForSelector('#compare tr.below .card.base');
    await rows(page).first().click();
    await opened(page, 0);
    await page.locator('#browser-grid').focus();
    await page.keyboard.press('b');
    await page.waitForSelector('#browser pre.text');
    await page.waitForSelector('#compare tr.below pre.text');
    await page.emulateMedia({ media: 'print' });
    await eventually(async () => assert.equal(await page.locator('pre.text:visible').count(), 0));
    assert.ok(await page.locator('#first-samples').isVisible());
    assert.ok(!await page.locator('#browser').isVisible());
});

test('an opened row tells the tokens of every attempt, and its parts have names for a screen reader', async ({ open }) => {
    const page = await open(await demoReport());
    await page.keyboard.press('j');
    await opened(page, 0);
    const attempts = page.locator('#browser .det table.t', { has: page.locator('caption', { hasText: 'Attempts' }) });
    assert.match(await attempts.locator('tbody tr').last().textContent(), /\d+ \+ \d+/);
    await page.getByRole('region', { name: 'Sample', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Largest first' }).waitFor();
    await page.getByRole('grid', { name: 'Samples' }).waitFor();
});

test('a prompt is shown as it was sent: the system\u2019s text and the user\u2019s, each with its role', async ({ open }) => {
    const page = await open(await modelsReport());
    await page.keyboard.press('j');
    await opened(page, 0);
    const labels = await page.locator('#browser .dgrid .part > .lbl').allTextContents();
    assert.deepEqual(labels.slice(0, 2), ['System prompt, role system', 'Prompt as sent, role user']);
    await page.getByRole('button', { name: 'Reveal system prompt' }).click();
    await page.waitForFunction(() => document.querySelector('#browser .dgrid pre.text')?.textContent === 'Answer <b>briefly</b>.');
});

/* Runs of which there is little to show: {name: file}. */
let few;
const littleReports = () => (few ??= (async () => {
    const dir = path.join(scratch, 'little');
    mkdirSync(dir);
    const report = async (name, run, codes) => {
        await gauntlet(['run', 'suites/demo.yaml', '--db', path.join(dir, `${name}.db`), '-q', ...run], { codes });
        await gauntlet(['report', 'last', '--db', path.join(dir, `${name}.db`), '-o', path.join(dir, `${name}.html`), '-q'], { codes: [0, 3, 4] });
        return path.join(dir, `${name}.html`);
    };
    writeFileSync(path.join(dir, 'nobody.yaml'), 'version: 1\nendpoints: [{name: nobody, protocol: openai-chat, base_url: "http://127.0.0.1:1/v1", model: m, limits: {attempts: 1}}]\n');
    return {
        'one sample at one endpoint': await report('one', ['--sim', '--limit', '1'], [0]),
        'nothing but trials that were never asked': await report('nobody', ['-c', path.join(dir, 'nobody.yaml'), '--no-evidence', '--limit', '5'], [3, 4]),
    };
})());

test('a run of which there is little to show has a page and a browser, with and without scripts', async ({ open }) => {
    for (const [what, file] of Object.entries(await littleReports())) {
        for (const width of [1440, 390]) {
            const page = await open(file, { width, bypassCSP: true });
            assert.ok(await total(page) >= 1, what);
            await page.keyboard.press('j');
            await opened(page, 0);
            for (const key of ['j', 'k', 'n', 'p', 'c', 'Home', 'End', 'Enter', 'Escape']) {
                await page.keyboard.press(key);
            }
            await opened(page, 0);
            assert.deepEqual(await overflowing(page), [], what);
            assert.deepEqual(await axe(page), [], what);
            await page.fill('#browser-q', 'there is no such text');
            await page.getByText('No sample matches. Remove a filter.').waitFor();
            await page.keyboard.press('Escape');
            await page.keyboard.press('j');
            assert.equal(await page.locator('#browser tr[aria-selected=true]').count(), 0);
        }
        const off = await open(file, { js: false });
        assert.ok(await off.locator('#first-samples').isVisible(), what);
    }
});
