import type { RequestHandler } from 'express';

type Row = readonly ['get' | 'post', string, ...unknown[]];

/** For each path that there is: answers 405, with what is allowed, to the methods that no route before has taken. */
export function otherMethods(routes: readonly Row[]): [path: string, refuse: RequestHandler][] {
  const paths = [...new Set(routes.map(([, path]) => path))];
  return paths.map((path) => {
    const methods = routes.filter(([, at]) => at === path).map(([method]) => (method === 'get' ? 'GET, HEAD' : 'POST'));
    return [
      path,
      (_req, res) =>
        void res.status(405).setHeader('Allow', methods.join(', ')).type('text').send('This page cannot be used in this way.\n'),
    ];
  });
}
