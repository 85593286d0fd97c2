/*
 * report - a large report in headless Chromium: how long until it can be used, and what filtering, sorting, searching and scrolling cost.
 * usage: MODULES=build/browser node bench/report.mjs FILE; lines of what, value, unit and budget with tabs between them.
 *
 * A task is what PerformanceObserver calls a long task: the page's thread busy for 50 ms or more. "none" of them is 0.
 */
import { close, open } from '../tests/browser/support/browser.mjs';

const page = await open(process.argv[2], {
    settle: false,
    before: () => {
        window.tasks = [];
        new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((e) => e.duration))).observe({ type: 'longtask', buffered: true });
        window.until = async (seen) => {
            const start = performance.now();
            while (!seen()) {
                await new Promise((resolve) => { const c = new MessageChannel(); c.port1.onmessage = resolve; c.port2.postMessage(0); });
            }
            return performance.now() - start;
        };
    },
});
const say = (what, value, unit, budget) => console.log([what, value.toFixed(value < 10 ? 2 : 0), unit, budget].join('\t'));
const tasks = async () => {
    await page.waitForTimeout(100);
    return page.evaluate(() => Math.max(0, ...window.tasks.splice(0)));
};

const load = await page.evaluate(() => {
    const entry = performance.getEntriesByType('navigation')[0];
    return { interactive: entry.domInteractive, paint: performance.getEntriesByName('first-contentful-paint')[0].startTime };
});
await page.evaluate(() => window.gauntletBrowser.ready);
const usable = await page.evaluate(() => performance.now());
say('first paint', load.paint, 'ms', 1500);
say('document interactive', load.interactive, 'ms', 1500);
say('browser ready, from the start', usable, 'ms', 2500);
await tasks();

say('filter and show', await page.evaluate(async () => {
    document.querySelector('#browser-f-verdict-0').click();
    return window.until(() => location.hash.includes('verdict'));
}), 'ms', 50);
say('sort and show', await page.evaluate(async () => {
    const select = document.querySelector('#browser-sort');
    select.value = 'lat';
    select.dispatchEvent(new Event('change'));
    return window.until(() => location.hash.includes('sort=lat'));
}), 'ms', 50);
say('open a row', await page.evaluate(async () => {
    document.querySelector('#browser tbody tr[id]').click();
    return window.until(() => document.querySelector('#browser .card'));
}), 'ms', 100);
say('longest task of these', await tasks(), 'ms', 50);

say('search every text', await page.evaluate(async () => {
    const field = document.querySelector('#browser-q');
    field.value = 'bread river';
    field.dispatchEvent(new Event('input'));
    return await window.until(() => location.hash.includes('q=')) - 200; /* it waits that long for more letters */
}), 'ms', 3000);
say('longest task of it', await tasks(), 'ms', 100);

await page.evaluate(async () => {
    const field = document.querySelector('#browser-q');
    field.value = '';
    field.dispatchEvent(new Event('input'));
    await window.until(() => !location.hash.includes('q='));
});
const session = await page.context().newCDPSession(page);
await session.send('HeapProfiler.collectGarbage'); /* what the search has left is collected by some later task, 25 to 40 ms of it */
await tasks();
const frames = await page.evaluate(async () => {
    const rows = document.querySelector('#browser .rows'), times = [];
    let last = performance.now(), top = 0;
    for (const end = last + 3000; last < end; ) {
        await new Promise(requestAnimationFrame);
        const now = performance.now();
        times.push(now - last);
        last = now;
        rows.scrollTop = top += 400;
    }
    times.sort((a, b) => a - b);
    return { median: times[times.length >> 1], shown: document.querySelectorAll('#browser tbody tr[id]').length };
});
say('frame while scrolling, median', frames.median, 'ms', 18);
say('longest task while scrolling', await tasks(), 'ms', 50);
say('rows in the document', frames.shown, 'rows', 61);

await session.send('HeapProfiler.collectGarbage');
say('heap of the script', (await session.send('Runtime.getHeapUsage')).usedSize / 1e6, 'MB', 300);
await close();
if (page.problems.length) {
    console.error(page.problems.join('\n'));
    process.exitCode = 1;
}
