import { useMemo } from 'react';
import type { SessionSummary } from '#app/contract/feeds/main.ts';
import type { GeneratorContext } from '#app/generate/generators.ts';
import type { Codec } from '#app/payload/codec.ts';
import { fillTopic } from '#app/publish/fill-topic.ts';
import type { MessageTemplate } from '#app/publish/message-template.ts';
import { useEnvironment } from './engine-data.ts';
import { generatorContext } from './generator-series.ts';
import { ruledCodec } from './topic-rule.ts';

/** What a kept message would be made with, were it published on a session now. */
export interface TemplateContext {
  /** Of the rule for its topic; absent where none says how it is written. */
  readonly ruled: Codec | undefined;
  readonly generators: GeneratorContext;
}

/** Rule and generators for a message that is edited: a time and a number for each change of it. */
export function useTemplateContext(session: SessionSummary, message: MessageTemplate): TemplateContext {
  const { sessionId, profile, state } = session;
  const environment = useEnvironment(profile.environmentId);
  const version = state.kind === 'connected' ? state.mqttVersion : profile.mqttVersion;
  return useMemo(() => {
    const generators = generatorContext(sessionId, environment);
    const { topic } = fillTopic(message.topic, version, generators, environment !== undefined);
    return { ruled: ruledCodec(profile, topic, environment), generators };
  }, [sessionId, environment, profile, version, message]);
}
