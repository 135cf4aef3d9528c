import { readFile } from 'node:fs/promises';
import { SECURITY_HEADERS } from '#app/contract/content-security-policy.ts';
import { cacheControl, mimeType, resolvePageFile } from '../services/page-files.ts';
import { isAppUrl } from './origin.ts';

/**
 * Answers requests of the scheme `app:` with the files below `root`. A standard, secure scheme of our own has an
 * origin and takes the policy as a header; `file:` has neither and reaches the whole disk.
 */
export function createAppProtocolHandler(
  root: string,
): (request: { readonly url: string; readonly method: string }) => Promise<Response> {
  return async ({ url, method }) => {
    if (!isAppUrl(url) || (method !== 'GET' && method !== 'HEAD')) {
      return refuse(403);
    }
    const path = pathOf(url);
    const file = await resolvePageFile(root, path);
    const content = file === undefined ? undefined : await readFile(file).catch(() => undefined);
    if (file === undefined || content === undefined) {
      return refuse(404);
    }
    return new Response(new Uint8Array(content), {
      status: 200,
      headers: { ...SECURITY_HEADERS, 'Content-Type': mimeType(file), 'Cache-Control': cacheControl(path) },
    });
  };
}

function pathOf(url: string): string {
  return new URL(url).pathname;
}

function refuse(status: number): Response {
  return new Response(undefined, { status, headers: SECURITY_HEADERS });
}
