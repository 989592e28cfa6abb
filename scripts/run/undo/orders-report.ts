import { counted } from "../../../etl/core/counted";
import type { UndoPlan } from "../../../etl/pipelines/orders/undo/plan-undo";

/** How an undo was asked for. */
export interface UndoAsked {
  readonly dryRun: boolean;
  readonly skipConflicts: boolean;
}

/** `dry-run` also of one that would be blocked. */
export type UndoStatus = "conflicts" | "nothing" | "dry-run" | "succeeded";

/** Whether nothing may be undone, as a later send changed customers. */
export function isBlocked({ conflicts }: UndoPlan, { skipConflicts }: UndoAsked): boolean {
  return conflicts > 0 && !skipConflicts;
}

export function statusOf(plan: UndoPlan, options: UndoAsked): UndoStatus {
  if (isBlocked(plan, options)) return "conflicts";
  if (plan.shown.length === 0) return "nothing";
  return options.dryRun ? "dry-run" : "succeeded";
}

/** The customers of an undo, a line each: conflicts with their three bodies, then what is sent, and in place of what. */
export function describeCustomers({ conflicts, messages, unsent, shown, shownConflicts }: UndoPlan): readonly string[] {
  const moreConflicts = conflicts - shownConflicts.length;
  const silent = shown.filter(({ before, version }) => before !== null && version === null).length;
  const more = messages + unsent + silent - shown.length;
  return [
    ...shownConflicts.map(
      ({ customer, before, after, now }) =>
        `customer ${JSON.stringify(customer)}: changed since: before ${before ?? "none"}, after ${after ?? "none"}, now ${now ?? "none"}`,
    ),
    ...(moreConflicts > 0
      ? [`and ${counted(moreConflicts, "more customer who was", "more customers who were")} changed since`]
      : []),
    ...shown.map(({ customer, now, before, version }) => {
      const what = version === null ? "no message" : `version ${version}`;
      return `customer ${JSON.stringify(customer)}: ${what}: now ${now ?? "none"}, before ${before ?? "none"}`;
    }),
    ...(more > 0 ? [`and ${counted(more, "more customer")}`] : []),
  ];
}

/** What an undo does, for a person. */
export function describePlan(plan: UndoPlan, options: UndoAsked): string {
  const { batch, send, newest, cascade, messages, unsent, conflicts } = plan;
  const sends = cascade && newest > send ? `sends ${send} to ${newest}` : `send ${send}`;
  const status = statusOf(plan, options);
  const what = `${sends} of batch ${batch}`;
  const done = options.dryRun ? "would be undone" : `undone by send ${newest + 1}`;
  const outcome = {
    conflicts: `Nothing ${options.dryRun ? "would be" : "was"} undone: ${counted(conflicts, "customer was", "customers were")} changed since ${what}`,
    nothing:
      conflicts > 0
        ? `Nothing ${options.dryRun ? "would be" : "was"} undone: all that is left of ${what} was changed since`
        : `Nothing to undo: all customers are as they were before ${what}`,
    "dry-run": `${what} ${done}: ${counted(messages, "message as it was", "messages as they were")} before, with a higher version`,
    succeeded: `${what} ${done}: ${counted(messages, "message as it was", "messages as they were")} before, with a higher version`,
  }[status];
  return [
    ...(options.dryRun ? ["Dry run: nothing was sent."] : []),
    outcome,
    ...(unsent > 0 && !isBlocked(plan, options)
      ? [`Customers who had no message before it: ${unsent}; none is sent for them`]
      : []),
    ...(status === "conflicts"
      ? ["--skip-conflicts leaves these as they are, --cascade undoes the sends after it, too"]
      : []),
    ...(conflicts > 0 && options.skipConflicts
      ? [
          `${counted(conflicts, "customer was", "customers were")} changed since, and ${conflicts === 1 ? "stays as it is" : "stay as they are"}`,
        ]
      : []),
  ].join("\n");
}

/** One object, for programs. */
export function planToJson(plan: UndoPlan, options: UndoAsked) {
  const status = statusOf(plan, options);
  return { pipeline: "orders", status, by: status === "succeeded" ? plan.newest + 1 : null, ...plan };
}
