/*
 * browser - one headless Chromium for all tests, and pages that are watched.
 *
 * open() gives a page whose `problems` list what must never happen: a request that leaves the file, an error or warning
 * on the console, a violation of the content security policy, an exception, a dialog nobody asked for.
 * SLOWER=6 in the environment slows the pages' processor by that factor.
 */
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const require = createRequire(path.resolve(process.env.MODULES, 'package.json'));
const { chromium } = require('playwright-core');

let browser;

const PATIENCE_MS = 120_000; /* how long playwright waits for anything: only what never comes may fail a test */
const SLOWER = Number(process.env.SLOWER ?? 1);

/* Any Chromium that is there; CHROMIUM names another one. */
export function chromiumPath() {
    const known = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome',
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
    return known.find((file) => file && existsSync(file));
}

async function launch() {
    browser ??= await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] });
    return browser;
}

export async function close() {
    await browser?.close();
}

function watch(page, own) {
    page.problems = [];
    page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) {
            page.problems.push(`console: ${message.text()}`);
        }
    });
    page.on('pageerror', (error) => page.problems.push(`exception: ${error.message}`));
    page.on('dialog', async (dialog) => {
        if (page.expectDialog) {
            page.expectDialog = false;
            await dialog.accept();
        } else {
            page.problems.push(`dialog: ${dialog.message()}`);
            await dialog.dismiss();
        }
    });
    page.on('request', (request) => {
        const url = request.url();
        if (!url.startsWith(own) && !url.startsWith('data:') && !url.startsWith('blob:')) {
            page.problems.push(`request: ${url}`);
        }
    });
}

/* Options: width, height, theme (light or dark), js (false: scripts off), hash, url (instead of a file), settle (false: without waiting until the samples are unpacked), before (a function that runs in the page ahead of its script), and what
   Playwright's newContext takes. The page closes with the test that opened it. */
export async function open(file, { width = 1440, height = 900, theme = 'light', js = true, hash = '', url, before, settle = true, ...more } = {}) {
    const context = await (await launch()).newContext({
        viewport: { width, height }, colorScheme: theme, javaScriptEnabled: js, ...more,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    if (SLOWER > 1) {
        await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    }
    const address = url ?? pathToFileURL(file).href;
    watch(page, url ? new URL(url).origin : address);
    if (js) {
        await page.addInitScript(() => {
            window.violations = [];
            document.addEventListener('securitypolicyviolation', (e) => window.violations.push(`${e.violatedDirective}: ${e.blockedURI} ${e.sample}`));
        });
    }
    if (before) {
        await page.addInitScript(before);
    }
    await page.goto(address + hash, { waitUntil: 'load' });
    if (js && file && settle) {
        await page.evaluate(() => window.gauntletBrowser?.ready); /* a report's samples are unpacked after it was loaded */
    }
    return page;
}

/* What stands in the address bar; page.url() hears of a changed hash later. */
export const addressOf = (page) => page.evaluate(() => location.href);

export const violations = (page) => page.evaluate(() => window.violations);

/* Serious and critical findings of axe-core, one line each. The policy of the page is lifted for axe, which needs to
   evaluate its own script: open the page with { bypassCSP: true }. */
export async function axe(page) {
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    return result.violations
        .filter((v) => ['serious', 'critical'].includes(v.impact))
        .map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join(' | ')}`);
}

/* Elements whose content is wider than the page, outside of boxes that scroll by themselves. */
export const overflowing = (page) => page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    const scrolls = (e) => e && e !== document.documentElement &&
        (/(auto|scroll|hidden|clip)/.test(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    return [...document.body.querySelectorAll('*')]
        .filter((e) => e.getBoundingClientRect().right > limit + 0.5 && e.getBoundingClientRect().width > 0 && !scrolls(e))
        .slice(0, 5)
        .map((e) => `${e.tagName.toLowerCase()}.${e.getAttribute('class') ?? ''} ${(e.textContent ?? '').slice(0, 40)}`);
});
