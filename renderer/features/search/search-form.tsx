import { ListFilter, Search, Sigma, SlidersHorizontal } from 'lucide-react';
import { type Ref, useState } from 'react';
import type { SearchQuery } from '#app/contract/feeds/search.ts';
import { topicFilterProblem } from '#app/mqtt/topic.ts';
import { parseCondition } from '#app/payload/field-condition.ts';
import { Choice } from '#renderer/ui/choice.tsx';
import { FilterField } from '#renderer/ui/filter-field.tsx';
import { IconButton } from '#renderer/ui/icon-button.tsx';
import { hasMore, parseSize, parseTime, timeText } from './query.ts';
import classes from './search.module.css';

interface SearchFormProps {
  readonly query: SearchQuery;
  readonly onChange: (query: SearchQuery) => void;
  readonly ref: Ref<HTMLInputElement>;
  readonly onLeave: () => void;
}

/** What is searched for, and where. */
export function SearchForm({ query, onChange, ref, onLeave }: SearchFormProps) {
  const [isOpen, setOpen] = useState(() => hasMore(query));
  const change = (part: Partial<SearchQuery>) => onChange({ ...query, ...part });
  const condition = query.condition.trim() === '' ? undefined : parseCondition(query.condition);
  const toggle = (
    label: string,
    key: 'isRegex' | 'matchCase' | 'wholeWord' | 'inTopic' | 'inPayload' | 'inProperties',
  ) => <Check label={label} checked={query[key]} onChange={(checked) => change({ [key]: checked })} />;
  return (
    <search className={classes.form}>
      <FilterField
        ref={ref}
        label="Search for"
        icon={Search}
        value={query.text}
        onChange={(text) => change({ text: text.slice(0, 1000) })}
        onLeave={onLeave}
      />
      {toggle('Regular expression', 'isRegex')}
      {toggle('Match case', 'matchCase')}
      {toggle('Whole word', 'wholeWord')}
      <IconButton
        icon={SlidersHorizontal}
        label="More conditions"
        pressed={isOpen}
        onClick={() => setOpen(!isOpen)}
      />
      {isOpen && (
        <div className={classes.more}>
          <FilterField
            label="Topic filter of the search"
            icon={ListFilter}
            mono
            value={query.topicFilter}
            onChange={(topicFilter) => change({ topicFilter })}
            problem={query.topicFilter === '' ? undefined : topicFilterProblem(query.topicFilter)}
          />
          <FilterField
            label="Fields, such as temp > 30"
            icon={Sigma}
            mono
            value={query.condition}
            onChange={(text) => change({ condition: text.slice(0, 1000) })}
            problem={typeof condition === 'string' ? condition : undefined}
          />
          {toggle('In topics', 'inTopic')}
          {toggle('In payloads', 'inPayload')}
          {toggle('In properties', 'inProperties')}
          <Choice
            label="Direction of the search"
            value={query.direction}
            names={{ both: 'In and out', received: 'Received', published: 'Published' }}
            onChange={(direction) => change({ direction })}
          />
          <Choice
            label="Retain of the search"
            value={query.retain}
            names={{ any: 'Any retain', retained: 'Retained', live: 'Not retained' }}
            onChange={(retain) => change({ retain })}
          />
          <Choice
            label="QoS of the search"
            value={query.qos.length === 0 ? 'any' : (String(query.qos[0]) as '0' | '1' | '2')}
            names={{ any: 'Any QoS', 0: 'QoS 0', 1: 'QoS 1', 2: 'QoS 2' }}
            onChange={(qos) => change({ qos: qos === 'any' ? [] : [qos === '0' ? 0 : qos === '1' ? 1 : 2] })}
          />
          <Parsed
            label="Smallest size"
            hint="2 KB"
            initial={query.minSize === undefined ? '' : String(query.minSize)}
            parse={parseSize}
            onChange={(minSize) => onChange(withBound(query, 'minSize', minSize))}
          />
          <Parsed
            label="Largest size"
            hint="1 MB"
            initial={query.maxSize === undefined ? '' : String(query.maxSize)}
            parse={parseSize}
            onChange={(maxSize) => onChange(withBound(query, 'maxSize', maxSize))}
          />
          <Parsed
            label="From"
            type="datetime-local"
            initial={query.from === undefined ? '' : timeText(query.from)}
            parse={parseTime}
            onChange={(from) => onChange(withBound(query, 'from', from))}
          />
          <Parsed
            label="To"
            type="datetime-local"
            initial={query.to === undefined ? '' : timeText(query.to)}
            parse={parseTime}
            onChange={(to) => onChange(withBound(query, 'to', to))}
          />
        </div>
      )}
    </search>
  );
}

function withBound(
  query: SearchQuery,
  key: 'minSize' | 'maxSize' | 'from' | 'to',
  value: number | undefined,
): SearchQuery {
  const { [key]: _last, ...others } = query;
  return value === undefined ? others : { ...others, [key]: value };
}

function Check({
  label,
  checked,
  onChange,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <label className={classes.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

interface ParsedProps {
  readonly label: string;
  readonly hint?: string;
  readonly type?: string;
  readonly initial: string;
  readonly parse: (text: string) => number | undefined;
  readonly onChange: (value: number | undefined) => void;
}

/** A bound as it is typed; what cannot be read is marked and bounds nothing. */
function Parsed({ label, hint, type = 'text', initial, parse, onChange }: ParsedProps) {
  const [text, setText] = useState(initial);
  return (
    <label className={classes.check}>
      {label}
      <input
        type={type}
        step={type === 'text' ? undefined : 1}
        className={classes.time}
        size={7}
        placeholder={hint}
        aria-invalid={text !== '' && parse(text) === undefined}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          onChange(parse(event.currentTarget.value));
        }}
      />
    </label>
  );
}
