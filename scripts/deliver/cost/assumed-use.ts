/** The use that costs paid by use are counted for: a daily run, and little data. docs/costs.md shows it. */
export const ASSUMED = {
  runsPerMonth: 30,
  /** Of each function, in a run. */
  secondsPerCall: 10,
  transitionsPerRun: 10,
  logGroupGb: 0.05,
  flowLogGb: 0.5,
  monitoringGb: 0.3,
  bucketGb: 1,
  bucketWrites: 1_000,
  bucketReads: 10_000,
  tableGb: 0.1,
  tableWrites: 50_000,
  tableReads: 500_000,
  /** Five calls that each wait 20 seconds: Lambda asks an empty queue without a pause. */
  pollsPerMonth: (5 * 730 * 3600) / 20,
  emails: 100,
  keyRequests: 10_000,
  natGb: 10,
  endpointGb: 1,
  webGb: 1,
  trailEvents: 100_000,
  configChanges: 300,
  /** Of each rule. */
  configEvaluations: 50,
  hubChecks: 500,
  quickSightAuthors: 1,
  /** The part of a database's storage that is used, and the part that changes per day: what backups keep. */
  storageUsed: 0.5,
  storageChangedPerDay: 0.02,
} as const;
