import type { PipelineState } from "../index/render-index";
import type { UploadStatistics } from "./upload-statistics";

/** The line of `metadata` in the index. */
export function uploadsState({ uploads, newest }: UploadStatistics): PipelineState {
  const at = newest ?? null;
  const summary = `${uploads.toLocaleString("en-US")} uploads`;
  return { name: "metadata", status: at === null ? "waiting" : "succeeded", at, succeeded: at, summary };
}
