import { CircleAlert, Pencil, Power, Trash2 } from 'lucide-react';
import { formatCount, formatTime } from '#app/base/format.ts';
import type { ReplyCounts } from '#app/contract/feeds/replies.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { ReplyRule } from '#app/reply/reply-rule.ts';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import paneTable from '#renderer/ui/pane-table.module.css';
import classes from './replies.module.css';

interface ReplyRowProps {
  readonly rule: ReplyRule;
  /** Absent while it is off. */
  readonly counts: ReplyCounts | undefined;
  readonly onToggle: () => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
  readonly onMove: (by: number) => void;
}

/** A rule with how it answers. Alt and an arrow key move it. */
export function ReplyRow({ rule, counts, onToggle, onEdit, onRemove, onMove }: ReplyRowProps) {
  const name = visibleText(rule.name);
  const when = `${visibleText(rule.filter)}${rule.condition === '' ? '' : `, ${visibleText(rule.condition)}`}`;
  const reply = rule.to === 'topic' ? visibleText(rule.message.topic) : 'response topic';
  const number = (count: number | undefined) =>
    count === undefined || (count === 0 && counts === undefined) ? '' : formatCount(count);
  return (
    <>
      <tr
        className={paneTable.row}
        data-off={!rule.enabled || undefined}
        onKeyDown={(event) => {
          const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
          if (by !== 0 && event.altKey) {
            event.preventDefault();
            onMove(by);
          }
        }}
      >
        <th scope="row" title={name}>
          {name}
        </th>
        <td className={classes.mono} title={when}>
          <CutText text={when} />
        </td>
        <td className={classes.mono} title={reply}>
          <CutText text={reply} />
        </td>
        <td className={paneTable.number}>{number(counts?.matched)}</td>
        <td className={paneTable.number}>{number(counts?.replied)}</td>
        <td className={paneTable.number}>
          {counts?.lastAt === undefined ? '' : formatTime(counts.lastAt).slice(0, 8)}
        </td>
        <td className={paneTable.actions}>
          <IconButton
            compact
            icon={Power}
            label={rule.enabled ? `Switch ${name} off` : `Switch ${name} on`}
            onClick={onToggle}
          />
          <IconButton compact icon={Pencil} label={`Edit ${name}`} onClick={onEdit} />
          <IconButton compact icon={Trash2} label={`Remove ${name}`} onClick={onRemove} />
        </td>
      </tr>
      {counts !== undefined && troubleOf(counts) !== undefined && (
        <tr className={classes.trouble}>
          <td colSpan={7}>
            <CircleAlert size={14} strokeWidth={1.75} aria-hidden /> {troubleOf(counts)}
          </td>
        </tr>
      )}
    </>
  );
}

function troubleOf({ isStorm, limited, failed, failure }: ReplyCounts): string | undefined {
  if (isStorm) {
    return 'Stopped: it answered as fast as it may for ten seconds, as replies that answer each other do. Change the rule to start it again.';
  }
  const words = [
    ...(limited === 0 ? [] : [`${formatCount(limited)} not answered, as there were too many in a second`]),
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed: ${visibleText(failure?.message ?? '')}`]),
  ];
  return words.length === 0 ? undefined : words.join('; ');
}
