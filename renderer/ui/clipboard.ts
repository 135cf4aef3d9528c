import { fail } from '#app/contract/failure.ts';

/** Puts text on the clipboard. Fails with `clipboard.denied` where the browser does not allow it. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    throw fail(
      'clipboard.denied',
      'The text could not be copied.',
      'Allow this page to use the clipboard, or open it over https or from this machine.',
      String(error),
    );
  }
}
