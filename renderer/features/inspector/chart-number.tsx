import { Menu } from '@mantine/core';
import { ChartLine } from 'lucide-react';
import { useState } from 'react';
import type { SeriesValue } from '#app/contract/feeds/readers.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { engineClient } from '#renderer/client/engine.ts';
import { attempt } from '#renderer/commands/run.ts';
import { addSeries } from '#renderer/state/charts.ts';
import { showInspectorTab } from '#renderer/state/inspector-requests.ts';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import classes from './header.module.css';

interface ChartNumberProps {
  readonly sessionId: string;
  readonly profileId: string;
  readonly topic: string;
  readonly sequence: number;
  readonly codec: string;
}

interface Choice {
  readonly label: string;
  readonly text: string;
  readonly value: SeriesValue;
}

/** Draws a number of the value over time: the only one at once, otherwise the one that is chosen. */
export function ChartNumber({ sessionId, profileId, topic, sequence, codec }: ChartNumberProps) {
  const [choices, setChoices] = useState<readonly Choice[] | undefined>(undefined);
  const chart = (value: SeriesValue) => {
    addSeries(profileId, { topic, codec: value.kind === 'field' ? codec : 'auto', value });
    showInspectorTab(sessionId, 'Chart');
  };
  const ask = async () => {
    const { fields, isNumber } = await engineClient().readers('message.numbers', {
      sessionId,
      sequence,
      codec,
    });
    const [first] = fields;
    if (isNumber) {
      chart({ kind: 'payload' });
    } else if (first !== undefined && fields.length === 1) {
      chart({ kind: 'field', path: first.path });
    } else {
      setChoices([
        ...fields.map(({ path, text }) => ({
          label: visibleText(path),
          text,
          value: { kind: 'field' as const, path },
        })),
        { label: 'Size', text: '', value: { kind: 'size' } },
        { label: 'Rate', text: '', value: { kind: 'rate' } },
      ]);
    }
  };
  return (
    <Menu
      opened={choices !== undefined}
      onChange={(isOpen) => !isOpen && setChoices(undefined)}
      position="bottom-end"
      withinPortal
    >
      <Menu.Target>
        <IconButton icon={ChartLine} label="Chart a number" onClick={() => attempt(ask)} />
      </Menu.Target>
      <Menu.Dropdown className={classes.numbers} aria-label="Numbers of this value">
        {choices?.map(({ label, text, value }) => (
          <Menu.Item
            key={`${value.kind} ${label}`}
            onClick={() => chart(value)}
            rightSection={<span className={classes.number}>{text}</span>}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
