/**
 * Takes out of a text what nobody but its owner may read: what signs somebody in, and what addresses carry beyond the
 * place that they name. The code that logs takes care not to log such things; this is for what others put into errors.
 */
export const withoutSecrets = (text: string): string =>
  RULES.reduce((left, [pattern, instead]) => left.replaceAll(pattern, instead), text);

const RULES: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 …'],
  [
    /((?:(?<!wrong_)pass(?:word|wd|phrase)|secret|signature|[a-z_]*token|signed_id|authorization|cookie)["']?\s*[:=]\s*["']?)[^\s"',;&})]+/gi,
    '$1…',
  ],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1…@'],
  [/\b(https?:\/\/[^\s?#"')]+)[?#][^\s"')]+/gi, '$1?…'],
  // Tokens and signed ids are long and have no gaps; nothing else that helps has that form.
  [/\b(?=[\w-]*\d)[\w-]{40,}\b/g, '…'],
];

/** And what tells who somebody is. @param home the person's own folder, which bears a name */
export const withoutPerson = (text: string, home: string): string => {
  const left = withoutSecrets(text).replaceAll(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '…@…');
  return home.length > 1 ? left.replaceAll(home, '~') : left;
};
