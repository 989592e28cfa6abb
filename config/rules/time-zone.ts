/**
 * Whether EventBridge Scheduler accepts a time zone: a name of the IANA database ("Schedule types in EventBridge
 * Scheduler", EventBridge Scheduler user guide). Node also accepts offsets, and names in any case.
 */
export function isTimeZone(text: string): boolean {
  const known = knownName(text);
  if (known === undefined || !/^[A-Z]/.test(text)) return false;
  // For an older name, Node returns the newer one, which says nothing about the case of the older one.
  return known.toLowerCase() === text.toLowerCase() ? known === text : text.split("/").every(isCapital);
}

function knownName(text: string): string | undefined {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

function isCapital(part: string): boolean {
  return /^[A-Z]/.test(part) && !/^[A-Z]{5,}$/.test(part);
}
