/* What the page gives away: the same bytes as the program. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { demoReport, demoStore, formatted } from './support/reports.mjs';
import { test } from './support/test.mjs';

for (const format of ['json', 'csv', 'markdown', 'junit']) {
    test(`the ${format} download is the program's own output, byte for byte`, async ({ open }) => {
        const page = await open(await demoReport(), { acceptDownloads: true });
        const [download] = await Promise.all([page.waitForEvent('download'), page.click(`button[data-export=${format}]`)]);
        assert.match(download.suggestedFilename(), /^gauntlet-[a-z0-9]{12}\.(json|csv|md|xml)$/);
        assert.equal(readFileSync(await download.path(), 'utf8'), await formatted(await demoStore(), format));
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
