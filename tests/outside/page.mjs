// Opens pages in Chromium, lets axe-core look at them, and prints what it says.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { browser } from './browser.mjs';

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const chromium = await browser();
let violations = 0;
for (const file of process.argv.slice(2)) {
  for (const theme of ['light', 'dark']) {
    for (const width of [1280, 320]) {
      for (const opened of [false, true]) {
        await chromium.look({ width, height: 900, theme });
        await chromium.open('about:blank');
        await chromium.open(pathToFileURL(file).href);
        if (opened) await chromium.value("document.getElementById('open').click()");
        // The page's policy forbids scripts of others; the debugger is none of its business.
        await chromium.value(axe);
        const answer = await chromium.value(`axe.run({ runOnly: ${JSON.stringify(tags)} }).then((r) => ({
          version: r.testEngine.version, passes: r.passes.length,
          wrong: r.violations.map((v) => [v.id, v.nodes.length, v.nodes[0].html, v.nodes[0].failureSummary]),
          unsure: r.incomplete.map((v) => [v.id, v.nodes.length]) }))`);
        const wide = await chromium.value('document.documentElement.scrollWidth');
        const state = opened ? 'every check open' : 'as it opens';
        console.log(`${file}, ${theme}, ${width} wide, ${state}: axe-core ${answer.version}: `
          + `${answer.wrong.length} violations, ${answer.passes} rules passed, left to a person: `
          + `${answer.unsure.map(([id, count]) => `${id} (${count})`).join(', ') || 'nothing'}`
          + `${wide > width ? `; SCROLLS SIDEWAYS, ${wide} wide` : ''}`);
        for (const [id, count, html, summary] of answer.wrong) console.log(`  ${id} (${count}): ${html}\n    ${summary}`);
        violations += answer.wrong.length;
      }
    }
  }
}
await chromium.close();
process.exit(violations ? 1 : 0);
