// Starts the YAML language server on a gate file and asks for completions at three places.
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

const gate = `# yaml-language-server: $schema=./gonogo.schema.json
version: 1
gate: shop
checks:
  api:
    http: https://api.example.com/health
    expect:
      |facts
  edge:
    tls:
      |options
  more:
    |keys
`;
const places = {};
const text = gate.split('\n').map((line, number) => {
  const at = line.indexOf('|');
  if (at < 0) return line;
  places[line.slice(at + 1)] = { line: number, character: at };
  return line.slice(0, at);
}).join('\n');

const server = spawn(process.execPath, [
  'node_modules/yaml-language-server/bin/yaml-language-server', '--stdio',
], { stdio: ['pipe', 'pipe', 'inherit'] });
const waiting = new Map();
let received = Buffer.alloc(0);
server.stdout.on('data', (chunk) => {
  received = Buffer.concat([received, chunk]);
  for (;;) {
    const head = received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/Content-Length: (\d+)/i.exec(received.subarray(0, head))[1]);
    if (received.length < head + 4 + length) return;
    const message = JSON.parse(received.subarray(head + 4, head + 4 + length));
    received = received.subarray(head + 4 + length);
    if (message.method === 'workspace/configuration') {
      const answer = message.params.items.map((item) =>
        item.section === 'yaml' ? { completion: true, validate: true, schemaStore: { enable: false } } : {});
      send({ id: message.id, result: answer });
    } else if (message.method && message.id !== undefined) {
      send({ id: message.id, result: null });
    } else if (waiting.has(message.id)) {
      waiting.get(message.id)(message.result);
      waiting.delete(message.id);
    }
  }
});
const send = (message) => {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
};
let last = 0;
const ask = (method, params) => new Promise((resolve) => {
  waiting.set(++last, resolve);
  send({ id: last, method, params });
});

const folder = pathToFileURL(process.cwd()).href;
const uri = `${folder}/probes.yaml`;
await ask('initialize', {
  processId: process.pid,
  rootUri: folder,
  workspaceFolders: [{ uri: folder, name: 'gate' }],
  capabilities: { workspace: { configuration: true }, textDocument: { completion: { completionItem: {} } } },
});
send({ method: 'initialized', params: {} });
send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version: 1, text } } });

const wanted = {
  facts: ['status', 'duration', 'json', 'headers'],
  options: ['address', 'server_name'],
  keys: ['http', 'tls', 'postgres', 'expect', 'needs', 'severity'],
};
let failed = false;
for (const [name, position] of Object.entries(places)) {
  const answer = await ask('textDocument/completion', { textDocument: { uri }, position });
  const items = (answer.items ?? answer).map((item) => item.label);
  const missing = wanted[name].filter((word) => !items.includes(word));
  const labels = [...new Set(items)].sort();
  console.log(`${name}: ${labels.length} offered: ${labels.join(', ')}`);
  const one = (answer.items ?? answer).find((item) => item.label === wanted[name][0]);
  const told = one?.documentation?.value ?? one?.documentation ?? '';
  console.log(`${name}: ${wanted[name][0]}: ${String(told).split('\n')[0]}`);
  if (missing.length > 0 || told === '') {
    console.log(`${name}: missing ${missing.join(', ') || 'a description'}`);
    failed = true;
  }
}
server.kill();
process.exit(failed ? 1 : 0);
