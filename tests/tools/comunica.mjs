// Answers SPARQL queries with Comunica, over a file of RDF or an endpoint.
//
// Reads from standard input a JSON object a line, {name, query}, and prints one for each:
// {name, answer} or {name, error}. An answer is SPARQL results in JSON, or N-Triples where the query
// makes triples. All graphs of a file are queried as one.
//
// usage: node comunica.mjs --modules FOLDER (--file FILE | --endpoint URL) < queries

import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: {
    modules: { type: 'string' },
    file: { type: 'string' },
    endpoint: { type: 'string' },
  },
});
if (options.modules === undefined || (options.file === undefined) === (options.endpoint === undefined)) {
  console.error('--modules and one of --file and --endpoint are needed');
  process.exit(2);
}
// An import looks only beside this file, where nothing is installed.
const require = createRequire(resolve(options.modules, 'package.json'));
const { QueryEngine } = require('@comunica/query-sparql-file');
const engine = new QueryEngine();
const context =
  options.file === undefined
    ? { sources: [{ type: 'sparql', value: options.endpoint }] }
    : { sources: [{ type: 'file', value: resolve(options.file) }], unionDefaultGraph: true };

async function answer(query) {
  const result = await engine.query(query, context);
  const type =
    result.resultType === 'quads' ? 'application/n-triples' : 'application/sparql-results+json';
  const { data } = await engine.resultToString(result, type);
  const chunks = [];
  for await (const chunk of data) {
    chunks.push(Buffer.from(chunk));
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (result.resultType === 'quads') {
    return text;
  }
  // Comunica adds metadata of its own, which not every reader takes.
  const { head, results } = JSON.parse(text);
  return JSON.stringify({ head, results });
}

for await (const line of createInterface({ input: process.stdin })) {
  const { name, query } = JSON.parse(line);
  try {
    console.log(JSON.stringify({ name, answer: await answer(query) }));
  } catch (error) {
    console.log(JSON.stringify({ name, error: error.message }));
  }
}
