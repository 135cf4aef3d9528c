/** One block of a PEM file (RFC 7468): its label, its text, and what it encodes. */
export interface PemBlock {
  readonly label: string;
  readonly text: string;
  /** Headers of RFC 1421, as old encrypted keys have them, by name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly der: Buffer;
}

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
const labelPattern = /^[A-Z0-9 #.]{1,80}$/;

/** More objects than any file has that belongs to one connection; all CAs of an operating system are about 150. */
const MAX_BLOCKS = 500;

/** All blocks among whatever other text there is, in one pass. `isCutOff`: one begins and does not end. */
export function readPem(text: string): { readonly blocks: readonly PemBlock[]; readonly isCutOff: boolean } {
  const blocks: PemBlock[] = [];
  let isCutOff = false;
  let at = text.indexOf(BEGIN);
  // Looked for once for each: a file may begin any number of blocks and end none.
  let end = text.indexOf(END);
  while (at >= 0 && blocks.length < MAX_BLOCKS) {
    const start = at + BEGIN.length;
    const labelEnd = text.indexOf(DASHES, start);
    const label = labelEnd < 0 ? '' : text.slice(start, Math.min(labelEnd, start + 100));
    const next = text.indexOf(BEGIN, start);
    if (!labelPattern.test(label)) {
      at = next;
      continue;
    }
    while (end >= 0 && end < labelEnd) {
      end = text.indexOf(END, end + 1);
    }
    const closing = `${END}${label}${DASHES}`;
    const isClosed = end >= 0 && (next < 0 || end < next) && text.startsWith(closing, end);
    if (isClosed) {
      blocks.push(readBlock(label, text.slice(at, end + closing.length), text.slice(labelEnd + 5, end)));
    } else {
      isCutOff = true;
    }
    at = next;
  }
  return { blocks, isCutOff };
}

function readBlock(label: string, text: string, body: string): PemBlock {
  const headers = new Map<string, string>();
  const data: string[] = [];
  for (const line of body.split(/\r\n|\r|\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) {
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    } else {
      data.push(line);
    }
  }
  return { label, text, headers, der: Buffer.from(data.join(''), 'base64') };
}
