/* Runs every *.test.mjs beside this file. Reads GAUNTLET (the program) and MODULES (where npm put its packages). */
import { readdirSync } from 'node:fs';
import { close } from './support/browser.mjs';
import { runTests } from './support/test.mjs';

const here = new URL('.', import.meta.url);
for (const file of readdirSync(here).filter((name) => name.endsWith('.test.mjs')).sort()) {
    await import(new URL(file, here));
}
const failed = await runTests(process.argv[2]);
await close();
process.exit(failed > 0 ? 1 : 0);
