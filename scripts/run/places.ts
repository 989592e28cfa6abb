import { join } from "node:path";

/** Files of local runs: below the working directory, and ignored by git. */
export const MILLRACE_FOLDER = ".millrace";

export const EMBEDDED_DATABASE = join(MILLRACE_FOLDER, "db");
export const RAW_FOLDER = join(MILLRACE_FOLDER, "raw");
export const REPORT_FILE = join(MILLRACE_FOLDER, "report.html");
/** A folder in it for each source folder. */
export const ORDERS_FOLDER = join(MILLRACE_FOLDER, "orders");
/** A page for each pipeline, and an index. */
export const PAGES_FOLDER = join(MILLRACE_FOLDER, "pages");
/** The same, downloaded from AWS: a folder in it for each environment. */
export const AWS_PAGES_FOLDER = join(MILLRACE_FOLDER, "aws-pages");
