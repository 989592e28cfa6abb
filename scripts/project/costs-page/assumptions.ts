import { ASSUMED } from "../../deliver/cost/assumed-use";

const number = (value: number) => value.toLocaleString("en-US");
const percent = (part: number) => `${Math.round(100 * part)} %`;

/** The assumed use of {@link ASSUMED}, in sentences: each names its figures. */
export const assumptions: readonly string[] = [
  `${ASSUMED.runsPerMonth} runs per month: each function is called once in a run, for ${ASSUMED.secondsPerCall} s, each state machine makes ${ASSUMED.transitionsPerRun} transitions, each schedule one call, each queue has one request`,
  `logs: ${ASSUMED.logGroupGb} GB per month in each group, ${ASSUMED.flowLogGb} GB of flow logs, ${ASSUMED.monitoringGb} GB of RDS's enhanced monitoring`,
  `S3: ${ASSUMED.bucketGb} GB in each bucket, ${number(ASSUMED.bucketWrites)} writes and ${number(ASSUMED.bucketReads)} reads per month`,
  `DynamoDB: ${ASSUMED.tableGb} GB in each table, ${number(ASSUMED.tableWrites)} write units and ${number(ASSUMED.tableReads)} read units per month`,
  `Lambda asks a queue that is empty five times in 20 s: ${number(ASSUMED.pollsPerMonth)} requests per month for each queue that calls a function`,
  `${ASSUMED.emails} e-mails from each topic, ${number(ASSUMED.keyRequests)} requests for each key`,
  `${ASSUMED.natGb} GB through each NAT gateway, ${ASSUMED.endpointGb} GB through the endpoint, ${ASSUMED.webGb} GB from CloudFront`,
  `RDS: ${percent(ASSUMED.storageUsed)} of the storage is used, and ${percent(ASSUMED.storageChangedPerDay)} of it changes per day. Backups are free up to the size of the storage`,
  `audit: ${number(ASSUMED.trailEvents)} events of objects and of \`ops sql\` in the trail (a feed with 10⁶ rows in two chunks is about ten per run), ${ASSUMED.configChanges} recorded changes, ${ASSUMED.configEvaluations} evaluations of each rule, ${ASSUMED.hubChecks} checks of Security Hub`,
  `QuickSight: ${ASSUMED.quickSightAuthors} author ([authors](https://community.amazonquicksight.com/t/quicksight-author-billing/25464); [readers](https://docs.aws.amazon.com/quick/latest/userguide/monitoring-upgrades.html) cost 3, Professional and Enterprise users 20 and 40)`,
];
