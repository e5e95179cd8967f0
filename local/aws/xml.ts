/** Enough XML to answer with. */

export type Content = string | { readonly [name: string]: Content | readonly Content[] | undefined };

/** Text is escaped; a list becomes one element for each of its members; undefined becomes none. */
export function element(name: string, content: Content | readonly Content[] | undefined): string {
  if (content === undefined) return '';
  if (isList(content)) return content.map((each) => element(name, each)).join('');
  return `<${name}>${typeof content === 'string' ? escaped(content) : children(content)}</${name}>`;
}

function children(content: Exclude<Content, string>): string {
  return Object.entries(content)
    .map(([name, each]) => element(name, each))
    .join('');
}

function isList(content: Content | readonly Content[]): content is readonly Content[] {
  return Array.isArray(content);
}

function escaped(text: string): string {
  return text.replace(/[&<>"'\r\n]/g, (each) => `&#${each.charCodeAt(0)};`);
}
