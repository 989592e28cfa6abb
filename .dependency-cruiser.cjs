/** The import rules of docs/architecture.md. */
const only = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: from },
  to: { path: "^(main\\.ts|config|stacks|modules|etl|handlers|scripts|test)", pathNot: allowed },
});

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      // The simulator of IAM is installed on demand, into a folder of the cache.
      name: "not-resolvable",
      severity: "error",
      from: { pathNot: "^emulator/node/simulate\\.mjs$" },
      to: { couldNotResolve: true },
    },
    only("main-imports-config-and-stacks", "^main\\.ts", "^(config|stacks)/"),
    only(
      "config-imports-nothing-but-what-an-address-is",
      "^config/",
      "^config/|^etl/core/fetch/(date-in-address|mask-url|secret-parameters)\\.ts$",
    ),
    only(
      "stacks-import-modules-and-config",
      "^stacks/",
      "^(stacks|modules|config)/|^etl/.*environment\\.ts$|^etl/core/runs/metrics\\.ts$",
    ),
    {
      name: "stacks-import-only-types-of-etl",
      severity: "error",
      from: { path: "^stacks/" },
      to: { path: "^etl/", dependencyTypesNot: ["type-only"] },
    },
    only("modules-import-nothing-of-ours", "^modules/", "^modules/"),
    only("handlers-import-etl", "^handlers/", "^(handlers|etl)/"),
    only("core-imports-nothing-of-ours", "^etl/core/", "^etl/core/"),
    {
      // It runs in a browser, too; `etl/core/contract/tsconfig.json` holds it to that.
      name: "contracts-use-nothing-of-node",
      severity: "error",
      from: { path: "^etl/core/contract/" },
      to: { pathNot: "^etl/core/(contract/|errors\\.ts$)|(^|/)node_modules/(zod|kysely)/" },
    },
    only("adapters-import-core", "^etl/adapters/", "^etl/(adapters|core)/"),
    only("pipelines-import-core", "^etl/pipelines/([^/]+)/", "^etl/(core|pipelines/$1)/"),
    only("feeds-import-core", "^etl/feeds/", "^etl/(core|feeds)/"),
    only("report-imports-core", "^etl/report/", "^etl/(core|report)/"),
    only("scripts-import-etl-and-config", "^scripts/(?!project/costs-page/)", "^(scripts|etl|config)/"),
    only("costs-page-synthesises-stacks", "^scripts/project/costs-page/", "^(scripts|etl|config|stacks)/"),
    {
      name: "etl-knows-no-cdktf",
      severity: "error",
      from: { path: "^etl/" },
      to: { path: "node_modules/(cdktf|constructs|@cdktf)" },
    },
    {
      // One door to PostgreSQL, so that no way to connect forgets to check whom it talks to. The local server is exempt.
      name: "pg-only-by-its-adapter",
      severity: "error",
      from: {
        path: "^(config|stacks|modules|etl|handlers|scripts)/",
        pathNot: "^(etl/adapters/postgres/|scripts/cloud/(postgres-server|managed-databases))",
      },
      to: { path: "node_modules/pg/", dependencyTypesNot: ["type-only"] },
    },
    { name: "product-imports-no-test", severity: "error", from: { pathNot: "^test/" }, to: { path: "^test/" } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
