// Whether the OpenAPI document in a file is valid by the specification's own schema: one line of JSON.
import { readFile } from "node:fs/promises";
import { Validator } from "@seriousme/openapi-schema-validator";

const validator = new Validator();
const { valid, errors } = await validator.validate(JSON.parse(await readFile(process.argv[2], "utf8")));
const places = Array.isArray(errors) ? errors.map(({ instancePath, message }) => `${instancePath} ${message}`) : [];
console.log(JSON.stringify({ valid, version: validator.version, places }));
