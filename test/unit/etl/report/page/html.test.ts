import { embedJson, html, trusted } from "../../../../../etl/report/page/html";

const HOSTILE = `</script><img src=x onerror="alert(1)" title='&'>`;

test("what is put in is escaped, in text and in quoted attributes", () => {
  expect(html`<p title="${HOSTILE}">${HOSTILE}</p>`.toString()).not.toMatch(/<img|<\/script|alert\(1\)"/);
  expect(html`${"<&>\"'"}`.toString()).toBe("&lt;&amp;&gt;&quot;&#39;");
});

test("markup of our own is kept, lists are joined, undefined is nothing", () => {
  const list = ["a<", "b"].map((item) => html`<li>${item}</li>`);
  expect(html`<ul>${list}${undefined}${0}${trusted("<hr>")}</ul>`.toString()).toBe(
    "<ul><li>a&lt;</li><li>b</li>0<hr></ul>",
  );
});

test("a backslash in the text stays one", () => {
  expect(html`${"C:\\new"}`.toString()).toBe("C:\\new");
});

test("JSON cannot end its script element and reads back as it was", () => {
  const json = embedJson({ raw: `${HOSTILE}<!--` }).toString();
  expect(json).not.toContain("<");
  expect(JSON.parse(json)).toEqual({ raw: `${HOSTILE}<!--` });
});
