// TSE1 in WebCrypto: seals and opens what docs/ciphertext.md describes. For Workers, browsers and Node 20 or later;
// without dependencies. Tested against the dashboard's own implementation in both directions.

const { subtle } = globalThis.crypto;
const encoder = new TextEncoder();
const START = new Uint8Array([0x54, 0x53, 0x45, 0x31, 0x01, 0x00]); // "TSE1", suite 1, no flags
const INFO = encoder.encode("TSE1/01 key+commit");
const SALT = 24;
const HEADER = 66;
const TAG = 16;

/** A cell of a table: `{ tenant, table, column, row }`, `row` being its primary key as text. */
function context({ tenant, table, column, row }) {
  return joined(
    ...[tenant, table, column, row].flatMap((part) => {
      const bytes = encoder.encode(part);
      if (bytes.length > 0xffff) throw new RangeError("TSE1: a part of the place is too long");
      return [new Uint8Array([bytes.length >> 8, bytes.length & 255]), bytes];
    }),
  );
}

function joined(...parts) {
  const out = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

async function derived(dataKey, salt, stamp) {
  const key = await subtle.importKey("raw", dataKey, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: joined(INFO, stamp) };
  return new Uint8Array(await subtle.deriveBits(how, key, 512));
}

/** The version of the data key that `blob` is sealed under; 0 for a value of before (iv | ciphertext | tag). */
export function versionOf(blob) {
  const isEnvelope = START.slice(0, 4).every((byte, at) => blob[at] === byte);
  return isEnvelope ? new DataView(blob.buffer, blob.byteOffset).getUint32(6) : 0;
}

/** The value in `blob`. `keyOf(version)` gives the tenant's data key (32 bytes), or a promise of it. */
export async function open(keyOf, blob, place) {
  const version = versionOf(blob);
  if (!version && !START.slice(0, 4).every((byte, at) => blob[at] === byte)) return openLegacy(await keyOf(1), blob);
  if (blob.length < HEADER + TAG || !START.every((byte, at) => blob[at] === byte)) throw new Error("TSE1: form");
  const okm = await derived(await keyOf(version), blob.slice(10, 34), blob.slice(6, 10));
  let different = 0;
  for (let at = 0; at < 32; at += 1) different |= okm[32 + at] ^ blob[34 + at];
  if (different) throw new Error("TSE1: another key");
  const key = await subtle.importKey("raw", okm.slice(0, 32), "AES-GCM", false, ["decrypt"]);
  const additionalData = joined(blob.slice(0, HEADER), context(place));
  const how = { name: "AES-GCM", iv: new Uint8Array(12), additionalData, tagLength: 128 };
  return new Uint8Array(await subtle.decrypt(how, key, blob.slice(HEADER)));
}

/** `plain` sealed for its cell under `version` of the tenant's data key. */
export async function seal(dataKey, version, plain, place) {
  const salt = globalThis.crypto.getRandomValues(new Uint8Array(SALT));
  const stamp = new Uint8Array(4);
  new DataView(stamp.buffer).setUint32(0, version);
  const okm = await derived(dataKey, salt, stamp);
  const header = joined(START, stamp, salt, okm.slice(32));
  const key = await subtle.importKey("raw", okm.slice(0, 32), "AES-GCM", false, ["encrypt"]);
  const additionalData = joined(header, context(place));
  const how = { name: "AES-GCM", iv: new Uint8Array(12), additionalData, tagLength: 128 };
  return joined(header, new Uint8Array(await subtle.encrypt(how, key, plain)));
}

async function openLegacy(dataKey, blob) {
  if (blob.length < 28) throw new Error("TSE1: form");
  const key = await subtle.importKey("raw", dataKey, "AES-GCM", false, ["decrypt"]);
  const how = { name: "AES-GCM", iv: blob.slice(0, 12), tagLength: 128 };
  return new Uint8Array(await subtle.decrypt(how, key, blob.slice(12)));
}

/** The envelope in a text column: `tse1:` and base64url without padding. */
export function fromText(text) {
  const body = atob(text.slice("tse1:".length).replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(body, (character) => character.charCodeAt(0));
}

/** `blob` for a text column. */
export function asText(blob) {
  const body = btoa(Array.from(blob, (byte) => String.fromCharCode(byte)).join(""));
  return `tse1:${body.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}
