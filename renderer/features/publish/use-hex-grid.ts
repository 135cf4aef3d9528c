import { useMemo, useState } from 'react';
import { z } from 'zod';
import { encodeHex } from '#app/payload/hex.ts';
import type { PublishFormat } from '#app/profile/profile.ts';
import { useKept } from '#renderer/state/kept.ts';

interface HexGridChoice {
  /** The grid is shown, not the text. */
  readonly isShown: boolean;
  /** Changes to the other one; absent where there is nothing to change to. */
  readonly toggle: (() => void) | undefined;
}

/** Whether hex is edited in the grid: as chosen, unless what stands there is no hex, which only a text can show. */
export function useHexGrid(format: PublishFormat, text: string): HexGridChoice {
  const [isWanted, setWanted] = useKept('publish.hexGrid', z.boolean(), true);
  // Once text, it stays text while it is corrected: it becomes hex and ceases to be with every other key.
  const [isCorrected, setCorrected] = useState(false);
  const isHex = useMemo(() => format === 'hex' && isHexText(text), [format, text]);
  if (isCorrected !== (format === 'hex' && (isCorrected || !isHex))) {
    setCorrected(!isCorrected);
  }
  const isShown = isHex && isWanted && !isCorrected;
  return {
    isShown,
    toggle: isHex
      ? () => {
          setWanted(!isShown);
          setCorrected(false);
        }
      : undefined,
  };
}

function isHexText(text: string): boolean {
  try {
    encodeHex(text);
    return true;
  } catch {
    return false;
  }
}
