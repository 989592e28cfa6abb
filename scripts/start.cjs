/**
 * `node scripts/start.cjs NAME …` runs `scripts/NAME.ts`, compiled: it begins in a third of the time that tsx takes. `../main` is the app
 * that synthesises the stacks. It is compiled again if any file differs that it is made from, by content. Where that is not possible, tsx runs it.
 */
const { createHash } = require("node:crypto");
const {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} = require("node:fs");
const { join } = require("node:path");

const ROOT = join(__dirname, "..");
const CACHE = join(ROOT, "node_modules/.cache/millrace");
const PARTS = ["config", "etl", "modules", "scripts", "stacks"];
const FILES = ["main.ts", "tsconfig.json", "package.json", "node_modules/.package-lock.json"];
/** The last ones used stay: a command that is running still reads from its own. */
const KEPT = 10;

async function main([name, ...rest]) {
  const script = join("scripts", name);
  const folder = await compiled().catch(() => undefined);
  const file = folder === undefined ? join(ROOT, `${script}.ts`) : join(folder, `${script}.js`);
  process.argv.splice(1, process.argv.length - 1, file, ...rest);
  if (folder === undefined) require("tsx/cjs");
  else process.setSourceMapsEnabled(true);
  require(file);
}

/** @returns the folder of this checkout's compiled commands */
async function compiled() {
  const folder = join(CACHE, hashSources());
  if (!existsSync(folder)) await compile(folder);
  const now = new Date();
  utimesSync(folder, now, now);
  return folder;
}

function hashSources() {
  // Compiled files name their sources' folders.
  const hash = createHash("sha256").update(`${ROOT}\0`);
  const add = (file) => {
    const content = readFileSync(join(ROOT, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  };
  for (const part of PARTS.filter((each) => existsSync(join(ROOT, each)))) {
    const entries = readdirSync(join(ROOT, part), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) add(file.slice(ROOT.length + 1));
  }
  for (const file of FILES.filter((each) => existsSync(join(ROOT, each)))) add(file);
  return hash.digest("hex").slice(0, 32);
}

async function compile(folder) {
  const unregister = require("tsx/cjs/api").register();
  const { bundleCommands } = require("./command-line/bundle-commands.ts");
  unregister();
  const partial = `${folder}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  try {
    await bundleCommands(ROOT, partial, folder);
    if (join(CACHE, hashSources()) !== folder) throw new Error("a source was changed meanwhile");
    // Another process may have been quicker.
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  const used = readdirSync(CACHE).map((entry) => ({
    path: join(CACHE, entry),
    at: statSync(join(CACHE, entry)).mtimeMs,
  }));
  const old = used.sort((one, other) => other.at - one.at).slice(KEPT);
  for (const { path } of old) rmSync(path, { recursive: true, force: true });
}

void main(process.argv.slice(2));
