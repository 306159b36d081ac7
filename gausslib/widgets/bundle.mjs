/**
 * Bundles the figures into static/.
 *
 * - `runtime.js` and `<tag>.js`, one for each figure, are the classic scripts of a page. What the
 *   figures share is in the runtime, which has one global name, `gaussRuntime`.
 * - `look.css` is the style that figures share; `look.js` brings it to the pages of others.
 * - `text.js` is for pages of the book, whose text has links, walks and formulas for its figures.
 * - `copies.js` makes what readers take away, `numbers.js` is the sheet in which they type,
 *   `reading.js` reads what they paste; a page loads these when somebody asks for them.
 * - `<tag>.widget.js` is a figure as one module, for anywidget, which allows no imports.
 * - `stills.js` has all figures and needs no browser: the site's build uses it, and the tests.
 * - `modules.js` has every module that needs no browser, for the tests.
 * - `figures.json` has what the Python classes of the figures must know: labels, starts, limits.
 *
 * The figures are the files of src/figures/, each named by the tag of its element; a style sheet of
 * the same name has the look of that figure alone. A formula comes from the registry in Python, and
 * its TeX is made MathML here.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import { build, transform } from "esbuild";
import { minify } from "terser";
import { allFigures, exportedName, formulas, sharedRuntime, styles } from "./bundle-plugins.mjs";

/** @typedef {import("esbuild").BuildOptions} BuildOptions */

const HERE = dirname(fileURLToPath(import.meta.url));
const FIGURES = resolve(HERE, "src/figures");
const HOSTS = resolve(HERE, "src/hosts");
const STATIC = resolve(HERE, "static");

const figureFiles = (await readdir(FIGURES)).sort();
const tags = figureFiles
  .filter((file) => file.endsWith(".js"))
  .map((file) => basename(file, ".js"));

/**
 * A bundle, in which esbuild finds an export for every import.
 * @param {BuildOptions} options
 */
async function bundled(options) {
  const result = await build({
    absWorkingDir: HERE,
    bundle: true,
    minify: true,
    outdir: STATIC,
    target: "es2022",
    charset: "utf8",
    logLevel: "warning",
    plugins: [formulas, styles, allFigures(tags)],
    ...options,
    metafile: true,
    write: false,
  });
  const { inputs, outputs } = result.metafile;
  const [{ exports }] = Object.values(outputs);
  return { text: result.outputFiles[0].text, exports, inputs };
}

/**
 * A bundle that brings the runtime only where a host does.
 * @param {string} contents  of its entry, which imports as from src/hosts/
 * @param {"iife" | "esm"} format
 */
async function bundledForPages(contents, format) {
  const stdin = { contents, resolveDir: HOSTS, sourcefile: "entry.js" };
  const plugins = [formulas, styles, sharedRuntime(shared)];
  const { text } = await bundled({ stdin, format, plugins });
  return text;
}

/**
 * A classic script, a thirtieth smaller still than esbuild makes it. Terser may rely on getters
 * that do nothing but give a value, and on functions that are no constructors.
 * @param {string} text
 */
async function shortened(text) {
  const compress = { passes: 3, pure_getters: true, unsafe_arrows: true };
  const { code = "" } = await minify(text, { ecma: 2022, compress, toplevel: true });
  return code;
}

/**
 * The names that the runtime exports, and the files that they come from.
 * @returns {Promise<import("./bundle-plugins.mjs").Shared>}
 */
async function sharedParts() {
  const index = "src/runtime/index.js";
  const { exports, inputs } = await bundled({ entryPoints: [index], format: "esm" });
  const files = inputs[index].imports.map(({ path }) => resolve(HERE, path));
  return { names: exports, files };
}

/** @type {Set<string>} */
const written = new Set();

/**
 * Writes a file of static/ in one step, so that nobody reads half of it.
 * @param {string} name
 * @param {string} text
 */
async function write(name, text) {
  written.add(name);
  await writeFile(`${STATIC}/${name}.new`, text);
  await rename(`${STATIC}/${name}.new`, `${STATIC}/${name}`);
}

/** Writes the style that figures share. */
async function writeLook() {
  const names = ["runtime/palette", "runtime/figure", "walks/walk"];
  const files = names.map((name) => `${HERE}/src/${name}.css`);
  const sheets = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const { code } = await transform(sheets.join(""), { loader: "css", minify: true });
  await write("look.css", code);
  await write("look.js", `gaussRuntime.dress(${JSON.stringify(code)})`);
}

