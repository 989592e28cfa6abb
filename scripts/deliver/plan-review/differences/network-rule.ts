import { isParent, memberOf } from "./secrets";

/** Types whose changes open or close network access. */
export const NETWORK_RULE_TYPES: ReadonlySet<string> = new Set([
  "aws_security_group",
  "aws_default_security_group",
  "aws_security_group_rule",
  "aws_vpc_security_group_ingress_rule",
  "aws_vpc_security_group_egress_rule",
]);

/** Source or target of traffic, by the names of the provider's different resources. */
const peers = [
  "cidr_blocks",
  "ipv6_cidr_blocks",
  "prefix_list_ids",
  "security_groups",
  "cidr_ipv4",
  "cidr_ipv6",
  "prefix_list_id",
  "referenced_security_group_id",
  "source_security_group_id",
] as const;

/** One line for each allowed protocol, port and peer, for example `ingress tcp 22 from 0.0.0.0/0`. */
export function networkRules(type: string, values: unknown): readonly string[] {
  if (!isParent(values)) return [];
  if (type === "aws_vpc_security_group_ingress_rule") return describe("ingress", values);
  if (type === "aws_vpc_security_group_egress_rule") return describe("egress", values);
  if (type === "aws_security_group_rule") return describe(String(memberOf(values, "type")), values);
  return ["ingress", "egress"].flatMap((direction) => {
    const rules = memberOf(values, direction);
    if (Array.isArray(rules)) return rules.flatMap((rule) => describe(direction, rule));
    // All of them are hidden, or not known yet.
    return typeof rules === "string" ? [`${direction} ${rules}`] : [];
  });
}

function describe(direction: string, rule: unknown): readonly string[] {
  const protocol = String(memberOf(rule, "ip_protocol") ?? memberOf(rule, "protocol"));
  const what = protocol === "-1" ? "everything" : `${protocol} ${ports(rule)}`;
  const word = direction === "egress" ? "to" : "from";
  const said = memberOf(rule, "description");
  const note = typeof said === "string" && said !== "" ? ` (${said})` : "";
  const others = peers
    .flatMap((peer) => [memberOf(rule, peer)].flat())
    .filter((peer) => typeof peer === "string" && peer);
  if (memberOf(rule, "self") === true) others.push("itself");
  return others.map((peer) => `${direction} ${what} ${word} ${peer}${note}`);
}

function ports(rule: unknown): string {
  const [from, to] = [memberOf(rule, "from_port"), memberOf(rule, "to_port")];
  if (from === null || from === undefined) return "all ports";
  return from === to ? String(from) : `${from} to ${to}`;
}
