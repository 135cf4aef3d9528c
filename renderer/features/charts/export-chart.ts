import { fail } from '#app/contract/failure.ts';
import { engineClient } from '#renderer/client/engine.ts';
import type { SeriesSpec } from '#renderer/state/charts.ts';
import { saveFile } from '#renderer/ui/save-file.ts';
import { seriesColor, seriesLabel, valueLabel } from './series-label.ts';

/** A line of a chart with the id that its topic has in this session. */
export interface OpenSeries {
  readonly spec: SeriesSpec;
  readonly topicId: number;
}

/** Saves all points of the lines between two times, undecimated: `time,topic,field,value`. */
export async function saveCsv(
  sessionId: string,
  lines: readonly OpenSeries[],
  from: number,
  to: number,
): Promise<void> {
  const parts = ['time,topic,field,value\r\n'];
  const client = engineClient();
  for (const { spec, topicId } of lines) {
    const names = `${csvCell(spec.topic)},${csvCell(valueLabel(spec))}`;
    const series = { topicId, codec: spec.codec, value: spec.value };
    for (let at: number | undefined = 0; at !== undefined; ) {
      const page: { readonly times: readonly number[]; readonly values: readonly number[]; next?: number } =
        await client.readers('series.points', { sessionId, series, from, to, at });
      const rows = page.times.map(
        (time, index) => `${new Date(time).toISOString()},${names},${page.values[index]}\r\n`,
      );
      parts.push(rows.join(''));
      at = page.next;
    }
  }
  saveFile('chart.csv', parts.join(''), 'text/csv;charset=utf-8');
}

/** Quoted, and not to be taken for a formula by a spreadsheet. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** Saves the chart as it is on screen, with the names of its lines above it. */
export async function savePng(canvas: HTMLCanvasElement, lines: readonly SeriesSpec[]): Promise<void> {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const scale = canvas.width / Math.max(1, canvas.clientWidth);
  const row = 18 * scale;
  const image = document.createElement('canvas');
  image.width = canvas.width;
  image.height = canvas.height + row * lines.length + row / 2;
  const context = image.getContext('2d');
  if (context === null) {
    throw noImage();
  }
  context.fillStyle = color('surface-2');
  context.fillRect(0, 0, image.width, image.height);
  context.font = `${12 * scale}px ${color('font-ui')}`;
  context.textBaseline = 'middle';
  for (const [index, line] of lines.entries()) {
    const middle = row * (index + 0.75);
    context.fillStyle = color(`color-${seriesColor(index)}`);
    context.fillRect(8 * scale, middle - scale, 12 * scale, 2 * scale);
    context.fillStyle = color('text');
    context.fillText(seriesLabel(line), 26 * scale, middle, image.width - 34 * scale);
  }
  context.drawImage(canvas, 0, row * lines.length + row / 2);
  const blob = await new Promise<Blob | null>((resolve) => image.toBlob(resolve, 'image/png'));
  if (blob === null) {
    throw noImage();
  }
  saveFile('chart.png', new Uint8Array(await blob.arrayBuffer()), 'image/png');
}

function noImage(): Error {
  return fail(
    'chart.image',
    'The picture of the chart could not be made.',
    'Make the window smaller and try again.',
  );
}
