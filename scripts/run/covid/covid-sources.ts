import { join } from "node:path";
import { openFileSource } from "../../../etl/adapters/files/file-source";
import { RawStoreDirectory } from "../../../etl/adapters/files/raw-store-directory";
import { HttpClient } from "../../../etl/adapters/http/client";
import { addressesOfRun } from "../../../etl/core/fetch/date-in-address";
import { fetchSource } from "../../../etl/core/fetch/fetch";
import { isUrl } from "../../../etl/core/fetch/mask-url";
import type { Progress, Source } from "../../../etl/core/ports";
import { adviseOnDownload } from "../advise-here";
import { patience } from "../open-database";
import { RAW_FOLDER } from "../places";

/** The two feeds of `covid`: each a path, or an http(s) address. */
export interface CovidLocations {
  readonly cases: string;
  readonly recoveries: string;
}

/** The public addresses of the two feeds. */
export const LIVE: CovidLocations = {
  cases: "https://raw.githubusercontent.com/nytimes/covid-19-data/master/us.csv",
  recoveries: "https://raw.githubusercontent.com/datasets/covid-19/main/data/time-series-19-covid-combined.csv",
};

const FOLDER = join(__dirname, "../../../samples/covid");

/** Made up, by scripts/samples.ts. */
export const SAMPLES: CovidLocations = {
  cases: join(FOLDER, "made-up-cases.csv"),
  recoveries: join(FOLDER, "made-up-recoveries.csv"),
};

/**
 * Makes both feeds readable: a file in place, an address by downloading it into the raw folder.
 *
 * @param date the day for `{date}` in an address; default today
 */
export async function fetchCovid(
  locations: CovidLocations,
  progress: Progress,
  date?: string,
): Promise<readonly Source[]> {
  const addresses = addressesOfRun({ ...locations }, date);
  const { silenceMs } = patience();
  const quiet = silenceMs === undefined ? {} : { idleTimeoutMs: silenceMs };
  const fetchOne = async (name: keyof CovidLocations): Promise<Source> => {
    const location = locations[name];
    if (!isUrl(location)) return openFileSource(name, location);
    const store = new RawStoreDirectory(RAW_FOLDER, "covid");
    const http = new HttpClient(quiet);
    return fetchSource({ name, ...addresses[name], store, http, progress }).catch((error) => {
      throw adviseOnDownload(error);
    });
  };
  return [await fetchOne("cases"), await fetchOne("recoveries")];
}
