import { useEffect, useId, useRef } from 'react';
import type { FlatField } from '#app/mqtt/packets/packet-text.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { listMove } from '#renderer/ui/virtual/list-keys.ts';
import classes from './packets.module.css';

interface PacketFieldsProps {
  readonly fields: readonly FlatField[];
  readonly chosen: number | undefined;
  readonly onChoose: (index: number) => void;
}

const PAGE = 10;

/** The fields of a packet, those inside of others set in. */
export function PacketFields({ fields, chosen, onChoose }: PacketFieldsProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (chosen !== undefined) {
      list.current?.querySelector(`[data-field="${chosen}"]`)?.scrollIntoView({ block: 'nearest' });
    }
  }, [chosen]);
  return (
    <div
      ref={list}
      role="listbox"
      aria-label="Fields"
      tabIndex={0}
      aria-activedescendant={chosen === undefined ? undefined : `${id}-${chosen}`}
      className={classes.fields}
      onKeyDown={(event) => {
        const move = listMove(event.key);
        if (move !== undefined && fields.length > 0) {
          event.preventDefault();
          const at = chosen ?? -1;
          const last = fields.length - 1;
          const to = {
            previous: at - 1,
            next: at + 1,
            first: 0,
            last,
            'page-up': at - PAGE,
            'page-down': at + PAGE,
          }[move];
          onChoose(Math.max(0, Math.min(last, to)));
        }
      }}
    >
      {fields.map(({ name, value, level, isSecret }, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and points at the option
        // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: fields never change their place
          key={index}
          role="option"
          id={`${id}-${index}`}
          aria-selected={index === chosen}
          data-field={index}
          data-secret={isSecret}
          className={classes.field}
          style={{ paddingInlineStart: 8 + level * 12 }}
          onClick={() => onChoose(index)}
        >
          <span className={classes.fieldName}>{name}</span>
          <span className={classes.fieldValue}>{visibleText(value)}</span>
        </div>
      ))}
    </div>
  );
}
