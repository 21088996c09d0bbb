// The gateway on this machine: the same Worker on workerd, with real D1 databases, on 127.0.0.1 alone.
//
//   node local.mjs PORT FOLDER|- NAME…     "-" keeps the databases in memory
//
// The first line of its standard input is the secret. It says `ready PORT` when it serves, and ends with that input.

import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { Log, LogLevel, Miniflare } from "miniflare";

const [port, folder, ...names] = process.argv.slice(2);
const input = createInterface({ input: process.stdin });
const secret = await new Promise((resolve) => input.once("line", resolve));
const worker = new URL("./worker.js", import.meta.url);
const gateway = new Miniflare({
  host: "127.0.0.1",
  port: Number(port),
  cf: false,
  log: new Log(LogLevel.ERROR),
  modules: [{ type: "ESModule", path: "worker.js", contents: readFileSync(worker, "utf8") }],
  compatibilityDate: "2026-04-01",
  bindings: { SECRET: secret },
  d1Databases: Object.fromEntries(names.map((name) => [name, `local-${name}`])),
  d1Persist: folder === "-" ? false : folder,
});
const address = await gateway.ready;
console.log(`ready ${address.port}`);

async function stop() {
  await gateway.dispose();
  process.exit(0);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
input.on("close", stop);
