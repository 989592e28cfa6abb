const { availableParallelism } = require("node:os");

const shared = {
  testEnvironment: "node",
  moduleNameMapper: { "^fast-check$": "<rootDir>/test/support/fast-check.cjs" },
  transform: {
    "^.+\\.[cm]?[jt]s$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
};

/** `unit` needs Node alone; `e2e` needs PostgreSQL, Terraform or Python and names what is missing. */
module.exports = {
  testTimeout: 120_000,
  // jest leaves one core to the person; of two cores it would use one.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testSequencer: "<rootDir>/test/support/long-first.cjs",
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/test/{unit,integration,infra}/**/*.test.ts"],
      globalSetup: "<rootDir>/test/support/processes/compile-commands.ts",
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts"],
      globalSetup: "<rootDir>/test/support/processes/before-end-to-end.ts",
    },
  ],
};
