import forgetRecordings from "../cloud/roles/forget-recordings";
import compileCommands from "./compile-commands";

/** Before all end-to-end suites run. */
export default async function beforeEndToEnd(run: Parameters<typeof forgetRecordings>[0]): Promise<void> {
  forgetRecordings(run);
  await compileCommands();
}
