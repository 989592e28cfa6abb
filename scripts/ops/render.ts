import type { Run } from "./runs/state-machine";

/** `2026-11-25 06:30:00Z`. */
export function renderTime(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace("T", " ")}Z`;
}

/** `3 h 12 min`, `45 s`. */
export function renderSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long a run took, or has been running. */
export function renderDuration({ started, ended }: Run, now: Date): string {
  return renderSeconds(((ended ?? now).getTime() - started.getTime()) / 1000);
}
