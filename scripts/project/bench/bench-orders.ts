import { once } from "node:events";
import { createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Papa from "papaparse";
import { MillraceError } from "../../../etl/core/errors";
import { findCloudProgram } from "../../cloud/environment/programs";
import { pythonEnvironment } from "../../cloud/environment/python-environment";
import { runProgram } from "../../command-line/run-program";
import { makeOrders, type OrdersSize } from "../samples/orders";
import { type Measurement, median, parseMeasurement } from "./measurement";
import { renderTable } from "./render-comparison";

const contenders = ["millrace", "pandas", "DuckDB"] as const;
type Contender = (typeof contenders)[number];

/**
 * Makes each contender produce the messages of a made-up batch, from three files to one of JSON lines, in turn and in
 * separate processes. @returns Markdown: medians and ratios
 *
 * @param customers with ten orders and thirty items each
 */
export async function compareOrders(customers: number, runs: number, say: (text: string) => void): Promise<string> {
  const { path, missing } = findCloudProgram("python");
  if (path === undefined) throw new MillraceError(`${missing.name} is missing`, { fix: missing.remedy });
  const python = await pythonEnvironment(path, join(__dirname, "contenders/orders-requirements.txt"), ".millrace", say);
  const folder = mkdtempSync(join(tmpdir(), "millrace-bench-orders-"));
  const measured = new Map(contenders.map((name) => [name, [] as Measurement[]]));
  try {
    const size = { customers, orders: customers * 10, items: customers * 30 };
    for (const kind of ["customers", "orders", "items"] as const) await writeFile(folder, kind, size);
    for (let run = 0; run < runs; run += 1) {
      for (const name of run % 2 === 0 ? contenders : contenders.toReversed()) {
        const measurement = await runOne(name, python, folder);
        if (measurement.inserted !== customers) throw new Error(`${name} made ${measurement.inserted} messages`);
        say(`orders, ${customers} customers, ${name}: ${measurement.seconds.toFixed(2)} s`);
        measured.get(name)?.push(measurement);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return render(measured);
}

async function writeFile(folder: string, kind: keyof OrdersSize, size: OrdersSize): Promise<void> {
  const file = createWriteStream(join(folder, `${kind}_20260828.csv`));
  let rows: string[][] = [];
  const flush = async () => {
    if (rows.length > 0 && !file.write(`${Papa.unparse(rows, { newline: "\n" })}\n`)) await once(file, "drain");
    rows = [];
  };
  for (const row of makeOrders(kind, size)) {
    rows.push([...row]);
    if (rows.length === 10_000) await flush();
  }
  await flush();
  file.end();
  await once(file, "finish");
}

async function runOne(name: Contender, python: string, folder: string): Promise<Measurement> {
  const places = [folder, join(folder, "messages.jsonl")];
  const { stdout } =
    name === "millrace"
      ? await runProgram(process.execPath, [
          ...["--expose-gc", "--import", "tsx", join(__dirname, "contenders/orders-millrace.ts"), ...places],
          join(folder, "ledger"),
        ])
      : await runProgram(python, [join(__dirname, `contenders/orders_${name.toLowerCase()}.py`), ...places]);
  return parseMeasurement(stdout);
}

function render(measured: ReadonlyMap<Contender, readonly Measurement[]>): string {
  const middle = (name: Contender, field: "seconds" | "cpuSeconds" | "peakKiB") =>
    median((measured.get(name) ?? []).map((one) => one[field] ?? Number.NaN));
  const ratio = (name: Contender, field: "seconds" | "cpuSeconds") =>
    (middle(name, field) / middle("millrace", field)).toFixed(2);
  const rows = contenders.map((name) => [
    name,
    middle(name, "seconds").toFixed(1),
    ratio(name, "seconds"),
    middle(name, "cpuSeconds").toFixed(1),
    ratio(name, "cpuSeconds"),
    (middle(name, "peakKiB") / 1024).toFixed(0),
  ]);
  return renderTable(["orders", "seconds", "× millrace", "CPU seconds", "× millrace", "MiB above idle"], rows);
}
