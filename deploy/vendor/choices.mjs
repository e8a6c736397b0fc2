// What Lotsen takes from its sources: icons by our names, fonts by script, and the few tokens set differently.

/** Our icon name -> name of the drawing in Material Symbols (rounded), the family that KERN's own icons come from. */
export const ICONS = {
  // what people talk about
  language: "translate", place: "location_on",
  authorities: "account_balance", housing: "home", work: "work", school: "school", health: "favorite",
  leisure: "sports_soccer", childcare: "child_care", money: "euro", digital: "devices",
  mobility: "directions_bus", training: "menu_book",
  // times of day
  morning: "wb_twilight", afternoon: "wb_sunny", evening: "bedtime",
  // people
  family: "family_restroom", person: "person", couple: "group",
  // reaching somebody
  mail: "mail", phone: "call", chat: "forum",
  // states
  check: "check", cross: "close", warning: "warning", info: "info", success: "check_circle", danger: "error",
  // how a meeting was
  good: "sentiment_satisfied", mixed: "sentiment_neutral", difficult: "sentiment_dissatisfied",
  // getting around
  arrow: "arrow_forward", "arrow-back": "arrow_back", chevron: "chevron_right", menu: "menu", search: "search", exit: "logout",
  clock: "schedule", calendar: "calendar_month", shield: "shield", download: "download", edit: "edit",
  inbox: "inbox", print: "print", aloud: "volume_up",
};
/** Those that the frame and a newcomer's first pages show: a sprite of their own, for a slow phone's first view. */
export const FIRST = [
  "language", "person", "family", "phone", "check", "cross", "arrow", "arrow-back", "chevron", "menu", "search", "exit", "clock",
  "shield", "aloud",
];

const FONTS = [
  ["Fira Sans", "fira-sans-latin", "U+0000-00FF,U+0131,U+0152-0153,U+2000-200B,U+2010-206F,U+20AC,U+2212"],
  ["Fira Sans", "fira-sans-latin-ext", "U+0100-0130,U+0132-0151,U+0154-017F,U+01A0-01A1,U+01AF-01B0,U+0218-021B,U+1E9E"],
  ["Fira Sans", "fira-sans-vietnamese", "U+0300-0301,U+0303,U+0309,U+0323,U+1EA0-1EF9,U+20AB"],
  ["Fira Sans", "fira-sans-cyrillic", "U+0400-045F,U+0490-0491,U+2116"],
  ["Noto Sans Arabic", "noto-sans-arabic-arabic", "U+0600-06FF,U+200C-200F"],
  ["Noto Sans Ethiopic", "noto-sans-ethiopic-ethiopic", "U+1200-137F", [400]],
  // The languages' names in the switch, for devices that have no such letters.
  ["Ethiopic Names", "noto-sans-ethiopic-names", "U+1200-137F", [400]],
];

/**
 * The @font-face rules: two weights for each script, fetched only where a character of that script stands. Ethiopic has
 * so many letters that a second weight would burst a slow phone's budget: the browser emboldens the one.
 */
export function fontFaces() {
  const face = ([family, file, range], weight) =>
    `@font-face{font-family:"${family}";font-style:normal;font-weight:${weight};font-display:swap;` +
    `src:url("../fonts/${file}-${weight}.woff2") format("woff2");unicode-range:${range}}`;
  return FONTS.flatMap((font) => (font[3] ?? [400, 600]).map((weight) => face(font, weight))).join("\n");
}

/** Tokens with our own value: only two font weights are shipped, and other scripts need their fonts in the family. */
export const REPLACED = {
  "--kern-typography-font-weight-medium": "600",
  "--kern-typography-font-family-default": '"Fira Sans","Noto Sans Arabic","Noto Sans Ethiopic",system-ui,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif',
  "--kern-component-kopfzeile-font-family": "inherit",
};
