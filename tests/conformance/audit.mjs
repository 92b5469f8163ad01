// Runs every server audit of graphql-http against one URL: node audit.mjs http://127.0.0.1:8080/graphql
//
// Every MUST and SHOULD has to pass, and every MAY but the three that ask for questions in URLs. Those three have to
// fail: a question holds a home postcode, and a URL ends up in logs.
import { auditServer } from 'graphql-http';

const REFUSED = new Set(['5A70', 'D6D5', '6A70']);

const url = process.argv[2];
if (!url) {
  console.error('usage: node audit.mjs URL');
  process.exit(2);
}

const results = await auditServer({ url });
const defects = [];
for (const { id, name, status, reason } of results) {
  console.log(`${status.padEnd(6)} ${id}  ${name}${reason ? `  (${reason})` : ''}`);
  if (REFUSED.has(id) ? status === 'ok' : status !== 'ok') defects.push(id);
}

const missing = [...REFUSED].filter((id) => !results.some((result) => result.id === id));
const passed = results.filter(({ status }) => status === 'ok').length;
console.log(`${passed} of ${results.length} audits pass; ${REFUSED.size} are refused on purpose.`);
if (defects.length > 0) console.log(`Not as they should be: ${defects.join(', ')}`);
if (missing.length > 0) console.log(`No longer among the audits: ${missing.join(', ')}`);
process.exit(defects.length > 0 || missing.length > 0 || results.length === 0 ? 1 : 0);
