import { z } from 'zod';
import type { Profile } from '../../profile/profile.ts';
import {
  pinnedCertificateSchema,
  profileSchema,
  publishFormats,
  publishPropertiesSchema,
  qosSchema,
  secretNameSchema,
  subscriptionSchema,
} from '../../profile/profile.ts';
import { defineOperation } from '../define.ts';
import { type Settings, settingsPatchSchema } from '../settings.ts';
import { jobsOperations } from './automation.ts';
import { type CertificateAdvice, certificateOperations } from './certificates.ts';
import { diagnosisOperations } from './diagnosis.ts';
import { organiseOperations } from './environments.ts';
import { libraryOperations } from './library.ts';
import { programsOperations } from './programs.ts';
import { replyRulesOperations } from './replies.ts';
import { rulesOperations } from './rules.ts';
import { schemasOperations } from './schemas.ts';
import { keptScriptsOperations } from './scripts.ts';
import { transferOperations } from './transfer.ts';

const id = z.string().min(1).max(64);
const fileBytes = z
  .instanceof(Uint8Array)
  .refine((bytes) => bytes.length <= 4 * 1024 * 1024, 'Larger than 4 MB');

/** What may be shown of one object found in a dropped file: parsed by the engine, which keeps the bytes. */
export interface CertificateObject {
  readonly kind: 'certificate' | 'private-key' | 'unknown';
  /** Of a certificate: CA (basic constraints) or not. */
  readonly isCa?: boolean;
  readonly subject?: string;
  readonly issuer?: string;
  /** Milliseconds since the epoch. */
  readonly validFrom?: number;
  readonly validTo?: number;
  readonly subjectAltNames?: readonly string[];
  readonly fingerprint256?: string;
  /** `RSA 2048`, `EC prime256v1`, `Ed25519`. */
  readonly keyType?: string;
  readonly encrypted?: boolean;
  /** SHA-256 of the public key, hex: equal for a key and its certificate. Absent while a key is locked. */
  readonly publicKeyId?: string;
  /** Of a certificate: whole days until it expires, negative when it has. */
  readonly daysLeft?: number;
  /** `ecdsa-with-SHA256`, as OpenSSL names it. */
  readonly signatureAlgorithm?: string;
  readonly serialNumber?: string;
  /** What the key may be used for, in words: key usage and extended key usage (RFC 5280, 4.2.1.3 and 4.2.1.12). */
  readonly keyUsage?: readonly string[];
  /** What of it is too weak for today, each a short remark: `RSA key of 1024 bits`. */
  readonly weaknesses?: readonly string[];
  /** Why it can't be used, and the way out; for `unknown` and for damaged objects. */
  readonly problem?: string;
}

/** A dropped file as the vault took it. `ref` goes into the profile. */
export interface StagedFile {
  readonly ref: string;
  readonly fileName: string;
  readonly objects: readonly CertificateObject[];
}

/** A finding about stored material: where it stands in the form, and the file that it is about. */
export interface MaterialAdvice extends CertificateAdvice {
  readonly place: 'ca' | 'certificate' | 'key';
  readonly ref: string;
}

/** The state of the TLS material of a form, in words for the user. */
export interface TlsMaterialReport {
  readonly ca: readonly StagedFile[];
  readonly certificate?: StagedFile;
  readonly key?: StagedFile;
  /** Whether key and client certificate belong together; `locked`: the passphrase is missing or wrong. */
  readonly match: 'none' | 'match' | 'mismatch' | 'locked' | 'incomplete';
  readonly advice: readonly MaterialAdvice[];
}

