import { useEffect, useState } from 'react';
import { formatBytes, formatCount } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import { readAll } from '#renderer/editor/text-source.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import classes from './image-view.module.css';
import { readRange } from './payload-bytes.ts';
import type { ViewSource } from './view-source.ts';

interface ImageViewProps {
  readonly sessionId: string;
  readonly source: ViewSource;
  /** One of the image types that the codec names. */
  readonly mime: string;
}

const broken: Failure = {
  code: 'view.image',
  message: 'The image is damaged, or not complete.',
  hint: 'Choose Hex to see its bytes.',
};

/**
 * A payload as an image. Always through `img` and a blob: in an SVG drawn that way no script runs and nothing is loaded,
 * and the page's policy forbids it once more.
 */
export function ImageView({ sessionId, source, mime }: ImageViewProps) {
  const [size, setSize] = useState(source.view.size);
  const [url, setUrl] = useState<string | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  const [pixels, setPixels] = useState<{ readonly width: number; readonly height: number }>();
  useEffect(() => {
    let made: string | undefined;
    let isGone = false;
    imageBytes(sessionId, source).then(
      (parts) => {
        if (!isGone) {
          setSize(parts.reduce((sum, { length }) => sum + length, 0));
          made = URL.createObjectURL(new Blob([...parts] as BlobPart[], { type: mime }));
          setUrl(made);
        }
      },
      (error: unknown) => {
        if (!isGone) {
          setFailure(toFailure(error));
        }
      },
    );
    return () => {
      isGone = true;
      if (made !== undefined) {
        URL.revokeObjectURL(made);
      }
    };
  }, [sessionId, source, mime]);
  if (failure !== undefined) {
    return <FailureNote failure={failure} />;
  }
  return (
    <figure className={classes.figure}>
      <div className={classes.frame}>
        {url !== undefined && (
          <img
            src={url}
            alt="Payload"
            className={classes.image}
            onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
              setPixels({ width: naturalWidth, height: naturalHeight })
            }
            onError={() => setFailure(broken)}
          />
        )}
      </div>
      <figcaption className={classes.caption}>
        {mime.replace('image/', '').replace('+xml', '').toUpperCase()}
        {pixels !== undefined && ` · ${formatCount(pixels.width)} × ${formatCount(pixels.height)} pixels`}
        {` · ${formatBytes(size)}`}
      </figcaption>
    </figure>
  );
}

/** The payload's bytes, or those that were packed in it, which come as Base64. */
async function imageBytes(sessionId: string, source: ViewSource): Promise<readonly Uint8Array[]> {
  if (source.length === 0) {
    return readRange(sessionId, source.sequence, { start: 0, end: source.view.size });
  }
  return [Uint8Array.from(atob(await readAll(source)), (character) => character.charCodeAt(0))];
}
