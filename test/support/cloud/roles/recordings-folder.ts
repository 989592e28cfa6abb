import { resolve } from "node:path";

/** Where suites record what the emulated AWS decided, for `npm run permissions`. */
export const RECORDINGS = resolve(__dirname, "../../../../.millrace/decisions");
