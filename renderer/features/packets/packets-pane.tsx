import { NumberInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Binary, Cable, Eraser, Pause, Play, Search, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { formatCount } from '#app/base/format.ts';
import type { PacketRow, PacketsWindow } from '#app/contract/feeds/packets.ts';
import { decodePacket } from '#app/mqtt/packets/decode-packet.ts';
import { packetText } from '#app/mqtt/packets/packet-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { useCommand } from '#renderer/commands/use-command.ts';
import { Choice } from '#renderer/ui/choice.tsx';
import { copyText } from '#renderer/ui/clipboard.ts';
import { useNow } from '#renderer/ui/clock.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { FilterField } from '#renderer/ui/filter-field.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { Pane, PaneHeader } from '#renderer/ui/pane.tsx';
import { DumpDialog } from './dump-dialog.tsx';
import { PacketDetails } from './packet-details.tsx';
import classes from './packets.module.css';
import { openerOf, PacketsGrid } from './packets-grid.tsx';
import { keepAliveText, recordedText, type TypeChoice, typeChoices, typesOf } from './packets-words.ts';
import { usePackets } from './use-packets.ts';

const directions = { both: 'Both directions', sent: 'Sent', received: 'Received' } as const;
/** Milliseconds without a key before the engine filters. */
const FILTER_DELAY = 150;

/** Every control packet of the connection, both ways, for as long as this pane is shown. */
export function PacketsPane({ sessionId }: { readonly sessionId: string }) {
  const [direction, setDirection] = useState<keyof typeof directions>('both');
  const [type, setType] = useState<TypeChoice>('all');
  const [text, setText] = useState('');
  const [packetId, setPacketId] = useState<number | undefined>(undefined);
  const [onlyProblems, setOnlyProblems] = useState(false);
  const [isPaused, setPaused] = useState(false);
  const [selected, setSelected] = useState<PacketRow | undefined>(undefined);
  const [isDecoding, setDecoding] = useState(false);
  const [wantedText] = useDebouncedValue(text, FILTER_DELAY);
  const packets = usePackets(
    sessionId,
    {
      direction,
      types: typesOf(type),
      text: wantedText,
      onlyProblems,
      ...(packetId === undefined ? {} : { packetId }),
    },
    isPaused,
  );
  const { window, failure } = packets;
  const isFiltered =
    direction !== 'both' || type !== 'all' || text !== '' || packetId !== undefined || onlyProblems;
  const togglePause = () => setPaused(!isPaused);
  const clear = () => attempt(() => engineClient().session(sessionId, 'packets.clear', {}));
  usePacketCommands(isPaused, togglePause, clear, () => setDecoding(true));
  // As the window has it now: its exchange may have gone on.
  const current =
    window?.rows.find(
      (row): row is PacketRow => row.kind === 'packet' && row.sequence === selected?.sequence,
    ) ?? selected;
  return (
    <Pane role="region" aria-label="Packets">
      <PaneHeader
        title="Packets"
        count={window?.total}
        actions={
          <>
            <IconButton
              icon={isPaused ? Play : Pause}
              label={isPaused ? 'Resume' : 'Pause'}
              shortcut="alt+P"
              data-active={isPaused || undefined}
              onClick={togglePause}
            />
            <IconButton icon={Eraser} label="Clear" onClick={clear} />
            <IconButton
              icon={Binary}
              label="Decode a hex dump…"
              aria-haspopup="dialog"
              onClick={() => setDecoding(true)}
            />
          </>
        }
      >
        {isPaused && <span className={classes.paused}>Paused, nothing is recorded</span>}
        {window !== undefined && <KeepAlive window={window} />}
      </PaneHeader>
      <div className={classes.bar}>
        <FilterField
          label="Topic or summary of packets"
          icon={Search}
          mono
          value={text}
          onChange={(next) => setText(next.slice(0, 1000))}
          note={window === undefined ? undefined : noteOf(window, isFiltered)}
        />
        <Choice
          label="Direction"
          names={directions}
          value={direction}
          neutral="both"
          onChange={setDirection}
        />
        <Choice label="Packet type" names={typeChoices} value={type} neutral="all" onChange={setType} />
        <NumberInput
          aria-label="Packet ID"
          placeholder="ID"
          className={classes.id ?? ''}
          hideControls
          min={0}
          max={65_535}
          allowDecimal={false}
          value={packetId ?? ''}
          onChange={(value) => setPacketId(typeof value === 'number' && value <= 65_535 ? value : undefined)}
        />
        <IconButton
          icon={TriangleAlert}
          label="Only problems"
          pressed={onlyProblems}
          onClick={() => setOnlyProblems(!onlyProblems)}
        />
      </div>
      {failure !== undefined && <FailureNote failure={failure} />}
      <div className={classes.room}>
        <div className={classes.parts}>
          <PacketsGrid
            packets={packets}
            opener={current === undefined ? undefined : openerOf(current)}
            onSelect={setSelected}
            onCopy={(row) => attempt(() => copyPacket(sessionId, row))}
            empty={<NoPackets window={window} isFiltered={isFiltered} isPaused={isPaused} />}
          />
          {current !== undefined && (
            <PacketDetails
              sessionId={sessionId}
              sequence={current.sequence}
              news={JSON.stringify(current.tie)}
              onSelect={setSelected}
            />
          )}
        </div>
      </div>
      {isDecoding && <DumpDialog onClose={() => setDecoding(false)} />}
    </Pane>
  );
}

async function copyPacket(sessionId: string, { sequence }: PacketRow): Promise<void> {
  const { bytes, version, isPart } = await engineClient().session(sessionId, 'packets.get', { sequence });
  await copyText(packetText(decodePacket(bytes, version, isPart)));
}

function usePacketCommands(
  isPaused: boolean,
  pause: () => void,
  clear: () => void,
  decode: () => void,
): void {
  const group = 'Packets';
  useCommand({
    id: 'packets.pause',
    label: isPaused ? 'Resume recording packets' : 'Pause recording packets',
    group,
    shortcut: 'alt+P',
    run: pause,
  });
  useCommand({ id: 'packets.clear', label: 'Clear the recorded packets', group, run: clear });
  useCommand({
    id: 'packets.decode',
    label: 'Decode a hex dump…',
    group,
    keywords: ['wireshark', 'tcpdump', 'paste', 'bytes'],
    run: decode,
  });
}

function noteOf(window: PacketsWindow, isFiltered: boolean): string {
  if (window.scanning) {
    return 'Searching…';
  }
  return isFiltered
    ? `${formatCount(window.total)} of ${formatCount(window.recorded)}`
    : recordedText(window);
}

/** Apart from the pane: it changes each second. */
function KeepAlive({ window }: { readonly window: PacketsWindow }) {
  const now = useNow();
  const text = keepAliveText(window.keepAlive, now);
  return text === undefined ? undefined : (
    <span role="status" aria-live="off" aria-label="Keep alive" className={classes.note}>
      {text}
    </span>
  );
}

interface NoPacketsProps {
  readonly window: PacketsWindow | undefined;
  readonly isFiltered: boolean;
  readonly isPaused: boolean;
}

function NoPackets({ window, isFiltered, isPaused }: NoPacketsProps) {
  if (isFiltered && (window?.recorded ?? 0) > 0) {
    return <EmptyState icon={Cable} text="No packet passes the filters. Change them above." />;
  }
  if (isPaused) {
    return <EmptyState icon={Cable} text="Paused. Resume to record packets." />;
  }
  return (
    <EmptyState
      icon={Cable}
      text={
        window?.isConnected === false
          ? 'Recording. Connect, and every packet from CONNECT on is shown here.'
          : 'Recording. Packets appear here as they come and go, for as long as this tab is open.'
      }
    />
  );
}
