const { existsSync, readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { default: Sequencer } = require("@jest/test-sequencer");

/** What a suite starts that takes long, the longest first: an emulated AWS or every fault of a server, a server, an embedded database or commands. */
const LONG = [/startCloud\(|Emulator\.start\(|FaultStage|SilentPeers/, /startPostgres/, /openPglite|runEtl|nodeScript/];
/** Where suites stand that several files run, for example on PGlite and on PostgreSQL. */
const SUITES = /from "(\.\.?\/(?:[^"]*support\/[^"]*|[^"]*-suite))"/g;
/** What a test may take: the more in all, the longer its suite takes. */
const LIMITS = /\b(\d+) \* MINUTES/g;

/**
 * Where no suite's time is known yet, jest begins with the longest file. What takes minutes, often most of it in waits, comes before,
 * however short its file: as the last one it would keep a single core busy. A file is as long as the suites that it runs;
 * of those that deploy, which differ by a quarter of an hour, the limits of their tests say more than their length.
 */
module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined && duration !== null)) return sorted;
    const weighed = sorted.map((test) => ({ test, ...weigh(test.path) }));
    return weighed
      .sort((a, b) => a.rank - b.rank || b.minutes - a.minutes || b.length - a.length)
      .map(({ test }) => test);
  }
};

function weigh(path) {
  const text = readFileSync(path, "utf8");
  const rank = LONG.findIndex((each) => each.test(text));
  const all = withSuites(path).join("\n");
  const minutes = [...all.matchAll(LIMITS)].reduce((sum, [, limit]) => sum + Number(limit), 0);
  return { rank: rank < 0 ? LONG.length : rank, minutes, length: all.length };
}

/** The text of a file, and of all suites that it runs or that those run; nothing where it is no file of TypeScript. */
function withSuites(path, seen = new Set()) {
  if (seen.has(path) || !existsSync(path)) return [];
  seen.add(path);
  const text = readFileSync(path, "utf8");
  const suites = [...text.matchAll(SUITES)].map(([, name]) => join(dirname(path), `${name}.ts`));
  return [text, ...suites.flatMap((suite) => withSuites(suite, seen))];
}
