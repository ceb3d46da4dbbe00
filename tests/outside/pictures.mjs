// Opens the pages of runs of 10, 300 and 10,000 checks, says how long that takes, and takes pictures.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cpus } from 'node:os';
import { browser } from './browser.mjs';

const [into, ...files] = process.argv.slice(2);
const chromium = await browser();
const wide = { width: 1280, height: 1000, theme: 'light' };
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const load = Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
console.log(`${await chromium.value('navigator.userAgent.match(/Chrome[/]\\d+/)[0]')}, ${cpus().length} processors, `
  + `load ${load}; medians of five, in milliseconds`);

// How long the browser takes until what is asked for can be seen.
const timed = (action) => chromium.value(`new Promise((done) => {
  const begun = performance.now();
  (() => { ${action} })();
  requestAnimationFrame(() => setTimeout(() => done(Math.round(performance.now() - begun))));
})`);
const search = (text) => timed(`const q = document.getElementById('q'); q.value = '${text}';
  document.querySelector('select').dispatchEvent(new Event('change'));`);

for (const file of files) {
  const url = pathToFileURL(file).href;
  const times = { interactive: [], loaded: [], first: [], second: [], opened: [] };
  for (let i = 0; i < 5; i += 1) {
    await chromium.look(wide);
    await chromium.open('about:blank');
    await chromium.open(url);
    const [interactive, loaded] = await chromium.value(`(() => {
      const page = performance.getEntriesByType('navigation')[0];
      return [page.domInteractive, page.loadEventEnd];
    })()`);
    times.interactive.push(Math.round(interactive));
    times.loaded.push(Math.round(loaded));
    times.first.push(await search('shop0001 refused'));
    times.second.push(await search('shop0001 core'));
    await chromium.value("document.getElementById('clear').click()");
    times.opened.push(await timed("[...document.querySelectorAll('details.check:not([open])')].at(-1).open = true"));
  }
  const size = (statSync(file).size / 1e6).toFixed(2);
  const rows = await chromium.value("document.querySelectorAll('details.check').length");
  const shown = Object.entries({
    interactive: 'interactive', loaded: 'loaded', first: 'first search', second: 'next search', opened: 'a check opened',
  }).map(([key, name]) => `${name} ${median(times[key])}`);
  console.log(`${rows} checks, ${size} MB: ${shown.join(', ')}`);
}

const picture = async (name, file, look, where = '') => {
  await chromium.look(look);
  await chromium.open('about:blank');
  await chromium.open(pathToFileURL(file).href + where);
  await chromium.value('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const png = await chromium.picture();
  writeFileSync(join(into, `${name}.png`), png);
  console.log(`${name}.png: ${look.width} x ${look.height}, ${look.theme}, ${Math.round(png.length / 1000)} kB`);
};
const [small, middle, large] = files;
const dark = { ...wide, theme: 'dark' };
const narrow = { width: 360, height: 1000, theme: 'dark' };
await picture('10-light', small, wide);
await picture('10-dark', small, dark, '#checks');
await picture('10-narrow', small, narrow);
await picture('300-light', middle, wide, '#check-shop0001.database');
await picture('300-waterfall', middle, dark, '#waterfall');
await picture('300-graph', middle, wide, '#graph');
await picture('300-certificates', middle, dark, '#certificates');
await picture('10000-light', large, wide);
await picture('10000-search', large, dark, '#q=timeout&outcome=failed');
await picture('10000-narrow', large, { ...narrow, theme: 'light' }, '#q=shop0001');
await chromium.close();