export interface RecentPublish {
  readonly topic: string;
  readonly format: (typeof publishFormats)[number];
  /** As typed. */
  readonly text: string;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly properties: z.infer<typeof publishPropertiesSchema>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface AppInfo {
  readonly version: string;
  readonly host: 'desktop' | 'server';
  readonly platform: string;
  readonly dataDirectory: string;
  /** How secrets are kept; `weak` says what is missing, for example a Linux keyring. */
  readonly vault: { readonly kind: string; readonly weak?: string };
}

/** A secret of the form: `undefined` keeps what is stored, `null` removes it, a string replaces it. */
const secretInput = z.string().max(65535).nullable().optional();

export const mainOperations = {
  ...certificateOperations,
  ...diagnosisOperations,
  ...organiseOperations,
  ...rulesOperations,
  ...schemasOperations,
  ...transferOperations,
  'app.info': defineOperation<AppInfo>()(z.object({})),
  'settings.change': defineOperation<Settings>()(settingsPatchSchema),

  /** Creates or replaces by id; staged files that the profile refers to are kept, others dropped. */
  'profiles.save': defineOperation<Profile>()(
    z.object({
      profile: profileSchema,
      password: secretInput,
      passphrase: secretInput,
      /** By name; those that are not named stay as they are. */
      secrets: z.partialRecord(secretNameSchema, secretInput).optional(),
    }),
  ),
  /** Can be undone with `profiles.restore` for as long as the process lives; secrets go with the last chance to undo. */
  'profiles.delete': defineOperation<void>()(z.object({ profileId: id })),
  'profiles.restore': defineOperation<Profile>()(z.object({ profileId: id })),
  'profiles.duplicate': defineOperation<Profile>()(z.object({ profileId: id })),
  /** All ids in their new order. */
  'profiles.reorder': defineOperation<void>()(z.object({ profileIds: z.array(id).max(10_000) })),

  /** Takes a dropped file into the vault and says what it is. */
  'certificates.stage': defineOperation<StagedFile>()(
    z.object({ fileName: z.string().max(255), bytes: fileBytes }),
  ),
  /** Judges the TLS material of a form; passphrase as in `profiles.save`, `profileId` gives access to the stored one. */
  'certificates.report': defineOperation<TlsMaterialReport>()(
    z.object({
      profileId: id.optional(),
      ca: z.array(z.object({ ref: id, fileName: z.string().max(255) })).max(100),
      certificate: z.object({ ref: id, fileName: z.string().max(255) }).optional(),
      key: z.object({ ref: id, fileName: z.string().max(255) }).optional(),
      passphrase: secretInput,
      /** Name that the broker's certificate has to be for; left out where it is not known. */
      host: z.string().max(1000).optional(),
    }),
  ),

  /**
   * Opens a tab for the profile (or finds the open one) and connects. Where user name and password are asked for, the
   * session waits for them first (`SessionSummary.awaitsSignIn`).
   */
  'sessions.open': defineOperation<{ sessionId: string }>()(
    z.object({ profileId: id, connect: z.boolean().default(true) }),
  ),
  /** A temporary profile from `mqtt://user:pass@host:port/path?topic=...`. */
  'sessions.openUrl': defineOperation<{ sessionId: string }>()(z.object({ url: z.string().max(4000) })),
  /** Starts the embedded broker if need be and opens its profile. */
  'sessions.openDemo': defineOperation<{ sessionId: string }>()(z.object({})),
  'sessions.connect': defineOperation<void>()(
    z.object({
      sessionId: id,
      /** For profiles that ask; held by the session alone, for as long as it lives, for its reconnects. */
      signIn: z.object({ username: z.string().max(65535), password: z.string().max(65535) }).optional(),
    }),
  ),
  'sessions.disconnect': defineOperation<void>()(z.object({ sessionId: id })),
  /**
   * Trusts this server certificate from the next attempt on, whoever issued it: in the saved profile, or for as long as a
   * temporary session lives.
   */
  'sessions.trust': defineOperation<void>()(z.object({ sessionId: id, pin: pinnedCertificateSchema })),
  /**
   * Cuts the socket without DISCONNECT, so that the broker sends the will. No reconnect follows. Fails with
   * `guard.readOnly` where a will is armed and the profile is read-only.
   */
  'sessions.drop': defineOperation<void>()(z.object({ sessionId: id })),
  /** Disconnects, ends the worker and forgets its messages. */
  'sessions.close': defineOperation<void>()(z.object({ sessionId: id })),

  /** Keeps the subscription in the profile and, when connected, sends SUBSCRIBE. The result shows in the feed. */
  'subscriptions.add': defineOperation<void>()(z.object({ sessionId: id, subscription: subscriptionSchema })),
  'subscriptions.change': defineOperation<void>()(
    z.object({ sessionId: id, subscription: subscriptionSchema }),
  ),
  'subscriptions.remove': defineOperation<void>()(z.object({ sessionId: id, subscriptionId: id })),

  ...jobsOperations,
  ...libraryOperations,
  ...replyRulesOperations,
  ...keptScriptsOperations,
  ...programsOperations,
  'recents.list': defineOperation<readonly RecentPublish[]>()(z.object({ profileId: id })),
  'recents.add': defineOperation<void>()(
    z.object({
      profileId: id,
      recent: z.object({
        topic: z.string().max(65535),
        format: z.enum(publishFormats),
        text: z.string().max(65536),
        qos: qosSchema,
        retain: z.boolean(),
        properties: publishPropertiesSchema,
        at: z.number(),
      }),
    }),
  ),
};
