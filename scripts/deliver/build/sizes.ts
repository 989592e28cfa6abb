/** An artifact of the build, as it is deployed. */
export interface Artifact {
  readonly name: string;
  readonly bytes: number;
  readonly limit: number;
  /** Hex. */
  readonly sha256: string;
  readonly changed: boolean;
}

const KIB = 1024;

/**
 * Bytes. Far below Lambda's own limits (50 MB zipped, 250 MB unzipped): every megabyte slows a cold start, so growth
 * must be intended. The layer zipped; a handler's bundle with its source map.
 */
export const LIMITS = { layer: 3_072 * KIB, handler: 704 * KIB } as const;

export function exceedsLimit({ bytes, limit }: Artifact): boolean {
  return bytes > limit;
}

/** One line per artifact: name, size, limit, hash, and whether this build changed it. */
export function describeArtifacts(artifacts: readonly Artifact[]): string {
  const width = Math.max(...artifacts.map(({ name }) => name.length));
  return artifacts
    .map((artifact) => {
      const { name, bytes, limit, sha256, changed } = artifact;
      const state = exceedsLimit(artifact) ? "OVER THE LIMIT" : changed ? "built" : "unchanged";
      const size = `${toKib(bytes).padStart(8)} of ${toKib(limit)} KiB`;
      return `${name.padEnd(width)} ${size}  ${sha256.slice(0, 12)}  ${state}\n`;
    })
    .join("");
}

function toKib(bytes: number): string {
  return (bytes / KIB).toFixed(1);
}
