import { MillraceError } from "../../../etl/core/errors";
import { buildHandlers } from "./handlers";
import { buildLayer } from "./layer";
import { type Artifact, exceedsLimit, LIMITS } from "./sizes";

/** Builds the layer and the handlers of a checkout into a folder; skips what is up to date. */
export async function buildArtifacts(root: string, out: string): Promise<readonly Artifact[]> {
  const layer = await buildLayer(root, out);
  const handlers = await buildHandlers(root, out);
  return [
    { name: "layer runtime", bytes: layer.bytes, limit: LIMITS.layer, sha256: layer.sha256, changed: layer.rebuilt },
    ...handlers.map(({ name, bytes, sha256, rewritten }) => ({
      name: `handler ${name}`,
      bytes,
      limit: LIMITS.handler,
      sha256,
      changed: rewritten,
    })),
  ];
}

/** @throws MillraceError if one is over its limit */
export async function buildForDeployment(root: string, out: string): Promise<void> {
  const over = (await buildArtifacts(root, out)).filter(exceedsLimit);
  if (over.length === 0) return;
  throw new MillraceError(`Too large to be deployed: ${over.map(({ name }) => name).join(", ")}`, {
    got: over.map(({ bytes }) => `${bytes} bytes`).join(", "),
    expected: over.map(({ limit }) => `up to ${limit}`).join(", "),
    fix: "`npm run build` shows all sizes; leave a package out, or move it to the layer",
  });
}
