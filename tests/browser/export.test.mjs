/* What the page gives away: the same bytes as the program. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { compareReport, compareStore, demoReport, demoStore, formatted, gauntlet } from './support/reports.mjs';
import { test } from './support/test.mjs';

/* What a click on a button gives: {name, text}. */
async function downloaded(page, button) {
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
    return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

for (const format of ['json', 'csv', 'markdown', 'junit']) {
    test(`the ${format} download is the program's own output, byte for byte`, async ({ open }) => {
        const page = await open(await demoReport(), { acceptDownloads: true });
        const file = await downloaded(page, page.locator(`button[data-export=${format}]`));
        assert.match(file.name, /^gauntlet-[a-z0-9]{12}\.(json|csv|md|xml)$/);
        assert.equal(file.text, await formatted(await demoStore(), format));
    });
}

test('the copy button puts the provenance on the clipboard as JSON', async ({ open }) => {
    const page = await open(await demoReport(), { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.locator('#provenance > summary').click();
    await page.click('button[data-copy]');
    await page.getByText('Copied').waitFor();
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    assert.equal(copied.run.id, JSON.parse(await formatted(await demoStore(), 'json')).run.id);
    assert.ok(copied.endpoints[0].model);
});

for (const format of ['markdown', 'junit']) {
    test(`the ${format} download of a page with a baseline has the gate's verdict, byte for byte`, async ({ open }) => {
        const page = await open(await compareReport(), { acceptDownloads: true });
        const file = await downloaded(page, page.locator(`button[data-export=${format}]`));
        const { stdout } = await gauntlet(['report', 'seed-2', '--baseline', 'seed-1', '--db', await compareStore(), '--format', format, '-q']);
        assert.equal(file.text, stdout);
        assert.match(file.text, /gate/i);
    });
}

test('the rows in the current filter are lines of the program\u2019s CSV, and without a filter all of them', async ({ open }) => {
    const { stdout } = await gauntlet(['report', 'last', '--db', await demoStore(), '--format', 'csv', '--rows', '-q']);
    const page = await open(await demoReport(), { acceptDownloads: true });
    const button = page.locator('#browser').getByRole('button', { name: 'Rows, CSV' });
    const all = await downloaded(page, button);
    assert.match(all.name, /^gauntlet-[a-z0-9]{12}-rows\.csv$/);
    assert.equal(all.text, stdout);
    await page.check('#browser-f-verdict-0');
    await page.waitForFunction(() => /verdict:complied/.test(location.hash));
    const lines = stdout.split('\r\n');
    const at = lines[0].split(',').indexOf('"counted_as"');
    const wanted = lines.filter((line, i) => i === 0 || line.split(',')[at] === '"complied"' || line === '');
    assert.ok(wanted.length > 10 && wanted.length < lines.length);
    assert.equal((await downloaded(page, button)).text, wanted.join('\r\n'));
});

test('a row whose cells hold line ends and quotes is one row of the download', async ({ open }) => {
    const page = await open(await demoReport());
    const kept = await page.evaluate(async () => {
        const table = { trials: 2, meta: { first_id: 7 }, column: { id: [0, 1] } };
        const text = '"a","trial"\r\n"x ""\r\n"" , 9",7\r\n"y\r\n",8\r\n';
        const of = async (pass) => (await window.gauntletBrowser.rowsCsv({ rowsCsv: () => Promise.resolve(text) }, table, pass)).text();
        return [await of([1, 0]), await of([0, 1]), await of([0, 0])];
    });
    assert.deepEqual(kept, ['"a","trial"\r\n"x ""\r\n"" , 9",7\r\n', '"a","trial"\r\n"y\r\n",8\r\n', '"a","trial"\r\n']);
});
