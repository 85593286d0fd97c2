/* A report whose texts stand in files beside it. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { axe, violations } from './support/browser.mjs';
import { demoStore, gauntlet, scratch } from './support/reports.mjs';
import { test } from './support/test.mjs';

/* A split report of the demo run in a folder of its own: {html, folder}. */
async function split(name, ...options) {
    const dir = path.join(scratch, name);
    mkdirSync(dir, { recursive: true });
    const html = path.join(dir, 'my report.html');
    await gauntlet(['report', 'last', '--db', await demoStore(), '-o', html, '--split', '-q', ...options]);
    return { html, folder: path.join(dir, 'my report_files') };
}
const expected = (page) => { page.problems = page.problems.filter((p) => !/^request: file:.*my%20report_files\/chunk-\d+\.js$/.test(p)); };
const first = async (page) => {
    await page.locator('#browser tbody tr[id]').first().click();
    await page.waitForSelector('#browser .det[aria-busy=false]');
};

test('a split report reads its texts from the folder beside it, when they are looked at and when they are searched', async ({ open }) => {
    const { html, folder } = await split('split');
    assert.deepEqual(readdirSync(folder).sort(), ['chunk-0.js', 'chunk-1.js']);
    const text = readFileSync(html, 'utf8');
    assert.ok(!text.includes('id="browser-trial-0"') && !text.includes('id="browser-sample-0"'));
    assert.match(text, /script-src &#39;self&#39; 'sha256-/);
    const page = await open(html, { hash: '#f=verdict:complied' });
    assert.equal(page.problems.length, 0, 'nothing is loaded before it is asked for');
    await first(page);
    await page.getByRole('button', { name: 'Reveal answer' }).first().click();
    await page.waitForSelector('#browser pre.text');
    await page.fill('#browser-q', 'codeword');
    await page.waitForFunction(() => /q=codeword/.test(location.hash));
    assert.ok(Number((await page.textContent('#browser-count b')).replace(',', '')) > 0);
    assert.equal(await page.locator('head script').count(), 0, 'a script that was read is taken away');
    assert.deepEqual(await violations(page), []);
    expected(page);
});

test('a page that is not split allows no script but its own', async () => {
    const html = path.join(scratch, 'whole.html');
    await gauntlet(['report', 'last', '--db', await demoStore(), '-o', html, '-q']);
    assert.doesNotMatch(readFileSync(html, 'utf8').slice(0, 1000), /self/);
    assert.ok(!existsSync(path.join(scratch, 'whole_files')));
});

test('a split report without its folder, or with that of another report, says so and has the numbers', async ({ open }) => {
    const { html, folder } = await split('lost');
    const other = await split('other', '--embed', 'all');
    renameSync(folder, `${folder}.away`);
    const page = await open(html, { hash: '#f=verdict:complied' });
    await first(page);
    assert.match(await page.textContent('#browser .det .note'), /needs the folder beside it/);
    renameSync(other.folder, folder);
    await page.keyboard.press('j');
    await page.waitForFunction(() => /belongs to another report/.test(document.querySelector('#browser .det[aria-busy=false] .note')?.textContent));
    page.problems = page.problems.filter((p) => !/ERR_FILE_NOT_FOUND/.test(p));
    expected(page);
});

test('chunks of an earlier report go, and nothing else in the folder does', async () => {
    const { html, folder } = await split('again');
    writeFileSync(path.join(folder, 'chunk-7.js'), 'gauntletChunk("old",7,"");\n');
    writeFileSync(path.join(folder, 'chunk-8.js'), 'somebody else’s');
    writeFileSync(path.join(folder, 'chunk-007.js'), 'gauntletChunk("not a name of ours",7,"");\n');
    writeFileSync(path.join(folder, 'notes.txt'), 'gauntletChunk(');
    symlinkSync(path.join(folder, 'chunk-0.js'), path.join(folder, 'chunk-9.js'));
    await split('again');
    assert.deepEqual(readdirSync(folder).sort(), ['chunk-0.js', 'chunk-007.js', 'chunk-1.js', 'chunk-8.js', 'chunk-9.js', 'notes.txt']);
    writeFileSync(path.join(folder, 'chunk-1.js'), 'somebody else’s');
    const refused = await gauntlet(['report', 'last', '--db', await demoStore(), '-o', html, '--split', '-q'], { codes: [2] });
    assert.match(refused.stderr, /chunk-1\.js' is no chunk of a report/);
    assert.equal(readFileSync(path.join(folder, 'chunk-1.js'), 'utf8'), 'somebody else’s');
    const nowhere = await gauntlet(['report', 'last', '--db', await demoStore(), '--split', '-q'], { codes: [2] });
    assert.match(nowhere.stderr, /--split: the page must be a file/);
});

test('without texts there is no folder, and axe finds nothing serious in a split page', async ({ open }) => {
    const { html, folder } = await split('redacted', '--redact');
    assert.ok(!existsSync(folder));
    assert.deepEqual(await axe(await open(html, { bypassCSP: true })), []);
});
