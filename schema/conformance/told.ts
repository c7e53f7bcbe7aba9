/** Characters. Enough to recognise an answer, too little to drown a report. */
const LONGEST = 400;

const SECRETS: readonly [RegExp, string][] = [
  [/Bearer\s+[^\s"\\]+/gi, 'Bearer …'],
  [/\beyJ[\w-]*\.[\w-]+\.[\w-]*/g, '(a token)'],
  // identity numbers, credit codes and mobile numbers: synthetic here, but a report never shows any
  [/(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])/g, '(an identity number)'],
  [/(?<![0-9A-Za-z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Za-z])/g, '(a credit code)'],
  [/(?<!\d)1[3-9]\d{9}(?!\d)/g, '(a phone number)'],
];

/** The first frame of a trace, raw or inside a JSON string, and all that follows: Node, Java and .NET, Go, Python. */
const FRAMES =
  /(\s|\\n|\\t)+(at [\w$.<>[\] ]+\s?\(([^()\s]*:\d+|Native Method|Unknown Source)|at (async )?(file:|\/|node:)|goroutine \d+ \[|File \\?"\/)[\s\S]*$/;

/** A value as a report may show it: one short text without tokens, personal data and stack traces. */
export function told(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  const clean = SECRETS.reduce((so, [pattern, word]) => so.replaceAll(pattern, word), text.replace(FRAMES, ' … (a stack trace)'));
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}… (${clean.length} characters)` : clean;
}
