// The Worker that stands beside a D1 database and passes statements on to it: nothing else.
//
//   POST /BINDING   Authorization: Bearer SECRET
//   {"batch": [{"sql": "…", "params": ["…", 1.5, [1, 2]]}, …], "bookmark": "…"}
//
// One statement answers with its rows as arrays; several are one transaction. Values are text, numbers (REAL) or lists
// of bytes. The answer has the shape of Cloudflare's REST API for `/raw`, and the session's bookmark.

const MOST = 32 * 1024 * 1024; // bytes of a request
const encoder = new TextEncoder();

/** Whether two secrets are equal, in a time that tells nothing of either. */
async function equal(given, expected) {
  const [one, other] = await Promise.all([given, expected].map((text) => crypto.subtle.digest("SHA-256", encoder.encode(text))));
  return crypto.subtle.timingSafeEqual(one, other);
}

function refuse(status, message, request) {
  request?.body?.cancel(); // what is not read would stand in the way of the connection's next request
  return Response.json({ success: false, errors: [{ code: status, message }], result: [] }, { status });
}

/** The request's text, unzipped; at most so many bytes of it. */
async function received(request) {
  const isZipped = request.headers.get("content-encoding") === "gzip";
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  let size = 0;
  for await (const part of isZipped ? request.body.pipeThrough(new DecompressionStream("gzip")) : request.body) {
    size += part.byteLength;
    if (size > MOST) throw new RangeError();
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

/** The request's statements, or what is wrong with them. */
function understood(body) {
  if (typeof body !== "object" || body === null || !Array.isArray(body.batch) || body.batch.length === 0) return "batch: expected a list of statements.";
  if (Object.keys(body).some((key) => key !== "batch" && key !== "bookmark")) return "Only batch and bookmark are understood.";
  if (body.bookmark !== undefined && typeof body.bookmark !== "string") return "bookmark: expected text.";
  for (const [place, statement] of body.batch.entries()) {
    if (typeof statement?.sql !== "string") return `batch[${place}].sql: expected text.`;
    if (!Array.isArray(statement.params) || !statement.params.every(isValue)) return `batch[${place}].params: expected text, numbers or lists of bytes.`;
  }
  return null;
}

function isValue(value) {
  return typeof value === "string" || Number.isFinite(value) || (Array.isArray(value) && value.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256));
}

/** Rows as arrays; blobs as lists of bytes. */
async function run(session, batch) {
  const statements = batch.map(({ sql, params }) => {
    const prepared = session.prepare(sql);
    return params.length ? prepared.bind(...params.map((value) => (Array.isArray(value) ? new Uint8Array(value) : value))) : prepared;
  });
  if (statements.length === 1) {
    const [columns, ...rows] = await statements[0].raw({ columnNames: true });
    return [{ results: { columns: columns ?? [], rows } }];
  }
  const answers = await session.batch(statements);
  return answers.map(({ results, meta }) => ({
    results: { columns: Object.keys(results[0] ?? {}), rows: results.map(Object.values) },
    meta,
  }));
}

export default {
  async fetch(request, env) {
    const given = request.headers.get("authorization") ?? "";
    if (!env.SECRET || !(await equal(given, `Bearer ${env.SECRET}`))) return refuse(401, "The secret is missing or wrong.", request);
    const name = new URL(request.url).pathname.slice(1);
    const database = Object.hasOwn(env, name) ? env[name] : undefined;
    if (request.method !== "POST" || typeof database?.withSession !== "function") return refuse(404, "Expected POST /BINDING.", request);
    let body;
    try {
      body = JSON.parse(await received(request));
    } catch (error) {
      return error instanceof RangeError ? refuse(413, `Expected at most ${MOST} bytes.`) : refuse(400, "Expected JSON.");
    }
    const wrong = understood(body);
    if (wrong) return refuse(400, wrong);
    try {
      const session = database.withSession(body.bookmark ?? "first-primary");
      const result = await run(session, body.batch);
      return Response.json({ success: true, errors: [], result, bookmark: session.getBookmark() });
    } catch (error) {
      const message = String(error?.message ?? error).replace(/^D1_ERROR: /, "");
      return Response.json({ success: false, errors: [{ code: 7500, message }], result: [] }, { status: 400 });
    }
  },
};
