/** `1 hour`, `26 hours`: for the texts of alarms. */
export function inHours(hours: number): string {
  return `${hours} ${hours === 1 ? "hour" : "hours"}`;
}
