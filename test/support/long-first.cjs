const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { default: Sequencer } = require("@jest/test-sequencer");

/** What a suite starts that takes long, the longest first: an emulated AWS or every fault of a server, a server, an embedded database or commands. */
const LONG = [/startCloud\(|Emulator\.start\(|FaultStage|SilentPeers/, /startPostgres/, /openPglite|runEtl|nodeScript/];
/** Where suites stand that several files run, for example on PGlite and on PostgreSQL. */
const SUITES = /from "(\.\.?\/[^"]*support\/[^"]*)"/g;

/**
 * Where no suite's time is known yet, jest begins with the longest file. What takes minutes, often most of it in waits, comes before,
 * however short its file: as the last one it would keep a single core busy. A file is as long as the suites that it runs.
 */
module.exports = class LongFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined && duration !== null)) return sorted;
    const weighed = sorted.map((test) => ({ test, ...weigh(test.path) }));
    return weighed.sort((a, b) => a.rank - b.rank || b.length - a.length).map(({ test }) => test);
  }
};

function weigh(path) {
  const text = readFileSync(path, "utf8");
  const rank = LONG.findIndex((each) => each.test(text));
  const suites = [...text.matchAll(SUITES)].map(([, name]) => sizeOf(join(dirname(path), `${name}.ts`)));
  return { rank: rank < 0 ? LONG.length : rank, length: suites.reduce((sum, size) => sum + size, text.length) };
}

/** 0 where it is no file of TypeScript. */
function sizeOf(path) {
  try {
    return readFileSync(path).length;
  } catch {
    return 0;
  }
}
