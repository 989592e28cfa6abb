import { describeCost } from "../../cost/describe-cost";
import { costOfStacks, type StackReview } from "../review-stack";
import { escapeMarkdown } from "./escape-markdown";

/** What the plans change on the monthly bill, as a section of the review; nothing if they change nothing. */
export function renderCost(stacks: readonly StackReview[]): readonly string[] {
  const [sum = "", ...lines] = describeCost(costOfStacks(stacks), escapeMarkdown);
  return lines.length === 0 ? [] : ["", `### ${sum}`, "", ...lines.map((line) => `- ${line}`)];
}
