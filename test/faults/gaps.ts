/** Pairs of phase and fault that no other suite had, found by looking for what was missing: these are tried each time. */
export const GAPS: readonly string[] = [
  // The daily feed: other suites killed it while it copied and upserted, and stopped the server under a copy.
  "covid/making the table/kill",
  "covid/after the commit/cut",
  "covid/reporting/cut",
  "covid/upserting, asked/disk",
  "covid/copying/SIGTERM",
  // `import`: other suites killed a worker in a chunk.
  "import/making the ledger/kill",
  "import/after a chunk is kept/kill",
  "import/after the end is kept/cut",
  "import/copying/disk",
  "import/claiming another chunk/SIGINT",
  "import with 2 workers/after a chunk is kept/kill",
  "import with 2 workers/before the end is kept/cut",
  // `orders`: other suites killed a worker in memory after each step, never the command.
  "orders/locking/disk",
  "orders/printing/disk",
  "orders/printing/silence",
  "orders/printing the rest/cut",
  "orders/keeping rejected rows/disk",
  "orders/announcing messages/kill",
  // `metadata` and `doctor`: nothing was stopped at all.
  "metadata/printing to a full disk/disk",
  "metadata/printing/cut",
  "metadata/printing/SIGTERM",
  "doctor/connecting/cut",
  "doctor/asking for privileges/cut",
  "doctor/asking for the encryption/kill",
];
