import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import * as z from "zod";
import type { ListedObject, ObjectStore } from "../../core/objects/objects";
import type { MadePage } from "../index/make-table-pages";
import { pageFolder, pagePlace } from "../index/page-place";
import { type IndexEntry, type PipelineState, renderIndex } from "../index/render-index";

/** The prefix of all pages' keys. */
export const PAGES_PREFIX = "pages/";
const HTML = "text/html; charset=utf-8";

/** A pipeline's entry of the index, kept beside its page: no function knows the states of all pipelines. */
const entrySchema = z.object({
  state: z.object({
    name: z.string(),
    status: z.string(),
    at: z.coerce.date().nullable(),
    succeeded: z.coerce.date().nullable(),
    summary: z.string(),
  }),
  pages: z.array(z.object({ name: z.string(), href: z.string() })),
});

export interface ListedStore extends Pick<ObjectStore, "head" | "open"> {
  /** Every object with this prefix. */
  list(prefix: string): Promise<readonly ListedObject[]>;
}

export interface PageBucket extends ListedStore, Pick<ObjectStore, "put"> {}

export interface Publication {
  readonly state: PipelineState;
  /** Written one by one, while they are made. */
  readonly pages: AsyncIterable<MadePage> | Iterable<MadePage>;
}

/** The key of a pipeline's page. */
export function pageKey(pipeline: string): string {
  return `${PAGES_PREFIX}${pagePlace(pipeline)}`;
}

/** The key of the page that lists all. */
export const INDEX_KEY = `${PAGES_PREFIX}index.html`;

/**
 * Writes the pages of a pipeline, and its entry of the index. If none of them has the pipeline's name, a list of them
 * gets that place: so links to it, and the command that downloads it, work for any number of tables.
 *
 * @returns the written keys, in that order
 */
export async function publishPages(
  objects: PageBucket,
  { state, pages }: Publication,
  now: Date,
): Promise<readonly string[]> {
  const links: IndexEntry["pages"][number][] = [];
  for await (const { name, html } of pages) {
    await objects.put(pageKey(name), html, HTML);
    links.push({ name, href: pagePlace(name) });
  }
  if (!links.some(({ name }) => name === state.name)) {
    const own = links.map(({ name, href }) => ({ name, href: `../${href}` }));
    await objects.put(pageKey(state.name), renderIndex([{ state, pages: own }], now), HTML);
  }
  const entry = links.length === 0 ? [{ name: state.name, href: pagePlace(state.name) }] : links;
  await objects.put(entryKey(state.name), JSON.stringify({ state, pages: entry }), "application/json");
  return entry.map(({ href }) => `${PAGES_PREFIX}${href}`);
}

/**
 * Writes the page that lists all pipelines, from their entries. A pipeline without an entry, or with an unreadable one,
 * is listed without a page.
 */
export async function publishIndex(objects: PageBucket, pipelines: readonly string[], now: Date): Promise<string> {
  const entries: IndexEntry[] = [];
  for (const name of pipelines) entries.push((await readEntry(objects, name)) ?? unknown(name));
  await objects.put(INDEX_KEY, renderIndex(entries, now), HTML);
  return INDEX_KEY;
}

async function readEntry(objects: PageBucket, pipeline: string): Promise<IndexEntry | undefined> {
  const said = await readText(objects, entryKey(pipeline));
  return said === undefined ? undefined : entrySchema.safeParse(parseJson(said)).data;
}

/** @returns undefined if there is no such object: every caller may list, so S3 says so */
export async function readText(objects: ListedStore, key: string): Promise<string | undefined> {
  const listed = await objects.list(key);
  const found = listed.some((object) => object.key === key) ? await objects.head(key) : undefined;
  return found === undefined ? undefined : text(Readable.from(await objects.open(found)));
}

function entryKey(pipeline: string): string {
  return `${PAGES_PREFIX}${pageFolder(pipeline)}/entry.json`;
}

function unknown(name: string): IndexEntry {
  return { state: { name, status: "waiting", at: null, succeeded: null, summary: "no page yet" }, pages: [] };
}

function parseJson(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}
