import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SECURITY_HEADERS } from '#app/contract/content-security-policy.ts';

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** Vite puts a hash of the content into these names: they never change. */
const hashedAsset = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

/** The file below `root` that a request path names, or `undefined`: nothing outside of `root` is ever named. */
export async function resolveStaticFile(root: string, path: string): Promise<string | undefined> {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const segments = decoded.split('/');
  // Backslashes and colons mean something on Windows; a dot first hides a file or climbs up.
  if (
    !decoded.startsWith('/') ||
    /[\0\\:]/.test(decoded) ||
    segments.some((segment) => segment.startsWith('.'))
  ) {
    return undefined;
  }
  try {
    const realRoot = await realpath(root);
    const real = await realpath(join(realRoot, decoded === '/' ? 'index.html' : decoded));
    return real.startsWith(realRoot + sep) ? real : undefined;
  } catch {
    return undefined;
  }
}

/** Answers GET and HEAD with the files below `root`, each with the security headers. */
export async function serveStatic(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    sendText(response, 405, 'Only GET and HEAD are answered here.', { Allow: 'GET, HEAD' });
    return;
  }
  const path = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';
  const file = await resolveStaticFile(root, path);
  const stats = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file === undefined || stats === undefined || !stats.isFile()) {
    sendText(response, 404, 'There is nothing here.');
    return;
  }
  const etag = `"${stats.size.toString(36)}-${Math.round(stats.mtimeMs).toString(36)}"`;
  const headers = {
    ...SECURITY_HEADERS,
    'Content-Type': mimeTypes[extname(file).toLowerCase()] ?? 'application/octet-stream',
    'Cache-Control': hashedAsset.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: etag,
  };
  if (request.headers['if-none-match']?.split(/\s*,\s*/).includes(etag) === true) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'Content-Length': stats.size });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  // A browser that goes away in the middle is no error.
  await pipeline(createReadStream(file), response).catch(() => response.destroy());
}

export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response
    .writeHead(status, { ...SECURITY_HEADERS, ...headers, 'Content-Type': 'text/plain; charset=utf-8' })
    .end(`${text}\n`);
}
