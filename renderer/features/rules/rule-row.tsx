import { CircleAlert, EyeOff, GripVertical, Pencil, Power, Trash2 } from 'lucide-react';
import type { DragEvent, KeyboardEvent } from 'react';
import type { Failure } from '#app/contract/failure.ts';
import type { RuleMatch } from '#app/contract/feeds/rules.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import type { Rule } from '#app/profile/rules.ts';
import { ColorBar } from '#renderer/ui/color-mark.tsx';
import { CutText } from '#renderer/ui/cut-text.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { matchSentence, matchWords, ruleViewLabel } from './rule-draft.ts';
import classes from './rules.module.css';

interface RuleRowProps {
  readonly rule: Rule;
  /** Place in the table, from 1 on, and how many there are. */
  readonly place: number;
  readonly of: number;
  readonly match: RuleMatch | undefined;
  /** Why its view can't be used. */
  readonly problem: Failure | undefined;
  /** Moves it by so many places. */
  readonly onMove: (by: number) => void;
  readonly onToggle: () => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
  readonly drag: RowDrag;
}

/** What makes a row movable by mouse. */
export interface RowDrag {
  readonly draggable: boolean;
  readonly 'data-dragged': true | undefined;
  readonly 'data-drop': 'before' | 'after' | undefined;
  onDragStart(event: DragEvent): void;
  onDragOver(event: DragEvent): void;
  onDrop(event: DragEvent): void;
  onDragEnd(): void;
}

/** One rule of the table. */
export function RuleRow(props: RuleRowProps) {
  const { rule, place, of, match, problem, onMove, onToggle, onEdit, onRemove, drag } = props;
  const filter = visibleText(rule.filter);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (by !== 0 && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      onMove(by);
    }
  };
  const view = visibleText(ruleViewLabel(rule.codec));
  return (
    <>
      <tr className={classes.row} data-off={!rule.enabled || undefined} data-rule={rule.id} {...drag}>
        <td className={classes.handle}>
          {rule.color !== undefined && <ColorBar color={rule.color} />}
          <IconButton
            compact
            icon={GripVertical}
            data-handle
            label={`Move rule ${place} of ${of}: arrow up or down, or drag`}
            onKeyDown={onKeyDown}
          />
        </td>
        <td className={classes.filter} title={filter}>
          <CutText text={filter} />
          {rule.color !== undefined && <span className="visually-hidden">, {rule.color}</span>}
        </td>
        <td className={classes.text} title={visibleText(rule.codec.type ?? view)}>
          {view}
        </td>
        <td className={classes.text} title={visibleText(rule.label)}>
          {visibleText(rule.label)}
        </td>
        <td className={classes.text}>{visibleText(rule.unit)}</td>
        <td className={classes.text}>
          {rule.muted && <EyeOff size={14} strokeWidth={1.75} aria-label="muted" role="img" />}
        </td>
        <td
          className={classes.match}
          title={rule.enabled && match !== undefined ? matchTitle(match) : undefined}
        >
          {rule.enabled ? match !== undefined && matchWords(match) : 'off'}
        </td>
        <td className={classes.filter} title={visibleText(match?.example ?? '')}>
          {rule.enabled && match?.example !== undefined && <CutText text={visibleText(match.example)} />}
        </td>
        <td className={classes.actions}>
          <IconButton
            compact
            icon={Power}
            label={rule.enabled ? `Switch rule ${filter} off` : `Switch rule ${filter} on`}
            onClick={onToggle}
          />
          <IconButton compact icon={Pencil} label={`Edit rule ${filter}`} onClick={onEdit} />
          <IconButton compact icon={Trash2} label={`Remove rule ${filter}`} onClick={onRemove} />
        </td>
      </tr>
      {problem !== undefined && (
        <tr className={classes.problem}>
          <td colSpan={9}>
            <CircleAlert size={14} strokeWidth={1.75} aria-hidden /> {visibleText(problem.message)} Messages
            are shown as bytes.
          </td>
        </tr>
      )}
    </>
  );
}

/** With an example, for which there is no column in a narrow pane. */
function matchTitle(match: RuleMatch): string {
  const { example } = match;
  return example === undefined
    ? matchSentence(match)
    : `${matchSentence(match)} For example ${visibleText(example)}`;
}
