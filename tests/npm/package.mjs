// Opens the archive of an extract with readers that others wrote: its files as text, and the rows of its Parquet files. One line of JSON.
import { readFile } from "node:fs/promises";
import { strFromU8, unzipSync } from "fflate";
import { parquetReadObjects } from "hyparquet";

const files = unzipSync(new Uint8Array(await readFile(process.argv[2])));
const texts = {};
const tables = {};
for (const [name, bytes] of Object.entries(files)) {
  if (name.endsWith(".parquet")) {
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    tables[name] = await parquetReadObjects({ file });
  } else if (!name.endsWith(".xlsx")) {
    texts[name] = strFromU8(bytes);
  }
}
console.log(JSON.stringify({ names: Object.keys(files), texts, tables }));
