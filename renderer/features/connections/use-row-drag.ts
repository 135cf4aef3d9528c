import { type DragEvent, useState } from 'react';
import { type ListRow, type Place, placeBehind } from './group-rows.ts';

type Mark = 'before' | 'after' | 'into';

/** Moves connections by mouse: between two others, into a group, or below the last row out of all groups. */
export function useRowDrag(rows: readonly ListRow[], onMove: (profileId: string, place: Place) => void) {
  const [dragged, setDragged] = useState<string | undefined>(undefined);
  const [over, setOver] = useState<{ readonly key: string; readonly mark: Mark } | undefined>(undefined);
  const end = () => {
    setDragged(undefined);
    setOver(undefined);
  };
  const drop = (place: Place) => {
    if (dragged !== undefined && place.before !== dragged) {
      onMove(dragged, place);
    }
    end();
  };
  return {
    /** Of the list around the rows. */
    list: {
      onDragOver: (event: DragEvent) => {
        if (dragged !== undefined) {
          event.preventDefault();
        }
      },
      onDrop: () => drop({ group: '' }),
    },
    row: (row: ListRow) => ({
      draggable: row.kind === 'profile',
      'data-dragged': row.key === dragged || undefined,
      'data-drop': over?.key === row.key ? over.mark : undefined,
      onDragStart: (event: DragEvent) => {
        if (row.kind === 'profile') {
          event.dataTransfer.effectAllowed = 'move';
          event.dataTransfer.setData('text/plain', row.profile.name);
          setDragged(row.profile.id);
        }
      },
      onDragOver: (event: DragEvent) => {
        if (dragged !== undefined) {
          event.preventDefault();
          event.stopPropagation();
          const box = event.currentTarget.getBoundingClientRect();
          const isLower = event.clientY > box.top + box.height / 2;
          setOver({ key: row.key, mark: row.kind === 'group' ? 'into' : isLower ? 'after' : 'before' });
        }
      },
      onDrop: (event: DragEvent) => {
        event.stopPropagation();
        if (row.kind === 'group') {
          drop({ group: row.path });
        } else if (over?.mark === 'after') {
          drop(
            placeBehind(
              rows.filter(({ key }) => key !== dragged || key === row.key),
              row.profile,
            ),
          );
        } else {
          drop({ group: row.profile.group, before: row.profile.id });
        }
      },
      onDragEnd: end,
    }),
  };
}
