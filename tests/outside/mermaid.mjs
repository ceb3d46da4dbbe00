// Reads Mermaid files with the real parser, and counts what it saw.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('');
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import('mermaid');
for (const file of process.argv.slice(2)) {
  const text = readFileSync(file, 'utf8');
  await mermaid.parse(text);
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  const counts = [db.getVertices().size, db.getEdges().length, db.getSubGraphs().length];
  console.log(`${basename(file)}: ${counts[0]} nodes, ${counts[1]} edges, ${counts[2]} groups`);
}
