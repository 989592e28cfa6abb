const { dirname, join } = require("node:path");

/** What tests get as `fast-check` (jest.config.cjs): a property that fails is told at once, as a smaller counterexample may be sought for ever. */
const fc = require(join(dirname(require.resolve("fast-check/package.json")), "lib/cjs/fast-check.js"));
fc.configureGlobal({ endOnFailure: true });

module.exports = fc;
