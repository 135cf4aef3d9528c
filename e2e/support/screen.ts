import { expect, type Locator, type Page } from '@playwright/test';

/**
 * The screen as its users name it: accessible roles and names only. What the journeys share, nothing clever.
 */
export const screen = {
  tree: (page: Page) => page.getByRole('tree', { name: 'Topics' }),
  /** A row of the tree by its segment; names of rows start with it. */
  topic: (page: Page, segment: string) =>
    page
      .getByRole('tree', { name: 'Topics' })
      .getByRole('treeitem', { name: new RegExp(`^${escapePattern(segment)}(\\W|$)`) }),
  message: (page: Page) => page.getByRole('region', { name: 'Message', exact: true }),
  stream: (page: Page) => page.getByRole('grid', { name: 'Messages' }),
  publish: (page: Page) => page.getByRole('region', { name: 'Publish' }),
  subscriptions: (page: Page) => page.getByRole('region', { name: 'Subscriptions' }),
  will: (page: Page) => page.getByRole('region', { name: 'Last will' }),
  status: (page: Page) => page.getByRole('status', { name: 'Connection status' }),
  ledger: (page: Page) => page.getByRole('status', { name: 'Ledger' }),
  form: (page: Page) => page.getByRole('region', { name: /^(New connection|Edit )/ }),
  tabs: (page: Page) => page.getByRole('navigation', { name: 'Connections' }),
  streamPane: (page: Page) => page.getByRole('region', { name: 'Message stream' }),
  /** Rows of the stream whose text fits, its header not among them. */
  streamRow: (page: Page, text: string | RegExp) =>
    page.getByRole('grid', { name: 'Messages' }).locator('[data-index]').filter({ hasText: text }),
  /** What a notification in the corner says. */
  notice: (page: Page, text: string | RegExp) =>
    page.getByRole('status').or(page.getByRole('alert')).filter({ hasText: text }),
} as const;

/** The address of a broker on loopback, as the command line takes it. */
export function brokerUrl(port: number, ...filters: readonly string[]): string {
  const query = filters.map((filter) => `topic=${encodeURIComponent(filter)}`).join('&');
  return `mqtt://127.0.0.1:${port}${query === '' ? '' : `?${query}`}`;
}

/** Waits until all subscriptions of the open connection are granted: what is published from now on arrives. */
export async function ready(page: Page, filters: number): Promise<void> {
  await expect(screen.status(page)).toContainText('Connected');
  await expect(screen.subscriptions(page).getByText(/granted/)).toHaveCount(filters);
}

/** The segments of the tree's rows from top to bottom. */
export async function treeSegments(page: Page): Promise<readonly string[]> {
  const rows = screen.tree(page).getByRole('treeitem');
  const labels = await rows.evaluateAll((items) =>
    items.map((item) => item.getAttribute('aria-label') ?? ''),
  );
  return labels.map((label) => label.replace(/(?:: .*)?, [\d,]+ messages?(?:, retained)?$/, ''));
}

