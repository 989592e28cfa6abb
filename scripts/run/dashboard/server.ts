import { createServer, type IncomingMessage, type Server } from "node:http";
import { MillraceError } from "../../../etl/core/errors";
import { pagePolicy } from "../../../etl/report/page/assets";
import { renderMessage } from "../../../etl/report/render-message";
import type { DashboardPage } from "./report-page";

const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": `${pagePolicy()}; frame-ancestors 'none'`,
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  // No keep-alive: requests are rare.
  Connection: "close",
} as const;

type Answer = Omit<DashboardPage, "status"> & { readonly status: number };

/** Serves one page at `/`, rendered for each request. */
export function createDashboard(makePage: () => Promise<DashboardPage>): Server {
  return createServer((request, response) => {
    answer(request, makePage).then(
      ({ status, html }) => {
        response.writeHead(status, status === 405 ? { ...HEADERS, Allow: "GET, HEAD" } : HEADERS);
        response.end(request.method === "HEAD" ? undefined : html);
      },
      (error: unknown) => {
        console.error(error);
        response.destroy();
      },
    );
  });
}

/**
 * Listens on 127.0.0.1 only.
 *
 * @param port 0 selects any free one
 * @returns the page's address
 * @throws MillraceError if the port is in use or not allowed
 */
export async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => {
      const fix = "Name another by --port, or any free one by --port 0";
      reject(new MillraceError(`The dashboard cannot listen on port ${port}`, { got: cause.message, fix, cause }));
    });
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : port}/`;
}

/** Ends at once, even with open connections of browsers. */
export function stop(server: Server): void {
  server.close();
  server.closeAllConnections();
}

async function answer(request: IncomingMessage, makePage: () => Promise<DashboardPage>): Promise<Answer> {
  // A site whose name resolves to 127.0.0.1 must not read the figures through its visitor's browser.
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? "")) {
    return refuse(421, "Not for this host", "Open the dashboard at the address that it printed.");
  }
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "Only to be read", "Use GET.");
  if (!/^\/(\?.*)?$/.test(request.url ?? "")) return refuse(404, "Nothing here", "The report is at /.");
  return makePage();
}

function refuse(status: number, title: string, text: string): Answer {
  return { status, html: renderMessage({ title, text }) };
}
