import { type Grant, placeOf } from "./grants";
import type { Evidence } from "./judge";
import { boundaryOf, denials } from "./limits";
import { type Reasons, reasonsFor } from "./reasons";
import { roleName } from "./stable-names";
import type { UsedPermission } from "./usage";

const HEAD = `# Permissions

<!-- Generated from the end-to-end suite's recordings, by \`npm run permissions\`. Reasons belong in scripts/project/permissions/reasons.json. -->

The grants of each role of the three stacks, its calls while \`npm run test:e2e\` ran on [the emulated AWS](emulated-aws.md),
which enforces permissions, and the reasons for grants that no run used. \`npm run permissions -- --check\` fails for a refused call, for a
grant that is neither used nor explained, and for a stale reason. A grant counts as used only if a call needs it: calls that a
narrower one allows too do not count.
`;

/** docs/permissions.md. */
export function renderPermissions({ recordings, permissions }: Evidence, reasons: Reasons): string {
  const roles = [...new Set(permissions.map(({ grant }) => grant.role))].sort();
  const count = (role: string) => summarise(permissions.filter(({ grant }) => grant.role === role));
  const total = summarise(permissions);
  return [
    HEAD,
    `Suites: ${recordings.map(({ suite }) => suite).join(", ")}.\n`,
    "| role | grants | used | unused, with a reason |",
    "|---|---|---|---|",
    ...roles.map((role) => `| [${role}](#${role}) | ${count(role).join(" | ")} |`),
    `| ${roles.length} roles | ${total.join(" | ")} |\n`,
    ...roles.map((role) => renderRole(role, permissions, reasons, denials(recordings, role))),
    ...renderBoundary(recordings),
    ...renderServices(recordings),
  ].join("\n");
}

function summarise(permissions: readonly UsedPermission[]): readonly number[] {
  const actions = permissions.filter(({ kind }) => kind === "action");
  const used = actions.filter(({ called }) => called.length > 0).length;
  return [actions.length, used, actions.length - used];
}

function renderRole(
  role: string,
  permissions: readonly UsedPermission[],
  reasons: Reasons,
  denied: readonly Grant[],
): string {
  const own = permissions.filter(({ grant }) => grant.role === role);
  const places = [...new Set(own.map(({ grant }) => placeOf(grant)))].sort();
  const blocks = places.map((place) =>
    renderGrant(
      own.filter(({ grant }) => placeOf(grant) === place),
      reasons,
    ),
  );
  return [`## ${role}\n`, ...blocks, ...denied.map((one) => renderStatement("Denied, whatever allows it", one))].join(
    "\n",
  );
}

function renderBoundary(recordings: Evidence["recordings"]): readonly string[] {
  const { roles, allows, denies } = boundaryOf(recordings);
  if (roles.length === 0) return [];
  return [
    "## The boundary\n",
    `The limit of the roles of the stacks, whatever their own policies allow. It grants nothing itself. It bounds ${roles.join(", ")}.\n`,
    ...allows.map((one) => renderStatement("At most", one)),
    ...denies.map((one) => renderStatement("Denied, whatever allows it", one)),
  ];
}

function renderStatement(title: string, { actions, resources, conditions }: Grant): string {
  return [
    `${title}: ${actions.map((action) => `\`${action}\``).join(", ")} on`,
    ...resources.map((resource) => `- \`${resource}\``),
    ...conditions.map((condition) => `- where \`${condition}\``),
    "",
  ].join("\n");
}

function renderGrant(permissions: readonly UsedPermission[], reasons: Reasons): string {
  const { policy = "", conditions = [] } = permissions[0]?.grant ?? {};
  const sorted = [...permissions].sort((a, b) => (a.pattern < b.pattern ? -1 : 1));
  const resources = sorted.filter(({ kind }) => kind === "resource");
  const actions = sorted.filter(({ kind }) => kind === "action");
  // If no action is used, no resource is, and the actions' reasons explain it.
  const isUsed = actions.some(({ called }) => called.length > 0);
  return [
    `\`${policy}\`, on`,
    ...resources.map((one) => {
      const why = one.called.length > 0 || !isUsed ? "" : `: ${reasonOf(one, reasons)}`;
      return `- \`${one.pattern}\`${why}`;
    }),
    ...conditions.map((condition) => `- where \`${condition}\``),
    "",
    "| action | called |",
    "|---|---|",
    ...actions.map((one) => `| \`${one.pattern}\` | ${called(one) ?? `no: ${reasonOf(one, reasons)}`} |`),
    "",
  ].join("\n");
}

function called({ pattern, called: actions }: UsedPermission): string | undefined {
  if (actions.length === 0) return undefined;
  return actions.length === 1 && actions[0] === pattern ? "yes" : actions.map((action) => `\`${action}\``).join(", ");
}

function reasonOf(permission: UsedPermission, reasons: Reasons): string {
  const [found] = reasonsFor(permission, reasons);
  if (found === undefined) return "**without a reason**";
  return `${found.reason}${found.source === undefined ? "" : ` (${found.source})`}`.replaceAll("|", "\\|");
}

/** The calls of AWS's services in their own name, allowed by resource policies. */
function renderServices(recordings: Evidence["recordings"]): readonly string[] {
  const calls = recordings
    .flatMap(({ decisions }) => decisions)
    .filter(
      ({ principal, decision, action }) =>
        principal.startsWith("service:") && decision === "Allowed" && action !== "sts:AssumeRole",
    );
  const lines = calls.map(({ principal, action, resource }) => {
    const kind = resource.split(":")[2] ?? "";
    return `| ${roleName(principal).replace("service:", "")} | \`${action}\` | ${kind} |`;
  });
  return [
    "## Services, by the policies of resources\n",
    "| service | action | on |",
    "|---|---|---|",
    ...[...new Set(lines)].sort(),
    "",
  ];
}