/** The values of the stream's rows from top to bottom, as far as they are drawn. */
export function streamValues(page: Page): Promise<readonly string[]> {
  const rows = screen.stream(page).locator('[data-index]');
  return rows.evaluateAll((all) =>
    all
      .toSorted((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
      .map((row) => row.querySelector('[role="gridcell"]:last-child')?.textContent ?? ''),
  );
}

/** A field of the publish composer's topic. */
export function publishTopic(page: Page): Locator {
  return screen.publish(page).getByRole('textbox', { name: 'Topic', exact: true });
}

export interface NewConnection {
  readonly name: string;
  readonly port: number;
  readonly host?: string;
  readonly protocol?: 'mqtt' | 'mqtts' | 'ws' | 'wss';
  readonly version?: '3.1' | '3.1.1' | '5.0';
  /** Fills more of the form before Connect is pressed. */
  readonly more?: (form: Locator) => Promise<void>;
}

/** Opens the form, fills it and connects; resolves when the connection is up. */
export async function connect(page: Page, wanted: NewConnection): Promise<void> {
  await fillForm(page, wanted);
  await screen.form(page).getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(screen.status(page)).toContainText('Connected');
}

export async function fillForm(page: Page, wanted: NewConnection): Promise<void> {
  await page.getByRole('button', { name: 'New connection' }).first().click();
  const form = screen.form(page);
  await form.getByRole('textbox', { name: 'Name', exact: true }).fill(wanted.name);
  await form.getByRole('combobox', { name: 'Protocol' }).selectOption(wanted.protocol ?? 'mqtt');
  await form.getByRole('textbox', { name: 'Host' }).fill(wanted.host ?? '127.0.0.1');
  await form.getByRole('textbox', { name: 'Port' }).fill(String(wanted.port));
  await form.getByRole('combobox', { name: 'MQTT version' }).selectOption(wanted.version ?? '5.0');
  await wanted.more?.(form);
}

/** Subscribes while connected; resolves when the broker has granted it. */
export async function subscribe(page: Page, filter: string): Promise<void> {
  const pane = screen.subscriptions(page);
  await pane.getByRole('textbox', { name: 'Topic filter' }).fill(filter);
  await pane.getByRole('button', { name: 'Subscribe', exact: true }).click();
  await expect(subscriptionItem(page, filter).getByText(/granted/)).toBeVisible();
}

/** A row of the list of subscriptions, by its filter. */
export function subscriptionItem(page: Page, filter: string): Locator {
  return screen
    .subscriptions(page)
    .getByRole('listitem')
    .filter({ has: page.getByRole('button', { name: `Remove ${filter}`, exact: true }) });
}

/** Replaces what is in a Monaco editor by typing, as a person would. */
export async function typeInto(page: Page, editor: Locator, text: string): Promise<void> {
  await editor.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

/** Publishes through the composer. */
export async function publish(
  page: Page,
  topic: string,
  payload: string,
  options: { qos?: string } = {},
): Promise<void> {
  const pane = screen.publish(page);
  await publishTopic(page).fill(topic);
  await page.keyboard.press('Escape');
  if (options.qos !== undefined) {
    await choose(pane, 'QoS', options.qos);
  }
  await typeInto(page, pane.getByRole('textbox', { name: /^Payload/ }), payload);
  await pane.getByRole('button', { name: 'Publish', exact: true }).click();
}

/** Takes an option of a `combobox` or of a group of `radio`s. */
export async function choose(scope: Locator, name: string, option: string): Promise<void> {
  const box = scope.getByRole('combobox', { name, exact: true });
  if ((await box.count()) > 0) {
    await box.selectOption(option);
  } else {
    await scope
      .getByRole('radiogroup', { name, exact: true })
      .getByRole('radio', { name: option, exact: true })
      .check({ force: true });
  }
}

/** The whole text that the value view shows, line by line. */
export async function valueText(page: Page): Promise<string> {
  const lines = await screen.message(page).locator('.view-line').allInnerTexts();
  return lines.join('\n').replaceAll('\u00a0', ' ');
}

/** The numbers of the ledger; fails unless they add up. */
export async function readLedger(
  page: Page,
): Promise<Record<'received' | 'kept' | 'evicted' | 'cleared' | 'failed', number>> {
  const text = (await screen.ledger(page).innerText())
    .replaceAll(/[,\u202f\u00a0]/g, '')
    .replaceAll(/\s+/g, ' ');
  const number = (word: string) =>
    Number(
      new RegExp(`(\\d+) ${word}|${word} (\\d+)`, 'i')
        .exec(text)
        ?.slice(1)
        .find((found) => found !== undefined) ?? 0,
    );
  const ledger = {
    received: number('received'),
    kept: number('kept'),
    evicted: number('evicted'),
    cleared: number('cleared'),
    failed: number('failed'),
  };
  expect(ledger.received, text).toBe(ledger.kept + ledger.evicted + ledger.cleared + ledger.failed);
  return ledger;
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
