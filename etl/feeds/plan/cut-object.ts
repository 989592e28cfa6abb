/** The bytes `[start, end)` of an object. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Cuts a range into ranges of a given size in bytes; the last is shorter, and none is empty. */
export function cutRange({ start, end }: Range, chunkBytes: number): Range[] {
  return Array.from({ length: Math.ceil((end - start) / chunkBytes) }, (_, index) => ({
    start: start + index * chunkBytes,
    end: Math.min(start + (index + 1) * chunkBytes, end),
  }));
}

/**
 * The ranges of an object that others do not cover, wherever those were cut: so each byte is loaded, and counts, once.
 */
export function findGaps(bytes: number, covered: readonly Range[]): Range[] {
  const gaps: Range[] = [];
  let reached = 0;
  for (const { start, end } of [...covered].sort((a, b) => a.start - b.start)) {
    if (start > reached) gaps.push({ start: reached, end: start });
    reached = Math.max(reached, end);
  }
  return reached < bytes ? [...gaps, { start: reached, end: bytes }] : gaps;
}
