import type { Bytes, Progress, RawObject, RawStore, RememberedDownload, Source } from "../ports";
import { refusePage } from "./content";
import { hasLengthOf, watchEnd } from "./end";
import type { HttpPort, HttpResponse } from "./http";
import { maskUrl } from "./mask-url";
import { DEFAULT_PATIENCE, type FetchPatience, withPatience } from "./retry";
import { statusError } from "./status";
import { identifyUrl, parseHttpUrl } from "./url";

/** What to download, and with what. */
export interface FetchOptions {
  /** The source's name in its pipeline, for example `cases`. */
  readonly name: string;
  /** http or https; credentials in it are sent, and masked in every message. */
  readonly url: string;
  /** Under which the body is kept: `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** Whether the address is that of this day: the ledger then has it. Default: false. */
  readonly isOfDay?: boolean;
  readonly store: RawStore;
  readonly http: HttpPort;
  readonly progress: Progress;
  /** Default: {@link DEFAULT_PATIENCE}. */
  readonly patience?: Partial<FetchPatience>;
}

/** A downloaded body, kept complete in the raw store. */
export interface FetchedSource extends Source {
  readonly raw: RawObject;
  /** Whether the content is the same as in the last download of this address. */
  readonly unchanged: boolean;
}

/**
 * Downloads an address into the raw store. Known data is transferred again only if it changed, by its ETag and
 * Last-Modified; otherwise it is taken from the store. A retry repeats both request and storing, so an interrupted body
 * never counts.
 *
 * @throws SourceError if the data is not available, or is a web page
 */
export async function fetchSource(options: FetchOptions): Promise<FetchedSource> {
  const { name, day, isOfDay, store, progress } = options;
  const url = parseHttpUrl(options.url, name);
  const location = maskUrl(url);
  const remembered = await store.recall(identifyUrl(url));
  const source = `${name}, ${location}`;
  const download = await withPatience({ ...DEFAULT_PATIENCE, ...options.patience }, source, (signal) =>
    attempt({ ...options, url, source, remembered, signal }),
  );
  if (download !== remembered) await store.remember(identifyUrl(url), download);
  progress.finish("download", name);
  const { key, sha256, bytes, mayBeCut } = download;
  return {
    name,
    location,
    size: bytes,
    raw: { key, sha256, bytes },
    unchanged: sha256 === remembered?.sha256,
    ...(mayBeCut === true && { mayBeCut }),
    ...(isOfDay === true && { day }),
    open: () => store.open(key),
  };
}

interface Attempt extends Omit<FetchOptions, "url"> {
  readonly url: URL;
  readonly source: string;
  readonly remembered: RememberedDownload | undefined;
  readonly signal: AbortSignal;
}

function attempt({ name, url, source, remembered, signal, http, progress, ...to }: Attempt) {
  const onReceived = (done: number, total?: number) => progress.advance("download", name, done, total);
  const request = { url, source, headers: conditions(remembered), signal, onReceived };
  return http.get(request, async (response): Promise<RememberedDownload> => {
    if (response.status === 304 && remembered !== undefined) return remembered;
    if (response.status !== 200) throw statusError(response, to.isOfDay === true ? to.day : undefined);
    const body = watchEnd(refusePage(response));
    const raw = await keep(to.store, name, to.day, body.bytes);
    const mayBeCut = !hasLengthOf(response) && !body.endsALine();
    return { ...raw, ...validators(response), ...(mayBeCut && { mayBeCut }) };
  });
}

/** Conditional requests: RFC 9110, section 13.1. */
function conditions(remembered: RememberedDownload | undefined): Record<string, string> {
  return {
    ...(remembered?.etag === undefined ? {} : { "if-none-match": remembered.etag }),
    ...(remembered?.lastModified === undefined ? {} : { "if-modified-since": remembered.lastModified }),
  };
}

function validators({ headers }: HttpResponse): Pick<RememberedDownload, "etag" | "lastModified"> {
  return { etag: headers.etag, lastModified: headers["last-modified"] };
}

/** Puts a body into the store; a failing body is reported with its own error, whatever the store throws. */
async function keep(store: RawStore, name: string, day: string, body: Bytes): Promise<RawObject> {
  let failure: { readonly reason: unknown } | undefined;
  async function* watched(): Bytes {
    try {
      yield* body;
    } catch (reason) {
      failure = { reason };
      throw reason;
    }
  }
  try {
    return await store.put(name, day, watched());
  } catch (error) {
    throw failure === undefined ? error : failure.reason;
  }
}
