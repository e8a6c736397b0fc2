// Builds static/vendor/kern/kern.css and kern.rtl.css (a subset of KERN), the icon sprite, and copies the licences.
//
// KERN's sources keep every colour as a chain of custom properties that ends in oklch(). Browsers from before 2023
// cannot read that, and people arrive with ten-year-old phones: so tokens that never change are put in place, the
// others become plain hexadecimal colours, and data: addresses become files (the page's policy allows only 'self').
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { transform } from "lightningcss";
import postcss from "postcss";
import rtlcss from "rtlcss";
import * as sass from "sass";
import { FIRST, ICONS, fontFaces, REPLACED } from "./choices.mjs";

const root = process.argv[2];
const kern = join(root, "static/vendor/kern");
mkdirSync(join(kern, "icons"), { recursive: true });

/** Replace each var(--name[, fallback]) in `value` by `resolve(name)`. Brackets may nest. */
function replaceVars(value, resolve) {
  let done = "";
  let start;
  while ((start = value.indexOf("var(")) !== -1) {
    let depth = 1;
    let end = start + 4;
    while (depth > 0) depth += { "(": 1, ")": -1 }[value[end++]] ?? 0;
    const name = value.slice(start + 4, end - 1).split(",")[0].trim();
    done += value.slice(0, start) + resolve(name);
    value = value.slice(end);
  }
  return done + value;
}

/** Drop what Lotsen never uses: theme switches by attribute, colour levels, mask icons, and a rule that hides focus. */
function prune(css) {
  const unused = /\[data-kern-theme|^\.kern-(dark|light)|^\.kern-level|^\.kern-layer|\.kern-dialog|^\*:not\(i\)|\[tabindex\]|\.kern-icon/;
  css.walkRules((rule) => {
    rule.selectors = rule.selectors.filter((selector) => !unused.test(selector) || selector.startsWith(":is(body"));
    if (!rule.selector.trim()) rule.remove();
  });
  css.walkComments((comment) => comment.remove());
}

/** Custom properties that are set once for every page, in every theme and width: name -> text. */
function constants(css) {
  const once = new Map();
  const changing = new Set();
  css.walkDecls(/^--/, (decl) => {
    const fixed = decl.parent.parent.type === "root";
    if (!fixed || once.has(decl.prop)) changing.add(decl.prop);
    else once.set(decl.prop, decl.value);
  });
  for (const name of changing) once.delete(name);
  for (const [name, text] of Object.entries(REPLACED)) once.set(name, text);
  return once;
}

/** Put constants in place, then drop every custom property that nobody reads any more. */
function settle(css) {
  const fixed = constants(css);
  const value = (name) => (fixed.has(name) ? replaceVars(fixed.get(name), value) : `var(${name})`);
  css.walkDecls((decl) => {
    if (fixed.has(decl.prop)) return decl.remove();
    decl.value = replaceVars(decl.value, value);
  });
  let before;
  do {
    const text = css.toString();
    before = text.length;
    css.walkDecls(/^--/, (decl) => { if (!text.includes(`var(${decl.prop})`)) decl.remove(); });
    css.walkRules((rule) => { if (!rule.nodes.length) rule.remove(); });
    css.walkAtRules((rule) => { if (rule.nodes && !rule.nodes.length) rule.remove(); });
  } while (css.toString().length < before);
}

/** Write colours so that old browsers can read them: no token inside a mix, no sums, no oklch(). */
function plainColours(css) {
  css.walkRules((rule) => {
    const own = new Map();
    rule.walkDecls(/^--/, (decl) => own.set(decl.prop, decl.value));
    rule.walkDecls((decl) => {
      if (decl.value.includes("color-mix(")) decl.value = replaceVars(decl.value, (name) => own.get(name));
      decl.value = decl.value
        .replace(/calc\(100% - (\d+)%\)/g, (_, part) => `${100 - part}%`)
        .replace("in oklch,", "in srgb,")
        .replace(/oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)/g, (_, ...lch) => hexadecimal(lch.slice(0, 3).map(Number)));
    });
  });
}

function hexadecimal([lightness, chroma, hue]) {
  const rgb = new sass.SassColor({ space: "oklch", lightness: lightness / 100, chroma, hue }).toSpace("rgb").toGamut({ method: "clip" });
  return "#" + ["red", "green", "blue"].map((part) => Math.round(rgb.channel(part)).toString(16).padStart(2, "0")).join("");
}

