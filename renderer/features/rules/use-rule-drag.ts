import { type DragEvent, useState } from 'react';
import type { Rule } from '#app/profile/rules.ts';
import type { RowDrag } from './rule-row.tsx';

/** Moves rules by mouse, between two others. `place` counts without the one that is moved. */
export function useRuleDrag(
  rules: readonly Rule[],
  onMove: (id: string, place: number) => void,
): (rule: Rule) => RowDrag {
  const [dragged, setDragged] = useState<string | undefined>(undefined);
  const [over, setOver] = useState<{ readonly id: string; readonly mark: 'before' | 'after' } | undefined>();
  const end = () => {
    setDragged(undefined);
    setOver(undefined);
  };
  return (rule) => ({
    draggable: true,
    'data-dragged': rule.id === dragged || undefined,
    'data-drop': over?.id === rule.id && dragged !== rule.id ? over.mark : undefined,
    onDragStart(event: DragEvent) {
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', rule.filter);
      setDragged(rule.id);
    },
    onDragOver(event: DragEvent) {
      if (dragged === undefined) {
        return;
      }
      event.preventDefault();
      const box = event.currentTarget.getBoundingClientRect();
      const mark = event.clientY > box.top + box.height / 2 ? 'after' : 'before';
      if (over?.id !== rule.id || over.mark !== mark) {
        setOver({ id: rule.id, mark });
      }
    },
    onDrop(event: DragEvent) {
      event.preventDefault();
      if (dragged !== undefined && dragged !== rule.id) {
        const others = rules.filter(({ id }) => id !== dragged);
        onMove(dragged, others.indexOf(rule) + (over?.mark === 'after' ? 1 : 0));
      }
      end();
    },
    onDragEnd: end,
  });
}
