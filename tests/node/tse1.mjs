// Opens what Python sealed, refuses what it must, and seals for Python: reads a JSON file, writes one.
import fs from "node:fs";
import { asText, fromText, open, seal, versionOf } from "../../docs/tse1.mjs";

const hex = (bytes) => Buffer.from(bytes).toString("hex");
const bytes = (text) => new Uint8Array(Buffer.from(text, "hex"));
const place = ([tenant, table, column, row]) => ({ tenant, table, column, row });
const given = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const keyOf = (version) => {
  if (!(version in given.keys)) throw new Error("no such key");
  return bytes(given.keys[version]);
};

const opened = [];
for (const one of given.good) {
  if (asText(fromText(asText(bytes(one.envelope)))) !== asText(bytes(one.envelope))) throw new Error("text");
  opened.push(hex(await open(keyOf, bytes(one.envelope), place(one.place))));
}
const refused = [];
for (const one of given.bad) {
  refused.push(await open(keyOf, bytes(one.envelope), place(one.place)).then(() => false, () => true));
}
const sealed = [];
for (let number = 0; number < 50; number += 1) {
  const plain = crypto.getRandomValues(new Uint8Array(number * 37));
  const where = ["tenant-é", "social_accounts", "access_token_encrypted", `row ${number}`];
  const envelope = await seal(keyOf(1 + (number % 2)), 1 + (number % 2), plain, place(where));
  if (versionOf(envelope) !== 1 + (number % 2)) throw new Error("version");
  sealed.push({ envelope: hex(envelope), place: where, plain: hex(plain), text: asText(envelope) });
}
fs.writeFileSync(process.argv[3], JSON.stringify({ opened, refused, sealed }));
