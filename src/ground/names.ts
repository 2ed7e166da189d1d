/** One thing has one name; only the case differs: `firstName` in code is `first_name` in columns, forms and addresses. */
export const snake = remembered((name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
export const camel = remembered((name) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()));

/** Beyond this many the names are not ours: what a form or a file brings is not worth remembering. */
const most = 2000;

/** Each row of each answer asks for the same few hundred names again. */
function remembered(rename: (name: string) => string): (name: string) => string {
  const known = new Map<string, string>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const renamed = rename(name);
    if (known.size < most) known.set(name, renamed);
    return renamed;
  };
}
