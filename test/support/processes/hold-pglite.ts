import { openPglite } from "../../../etl/adapters/pglite/pglite";

/** Opens the embedded database of a directory and keeps it open until it is killed. */
async function main(directory = "", cache?: string): Promise<void> {
  await openPglite(directory, { cache });
  console.log("open");
  setInterval(() => undefined, 60_000);
}

main(...process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
