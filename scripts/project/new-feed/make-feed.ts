import { basename, join } from "node:path";
import { openFileSource } from "../../../etl/adapters/files/file-source";
import type { Feed } from "../../../etl/core/contract/contract";
import { checkFeed } from "../../../etl/core/contract/schema/check-contract";
import { measure } from "../../../etl/core/csv/measure";
import { CsvError, MillraceError, UsageError } from "../../../etl/core/errors";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import type { FeedSummary } from "../../../etl/feeds/run/events";
import { onStop } from "../../run/on-stop";
import { openDatabase } from "../../run/open-database";
import type { StoppableProgress } from "../../run/terminal/stoppable-progress";
import { chooseKey } from "./choose-key";
import { describeReading } from "./describe-reading";
import { parseFeedName } from "./feed-name";
import { type GuessedFeed, guessFeed, toFeed, withKey } from "./guess/guess-feed";
import { loadFile } from "./load-file";
import { MADE_UP, MADE_UP_KEY } from "./made-up";
import { type Profile, profileCsv } from "./profile/profile-csv";
import { type FeedOptions, readSettings } from "./write/settings";
import { UndoableFiles } from "./write/undo";
import { type FeedFiles, filesOf, refusePresent, writeFeed } from "./write/write-feed";

/** The command line's options. */
export interface NewFeedOptions extends FeedOptions {
  /** A file to make it from. Default: made-up rows. */
  readonly from?: string;
  /** Columns. Default: found, or asked for. */
  readonly key?: readonly string[];
}

/** The result. */
export interface MadeFeed {
  readonly feed: Feed;
  readonly profile: Profile;
  readonly guessed: GuessedFeed;
  readonly files: FeedFiles;
  /** The prefix of its objects' keys in the incoming bucket. */
  readonly prefix: string;
  readonly summary: FeedSummary;
}

/**
 * Makes a feed in a checkout: reads a file, writes contract, sample, page, list line and settings, and loads the file into the embedded
 * database. If any step fails, or the process is interrupted, nothing of it stays.
 */
export async function makeFeed(
  root: string,
  text: string,
  options: NewFeedOptions,
  openProgress: () => StoppableProgress,
): Promise<MadeFeed> {
  const name = parseFeedName(text);
  const settings = readSettings(name.name, options);
  refusePresent(root, name.name);
  const { from } = options;
  const profile = await readProfile(from, openProgress);
  if (profile.rows === 0) {
    throw new CsvError("Nothing was written: the file has a header and no rows", {
      where: { source: from },
      fix: "Name one with rows: types and key are guessed from them",
    });
  }
  const found = guessFeed(profile);
  const given = options.key ?? (from === undefined ? MADE_UP_KEY : undefined);
  const key = await chooseKey(found, describeReading(profile), given);
  const guessed = withKey(found, key.columns);
  const feed = checkFeed(toFeed(guessed, name, key.columns));
  const files = new UndoableFiles(root);
  const awaitsNoStop = onStop(() => {
    files.undo();
    console.error("Stopped: nothing was written");
  });
  const database = await openDatabase<FeedTables>({});
  const progress = openProgress();
  try {
    await writeFeed(
      root,
      files,
      name,
      { variable: name.variable, feed, guessed, rows: profile.rows, keyNote: key.note },
      settings,
    );
    const file = from ?? join(root, filesOf(name.name).sample);
    return {
      feed,
      profile,
      guessed,
      files: filesOf(name.name),
      prefix: settings.source?.prefix ?? `${name.name}/`,
      summary: await loadFile(database, feed, file, progress),
    };
  } catch (error) {
    files.undo();
    throw withNothingWritten(error);
  } finally {
    awaitsNoStop();
    progress.stop();
    await database.close().catch(() => undefined);
  }
}

function withNothingWritten(error: unknown): unknown {
  if (!(error instanceof MillraceError)) return error;
  const Kind = error instanceof UsageError ? UsageError : MillraceError;
  return new Kind(`Nothing was written: ${error.headline}`, { ...error.details, cause: error });
}

async function readProfile(file: string | undefined, openProgress: () => StoppableProgress): Promise<Profile> {
  if (file === undefined) return profileCsv(onePiece(MADE_UP), "made-up rows");
  const subject = basename(file);
  const source = await openFileSource("--from", file);
  const progress = openProgress();
  try {
    const { bytes } = measure(await source.open(), (done) => progress.advance("parse", subject, done, source.size));
    const profile = await profileCsv(bytes, file);
    progress.finish("parse", subject);
    return profile;
  } finally {
    progress.stop();
  }
}

async function* onePiece(text: string) {
  yield Buffer.from(text);
}
