import { Button } from '@mantine/core';
import type { Rehearsal } from '#app/contract/feeds/will.ts';
import { LevelIcon } from './level-icon.tsx';
import classes from './rehearsal.module.css';
import { outcomeOf } from './rehearsal-words.ts';

interface RehearsalLineProps {
  readonly rehearsal: Rehearsal;
  readonly onShow: () => void;
}

/** The newest rehearsal in one line, for the pane. */
export function RehearsalLine({ rehearsal, onShow }: RehearsalLineProps) {
  const { level, words } = outcomeOf(rehearsal);
  return (
    <div className={classes.line} data-level={level}>
      <LevelIcon level={level} />
      <span>{words}</span>
      <Button size="compact-xs" variant="subtle" onClick={onShow} aria-label="Show the rehearsal">
        Show
      </Button>
    </div>
  );
}
