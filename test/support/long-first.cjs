const { readFileSync } = require("node:fs");
const { default: Sequencer } = require("@jest/test-sequencer");

/**
 * Where no suite's time is known yet, jest begins with the longest file. Those that deploy to an emulated AWS come before: a short one
 * of them takes minutes, too, of which most are waits, and as the last one it would keep a single core busy.
 */
module.exports = class CloudsFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    if (sorted.some(({ duration }) => duration !== undefined && duration !== null)) return sorted;
    const isCloud = ({ path }) => readFileSync(path, "utf8").includes("startCloud(");
    const clouds = sorted.filter(isCloud);
    return [...clouds, ...sorted.filter((test) => !clouds.includes(test))];
  }
};
