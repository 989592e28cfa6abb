/** The bytes `[start, end)` of an object. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Cuts an object into ranges of so many bytes; the last is shorter, and none is empty. */
export function cutObject(bytes: number, chunkBytes: number): Range[] {
  return Array.from({ length: Math.ceil(bytes / chunkBytes) }, (_, index) => ({
    start: index * chunkBytes,
    end: Math.min((index + 1) * chunkBytes, bytes),
  }));
}

/** The ranges that others do not cover, whatever the cuts that those came from. */
export function leaveOut(ranges: readonly Range[], others: readonly Range[]): Range[] {
  const sorted = [...others].sort((a, b) => a.start - b.start);
  return ranges.filter(({ start, end }) => {
    const reached = sorted.reduce((at, other) => (other.start <= at ? Math.max(at, other.end) : at), start);
    return reached < end;
  });
}