/**
 * Writes the scripts of one figure.
 * @param {string} tag
 */
async function writeFigure(tag) {
  const imported = [`import { ${exportedName(tag)} as figure } from "../figures/${tag}.js";`];
  const hasLook = figureFiles.includes(`${tag}.css`);
  if (hasLook) imported.push(`import look from "../figures/${tag}.css";`);
  const figure = hasLook ? "(figure, look)" : "(figure)";
  const script = [...imported, `gaussRuntime.define${figure};`].join("\n");
  await write(`${tag}.js`, await shortened(await bundledForPages(script, "iife")));
  const host = 'import { widgetOf } from "./anywidget.js";';
  const widget = [host, ...imported, `export default widgetOf${figure};`].join("\n");
  await write(`${tag}.widget.js`, await bundledForPages(widget, "esm"));
}

/**
 * Writes a script that a page loads when somebody asks for what it does.
 * @param {string} name
 * @param {string} path  of a module
 * @param {{[place: string]: string}} exported  what the runtime calls it, and the module
 */
async function writeLate(name, path, exported) {
  const places = Object.entries(exported).map(([place, own]) => `${place}: ${own}`);
  const script =
    `import { ${Object.values(exported).join(", ")} } from "${path}";` +
    `Object.assign(gaussRuntime.late, { ${places.join(", ")} });`;
  await write(name, await shortened(await bundledForPages(script, "iife")));
}

/**
 * Writes the modules that need no browser, by the names of their files, for the tests.
 * @param {string[]} inputs  what the stills consist of, and what is read
 */
async function writeModules(inputs) {
  const paths = inputs.filter((path) => /^src\/(?!hosts\/).*\.js$/.test(path));
  const names = new Set(paths.map((path) => basename(path)));
  if (names.size < paths.length) throw new Error("two files of src/ have the same name");
  const imports = paths.map((path, index) => `import * as m${index} from "./${path}";`);
  const named = paths.map((path, index) => `"${basename(path)}": m${index}`);
  const contents = `${imports.join("\n")}\nglobalThis.gaussModules = { ${named.join(", ")} };`;
  const { text } = await bundled({ stdin: { contents, resolveDir: HERE }, format: "iife" });
  await write("modules.js", text);
}

/**
 * Writes what the Python classes of the figures take from here.
 * @param {string} stills  the script that has all figures
 */
async function writeDefinitions(stills) {
  runInThisContext(stills);
  const definitions = Object.entries(gaussStills.figures).map(([tag, { label, fields }]) => {
    const facts = Object.entries(fields).map(([name, { start, options, limits, expected }]) => [
      name,
      { start, options, limits, expected },
    ]);
    return [tag, { label, fields: Object.fromEntries(facts) }];
  });
  await write("figures.json", JSON.stringify(Object.fromEntries(definitions), null, 1));
}

/** What an earlier run has left, of a figure that is gone, say. */
async function removeOthers() {
  const others = (await readdir(STATIC)).filter((name) => !written.has(name));
  for (const name of others) await rm(`${STATIC}/${name}`);
}

const shared = await sharedParts();
await mkdir(STATIC, { recursive: true });
await Promise.all(tags.map(writeFigure));
const page = await bundledForPages('import "./page.js";', "iife");
await writeLook();
await writeLate("copies.js", "../runtime/copies.js", { share: "share" });
await writeLate("numbers.js", "../runtime/typed.js", { numbers: "fillNumbers" });
const reading = { samples: "readSamples", plain: "plainNotation" };
await writeLate("reading.js", "../parts/reading.js", reading);
await write(
  "text.js",
  await shortened(await bundledForPages('import "../walks/text.js";', "iife")),
);
await write("runtime.js", await shortened(page));
const stills = await bundled({ entryPoints: ["src/hosts/stills.js"], format: "iife" });
await write("stills.js", stills.text);
const readers = await bundled({ entryPoints: ["src/parts/reading.js"], format: "esm" });
await writeModules(Object.keys({ ...stills.inputs, ...readers.inputs }));
await writeDefinitions(stills.text);
await removeOthers();
