import { removes } from "../change-kind";
import type { StackReview } from "../review-stack";
import type { ReviewedChange } from "../reviewed-change";
import { codeBlock, inlineCode } from "./escape-markdown";

interface Placed extends ReviewedChange {
  readonly stack: string;
}

/** What a reviewer must not miss: first data that would be lost, then everything else that is destroyed. */
export function removals(stacks: readonly StackReview[]): readonly string[] {
  const going = placed(stacks).filter(({ kind }) => removes(kind));
  const stateful = going.filter(({ loss }) => loss !== undefined);
  const others = going.filter(({ loss }) => loss === undefined);
  const forgotten = placed(stacks).filter(({ kind }) => kind === "forget");
  return [
    ...(stateful.length === 0
      ? []
      : ["", "> [!CAUTION]", "> **Data would be lost.**", ">", ...stateful.map((change) => `> ${removal(change)}`)]),
    ...(others.length === 0 ? [] : ["", "### Destroyed or replaced", "", ...others.map(removal)]),
    ...(forgotten.length === 0
      ? []
      : ["", "### Left behind", "", "They stay in AWS, unmanaged by Terraform:", "", ...forgotten.map(removal)]),
  ];
}

/** Changes that a deployment requests and RDS makes later. */
export function laterChanges(stacks: readonly StackReview[]): readonly string[] {
  const later = placed(stacks).filter(({ waits }) => waits !== undefined);
  if (later.length === 0) return [];
  const lines = later.map(({ stack, address, waits = "" }) => `- ${stack}: ${inlineCode(address)}: ${waits}`);
  const why =
    "The deployment requests these, and RDS makes them in the maintenance window (`database.applyImmediately`):";
  return ["", "### Waits for the maintenance window", "", why, "", ...lines];
}

/** Diffs of permissions and of network rules, one per resource. */
export function accessChanges(stacks: readonly StackReview[]): readonly string[] {
  const changes = placed(stacks).filter(({ access }) => access.length > 0);
  if (changes.length === 0) return [];
  const blocks = changes.flatMap(({ stack, kind, address, access }) => [
    "",
    `${stack}: ${kind} ${inlineCode(address)}`,
    "",
    ...codeBlock("diff", access),
  ]);
  return ["", "### Permissions and network rules", ...blocks];
}

function placed(stacks: readonly StackReview[]): readonly Placed[] {
  return stacks.flatMap(({ stack, changes }) => changes.map((change) => ({ ...change, stack })));
}

const done = { destroy: "destroyed", replace: "replaced", forget: "forgotten" } as const;

function removal({ stack, kind, address, loss, reasons }: Placed): string {
  const verb = kind === "destroy" || kind === "replace" || kind === "forget" ? done[kind] : kind;
  const lost = loss === undefined ? "" : `. Lost with it: ${loss}`;
  return `- ${stack}: ${inlineCode(address)} is **${verb}** (${reasons.map(inlineCode).join(", ")})${lost}`;
}
