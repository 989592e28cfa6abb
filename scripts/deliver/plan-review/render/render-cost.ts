import { describeCost } from "../../cost/describe-cost";
import { sumCosts } from "../../cost/plan-cost";
import type { StackReview } from "../review-stack";
import { escapeMarkdown } from "./escape-markdown";

/** What the plans change on the monthly bill, as a section of the review; nothing if they change nothing. */
export function renderCost(stacks: readonly StackReview[]): readonly string[] {
  const cost = sumCosts(stacks.map((stack) => stack.cost));
  const [sum = "", ...lines] = describeCost(cost, escapeMarkdown);
  return lines.length === 0 ? [] : ["", `### ${sum}`, "", ...lines.map((line) => `- ${line}`)];
}
