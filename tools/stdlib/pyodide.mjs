// Runs prober.py inside pyodide: node pyodide.mjs <folder with the pyodide package> <prober.py> <request.json> <result.json>
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, prober, request, result] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const pyodide = await loadPyodide({ stdout: () => {}, stderr: () => {} });
pyodide.globals.set("request_text", readFileSync(request, "utf8"));
pyodide.runPython(readFileSync(prober, "utf8"));
writeFileSync(result, pyodide.runPython("json.dumps(probe(json.loads(request_text)))"));
process.exit(0);
