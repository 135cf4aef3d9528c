import { z } from 'zod';
import type { MqttVersion } from '../../profile/profile.ts';
import { defineOperation } from '../define.ts';
import type { PacketRow } from '../feeds/packets.ts';

/** One recorded packet whole, ready to be taken apart where it is shown. */
export interface PacketDetails {
  readonly row: PacketRow;
  readonly version: MqttVersion;
  /** The packet, secrets written over; of a long one the beginning. */
  readonly bytes: Uint8Array;
  /** Only the beginning was kept. */
  readonly isPart: boolean;
  /** The packets of its exchange that are kept, oldest first, itself among them; at most 32. */
  readonly exchange: readonly PacketRow[];
}

export const packetsOperations = {
  /** Fails with `packets.gone` when it made room for newer ones. */
  'packets.get': defineOperation<PacketDetails>()(z.object({ sequence: z.int().min(1) })),
  /** Forgets what was recorded. */
  'packets.clear': defineOperation<void>()(z.object({})),
};
