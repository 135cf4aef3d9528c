import { Modal, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { ArrowDownLeft, ArrowUpRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { formatBytes, formatQuantity } from '#app/base/format.ts';
import { type DumpStream, decodeDump } from '#app/mqtt/packets/decode-dump.ts';
import type { StreamPacket } from '#app/mqtt/packets/split-packets.ts';
import { summarisePacket } from '#app/mqtt/packets/summary.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { MqttVersion } from '#app/profile/profile.ts';
import { Choice } from '#renderer/ui/choice.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { listMove } from '#renderer/ui/virtual/list-keys.ts';
import classes from './dump.module.css';
import { PacketView } from './packet-view.tsx';
import packetClasses from './packets.module.css';

const versions = {
  auto: 'Version from the dump',
  '3.1': 'MQTT 3.1',
  '3.1.1': 'MQTT 3.1.1',
  '5.0': 'MQTT 5.0',
} as const satisfies Record<MqttVersion | 'auto', string>;

/** Packets that are listed; of more it is said how many there are. */
const MAX_LISTED = 500;

interface Listed extends StreamPacket {
  readonly stream: DumpStream;
}

/** Takes a pasted hex dump apart, packet by packet. Nothing of it leaves this window. */
export function DumpDialog({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [version, setVersion] = useState<keyof typeof versions>('auto');
  const [chosen, setChosen] = useState(0);
  const [settled] = useDebouncedValue(text, 150);
  const dump = useMemo(
    () => (settled.trim() === '' ? undefined : decodeDump(settled, version === 'auto' ? undefined : version)),
    [settled, version],
  );
  const streams = dump?.kind === 'streams' ? dump.streams : [];
  const all: readonly Listed[] = streams.flatMap((stream) =>
    stream.packets.map((packet) => ({ ...packet, stream })),
  );
  const current = all[Math.min(chosen, all.length - 1)];
  return (
    <Modal
      opened
      onClose={onClose}
      // What was pasted is not lost to a click beside the dialog.
      closeOnClickOutside={text === ''}
      title="Decode a hex dump"
      size={1080}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={classes.dialog}>
        <Textarea
          aria-label="Hex dump"
          placeholder={
            '0000   10 2a 00 04 4d 51 54 54  05 c2 00 3c …\n\nFrom Wireshark, tcpdump -X, xxd, hexdump -C, a C array, or hex digits alone'
          }
          classNames={{ input: classes.input ?? '' }}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
          rows={6}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setChosen(0);
          }}
        />
        <div className={classes.line}>
          <Choice
            label="Version of MQTT"
            names={versions}
            value={version}
            neutral="auto"
            onChange={setVersion}
          />
          {dump?.kind === 'streams' && (
            <span role="status" className={packetClasses.note}>
              {formatQuantity(all.length, 'packet')}
              {streams.length > 1 && ` in ${formatQuantity(streams.length, 'stream')}`}
              {all.length > MAX_LISTED && `, of which ${MAX_LISTED} are listed`}
            </span>
          )}
        </div>
        {dump?.kind === 'problem' && (
          <FailureNote
            level="warning"
            failure={{ code: 'dump.unreadable', message: dump.message, hint: dump.hint }}
          />
        )}
        {streams.flatMap(({ name, notes }) =>
          notes.map((note) => (
            <p key={`${name} ${note}`} className={classes.warning}>
              {streams.length > 1 ? `${name}: ${note}` : note}
            </p>
          )),
        )}
        {current !== undefined && (
          <div className={classes.result}>
            <PacketList
              packets={all.slice(0, MAX_LISTED)}
              chosen={all.indexOf(current)}
              onChoose={setChosen}
            />
            <PacketView
              key={`${settled.length} ${version} ${all.indexOf(current)}`}
              packet={current.packet}
              bytes={current.bytes}
            />
          </div>
        )}
      </div>
    </Modal>
  );
}

interface PacketListProps {
  readonly packets: readonly Listed[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

function PacketList({ packets, chosen, onChoose }: PacketListProps) {
  return (
    <div
      role="listbox"
      aria-label="Packets of the dump"
      tabIndex={0}
      aria-activedescendant={`dump-packet-${chosen}`}
      className={classes.list}
      onKeyDown={(event) => {
        const move = listMove(event.key);
        if (move !== undefined) {
          event.preventDefault();
          const last = packets.length - 1;
          const to = {
            previous: chosen - 1,
            next: chosen + 1,
            first: 0,
            last,
            'page-up': chosen - 10,
            'page-down': chosen + 10,
          }[move];
          const index = Math.max(0, Math.min(last, to));
          onChoose(index);
          document.getElementById(`dump-packet-${index}`)?.scrollIntoView({ block: 'nearest' });
        }
      }}
    >
      {packets.map(({ packet, bytes, stream }, index) => {
        const isFirst = index === 0 || packets[index - 1]?.stream !== stream;
        const Arrow = stream.direction === 'received' ? ArrowDownLeft : ArrowUpRight;
        return (
          // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and points at the option
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: packets never change their place
            key={index}
            role="option"
            id={`dump-packet-${index}`}
            aria-selected={index === chosen}
            data-problem={packet.problems.length > 0 || undefined}
            className={classes.item}
            onClick={() => onChoose(index)}
          >
            {isFirst && stream.name !== 'Dump' && <div className={classes.stream}>{stream.name}</div>}
            <div className={classes.itemLine}>
              {stream.direction !== undefined && (
                <span data-direction={stream.direction} className={classes.arrow}>
                  <Arrow size={14} strokeWidth={1.75} aria-hidden />
                  <span className="visually-hidden">
                    {stream.direction === 'sent' ? 'to the broker' : 'from the broker'}
                  </span>
                </span>
              )}
              <span className={packetClasses.type}>{packet.type}</span>
              <span className={classes.itemSummary}>
                {visibleText(summarisePacket(packet).slice(0, 200))}
              </span>
              <span className={packetClasses.note}>{formatBytes(bytes.length)}</span>
            </div>
          </div>
        );
      })}
    </div>
  );
}
