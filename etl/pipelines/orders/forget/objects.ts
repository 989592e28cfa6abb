import Papa from "papaparse";
import type { ObjectVersion, ObjectVersions } from "../../../core/objects/object-versions";
import type { Bytes } from "../../../core/ports";
import { idsIn } from "../ledger/forgotten";

export const MESSAGES = "messages/";
export const REJECTED = "rejected/";
/** An id of 100 characters, each escaped, and the text around it. */
const MESSAGE_START = 1_024;

/** Whether a message that lies in the bucket is about a customer: its id comes first. */
export async function isAboutMessage(
  objects: ObjectVersions,
  version: ObjectVersion,
  customer: string,
): Promise<boolean> {
  const start = await readText(await objects.open(version, MESSAGE_START));
  const [, id] = /^\{"id":("(?:[^"\\]|\\.)*")/.exec(start) ?? [];
  return id !== undefined && JSON.parse(id) === customer;
}

/** A file of rejected rows without those that name a customer, and how many these are. Summaries name nobody. */
export async function rejectedRows(
  objects: ObjectVersions,
  version: ObjectVersion,
  customer: string,
): Promise<{ readonly gone: number; readonly text: string }> {
  if (!version.key.endsWith(".csv")) return { gone: 0, text: "" };
  const { data, meta } = Papa.parse<Record<string, string>>(await readText(await objects.open(version)), {
    header: true,
    skipEmptyLines: true,
  });
  const left = data.filter(({ source = "", raw = "" }) => !idsIn({ source, raw }).includes(customer));
  const fields = meta.fields ?? [];
  const rows = left.map((row) => fields.map((field) => row[field] ?? ""));
  return { gone: data.length - left.length, text: `${Papa.unparse({ fields, data: rows })}\r\n` };
}

async function readText(bytes: Bytes): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
