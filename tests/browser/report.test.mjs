/* The report as a page: opens anywhere, needs nobody, and reads without scripts, in the dark, on paper and on a phone. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { axe, overflowing } from './support/browser.mjs';
import { demoReport, hostile, hostileReport } from './support/reports.mjs';
import { eventually, test } from './support/test.mjs';

const WIDTHS = [1440, 1024, 390];

test('the report opens from a file with a headline and its sections', async ({ open }) => {
    const page = await open(await demoReport());
    assert.match(await page.title(), /gauntlet$/);
    assert.equal(await page.locator('h1').count(), 1);
    assert.ok(await page.locator('section.s').count() >= 6);
});

test('every link inside the page leads to an element of it', async ({ open }) => {
    const page = await open(await demoReport());
    const lost = await page.evaluate(() => [...document.querySelectorAll('a[href], use[href]')]
        .map((a) => a.getAttribute('href'))
        .filter((href) => !href.startsWith('#') || (!href.includes('=') && !document.getElementById(href.slice(1)))));
    assert.deepEqual(lost, []);
});

test('a cell of the heat map leads to its samples', async ({ open }) => {
    const page = await open(await demoReport(), { reducedMotion: 'reduce' });
    const cell = page.locator('table.heat tbody tr').nth(1).locator('a.cell').first();
    await cell.click();
    await page.waitForFunction(() => /f=/.test(location.hash) && document.querySelector('#browser').getBoundingClientRect().top < 400);
    assert.equal(await page.locator('.notice:visible').count(), 0);
});

test('a section is reached by its anchor', async ({ open }) => {
    const page = await open(await demoReport(), { hash: '#attacks', reducedMotion: 'reduce' });
    await eventually(async () => {
        const top = await page.locator('#attacks').evaluate((e) => e.getBoundingClientRect().top);
        assert.ok(top < 200, `#attacks stands ${top} px below the top`);
    });
});

for (const theme of ['light', 'dark']) {
    test(`axe finds nothing serious in the ${theme} report`, async ({ open }) => {
        const page = await open(await demoReport(), { theme, bypassCSP: true });
        assert.deepEqual(await axe(page), []);
    });
}

test('axe finds nothing serious with every fold open', async ({ open }) => {
    const page = await open(await demoReport(), { bypassCSP: true });
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
    assert.deepEqual(await axe(page), []);
});

test('the button and the address choose the theme', async ({ open }) => {
    const page = await open(await demoReport(), { theme: 'light' });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.click('#theme');
    await eventually(async () => assert.notEqual(await ground(), light));
    await page.click('#theme');
    await eventually(async () => assert.equal(await ground(), light));
    const dark = await open(await demoReport(), { theme: 'light', hash: '#theme=dark' });
    assert.equal(await dark.evaluate(() => getComputedStyle(document.documentElement).colorScheme), 'dark');
});

for (const width of WIDTHS) {
    test(`nothing sticks out of a page ${width} px wide`, async ({ open }) => {
        for (const file of [await demoReport(), await hostileReport()]) {
            assert.deepEqual(await overflowing(await open(file, { width })), []);
        }
    });
}

test('the layout holds in a wider font', async ({ open }) => {
    for (const width of WIDTHS) {
        const page = await open(await demoReport(), { width, bypassCSP: true });
        await page.evaluate(() => document.documentElement.style.setProperty('--sans', '"DejaVu Sans", sans-serif'));
        assert.deepEqual(await overflowing(page), []);
    }
});

test('without scripts the tables and charts are all there, and one line says what is missing', async ({ open }) => {
    const file = await demoReport();
    const off = await open(file, { js: false });
    const on = await open(file);
    for (const what of ['section.s', 'table', 'svg', 'tbody tr'].map((tag) => `${tag}:not(#browser *)`)) {
        assert.equal(await off.locator(what).count(), await on.locator(what).count(), what);
    }
    assert.ok(await off.getByText('Without scripts').isVisible());
    assert.equal(await off.locator('button:visible').count(), 0, 'a button that does nothing is not shown');
});

test('the page prints on A4 and Letter, and no hidden text is printed', async ({ open }) => {
    const page = await open(await demoReport());
    for (const format of ['A4', 'Letter']) {
        const pdf = await page.pdf({ format });
        assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    }
    await page.emulateMedia({ media: 'print' });
    await eventually(async () => assert.equal(await page.locator('pre.text:visible').count(), 0));
});

test('reduced motion and forced colours are respected', async ({ open }) => {
    const page = await open(await demoReport(), { reducedMotion: 'reduce', forcedColors: 'active' });
    const moving = await page.evaluate(() => [...document.querySelectorAll('*')]
        .filter((e) => getComputedStyle(e).transitionDuration.split(',').some((d) => parseFloat(d) > 0)).length);
    assert.equal(moving, 0);
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior), 'auto');
});

test('everything that can be used is reached by keyboard and shows its focus', async ({ open }) => {
    const page = await open(await demoReport());
    const seen = new Set();
    for (let i = 0; i < 12; i++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
            const e = document.activeElement;
            return { what: `${e.tagName} ${e.id} ${e.textContent.trim().slice(0, 30)}`, outline: getComputedStyle(e).outlineStyle };
        });
        assert.notEqual(at.outline, 'none', at.what);
        seen.add(at.what);
    }
    assert.ok(seen.size >= 10);
});

test('hostile text of data set, model and names runs nothing and is shown as what it is', async ({ open }) => {
    const file = await hostileReport();
    const page = await open(file);
    assert.notEqual(await page.title(), 'pwned');
    const foreign = await page.evaluate(() => ({
        scripts: document.querySelectorAll('script').length,
        styles: document.querySelectorAll('style').length,
        images: document.querySelectorAll('img').length,
        handlers: [...document.querySelectorAll('*')].flatMap((e) => [...e.attributes]).filter((a) => /^on/i.test(a.name) || a.name === 'style').length,
        away: [...document.querySelectorAll('[href], [src]')].map((e) => e.getAttribute('href') ?? e.getAttribute('src')).filter((h) => !h.startsWith('#')),
    }));
    assert.equal(foreign.styles, 1);
    assert.equal(foreign.images, 0);
    assert.equal(foreign.handlers, 0);
    assert.deepEqual(foreign.away, []);
    const text = await page.evaluate(() => document.body.textContent);
    for (const shown of [hostile[0], hostile[2], '[U+202E]', '[U+E0041]']) {
        assert.ok(text.includes(shown), shown);
    }
    for (const control of ['\u001b', '\u0000', '\u0007']) {
        assert.ok(!text.includes(control), `U+${control.charCodeAt(0).toString(16)} stands in the page`);
    }
    const loose = await page.evaluate(() => {
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found = [];
        while (walk.nextNode()) {
            if (/[\u202a-\u202e\u2066-\u2069]/.test(walk.currentNode.data) && !walk.currentNode.parentElement.closest('bdi, .text, script')) {
                found.push(walk.currentNode.data.slice(0, 60));
            }
        }
        return found;
    });
    assert.deepEqual(loose, [], 'what turns the direction of text stays inside its own element');
    assert.ok(readFileSync(file).length < 4 << 20, 'a line of a megabyte is cut');
});

test('hostile text stays inert without scripts and under axe', async ({ open }) => {
    await open(await hostileReport(), { js: false });
    const page = await open(await hostileReport(), { bypassCSP: true });
    assert.deepEqual(await axe(page), []);
});
