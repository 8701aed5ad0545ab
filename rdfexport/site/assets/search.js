"use strict";
// Search without a server: rdfexport/site/search.py tells how the files in search/ are made.

const SHOWN = 10;
const NAMED = 8;
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUE = new Map([...DIGITS].map((digit, value) => [digit, value]));
// With more blocks than these a beginning of a word is too short to tell much.
const BLOCKS = 2;

const form = document.getElementById("search");
const field = document.getElementById("q");
const state = document.getElementById("status");
const more = document.getElementById("more");
const entities = document.querySelector("#entities ul");
const figures = document.querySelector("#figures ul");

const files = new Map();

/** A JSON file of the index, fetched once. */
function read(path) {
  if (!files.has(path)) {
    const answer = fetch(`search/${path}.json`).then((response) => {
      if (!response.ok) throw new Error(`${path}: ${response.status}`);
      return response.json();
    });
    answer.catch(() => files.delete(path));
    files.set(path, answer);
  }
  return files.get(path);
}

/** The words of a text, as rdfexport/site/words.py finds them. */
function words(text, stop) {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 1 && !stop.has(word));
}

function unpacked(text) {
  const numbers = [];
  if (text[0] === "!") {
    for (let i = 1; i < text.length; i++) {
      const bits = VALUE.get(text[i]);
      for (let bit = 0; bit < 6; bit++) if (bits >> bit & 1) numbers.push((i - 1) * 6 + bit);
    }
    return numbers;
  }
  let last = -1;
  let distance = 0;
  let shift = 0;
  for (const digit of text) {
    const value = VALUE.get(digit);
    distance += (value & 31) << shift;
    shift += 5;
    if (value < 32) {
      last += distance + 1;
      numbers.push(last);
      distance = shift = 0;
    }
  }
  return numbers;
}

/** The block that a word is in, if it is anywhere. */
function block(starts, word) {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= word) low = middle + 1; else high = middle;
  }
  return Math.max(low - 1, 0);
}

/** Numbers of texts with a word, and of those with a word that begins so. */
async function having(folder, index, word, asBeginning) {
  if (!index.words.length) return { exact: new Set(), all: new Set() };
  const first = block(index.words, word);
  const blocks = [first];
  if (asBeginning) {
    while (blocks.length < BLOCKS && (index.words[first + blocks.length] ?? "").startsWith(word)) {
      blocks.push(first + blocks.length);
    }
  }
  const exact = new Set();
  const all = new Set();
  for (const part of await Promise.all(blocks.map((one) => read(`${folder}/words-${one}`)))) {
    for (const [found, packed] of Object.entries(part)) {
      if (found !== word && !(asBeginning && found.startsWith(word))) continue;
      for (const number of unpacked(packed)) {
        all.add(number);
        if (found === word) exact.add(number);
      }
    }
  }
  return { exact, all };
}

/** Numbers of the texts with all words of a query: those with its last word as a whole first. */
async function search(folder, query) {
  const index = await read(`${folder}/index`);
  const asked = words(query, new Set(index.stop));
  if (!asked.length) return { index, asked, numbers: [] };
  // One after the other: where nothing has the first ones, the others need not be fetched.
  const sets = [];
  const within = (number) => sets.every((set) => set.has(number));
  for (const word of asked.slice(0, -1)) {
    const { exact } = await having(folder, index, word, false);
    if (![...exact].some(within)) return { index, asked, numbers: [] };
    sets.push(exact);
  }
  const last = await having(folder, index, asked.at(-1), true);
  const ascending = (numbers) => [...numbers].filter(within).sort((a, b) => a - b);
  const whole = ascending(last.exact);
  const begun = ascending(last.all).filter((number) => !last.exact.has(number));
  return { index, asked, numbers: [...whole, ...begun] };
}

async function texts(folder, index, numbers) {
  return Promise.all(numbers.map(async (number) => {
    const several = await read(`${folder}/texts-${Math.floor(number / index.texts)}`);
    return several[number % index.texts];
  }));
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function line(address, title, ...others) {
  const item = document.createElement("li");
  const link = element("a", title);
  link.href = address;
  item.append(link);
  for (const other of others) item.append(" ", other);
  return item;
}

const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

function entityLine([kind, key, name, about, number]) {
  const one = kind.slice(0, -1);
  const others = [element("span", one, `kind ${one}`)];
  if (about) others.push(element("span", about, "note"));
  others.push("·", element("span", counted(number, "figure"), "count"));
  return line(`${kind}/${key}.html`, name, ...others);
}

function figureLine([name, title, year]) {
  const id = name.split("__")[0] + (year ? ` · ${year}` : "");
  return line(`figures/${name}.html`, title, element("span", id, "id"));
}

let run = 0;
let rest = { index: null, numbers: [] };

async function showMore() {
  const mine = run;
  const { index, numbers } = rest;
  const some = numbers.slice(0, SHOWN);
  const lines = (await texts("figures", index, some)).map(figureLine);
  if (mine !== run) return;
  figures.append(...lines);
  rest = { index, numbers: numbers.slice(SHOWN) };
  more.hidden = rest.numbers.length === 0;
  return lines[0];
}

async function show(query) {
  const mine = ++run;
  state.textContent = query.trim() ? "Searching…" : "";
  try {
    const [named, found] = await Promise.all([search("entities", query), search("figures", query)]);
    // Those called just so first; otherwise those in most figures.
    const candidates = await texts("entities", named.index, named.numbers.slice(0, NAMED));
    if (mine !== run) return;
    const exactly = query.trim().toLowerCase();
    const first = candidates.filter((one) => one[2].toLowerCase() === exactly);
    const others = candidates.filter((one) => one[2].toLowerCase() !== exactly);
    entities.replaceChildren(...[...first, ...others].map(entityLine));
    figures.replaceChildren();
    rest = found;
    await showMore();
    if (mine !== run) return;
    document.getElementById("entities").hidden = candidates.length === 0;
    document.getElementById("figures").hidden = found.numbers.length === 0;
    if (!found.asked.length) {
      state.textContent = query.trim() ? "Type a word of two letters or more." : "";
    } else if (found.numbers.length || candidates.length) {
      state.textContent = `${counted(found.numbers.length, "figure")} found.`;
    } else {
      state.textContent = "Nothing found. Fewer words may help: figures have all of those typed.";
    }
  } catch {
    if (mine !== run) return;
    state.textContent = location.protocol === "file:"
      ? "Searching needs a web server in front of these files. The lists above work without one."
      : "The search index could not be read. Please try again.";
  }
}

let waiting;

function typed() {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const query = field.value.trim();
    const address = new URL(location.href);
    if (query) address.searchParams.set("q", query); else address.searchParams.delete("q");
    history.replaceState(null, "", address);
    show(field.value);
  }, 150);
}

field.addEventListener("input", typed);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  typed();
});
more.addEventListener("click", async () => {
  const first = await showMore();
  // The keyboard goes on at the first of the new ones.
  first?.querySelector("a").focus();
});

field.value = new URL(location.href).searchParams.get("q") ?? "";
if (field.value) show(field.value);
