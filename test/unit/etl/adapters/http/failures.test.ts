import { explainHttpFailure } from "../../../../../etl/adapters/http/failures";
import { SourceError } from "../../../../../etl/core/errors";
import { TransientSourceError } from "../../../../../etl/core/fetch/errors";

const failure = (code: string) => Object.assign(new Error(`what ${code} says`), { code });

describe("explainHttpFailure", () => {
  test.each([
    ["ENOTFOUND", /no server with this name/],
    ["CERT_HAS_EXPIRED", /certificate is not trusted/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", /certificate is not trusted/],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", /certificate is not trusted/],
    ["EPROTO", /share no TLS/],
  ])("%s will not pass", (code, headline) => {
    const explained = explainHttpFailure(failure(code), "cases");
    expect(explained).not.toBeInstanceOf(TransientSourceError);
    expect(explained.message).toMatch(headline);
  });

  test.each([
    ["ECONNRESET", /broke off/],
    ["EAI_AGAIN", /cannot be reached/],
    ["ERR_CONNECT_TIMEOUT", /cannot be reached/],
    ["ERR__ERROR_FORMAT_PADDING_1", /Content-Encoding/],
    ["ERR_IDLE_TIMEOUT", /stopped answering/],
    ["SOMETHING_NEW", /broke off/],
  ])("%s may pass", (code, headline) => {
    const cause = failure(code);
    const explained = explainHttpFailure(cause, "cases", "after 3 bytes");
    expect(explained).toBeInstanceOf(TransientSourceError);
    expect(explained.message).toMatch(headline);
    expect(explained.message).toContain(`got ${code} (what ${code} says) after 3 bytes (cases)`);
    expect(explained.cause).toBe(cause);
  });

  test("leaves what is explained already", () => {
    const explained = new SourceError("too large");
    expect(explainHttpFailure(explained, "cases")).toBe(explained);
  });
});
