import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import * as z from "zod";
import { SourceError } from "../../../etl/core/errors";
import { mediaType } from "../../../etl/pipelines/metadata/summary";
import type { PipelineState } from "../../../etl/report/index/render-index";
import { renderMetadataPage } from "../../../etl/report/metadata/render-metadata-page";
import { UploadStatistics } from "../../../etl/report/metadata/upload-statistics";
import { uploadsState } from "../../../etl/report/metadata/uploads-state";

const lineSchema = z.object({
  content_type: z.string().nullable(),
  /** KiB. */
  size: z.number().min(0),
  last_modified: z.iso.datetime(),
});

/**
 * The page of `metadata`, and its line of the index.
 *
 * @param file the pipeline's output: one JSON object per line
 * @throws SourceError if it cannot be read, or a line is something else
 */
export async function metadataEntry(
  file: string,
  now: Date,
): Promise<{ readonly state: PipelineState; readonly page: string }> {
  const uploads = new UploadStatistics();
  let line = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(file, "utf8") })) {
      line += 1;
      if (text.trim() === "") continue;
      const { size, last_modified, ...summary } = lineSchema.parse(JSON.parse(text));
      uploads.add({ type: mediaType(summary), bytes: Math.round(size * 1024), uploaded: new Date(last_modified) });
    }
  } catch (cause) {
    throw explain(file, line, cause);
  }
  return { state: uploadsState(uploads), page: renderMetadataPage(uploads, now) };
}

function explain(file: string, line: number, cause: unknown): SourceError {
  const isLine = cause instanceof z.ZodError || cause instanceof SyntaxError;
  return new SourceError(isLine ? "The line is not from etl metadata" : "The file cannot be read", {
    got:
      cause instanceof z.ZodError
        ? z.prettifyError(cause).split("\n")[0]
        : cause instanceof Error
          ? cause.message
          : String(cause),
    expected: "lines that npm run --silent etl -- metadata printed",
    where: { source: file, ...(isLine && { line }) },
    cause,
  });
}
