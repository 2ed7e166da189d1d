/** A piece of a text: plain, or the address of a page. */
export type Part = { text: string; href: string | null };

/** An address ends before the sign that closes a sentence or a bracket. */
const address = /https?:\/\/[^\s<>"“”«»]*[^\s<>"“”«».,;:!?)\]}'’]/gi;

/** A text by its pieces: only what begins with http:// or https:// becomes a link, and shows where it leads. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(address)) {
    if (!URL.canParse(found)) continue;
    parts.push({ text: text.slice(at, index), href: null }, { text: found, href: found });
    at = index + found.length;
  }
  return [...parts, { text: text.slice(at), href: null }].filter((part) => part.text !== '');
}
