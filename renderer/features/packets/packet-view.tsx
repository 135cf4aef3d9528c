import { Button } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { CircleAlert, Copy } from 'lucide-react';
import { useMemo, useState } from 'react';
import { formatBytes } from '#app/base/format.ts';
import { type DecodedPacket, maskSecrets } from '#app/mqtt/packets/packet.ts';
import { flatFields, packetHex, packetText } from '#app/mqtt/packets/packet-text.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { attempt } from '#renderer/commands/run.ts';
import { copyText } from '#renderer/ui/clipboard.ts';
import { PacketBytes } from './packet-bytes.tsx';
import { PacketFields } from './packet-fields.tsx';
import classes from './packets.module.css';

interface PacketViewProps {
  readonly packet: DecodedPacket;
  /** Of the packet, as far as they are there. Secrets in them are covered here. */
  readonly bytes: Uint8Array;
  /** Bytes of the whole packet, where they are more. */
  readonly wholeSize?: number | undefined;
}

/** Pixels from which on there is room for sixteen bytes in a row. */
const WIDE = 760;

/** The fields of a packet beside its bytes; what is chosen on one side is marked on the other. */
export function PacketView({ packet, bytes, wholeSize }: PacketViewProps) {
  const { ref, width } = useElementSize();
  const fields = useMemo(() => flatFields(packet.fields), [packet]);
  const masked = useMemo(() => maskSecrets(bytes, packet.secrets), [bytes, packet]);
  const [chosen, setChosen] = useState<number | undefined>(undefined);
  const field = chosen === undefined ? undefined : fields[chosen];
  const chooseByte = (at: number) => {
    // The innermost field: it comes last.
    const index = fields.findLastIndex(({ start, end }) => start <= at && at < end);
    setChosen(index < 0 ? undefined : index);
  };
  return (
    <div ref={ref} className={classes.packet}>
      {packet.problems.map(({ at, message, section }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes
        <p key={index} className={classes.complaint}>
          <CircleAlert size={14} strokeWidth={1.75} aria-hidden />
          <span>
            {visibleText(message)}{' '}
            <span className={classes.note}>
              at byte {at}, {section}
            </span>
          </span>
        </p>
      ))}
      <div className={classes.sides}>
        <PacketFields fields={fields} chosen={chosen} onChoose={setChosen} />
        <PacketBytes
          bytes={masked}
          secrets={packet.secrets}
          marked={field}
          perRow={width < WIDE ? 8 : 16}
          onChoose={chooseByte}
        />
      </div>
      <footer className={classes.foot}>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<Copy size={14} strokeWidth={1.75} aria-hidden />}
          onClick={() => attempt(() => copyText(packetHex(masked)))}
        >
          Copy as hex
        </Button>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<Copy size={14} strokeWidth={1.75} aria-hidden />}
          onClick={() => attempt(() => copyText(packetText(packet)))}
        >
          Copy as text
        </Button>
        <span className={classes.note}>
          {wholeSize !== undefined && wholeSize > bytes.length
            ? `the first ${formatBytes(bytes.length)} of ${formatBytes(wholeSize)} were kept`
            : formatBytes(bytes.length)}
          {packet.secrets.length > 0 && '; secrets are hidden, in copies too'}
        </span>
      </footer>
    </div>
  );
}
