import { ChartLine } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { useCharts } from '#renderer/state/charts.ts';
import { useSession } from '#renderer/state/engine-data.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import classes from './charts.module.css';
import { useTopicIds } from './use-topic-ids.ts';

/** The plotting library comes with the first chart. */
const ChartCard = lazy(() => import('./chart-card.tsx').then((module) => ({ default: module.ChartCard })));

/** All charts of a connection, the newest first. */
export function ChartsPanel({ sessionId }: { readonly sessionId: string }) {
  const profileId = useSession(sessionId)?.profileId ?? '';
  const charts = useCharts(profileId);
  const topics = useMemo(() => charts.flatMap(({ series }) => series.map(({ topic }) => topic)), [charts]);
  const topicIds = useTopicIds(sessionId, topics);
  if (charts.length === 0) {
    return (
      <EmptyState
        icon={ChartLine}
        text="No chart yet. Choose a number under Fields, or press the chart button beside a value, and it is drawn here over time."
      />
    );
  }
  return (
    <div className={classes.panel}>
      <Suspense fallback={<div className={classes.card} />}>
        {charts.map((chart, index) => (
          <ChartCard
            key={chart.id}
            sessionId={sessionId}
            profileId={profileId}
            chart={chart}
            number={index + 1}
            topicIds={topicIds}
          />
        ))}
      </Suspense>
    </div>
  );
}
