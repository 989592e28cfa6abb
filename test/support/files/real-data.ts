import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the real inputs lie: beside the checkout, or where MILLRACE_SHARED says. */
const FOLDER = join(process.env.MILLRACE_SHARED ?? join(__dirname, "../../../../shared"), "data");

/** The real feeds of 2020, where this machine has them. */
export const realData = {
  missing: existsSync(FOLDER) ? undefined : `no real data in ${FOLDER}`,
  casesPath: join(FOLDER, "nyt-us-2020-09-30.csv"),
  recoveriesPath: join(FOLDER, "jhu-time-series-2020-10-04.csv"),
  cases: () => readFileSync(realData.casesPath, "utf8"),
  recoveries: () => readFileSync(realData.recoveriesPath, "utf8"),
};

/** `describe`, or where something is missing a skipped one, and the reason said aloud. */
export function describeUnless(missing: string | undefined, title: string, suite: () => void): void {
  if (missing === undefined) {
    describe(title, suite);
    return;
  }
  process.stderr.write(`skipped: ${title}: ${missing}\n`);
  describe.skip(title, suite);
}
