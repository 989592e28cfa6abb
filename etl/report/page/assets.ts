import { type PageAssets, readAssets } from "./asset-files";
import { contentPolicy } from "./policy";

let assets: PageAssets | undefined;

/** The files embedded in every page; read once. */
export function pageAssets(): PageAssets {
  assets ??= readAssets();
  return assets;
}

/** The {@link contentPolicy} of every page of a pipeline. */
export function pagePolicy(): string {
  const { style, charts, runs } = pageAssets();
  return contentPolicy({ scripts: [...charts, runs], style });
}
