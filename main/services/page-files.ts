import { realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

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
export async function resolvePageFile(root: string, path: string): Promise<string | undefined> {
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

export function mimeType(file: string): string {
  return mimeTypes[extname(file).toLowerCase()] ?? 'application/octet-stream';
}

/** How long a browser may keep what lies at a request path. */
export function cacheControl(path: string): string {
  return hashedAsset.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache';
}
