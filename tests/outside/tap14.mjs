// Reads TAP with the parser that node-tap is made of, strictly: what is no TAP 14 is a failure.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Parser } from 'tap-parser';

for (const file of process.argv.slice(2)) {
  const parser = new Parser({ strict: true });
  const points = [];
  let version, other = 0;
  parser.on('version', v => { version = v; });
  parser.on('assert', point => points.push(point));
  parser.on('extra', () => { other += 1; });
  parser.on('child', () => { other += 1; });
  const results = await new Promise(done => {
    parser.on('complete', done);
    parser.end(readFileSync(file, 'utf8'));
  });
  const { count, pass, fail, skip, todo, bailout, plan, failures } = results;
  const invalid = failures.filter(failure => failure.tapError).length;
  const told = points.filter(point => point.diag).length;
  const first = points.find(point => !point.ok && !point.todo);
  console.log(`${basename(file)}: TAP ${version}, plan ${plan.start}..${plan.end}, ${count} points: ${pass} ok (${skip} skipped), ${fail} not ok (${todo} to do)`);
  console.log(`  ${told} with diagnostics, ${invalid} errors of the format, ${other} lines beside; bails out: ${bailout || 'no'}`);
  console.log(`  first that is not ok: ${first ? `${first.name}: ${first.diag?.message ?? ''}` : '-'}`);
  console.log(`  last: ${points.at(-1).name} (${points.at(-1).ok ? 'ok' : 'not ok'})`);
}
