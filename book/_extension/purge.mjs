// `node purge.mjs ROOT TARGET SHEET...`: joins style sheets, without the rules that no page of the
// site below ROOT and no script there can use.
import { writeFileSync } from "node:fs";
import { transform } from "esbuild";
import { PurgeCSS } from "purgecss";

const [root, target, ...sheets] = process.argv.slice(2);
const purged = await new PurgeCSS().purge({
  content: [`${root}/**/*.html`, `${root}/_static/*.js`],
  css: sheets,
  keyframes: true,
  safelist: { standard: ["open", "dark", "light", /popover/], greedy: [/data-theme/, /data-mode/] },
});
const joined = purged
  .map(({ css }) => css)
  .join("\n")
  // Fonts are the book's own and KaTeX's, not the theme's icons; and one format of each is enough.
  .replace(/@font-face ?{[^}]*}/g, (face) => (/url\(fonts\//.test(face) ? face : ""))
  .replace(/,url\([^)]*\.(woff|ttf)\)( ?format\("\w+"\))?/g, "");
const { code } = await transform(joined, { loader: "css", minify: true, charset: "utf8" });
writeFileSync(target, code);