/** Light is the default, also in print; dark only on screens that ask for it. */
function orderThemes(css) {
  css.walkAtRules("media", (media) => {
    if (media.params.includes("prefers-color-scheme: light")) {
      css.prepend(media.nodes);
      media.remove();
    } else if (media.params.includes("prefers-color-scheme: dark")) {
      media.params = "screen and (prefers-color-scheme: dark)";
    }
  });
}

/** Write every data: picture to a file of its own. */
function unpackPictures(css) {
  css.walkDecls((decl) => {
    decl.value = decl.value.replace(/url\("data:image\/svg\+xml,([^"]*)"\)/g, (_, encoded) => {
      const svg = decodeURIComponent(encoded);
      const name = `${createHash("sha256").update(svg).digest("hex").slice(0, 8)}.svg`;
      writeFileSync(join(kern, "icons", name), svg + "\n");
      return `url("icons/${name}")`;
    });
  });
}

/** A tick is drawn with two borders and must not be mirrored. */
function keepTicks(css) {
  css.walkRules(/checkbox.*::before/, (rule) => rule.before(postcss.comment({ text: "rtl:ignore", raws: { left: "", right: "" } })));
}

function minify(text, name) {
  const targets = { chrome: 80 << 16, firefox: 78 << 16, safari: 13 << 16 };
  return transform({ filename: name, code: Buffer.from(text), minify: true, targets }).code;
}

function buildStyles() {
  const compiled = sass.compile("kern.scss", { loadPaths: ["node_modules"], quietDeps: true, silenceDeprecations: ["import"] });
  const css = postcss.parse(compiled.css);
  prune(css);
  settle(css);
  plainColours(css);
  orderThemes(css);
  settle(css);
  unpackPictures(css);
  const licence = "/*! Parts of KERN @kern-ux/native 2.7.2, EUPL-1.2; changed by deploy/vendor/build.mjs. See SOURCES.md. */\n";
  const text = fontFaces() + css.toString();
  writeFileSync(join(kern, "kern.css"), licence + minify(text, "kern.css"));
  keepTicks(css);
  const mirrored = rtlcss.process(fontFaces() + css.toString());
  writeFileSync(join(kern, "kern.rtl.css"), licence + minify(mirrored, "kern.rtl.css"));
}

function buildSprite(file, names) {
  const symbols = names.map((name) => {
    const svg = readFileSync(`node_modules/@material-symbols/svg-400/rounded/${ICONS[name]}.svg`, "utf8");
    return `<symbol id="${name}" viewBox="0 -960 960 960">${svg.replace(/^.*?<svg[^>]*>|<\/svg>\s*$/gs, "")}</symbol>`;
  });
  writeFileSync(join(root, "static", file), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
}

function copyLicences() {
  const packages = "node_modules";
  mkdirSync(join(root, "static/vendor/icons"), { recursive: true });
  mkdirSync(join(root, "tests/vendor"), { recursive: true });
  const copies = [
    ["@kern-ux/native/LICENSE.md", "static/vendor/kern/LICENSE.md"],
    ["@fontsource/fira-sans/LICENSE", "static/vendor/fonts/LICENSE-fira-sans.txt"],
    ["@fontsource/noto-sans-arabic/LICENSE", "static/vendor/fonts/LICENSE-noto-sans-arabic.txt"],
    ["@fontsource/noto-sans-ethiopic/LICENSE", "static/vendor/fonts/LICENSE-noto-sans-ethiopic.txt"],
    ["@material-symbols/svg-400/LICENSE", "static/vendor/icons/LICENSE.txt"],
    ["axe-core/axe.min.js", "tests/vendor/axe.min.js"],
    ["axe-core/LICENSE", "tests/vendor/axe-LICENSE.txt"],
  ];
  for (const [from, to] of copies) copyFileSync(join(packages, from), join(root, to));
}

buildStyles();
buildSprite("icons.svg", Object.keys(ICONS).filter((name) => FIRST.includes(name)));
buildSprite("more-icons.svg", Object.keys(ICONS).filter((name) => !FIRST.includes(name)));
copyLicences();
