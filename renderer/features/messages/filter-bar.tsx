import { ListFilter, LoaderCircle, Search } from 'lucide-react';
import { memo, type Ref } from 'react';
import { Choice } from '#renderer/ui/choice.tsx';
import { FilterField } from '#renderer/ui/filter-field.tsx';
import classes from './messages.module.css';
import { type StreamFilter, streamFilterProblem } from './stream-filter.ts';

interface FilterBarProps {
  readonly filter: StreamFilter;
  readonly onChange: (filter: StreamFilter) => void;
  /** Older messages are still being searched. */
  readonly isScanning: boolean;
  readonly ref: Ref<HTMLInputElement>;
  readonly onLeave: () => void;
}

const directions: Readonly<Record<StreamFilter['direction'], string>> = {
  both: 'In and out',
  received: 'Received',
  published: 'Published',
};
const retains: Readonly<Record<StreamFilter['retain'], string>> = {
  any: 'Any retain',
  retained: 'Retained',
  live: 'Not retained',
};
const qualities = { any: 'Any QoS', 0: 'QoS 0', 1: 'QoS 1', 2: 'QoS 2' } as const;

/** What of the stream is shown. */
export const FilterBar = memo(function FilterBar({
  filter,
  onChange,
  isScanning,
  ref,
  onLeave,
}: FilterBarProps) {
  return (
    <search className={classes.filters}>
      <FilterField
        ref={ref}
        label="Filter by topic"
        icon={ListFilter}
        mono
        value={filter.topicFilter}
        onChange={(topicFilter) => onChange({ ...filter, topicFilter })}
        problem={streamFilterProblem(filter)}
        onLeave={onLeave}
      />
      <FilterField
        label="Search text"
        icon={Search}
        value={filter.text}
        onChange={(text) => onChange({ ...filter, text: text.slice(0, 1000) })}
        onLeave={onLeave}
        note={
          <span role="status" className={classes.scanning} data-shown={isScanning || undefined}>
            <LoaderCircle size={14} strokeWidth={1.75} aria-hidden />
            <span className="visually-hidden">{isScanning ? 'Searching older messages' : ''}</span>
          </span>
        }
      />
      <Choice
        label="Direction"
        names={directions}
        value={filter.direction}
        neutral="both"
        onChange={(direction) => onChange({ ...filter, direction })}
      />
      <Choice
        label="Retain"
        names={retains}
        value={filter.retain}
        neutral="any"
        onChange={(retain) => onChange({ ...filter, retain })}
      />
      <Choice
        label="QoS"
        names={qualities}
        value={filter.qos === undefined ? 'any' : (String(filter.qos) as '0' | '1' | '2')}
        neutral="any"
        onChange={(qos) => onChange({ ...filter, qos: qos === 'any' ? undefined : toQos(qos) })}
      />
    </search>
  );
});

function toQos(text: string): 0 | 1 | 2 {
  return text === '2' ? 2 : text === '1' ? 1 : 0;
}
