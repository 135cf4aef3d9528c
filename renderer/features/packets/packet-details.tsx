import { useEffect, useMemo, useState } from 'react';
import { formatTime } from '#app/base/format.ts';
import { type Failure, toFailure } from '#app/contract/failure.ts';
import type { PacketRow } from '#app/contract/feeds/packets.ts';
import type { PacketDetails as Details } from '#app/contract/operations/packets.ts';
import { decodePacket } from '#app/mqtt/packets/decode-packet.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { PacketView } from './packet-view.tsx';
import classes from './packets.module.css';
import { tieText } from './packets-words.ts';

interface PacketDetailsProps {
  readonly sessionId: string;
  readonly sequence: number;
  /** Changes when there is more to tell about its exchange. */
  readonly news: string;
  readonly onSelect: (row: PacketRow) => void;
}

/** One packet: its exchange, its fields, its bytes. */
export function PacketDetails({ sessionId, sequence, news, onSelect }: PacketDetailsProps) {
  const [details, setDetails] = useState<Details | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for again when its exchange has gone on
  useEffect(() => {
    let isWanted = true;
    engineClient()
      .session(sessionId, 'packets.get', { sequence })
      .then(
        (value) => {
          if (isWanted) {
            setDetails(value);
            setFailure(undefined);
          }
        },
        (error: unknown) => {
          if (isWanted) {
            setFailure(toFailure(error));
          }
        },
      );
    return () => {
      isWanted = false;
    };
  }, [sessionId, sequence, news]);
  const bytes = details?.bytes;
  const packet = useMemo(
    () => (details === undefined ? undefined : decodePacket(details.bytes, details.version, details.isPart)),
    [details],
  );
  const { exchange = [] } = details ?? {};
  return (
    <section aria-label="Packet" className={classes.details}>
      {failure !== undefined && details?.row.sequence !== sequence && <FailureNote failure={failure} />}
      {packet !== undefined && bytes !== undefined && details !== undefined && (
        <>
          <h3 className={classes.detailsTitle}>
            {packet.type}
            <span className={classes.note}>
              {details.row.direction === 'sent' ? 'sent to the broker' : 'received'} at{' '}
              {formatTime(details.row.at)}, MQTT {packet.version}
            </span>
          </h3>
          {exchange.length > 1 && (
            <ol aria-label="Exchange" className={classes.exchange}>
              {exchange.map((part, index) => (
                <li key={part.sequence}>
                  <button
                    type="button"
                    aria-current={part.sequence === sequence || undefined}
                    onClick={() => onSelect(part)}
                  >
                    {part.type}
                    {part.dup === true && ' DUP'}
                  </button>
                  <span className={classes.note}>
                    {index === 0 ? formatTime(part.at) : tieText(part.tie)}
                  </span>
                </li>
              ))}
            </ol>
          )}
          <PacketView key={details.row.sequence} packet={packet} bytes={bytes} wholeSize={details.row.size} />
        </>
      )}
    </section>
  );
}
