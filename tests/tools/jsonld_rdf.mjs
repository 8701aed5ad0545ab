// Reads the JSON-LD files named on standard input, one path a line, as RDF with jsonld.js.
//
// Prints for each a line of JSON: {path, count, nquads} or {path, error}; nquads, as canonical
// N-Quads, only with --nquads. Safe mode makes an error of all that jsonld.js drops otherwise:
// relative IRIs, unknown terms and keywords. No context is fetched: schema.org's comes from a file.
//
// usage: node jsonld_rdf.mjs --modules FOLDER --context FILE [--nquads] < paths

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const SCHEMA_ORG = /^https?:\/\/schema\.org(\/|\/docs\/jsonldcontext\.jsonld)?$/;

const { values: options } = parseArgs({
  options: {
    modules: { type: 'string' },
    context: { type: 'string' },
    nquads: { type: 'boolean', default: false },
  },
});
if (options.modules === undefined || options.context === undefined) {
  console.error('--modules and --context are needed');
  process.exit(2);
}
// An import looks only beside this file, where nothing is installed.
const jsonld = createRequire(resolve(options.modules, 'package.json'))('jsonld');
const context = await readJson(options.context);

// The usual decoder replaces bytes that are no UTF-8 by U+FFFD.
async function readJson(path) {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return JSON.parse(decoder.decode(await readFile(path)));
}

async function documentLoader(url) {
  if (!SCHEMA_ORG.test(url)) {
    throw new Error(`refused to fetch ${url}`);
  }
  // "static" lets jsonld.js keep the processed context for the files to come.
  return { contextUrl: null, documentUrl: url, document: context, tag: 'static' };
}

async function convert(path) {
  try {
    // What canonize does first is toRDF, with the same options; then it names the blank nodes.
    const text = await jsonld.canonize(await readJson(path), {
      algorithm: 'RDFC-1.0',
      format: 'application/n-quads',
      safe: true,
      documentLoader,
    });
    const lines = [...new Set(text.split('\n').filter((line) => line !== ''))];
    const nquads = lines.map((line) => `${line}\n`).join('');
    return { path, count: lines.length, ...(options.nquads && { nquads }) };
  } catch (error) {
    return { path, error: describe(error) };
  }
}

// Safe mode says what it found in an event, a refused context in a cause.
function describe(error) {
  const { event, cause } = error.details ?? {};
  if (event !== undefined) {
    return `${event.code}: ${JSON.stringify(event.details)}`;
  }
  return cause === undefined ? error.message : `${error.message} ${cause.message}`;
}

for await (const path of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await convert(path)));
}
