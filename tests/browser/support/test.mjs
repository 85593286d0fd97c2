/*
 * test - a list of named tests, run one after another. A test's name is a sentence.
 *
 *   test('a report opens', async ({ open }) => { … });
 *
 * `open` is browser.mjs's; what it opened is closed with the test, and a page with problems fails it.
 *
 * A machine may be as slow as it likes: what follows something asynchronous is waited for (page.waitForFunction, eventually), never
 * looked at once, and a run that is watched ends when the test says so.
 */
import { open } from './browser.mjs';

const tests = [];

/* Repeats a check until it holds, for what arrives later: an event of the page, a change of the address. After two minutes its last
   failure counts. */
export async function eventually(check) {
    for (const end = Date.now() + 120_000; ;) {
        try {
            return await check();
        } catch (error) {
            if (Date.now() > end) {
                throw error;
            }
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

export function test(name, run) {
    tests.push({ name, run });
}

async function runOne(run) {
    const pages = [];
    const openWatched = async (...args) => {
        const page = await open(...args);
        pages.push(page);
        return page;
    };
    try {
        await run({ open: openWatched });
        for (const page of pages) {
            const violations = await page.evaluate(() => window.violations ?? []).catch(() => []);
            const problems = [...page.problems, ...violations.map((v) => `policy: ${v}`)];
            if (problems.length > 0) {
                throw new Error(`the page had problems:\n${problems.slice(0, 10).join('\n')}`);
            }
        }
    } finally {
        for (const page of pages) {
            await page.context().close();
        }
    }
}

/* Prints TAP lines and the count; the number of failures. */
export async function runTests(only) {
    let passed = 0;
    let failed = 0;
    for (const { name, run } of tests) {
        if (only && !name.includes(only)) {
            continue;
        }
        try {
            await runOne(run);
            passed++;
            console.log(`ok ${passed + failed} - ${name}`);
        } catch (error) {
            failed++;
            console.log(`not ok ${passed + failed} - ${name}\n${String(error.stack ?? error).replace(/^/gm, '# ')}`);
        }
    }
    console.log(`${passed} passed, ${failed} failed`);
    return failed + (passed === 0 ? 1 : 0);
}
