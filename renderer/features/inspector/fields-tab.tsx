import { ChartLine, ListTree, Plus } from 'lucide-react';
import { useMemo } from 'react';
import { formatCount, formatQuantity } from '#app/base/format.ts';
import type { SeriesValue, ShapeField, ShapeWindow } from '#app/contract/feeds/readers.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { useReadersFeed } from '#renderer/client/use-feed.ts';
import { addSeries, useCharts } from '#renderer/state/charts.ts';
import { showInspectorTab } from '#renderer/state/inspector-requests.ts';
import { selectMessage } from '#renderer/state/workspace.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import classes from './fields.module.css';

interface FieldsTabProps {
  readonly sessionId: string;
  readonly profileId: string;
  readonly topic: string;
  readonly topicId: number;
  readonly codec: string;
}

/** What the payloads of the topic look like: each field with its values, and what is odd about it. */
export function FieldsTab({ sessionId, profileId, topic, topicId, codec }: FieldsTabProps) {
  const params = useMemo(() => ({ sessionId, topicId, codec }), [sessionId, topicId, codec]);
  const { window, failure } = useReadersFeed('shape', params);
  const charts = useCharts(profileId);
  const chart = (value: SeriesValue, chartId?: string) => {
    // Only a field depends on how the payload is read.
    addSeries(profileId, { topic, codec: value.kind === 'field' ? codec : 'auto', value }, chartId);
    showInspectorTab(sessionId, 'Chart');
  };
  const newest = charts[0];
  const actions = (name: string, value: SeriesValue) => (
    <span className={classes.actions}>
      <IconButton icon={ChartLine} compact label={`Chart ${name}`} onClick={() => chart(value)} />
      {newest !== undefined && (
        <IconButton
          icon={Plus}
          compact
          label={`Add ${name} to chart 1`}
          onClick={() => chart(value, newest.id)}
        />
      )}
    </span>
  );
  const read = window === undefined ? 0 : window.messages - window.without;
  return (
    <div className={classes.frame}>
      {failure !== undefined && <FailureNote failure={failure} />}
      <div className={classes.view}>
        <table className={classes.table} aria-label="Fields">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Value</th>
              <th scope="col">Type</th>
              <th scope="col">Present</th>
              <th scope="col">Range</th>
              <th scope="col" className={classes.actionsHead}>
                Chart
              </th>
            </tr>
          </thead>
          <tbody>
            {window?.fields.map((field) => (
              <FieldRow
                key={field.path}
                field={field}
                messages={read}
                onFlip={(sequence) => selectMessage(sessionId, topic, topicId, sequence)}
                actions={
                  field.isNumeric && actions(visibleText(field.path), { kind: 'field', path: field.path })
                }
              />
            ))}
            {window?.isNumber === true && window.fields.length === 0 && (
              <OtherRow name="Whole payload" actions={actions('whole payload', { kind: 'payload' })} />
            )}
            {window !== undefined && (
              <>
                <OtherRow name="Size" actions={actions('size', { kind: 'size' })} />
                <OtherRow name="Rate" actions={actions('rate', { kind: 'rate' })} />
              </>
            )}
          </tbody>
        </table>
        {window !== undefined && window.fields.length === 0 && !window.isNumber && (
          <EmptyState
            icon={ListTree}
            text="The payloads of this topic have no fields in this view. Size and rate can be charted all the same."
          />
        )}
      </div>
      {window !== undefined && (
        <div className={classes.foot} role="status" aria-label="Shape">
          {shapeWords(window)}
        </div>
      )}
    </div>
  );
}

interface FieldRowProps {
  readonly field: ShapeField;
  /** Messages that have fields. */
  readonly messages: number;
  readonly onFlip: (sequence: number) => void;
  readonly actions: React.ReactNode;
}

function FieldRow({ field, messages, onFlip, actions }: FieldRowProps) {
  const { flip, types, present, min, max } = field;
  return (
    <tr>
      <th scope="row" className={classes.path} title={visibleText(field.path)}>
        {visibleText(field.path)}
        {field.isNew && <span className={classes.flag}>new</span>}
        {field.isMissing && <span className={classes.flag}>missing</span>}
      </th>
      <td className={classes.value} title={field.value.text}>
        {field.value.text}
      </td>
      <td className={classes.type} title={types.map(({ type, count }) => `${type}: ${count}`).join(', ')}>
        {types.map(({ type }) => type).join(', ')}
        {flip !== undefined && (
          <button type="button" className={classes.flip} onClick={() => onFlip(flip.sequence)}>
            {flip.from} → {flip.to}
          </button>
        )}
      </td>
      <td className={classes.number} title={`${formatCount(present)} of ${formatCount(messages)}`}>
        {share(present, messages)}
      </td>
      <td className={classes.number}>{min === undefined || max === undefined ? '' : range(min, max)}</td>
      <td className={classes.number}>{actions}</td>
    </tr>
  );
}

function OtherRow({ name, actions }: { readonly name: string; readonly actions: React.ReactNode }) {
  return (
    <tr>
      <th scope="row" className={classes.other} colSpan={5}>
        {name}
      </th>
      <td className={classes.number}>{actions}</td>
    </tr>
  );
}

/** `100 %`; what is not quite all or nothing never reads as such. */
function share(present: number, messages: number): string {
  if (messages === 0 || present === messages) {
    return '100 %';
  }
  return `${Math.min(99, Math.max(1, Math.round((present / messages) * 100)))} %`;
}

function range(min: number, max: number): string {
  const short = (value: number) => String(Number(value.toPrecision(6)));
  return min === max ? short(min) : `${short(min)} … ${short(max)}`;
}

function shapeWords({ messages, without, isCut, progress, fields }: ShapeWindow): string {
  const parts = [`${formatQuantity(fields.length, 'field')} in ${formatQuantity(messages, 'message')}`];
  if (without > 0 && fields.length > 0) {
    parts.push(`${formatCount(without)} of them without fields`);
  }
  if (isCut) {
    parts.push('more fields are not followed');
  }
  if (progress < 1) {
    parts.push(`reading: ${Math.floor(progress * 100)} %`);
  }
  return parts.join(', ');
}
