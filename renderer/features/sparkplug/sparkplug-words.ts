import { formatCount, formatQuantity } from '#app/base/format.ts';
import type { SparkplugOnline, SparkplugWindow } from '#app/contract/feeds/sparkplug.ts';

/** A state as it stands beside its mark. */
export const stateWords: Readonly<Record<SparkplugOnline, string>> = {
  online: 'Online',
  offline: 'Offline',
  unknown: 'No birth seen',
};

/** `2 of 3 nodes online, 1 of 1 device online` */
export function summary({ nodes, devices }: Pick<SparkplugWindow, 'nodes' | 'devices'>): string {
  const part = ({ online, total }: SparkplugWindow['nodes'], noun: string) =>
    `${formatCount(online)} of ${formatQuantity(total, noun)} online`;
  return devices.total === 0 ? part(nodes, 'node') : `${part(nodes, 'node')}, ${part(devices, 'device')}`;
}
