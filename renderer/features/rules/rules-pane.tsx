import { Button } from '@mantine/core';
import { Plus } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { formatCount } from '#app/base/format.ts';
import { ruleViewProblem } from '#app/payload/rule-codec.ts';
import { visibleText } from '#app/payload/visible-text.ts';
import { MAX_RULES, newRule, type Rule } from '#app/profile/rules.ts';
import { useSessionFeed } from '#renderer/client/use-feed.ts';
import { notify } from '#renderer/commands/notify.tsx';
import { useCommand } from '#renderer/commands/use-command.ts';
import { useEnvironment, useSession } from '#renderer/state/engine-data.ts';
import { showView } from '#renderer/state/views.ts';
import { useSelection } from '#renderer/state/workspace.ts';
import { FailureNote } from '#renderer/ui/failure-note.tsx';
import { Pane, PaneBody, PaneHeader } from '#renderer/ui/pane.tsx';
import { movedRule, testedFilters, withRule } from './rule-draft.ts';
import { RuleForm } from './rule-form.tsx';
import { RuleRow } from './rule-row.tsx';
import classes from './rules.module.css';
import { SchemasSection } from './schemas-section.tsx';
import { useAddSchemas } from './use-add-schemas.ts';
import { useRuleDrag } from './use-rule-drag.ts';
import { useRules } from './use-rules.ts';
import { useSchemas } from './use-schemas.ts';

/** The rules of a connection: how messages are shown, by topic. The first rule that matches a topic counts. */
export function RulesPane({ sessionId }: { readonly sessionId: string }) {
  const environmentId = useSession(sessionId)?.profile.environmentId;
  const environment = useEnvironment(environmentId);
  const { topic } = useSelection(sessionId);
  const [rules, change] = useRules(sessionId);
  const schemas = useSchemas(sessionId);
  const added = useAddSchemas(sessionId, schemas);
  const problems = useMemo(
    () => rules.map(({ codec }) => ruleViewProblem(codec, schemas)?.failure),
    [rules, schemas],
  );
  const [draft, setDraft] = useState<Rule | undefined>(undefined);
  const isNew = draft !== undefined && !rules.some(({ id }) => id === draft.id);
  // What is being typed is tested where it would stand.
  const tested = useMemo(
    () => testedFilters(draft === undefined ? rules : withRule(rules, draft), environment),
    [rules, draft, environment],
  );
  const params = useMemo(() => ({ filters: [...tested] }), [tested]);
  const { window, failure } = useSessionFeed(sessionId, 'ruleMatches', params);
  const matches = window?.rows.length === tested.length ? window.rows : [];

  const table = useRef<HTMLTableElement>(null);
  const focused = useRef<string | undefined>(undefined);
  // Moved rows are taken out of the page and put back: the keyboard stays with the one that it moved.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs after the order changed
  useLayoutEffect(() => {
    if (focused.current !== undefined) {
      const row = table.current?.querySelector(`[data-rule="${CSS.escape(focused.current)}"]`);
      row?.querySelector<HTMLElement>('[data-handle]')?.focus();
      focused.current = undefined;
    }
  }, [rules]);
  const move = (id: string, place: number) => change(movedRule(rules, id, place));
  const drag = useRuleDrag(rules, move);

  const isFull = rules.length >= MAX_RULES;
  const add = () => setDraft(newRule(topic ?? ''));
  useCommand({
    id: 'rules.add',
    label: 'Add a rule',
    group: 'Rules',
    keywords: ['view', 'decoder', 'colour', 'unit', 'mute', 'template'],
    enabled: () => !isFull,
    run: () => {
      showView(sessionId, 'Rules');
      add();
    },
  });

  const form = (rule: Rule, index: number) => (
    <RuleForm
      sessionId={sessionId}
      draft={rule}
      onChange={setDraft}
      environment={environment}
      schemas={schemas}
      match={matches[index]}
      action={isNew ? 'Add' : 'Save'}
      onSubmit={() => {
        change(withRule(rules, rule));
        setDraft(undefined);
      }}
      onCancel={() => setDraft(undefined)}
    />
  );
  const remove = (rule: Rule, place: number) => {
    change(rules.filter(({ id }) => id !== rule.id));
    notify({
      level: 'info',
      message: `Removed the rule for ${visibleText(rule.filter.slice(0, 80))}`,
      action: { label: 'Undo', run: () => latest.current(rule, place) },
    });
  };
  // Undo may come after further changes: it puts the rule into the table as it is then.
  const latest = useRef((_rule: Rule, _place: number) => {});
  useEffect(() => {
    latest.current = (rule, place) => change(movedRule(withRule(rules, rule), rule.id, place));
  });

  return (
    <Pane role="region" aria-label="Rules">
      <PaneHeader
        title="Rules"
        count={rules.length}
        actions={
          <Button
            size="compact-xs"
            variant="default"
            disabled={isFull}
            leftSection={<Plus size={14} strokeWidth={1.75} aria-hidden />}
            onClick={add}
          >
            Add rule
          </Button>
        }
      >
        {window !== undefined && window.looked < window.topics && (
          <span className={classes.looking}>
            {formatCount(window.looked)} of {formatCount(window.topics)} topics tested
          </span>
        )}
      </PaneHeader>
      <PaneBody className={classes.body} {...added.drop}>
        {failure !== undefined && <FailureNote failure={failure} />}
        {isNew && draft !== undefined && form(draft, rules.length)}
        {rules.length === 0 && !isNew && (
          <p className={classes.nothing}>
            A rule says how messages on some topics are shown: by which view, with what label, colour and
            unit, or not in the stream at all. The first rule that matches a topic counts.
          </p>
        )}
        {rules.length > 0 && (
          <table ref={table} className={classes.table} aria-label="Rules in their order">
            <thead>
              <tr>
                <th>
                  <span className="visually-hidden">Order</span>
                </th>
                <th>Topic filter</th>
                <th>View</th>
                <th>Label</th>
                <th>Unit</th>
                <th>Mute</th>
                <th>Applies to</th>
                <th>Example</th>
                <th>
                  <span className="visually-hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {rules.map((rule, index) =>
                rule.id === draft?.id ? (
                  <tr key={rule.id}>
                    <td colSpan={9}>{form(draft, index)}</td>
                  </tr>
                ) : (
                  <RuleRow
                    key={rule.id}
                    rule={rule}
                    place={index + 1}
                    of={rules.length}
                    match={matches[index]}
                    problem={problems[index]}
                    onMove={(by) => {
                      focused.current = rule.id;
                      move(rule.id, index + by);
                    }}
                    onToggle={() => change(withRule(rules, { ...rule, enabled: !rule.enabled }))}
                    onEdit={() => setDraft(rule)}
                    onRemove={() => remove(rule, index)}
                    drag={drag(rule)}
                  />
                ),
              )}
            </tbody>
          </table>
        )}
        <SchemasSection sessionId={sessionId} schemas={schemas} rules={rules} added={added} />
      </PaneBody>
    </Pane>
  );
}
